"""Which type a column has: the first that nearly all of its cells fit, asked in the order of what they say most of."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

from orderkit.catalog import Catalog
from orderkit.engine.importing.matching.date_orders import is_short
from orderkit.engine.importing.reading.cells import Cell
from orderkit.fields.field_type import Invalid
from orderkit.fields.numerals import normalised
from orderkit.inference import headings
from orderkit.inference.choices import Choices, choices_of
from orderkit.inference.fitting import Fitting
from orderkit.inference.numbers import MOST_PLACES, Numeral, numeral_of, places_of
from orderkit.inference.tables import Column

_MOST_UNFIT = 0.1
_LEAST_FOR_ONE_UNFIT = 4
_LONGEST_TEXT = 255
_LONGEST_NUMBER = 15
_MOST_PLACES_OF_MONEY = 4
_TRUTHS = frozenset({"是", "否", "yes", "no", "y", "n", "true", "false", "√", "×", "✓", "✗"})
_ZERO_OR_ONE = frozenset({"0", "1"})
_MARKS = {"$": "USD", "€": "EUR", "£": "GBP"}
NUMBERS = frozenset({"integer", "decimal", "money", "percent"})
MOMENTS = frozenset({"date", "datetime", "time"})


@dataclass(frozen=True, kw_only=True)
class Guess:
    """What a column holds. `unfit` are the places of the cells that are something else."""

    type: str
    options: Mapping[str, object] = field(default_factory=dict)
    unfit: tuple[int, ...] = ()
    choices: Choices | None = None
    is_ambiguous: bool = False


def guess(column: Column, catalog: Catalog) -> Guess:
    """Return what a column most likely holds. What is empty is text, until somebody knows better."""
    cells = [cell for cell in column.cells if cell is not None]
    if not cells:
        return Guess(type="text")
    for find in _IN_TURN:
        for name, options in find(column, cells):
            found = _fitted(catalog, column, name, options)
            if found is not None:
                return found
    choices = choices_of(column)
    if choices is not None:
        return Guess(type="choice", options={"options": list(choices.options)}, choices=choices)
    return text_guess(column, catalog)


def text_guess(column: Column, catalog: Catalog, *, is_key: bool = False) -> Guess:
    """Return a column as text; on several lines only where it must be, and never as a key."""
    is_long = any(len(text) > _LONGEST_TEXT or "\n" in text for text in column.distinct)
    name = "longtext" if is_long and not is_key else "text"
    return Guess(type=name, unfit=Fitting(catalog, name, {}, ()).unfit(column.cells))


_Options = Mapping[str, object]
_Find = Callable[[Column, Sequence[Cell]], Iterator[tuple[str, _Options]]]


def _fitted(catalog: Catalog, column: Column, name: str, options: _Options) -> Guess | None:
    fitting = Fitting(catalog, name, options, column.cells)
    unfit = fitting.unfit(column.cells)
    if not is_tolerable(len(unfit), len(column.filled)):
        return None
    return Guess(
        type=name, options=options, unfit=unfit, is_ambiguous=fitting.is_ambiguous and _has_short(column)
    )


def is_tolerable(unfit: int, filled: int) -> bool:
    """Whether so few cells of so many do not fit that they are mistakes, not another type."""
    return unfit <= _MOST_UNFIT * filled or (unfit == 1 and filled >= _LEAST_FOR_ONE_UNFIT)


def _has_short(column: Column) -> bool:
    return any(is_short(text) for text in column.distinct)


def _truths(column: Column, cells: Sequence[Cell]) -> Iterator[tuple[str, _Options]]:
    said = {normalised(text).casefold() for text in column.distinct}
    is_plain = said <= _TRUTHS or all(isinstance(cell, bool) for cell in cells)
    if is_plain or (said == _ZERO_OR_ONE and headings.TRUTH.is_in(column.heading)):
        yield "boolean", {}


def _moments(column: Column, cells: Sequence[Cell]) -> Iterator[tuple[str, _Options]]:
    is_expected = headings.DAY.is_in(column.heading)
    typed = sum(isinstance(cell, date | time) for cell in cells)
    if not is_expected and not typed and all(_is_digits(text) for text in column.distinct):
        return
    if not is_expected and 2 * sum(isinstance(cell, Decimal) for cell in cells) > len(cells):
        return
    clocks = [cell for cell in cells if isinstance(cell, time)]
    if 2 * len(clocks) > len(cells):
        yield "time", {}
        return
    yield ("datetime" if any(_has_clock(cell) for cell in cells) else "date"), {}


def _is_digits(text: str) -> bool:
    return normalised(text).replace(".", "", 1).isdigit()


def _has_clock(cell: Cell) -> bool:
    if isinstance(cell, datetime):
        return cell.time() != time()
    return (
        isinstance(cell, str)
        and ":" in cell
        and not normalised(cell).endswith((" 00:00:00", " 00:00", " 0:00"))
    )


def _numbers(column: Column, cells: Sequence[Cell]) -> Iterator[tuple[str, _Options]]:
    heading = column.heading
    found = [numeral_of(cell) for cell in cells]
    numerals = [each for each in found if each is not None]
    if not is_tolerable(len(found) - len(numerals), len(found)) or _are_codes(heading, numerals):
        return
    values = [each.value for each in numerals]
    places = max(map(places_of, values))
    marks = {each.mark for each in numerals if each.mark}
    if marks <= {"%"} and marks:
        yield "percent", {"scale": max(4, min(MOST_PLACES, places + 2))}
    if not marks and headings.RATIO.is_in(heading) and _are_ratios(numerals):
        yield "percent", {"scale": max(4, min(MOST_PLACES, places))}
    if marks or (headings.MONEY.is_in(heading) and places <= _MOST_PLACES_OF_MONEY):
        foreign = {_MARKS[mark] for mark in marks if mark in _MARKS}
        currency = {"currency": foreign.pop()} if len(foreign) == 1 else {}
        yield "money", {"scale": max(2, min(places, _MOST_PLACES_OF_MONEY)), **currency}
    if places == 0:
        yield "integer", {}
    yield "decimal", {"scale": places}


def _are_codes(heading: str, numerals: Sequence[Numeral]) -> bool:
    """Whether digits name something instead of counting it: 0012, 20 digits, or what the heading calls a code."""
    if any(each.is_padded for each in numerals) or any(each.digits > _LONGEST_NUMBER for each in numerals):
        return True
    return headings.PHONE.is_in(heading) or headings.CODE.is_in(heading)


def _are_ratios(numerals: Sequence[Numeral]) -> bool:
    """Whether numbers of a workbook are percentages as Excel keeps them. A text `0.4` would be read as 0.4 %."""
    return all(not each.is_text and abs(each.value) <= 1 for each in numerals)


def _addresses(column: Column, cells: Sequence[Cell]) -> Iterator[tuple[str, _Options]]:
    del cells
    texts = column.distinct
    if any("@" in text for text in texts):
        yield "email", {}
    if headings.PHONE.is_in(column.heading):
        yield "phone", {}
    if sum(text.lower().startswith(("http://", "https://", "www.")) for text in texts) * 2 > len(texts):
        yield "url", {}


_IN_TURN: tuple[_Find, ...] = (_truths, _moments, _numbers, _addresses)


def why_unfit(column: Column, found: Guess, catalog: Catalog) -> Iterator[tuple[int, Invalid]]:
    """Yield each cell that does not fit, by its place, with why."""
    if not found.unfit:
        return
    fitting = Fitting(catalog, found.type, found.options, column.cells)
    for at in found.unfit:
        why = fitting.why_not(column.cells[at])
        if why is not None:
            yield at, why
