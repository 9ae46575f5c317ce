"""Signatures: attachments that are pictures."""

from typing import Annotated

from pydantic import WithJsonSchema

from orderkit.fields.field_type import Accepts, ColumnKind, Rejects
from orderkit.fields.file import FileOptions
from orderkit.fields.numbered import Numbered
from orderkit.model.expressions.types import File as FileType
from orderkit.model.labels import label as bilingual
from orderkit.model.options import About


class SignatureOptions(FileOptions):
    """`accept` may allow fewer kinds of pictures; `max_size` reads `5MB`."""

    accept: Annotated[
        tuple[str, ...],
        About("允许的图片格式", "extensions of pictures", "[png, jpg]"),
        WithJsonSchema({"type": ["array", "string"], "items": {"type": "string"}}),
    ] = ("png", "jpg", "jpeg", "webp")


class Signature(Numbered[SignatureOptions]):
    """A signature, kept as a picture."""

    name = "signature"
    label = bilingual(zh="签名", en="Signature")
    description = bilingual(
        zh="手写签名的图片，如收货签名", en="A picture of a signature, such as that of a receiver"
    )
    column = ColumnKind.FILE
    reader = "reference"
    Options = SignatureOptions
    examples = (Accepts("7", 7, "7"), Accepts("", None, ""), Rejects("photo.png"))

    def value_type(self, options: SignatureOptions) -> FileType:
        """Return a stored file."""
        return FileType()


TYPE = Signature()
