"""Several pictures."""

from typing import Any

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Rejects
from orderkit.fields.image import TYPE as IMAGE
from orderkit.fields.image import ImageOptions
from orderkit.fields.many import Many
from orderkit.model.expressions.types import File as FileType
from orderkit.model.expressions.types import Many as ManyType
from orderkit.model.labels import label as bilingual


class ImagesOptions(ImageOptions):
    """`accept` and `max_size` hold for each picture."""


class Images(Many[ImagesOptions]):
    """Pictures, kept as the ids of the stored files in the order given."""

    name = "images"
    label = bilingual(zh="多张图片", en="Images")
    description = bilingual(zh="几张图片，如验货照片", en="Several pictures, such as photos of what arrived")
    column = ColumnKind.FILES
    reader = "references"
    Options = ImagesOptions
    examples = (
        Accepts("3, 1, 3", (3, 1), "3、1"),
        Accepts("7", (7,), "7"),
        Accepts("", None, ""),
        Rejects("photo.png"),
        Rejects("1, -1"),
    )

    def value_type(self, options: ImagesOptions) -> ManyType:
        """Return several of them."""
        return ManyType(FileType())

    def item(self, options: ImagesOptions) -> FieldType[Any]:
        """Return the type of one of them."""
        return IMAGE


TYPE = Images()
