"""Attachments."""

import re
from typing import Annotated, Any

from pydantic import Field, WithJsonSchema, field_validator

from orderkit.fields.field_type import Accepts, ColumnKind, Rejects
from orderkit.fields.numbered import Numbered
from orderkit.model.expressions.types import File as FileType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About, OptionModel, WrongOption

_SIZE = re.compile(r"(\d{1,6})\s*(KB|MB|GB|B)?", re.IGNORECASE)
_UNITS = {"": 1, "B": 1, "KB": 1024, "MB": 1024**2, "GB": 1024**3}
GROUPS = {
    "image": ("png", "jpg", "jpeg", "gif", "webp", "bmp", "heic"),
    "document": ("pdf", "doc", "docx", "odt", "txt", "ofd"),
    "sheet": ("xls", "xlsx", "csv", "ods"),
}
"""Names for kinds of files in `accept`, besides single extensions."""


class FileOptions(OptionModel):
    """`accept` lists extensions (`pdf`) and kinds (`image document sheet`); `max_size` reads `20MB`."""

    accept: Annotated[
        tuple[str, ...],
        About(
            "允许的扩展名，或 image document sheet", "extensions, or `image document sheet`", "[pdf, image]"
        ),
        WithJsonSchema({"type": ["array", "string"], "items": {"type": "string"}}),
    ] = ()
    max_size: Annotated[
        int,
        About("最大大小", "the largest size", "20MB"),
        WithJsonSchema({"type": ["integer", "string"], "pattern": r"^\s*\d{1,10}\s*([KMGkmg]?[Bb])?\s*$"}),
    ] = Field(default=20 * 1024**2, ge=1, le=2 * 1024**3)

    @field_validator("max_size", mode="before")
    @classmethod
    def _in_bytes(cls, data: Any) -> Any:
        found = _SIZE.fullmatch(data.strip()) if isinstance(data, str) else None
        if isinstance(data, str) and data.strip().isdecimal():
            return int(data)
        return data if found is None else int(found[1]) * _UNITS[(found[2] or "").upper()]

    @field_validator("accept", mode="before")
    @classmethod
    def _as_tuple(cls, data: Any) -> Any:
        texts = (data,) if isinstance(data, str) else data
        if not isinstance(texts, list | tuple):
            return data
        cleaned = tuple(str(each).strip().lower().removeprefix(".") for each in texts)
        for each in cleaned:
            if not re.fullmatch(r"[a-z0-9]{1,10}", each):
                raise WrongOption(
                    bilingual(
                        zh=f"`{each}` 既不是扩展名，也不是 {'、'.join(GROUPS)} 之一",
                        en=f"`{each}` is neither an extension nor one of {', '.join(GROUPS)}",
                    )
                )
        return cleaned

    @property
    def extensions(self) -> tuple[str, ...]:
        """The extensions accepted, kinds spelled out; none means all."""
        return tuple(extension for each in self.accept for extension in GROUPS.get(each, (each,)))


class File(Numbered[FileOptions]):
    """One attachment, kept as the id of the stored file."""

    name = "file"
    label = bilingual(zh="附件", en="File")
    description = bilingual(zh="一个文件，如合同", en="One file, such as a contract")
    column = ColumnKind.FILE
    reader = "reference"
    Options = FileOptions
    example_options = {"accept": ["pdf", "image"], "max_size": "20MB"}
    examples = (Accepts("7", 7, "7"), Accepts("", None, ""), Rejects("合同.pdf"))

    def value_type(self, options: FileOptions) -> FileType:
        """Return a stored file."""
        return FileType()


TYPE = File()
