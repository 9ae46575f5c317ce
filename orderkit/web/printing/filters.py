"""The filters of documents: those that orderkit has itself, and those of Jinja2 that would grow without bound."""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from jinja2 import pass_environment
from jinja2.exceptions import FilterArgumentError
from jinja2.filters import do_batch, make_attrgetter
from markupsafe import Markup, escape

from orderkit.fields.moments import shown_day
from orderkit.model.expressions.evaluation.rmb import rmb_upper
from orderkit.model.values.numbers import round_half_up
from orderkit.web.display.currencies import mark_of
from orderkit.web.printing import codes
from orderkit.web.printing.bounds import Bounds
from orderkit.web.printing.ordering import Ordering
from orderkit.web.printing.pictures import Pictures
from orderkit.web.printing.rows import written
from orderkit.web.printing.values import NOTHING, Attached, Figure, Nothing, Several, Words

_PATTERN = re.compile(r"%([A-Za-z%])")
_MOST_COLUMNS = 1_000
_MOST_PLACES = 12


class Filters:
    """What templates do with values, in one language."""

    def __init__(self, bounds: Bounds, pictures: Pictures, locale: str, currency: str) -> None:
        self._bounds = bounds
        self._pictures = pictures
        self._locale = locale
        self._currency = currency

    def by_name(self) -> Mapping[str, Callable[..., Any]]:
        """Return the filters by what templates call them."""
        return {
            "money": self.money,
            "rmb_upper": self.rmb_upper,
            "date": self.date,
            "barcode": self.barcode,
            "qr": self.qr,
            "image": self.image,
            "sum": self.sum,
            "round": self.round,
            "join": self.join,
            "replace": self.replace,
            "batch": self.batch,
            **Ordering(self._bounds).by_name(),
        }

    def money(self, value: Any, currency: str | None = None, places: int = 2) -> Any:
        """Return an amount with the mark of its field's currency, else the project's; of another, or none for ``."""
        if isinstance(value, Nothing) or value is None:
            return NOTHING
        own = value.currency if isinstance(value, Figure) else ""
        code = currency if currency is not None else own or self._currency
        number = round_half_up(_number(value), _places(places))
        text = f"{abs(number):,.{places}f}"
        mark = mark_of(code) if code else ""
        shown = f"{mark}{text}" if len(mark) <= 1 else f"{mark} {text}"
        return f"-{shown}" if number < 0 else shown

    def rmb_upper(self, value: Any) -> Any:
        """Return an amount in Chinese words."""
        return NOTHING if isinstance(value, Nothing) or value is None else rmb_upper(_number(value))

    def date(self, value: Any, pattern: str | None = None) -> Any:
        """Return a day as it is written out, or by a pattern of %Y %m %d %H %M."""
        if isinstance(value, Nothing) or value is None:
            return NOTHING
        if not isinstance(value, date):
            message = "date"
            raise FilterArgumentError(message)
        if pattern is not None:
            return _PATTERN.sub(lambda match: _part(value, match[1]), pattern)
        day = date(value.year, value.month, value.day)
        if self._locale.startswith("zh"):
            return f"{day.year}年{day.month}月{day.day}日"
        return shown_day(day, self._locale)

    def barcode(self, value: Any, kind: str | None = None, height: str = "12mm", *, text: bool = True) -> Any:
        """Return a bar code; the text itself where it cannot be one."""
        if isinstance(value, Nothing) or value is None:
            return NOTHING
        self._bounds.step(200)
        manner = kind or (value.symbology if isinstance(value, Words) else "") or "code128"
        try:
            return codes.barcode(_plain(value), manner, height, caption=text)
        except codes.NotCodable:
            return Markup('<span class="code-none">{}</span>').format(written(value))

    def qr(self, value: Any, size: str = "20mm") -> Any:
        """Return a QR code; the text itself where it is too long for one."""
        if isinstance(value, Nothing) or value is None:
            return NOTHING
        self._bounds.step(1_000)
        try:
            return codes.qr(_plain(value), size)
        except codes.NotCodable:
            return Markup('<span class="code-none">{}</span>').format(written(value))

    def image(self, value: Any, width: str = "", height: str = "") -> Any:
        """Return a picture of a field; nothing for another file."""
        values = value if isinstance(value, Several) else (value,)
        drawn = [
            self._pictures.attached(each, width, height) for each in values if isinstance(each, Attached)
        ]
        return Markup("").join(drawn)

    @pass_environment
    def sum(self, environment: Any, rows: Iterable[Any], attribute: str | None = None, start: Any = 0) -> Any:
        """Return the sum of what is not empty."""
        read = make_attrgetter(environment, attribute) if attribute is not None else _same
        total = start
        for each in self._bounds.rows(rows):
            value = read(each)
            if not isinstance(value, Nothing) and value is not None:
                total += _number(value)
        return total

    def round(self, value: Any, places: int = 0) -> Any:
        """Return a number with so many places, rounded half up, as everywhere else."""
        if isinstance(value, Nothing) or value is None:
            return NOTHING
        return round_half_up(_number(value), _places(places))

    @pass_environment
    def join(
        self, environment: Any, rows: Iterable[Any], between: str = "", attribute: str | None = None
    ) -> Any:
        """Return values written with something between."""
        read = make_attrgetter(environment, attribute) if attribute is not None else _same
        texts = [written(read(each)) for each in self._bounds.rows(rows)]
        self._bounds.fits(sum(map(len, texts)) + len(between) * len(texts))
        if isinstance(between, Markup) or any(isinstance(each, Markup) for each in texts):
            return escape(between).join(texts)
        return between.join(texts)

    def replace(self, value: Any, old: str, new: str) -> Any:
        """Return a text with one part in place of another."""
        text = written(value)
        self._bounds.fits(len(text) + (text.count(old) if old else len(text) + 1) * len(new))
        return text.replace(old, new)

    def batch(self, rows: Iterable[Any], size: int, fill: Any = None) -> Any:
        """Return rows in groups of a size, the last filled up."""
        if not 0 < size <= _MOST_COLUMNS:
            message = "batch"
            raise FilterArgumentError(message)
        found = list(do_batch(self._bounds.rows(rows), size, fill))
        self._bounds.held(found)
        return found


def _same(value: Any) -> Any:
    return value


def _number(value: Any) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        message = "number"
        raise FilterArgumentError(message)
    return Decimal(str(value)) if isinstance(value, float) else Decimal(value)


def _places(places: Any) -> int:
    if not isinstance(places, int) or not 0 <= places <= _MOST_PLACES:
        message = "places"
        raise FilterArgumentError(message)
    return places


def _plain(value: Any) -> str:
    """Return what a code says: the value itself, not how it is shown."""
    return str.__str__(value) if isinstance(value, str) else str(written(value))


def _part(value: date, letter: str) -> str:
    parts: dict[str, int] = {"m": value.month, "d": value.day}
    if letter == "Y":
        return f"{value.year:04}"
    if letter == "y":
        return f"{value.year % 100:02}"
    if isinstance(value, datetime):
        parts |= {"H": value.hour, "M": value.minute, "S": value.second}
    if letter in parts:
        return f"{parts[letter]:02}"
    return "%" if letter == "%" else ""
