"""What a template of a document is given: values that can be reckoned with, and that are written as people read them.

A field that is empty or hidden from the reader is `NOTHING`: it writes nothing, counts as false and as no rows,
and whatever is reckoned with it is nothing again.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Self

from jinja2 import ChainableUndefined
from markupsafe import Markup

from orderkit.engine.records import FileView


class Nothing(ChainableUndefined):
    """No value."""

    __slots__ = ()

    def _same(self, *_: object) -> Self:
        return self

    # Jinja2 refuses to reckon with what is undefined.
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _same  # type: ignore[assignment]
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _same  # type: ignore[assignment]
    __neg__ = __pos__ = __getitem__ = _same  # type: ignore[assignment]

    def _never(self, _: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _never  # type: ignore[assignment]

    def __eq__(self, other: object) -> bool:
        return other is None or isinstance(other, Nothing) or (isinstance(other, str) and not other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(None)

    def __html__(self) -> str:
        return ""


NOTHING = Nothing()


class Figure(Decimal):
    """A number of a field: `shown` is how people read it, `currency` its own, if it is an amount."""

    shown: str
    currency: str

    @classmethod
    def of(cls, value: Decimal | int, shown: str, currency: str = "") -> "Figure":
        """Return a number with what people read."""
        made = cls(value)
        made.shown, made.currency = shown, currency
        return made


class Words(str):
    """A text of a field that is written otherwise than it is compared: `shown` is what people read."""

    __slots__ = ("shown", "symbology")
    shown: str
    symbology: str

    @classmethod
    def of(cls, value: str, shown: str, symbology: str = "") -> "Words":
        """Return a value with what people read, and how it is drawn as a bar code."""
        made = cls(value)
        made.shown, made.symbology = shown, symbology
        return made


class Day(date):
    """A day of a field."""

    shown: str

    @classmethod
    def on(cls, value: date, shown: str) -> "Day":
        """Return a day with what people read."""
        made = cls(value.year, value.month, value.day)
        made.shown = shown
        return made


class Moment(datetime):
    """An instant of a field, on the reader's clock."""

    shown: str

    @classmethod
    def at(cls, value: datetime, shown: str) -> "Moment":
        """Return an instant with what people read."""
        made = cls.combine(value.date(), value.timetz())
        made.shown = shown
        return made


class Attached:
    """A file of a field."""

    __slots__ = ("view",)

    def __init__(self, view: FileView) -> None:
        self.view = view

    def __str__(self) -> str:
        return self.view.name


class Facts:
    """Names and what stands under them; a name is never an attribute of ours."""

    __slots__ = ("_values",)

    def __init__(self, values: dict[str, object]) -> None:
        self._values = values

    def part(self, name: str) -> object:
        """Return what stands under a name, nothing where there is none."""
        return self._values.get(name, NOTHING)


class Several(tuple[Any, ...]):
    """What a field with several values holds."""

    __slots__ = ()

    def __str__(self) -> str:
        return "、".join(map(str, self))


def lines_of(text: str) -> Markup:
    """Return a text with its line breaks as HTML."""
    return Markup("<br>").join(text.splitlines())
