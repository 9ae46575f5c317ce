"""What choices, refs, users, files and images have in common: several values without doubles.

A person types them with commas between; JSON has a list. Nothing at all is empty.
"""

import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar, TypeVar

from orderkit.fields.field_type import FieldType, Invalid
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.expressions.types import Many as ManyType
from orderkit.model.labels import label
from orderkit.model.options import OptionModel

MOST = 200
_BETWEEN = re.compile(r"[,，、;；\n|]")
NOT_A_LIST = Invalid(label(zh="不是列表", en="not a list"), label(zh="值的列表", en="a list of values"))
_TOO_MANY = Invalid(label(zh="太多了", en="too many"), label(zh=f"最多 {MOST} 个", en=f"at most {MOST}"))

OptionsT = TypeVar("OptionsT", bound=OptionModel)


class Many(FieldType[OptionsT]):
    """Several values, each read as a type of single values reads it."""

    joint: ClassVar[str] = ","

    @abstractmethod
    def value_type(self, options: OptionsT) -> ManyType:
        """Return the type that expressions see."""

    @abstractmethod
    def item(self, options: OptionsT) -> FieldType[OptionsT]:
        """Return the type of one value; it takes the same options."""

    def in_order(self, options: OptionsT, values: Iterable[str | int]) -> tuple[str | int, ...]:
        """Return the values without doubles, in the order in which they are kept."""
        del options
        return tuple(dict.fromkeys(values))

    def parse(self, options: OptionsT, text: str) -> Scalar | Invalid:
        """Read values with commas between them, Chinese ones too."""
        if len(text) > MOST * 250:
            return _TOO_MANY
        return self._kept(options, [self.item(options).parse(options, each) for each in _BETWEEN.split(text)])

    def read_cell(self, options: OptionsT, cell: object) -> Scalar | Invalid:
        """Read a text with commas, or one value."""
        if isinstance(cell, str):
            return self.parse(options, cell)
        return self._kept(options, [self.item(options).read_cell(options, cell)])

    def kept(self, options: OptionsT, value: Scalar) -> Scalar | Invalid:
        """Return the values without doubles; none at all is empty."""
        return self.in_order(options, items_of(value)) or None

    def show(self, options: OptionsT, value: Scalar, locale: str) -> str:
        """Return every value as a person reads it, with commas between."""
        joint = "、" if locale.startswith("zh") else ", "
        return joint.join(self.item(options).show(options, each, locale) for each in items_of(value))

    def edit_text(self, options: OptionsT, value: Scalar) -> str:
        """Return the values with commas between."""
        return self.joint.join(str(each) for each in items_of(value))

    def from_json(self, options: OptionsT, value: object) -> Scalar | Invalid:
        """Read a list; a text is read as a person types it."""
        if value is None:
            return None
        if isinstance(value, str):
            return self.parse(options, value)
        if not isinstance(value, list | tuple):
            return NOT_A_LIST
        if len(value) > MOST:
            return _TOO_MANY
        return self._kept(options, [self.item(options).from_json(options, each) for each in value])

    def to_json(self, options: OptionsT, value: Scalar) -> object:
        """Return a list; of nothing an empty one."""
        return list(items_of(value))

    def json_schema(self, options: OptionsT) -> dict[str, object]:
        """Return a list of different values."""
        items = self.item(options).json_schema(options)
        return {"type": "array", "items": items, "uniqueItems": True, "maxItems": MOST}

    def check(self, options: OptionsT, value: Scalar) -> Invalid | None:
        """Return why one of the values is not allowed, or that there are too many."""
        values = items_of(value)
        if len(values) > MOST:
            return _TOO_MANY
        item = self.item(options)
        return next((found for each in values if (found := item.check(options, each)) is not None), None)

    def _kept(self, options: OptionsT, read: list[Scalar | Invalid]) -> Scalar | Invalid:
        found: list[str | int] = []
        for each in read:
            if isinstance(each, Invalid):
                return each
            if isinstance(each, str | int):
                found.append(each)
        return _TOO_MANY if len(found) > MOST else self.in_order(options, found) or None


def parted(text: str) -> tuple[str, ...]:
    """Return what stands between commas, without what is blank."""
    return tuple(each.strip() for each in _BETWEEN.split(text) if each.strip())


def items_of(value: Scalar) -> tuple[str | int, ...]:
    """Return the values of a field that has several; of an empty one none."""
    return value if isinstance(value, tuple) else ()
