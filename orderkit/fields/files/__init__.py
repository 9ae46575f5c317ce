"""Several attachments."""

from typing import Any

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Rejects
from orderkit.fields.file import TYPE as FILE
from orderkit.fields.file import FileOptions
from orderkit.fields.many import Many
from orderkit.model.expressions.types import File as FileType
from orderkit.model.expressions.types import Many as ManyType
from orderkit.model.labels import label as bilingual


class FilesOptions(FileOptions):
    """`accept` and `max_size` hold for each file."""


class Files(Many[FilesOptions]):
    """Attachments, kept as the ids of the stored files in the order given."""

    name = "files"
    label = bilingual(zh="多个附件", en="Files")
    description = bilingual(zh="几个文件，如图纸", en="Several files, such as drawings")
    column = ColumnKind.FILES
    reader = "references"
    Options = FilesOptions
    examples = (
        Accepts("3, 1, 3", (3, 1), "3、1"),
        Accepts("7", (7,), "7"),
        Accepts("", None, ""),
        Rejects("合同.pdf"),
        Rejects("1, -1"),
    )

    def value_type(self, options: FilesOptions) -> ManyType:
        """Return several of them."""
        return ManyType(FileType())

    def item(self, options: FilesOptions) -> FieldType[Any]:
        """Return the type of one of them."""
        return FILE


TYPE = Files()
