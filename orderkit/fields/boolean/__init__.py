"""Yes or no."""

from orderkit.fields.field_type import Accepts, ColumnKind, FieldType, Invalid, Rejects
from orderkit.fields.numerals import normalised
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Boolean as BooleanType
from orderkit.model.labels import label as bilingual
from orderkit.model.labels import text_of
from orderkit.model.options import OptionModel

_YES = frozenset({"true", "yes", "y", "on", "1", "是", "真", "对", "有", "√", "✓"})
_NO = frozenset({"false", "no", "n", "off", "0", "否", "假", "错", "无", "×", "✗"})
_SHOWN = {True: bilingual(zh="是", en="Yes"), False: bilingual(zh="否", en="No")}
_NEITHER = Invalid(
    bilingual(zh="不是“是”或“否”", en="neither yes nor no"), bilingual(zh="是 或 否", en="yes or no")
)


class BooleanOptions(OptionModel):
    """A truth value has no options of its own."""


class Boolean(FieldType[BooleanOptions]):
    """True or false. A field is never empty: what is left out is stored as false."""

    name = "boolean"
    label = bilingual(zh="是/否", en="Yes or no")
    description = bilingual(zh="是或否，如是否启用", en="Yes or no, such as active")
    column = ColumnKind.BOOLEAN
    reader = "boolean"
    Options = BooleanOptions
    examples = (
        Accepts("是", True, "是"),
        Accepts("TRUE", True, "是"),
        Accepts("否", False, "否"),
        Accepts("0", False, "否"),
        Accepts("", None, ""),
        Rejects("maybe"),
        Rejects("2"),
    )

    def value_type(self, options: BooleanOptions) -> BooleanType:
        """Return a truth value."""
        return BooleanType()

    def parse(self, options: BooleanOptions, text: str) -> bool | Invalid | None:
        """Read 是/否, yes/no, true/false, 1/0."""
        word = normalised(text).lower()
        if not word:
            return None
        if word in _YES:
            return True
        return False if word in _NO else _NEITHER

    def show(self, options: BooleanOptions, value: Scalar, locale: str) -> str:
        """Return 是 or 否, Yes or No."""
        return "" if value is None else text_of(_SHOWN[bool(value)], locale)

    def edit_text(self, options: BooleanOptions, value: Scalar) -> str:
        """Return `true` or `false`."""
        return "" if value is None else str(bool(value)).lower()

    def from_json(self, options: BooleanOptions, value: object) -> bool | Invalid | None:
        """Read true, false, their names, 1 and 0."""
        if value is None or isinstance(value, bool):
            return value
        return self.parse(options, f"{value:g}" if isinstance(value, float) else str(value))

    def to_json(self, options: BooleanOptions, value: Scalar) -> object:
        """Return true or false."""
        return value

    def json_schema(self, options: BooleanOptions) -> dict[str, object]:
        """Return a boolean."""
        return {"type": "boolean"}


TYPE = Boolean()
