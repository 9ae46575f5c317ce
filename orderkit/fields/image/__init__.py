"""Images: attachments that are pictures."""

from typing import Annotated

from pydantic import WithJsonSchema

from orderkit.fields.field_type import Accepts, ColumnKind, Rejects
from orderkit.fields.file import FileOptions
from orderkit.fields.numbered import Numbered
from orderkit.model.expressions.types import File as FileType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About


class ImageOptions(FileOptions):
    """`accept` may allow fewer kinds of pictures; `max_size` reads `5MB`."""

    accept: Annotated[
        tuple[str, ...],
        About("允许的图片格式", "extensions of pictures", "[png, jpg]"),
        WithJsonSchema({"type": ["array", "string"], "items": {"type": "string"}}),
    ] = ("image",)


class Image(Numbered[ImageOptions]):
    """One picture."""

    name = "image"
    label = bilingual(zh="图片", en="Image")
    description = bilingual(zh="一张图片，如产品照片", en="One picture, such as a photo of a product")
    column = ColumnKind.FILE
    reader = "reference"
    Options = ImageOptions
    examples = (Accepts("7", 7, "7"), Accepts("", None, ""), Rejects("photo.png"))

    def value_type(self, options: ImageOptions) -> FileType:
        """Return a stored file."""
        return FileType()


TYPE = Image()
