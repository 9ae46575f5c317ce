"""The choices of an import as they travel from page to page: in addresses and in hidden fields, kept nowhere.

`c3=lines.qty` says what the fourth column fills, `head=1` in which row the headings stand. Once the import
starts, they are kept with its run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from orderkit.engine.importing.options import ChosenColumns, DateOrder, Options
from orderkit.engine.importing.reading.limits import Limits

_LONGEST_PATH = 200
_LONGEST_HEADING = 500
_MOST_ROWS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenField:
    """One choice on its way."""

    name: str
    value: str


def read_choices(sent: Mapping[str, object]) -> Options:
    """Return the choices that an address or a form names; what nobody could have chosen is left out."""
    texts = {name: value for name, value in sent.items() if isinstance(value, str)}
    dates = texts.get("dates", "")
    return Options(
        sheet=texts.get("sheet") or None,
        keep_good=texts.get("keep_good") == "1",
        dates=DateOrder(dates) if dates in set(DateOrder) else None,
        columns=_columns(texts),
    )


def choice_fields(options: Options, *, dates: bool = True, columns: bool = True) -> tuple[HiddenField, ...]:
    """Return the choices as fields of a form, but for those that it asks for itself."""
    found = []
    if options.sheet is not None:
        found.append(HiddenField(name="sheet", value=options.sheet))
    if dates and options.dates is not None:
        found.append(HiddenField(name="dates", value=options.dates.value))
    chosen = options.columns
    if chosen is not None:
        found.append(HiddenField(name="head", value=",".join(map(str, chosen.header_rows))))
    if chosen is not None and columns:
        found += [HiddenField(name=f"c{column}", value=path) for column, path in chosen.paths.items()]
        found += [HiddenField(name=f"h{column}", value=text) for column, text in chosen.headings.items()]
    return tuple(found)


def with_choices(address: str, options: Options) -> str:
    """Return an address with the choices. Headings stay out of it: the sheet says them again."""
    chosen = options.columns
    short = options if chosen is None else replace(options, columns=replace(chosen, headings={}))
    pairs = [(each.name, each.value) for each in choice_fields(short)]
    return f"{address}?{urlencode(pairs)}" if pairs else address


def _columns(texts: Mapping[str, str]) -> ChosenColumns | None:
    rows = [_number(each) for each in texts.get("head", "").split(",")[:_MOST_ROWS]]
    header_rows = tuple(each for each in rows if each is not None and each > 0)
    if not header_rows:
        return None
    paths, headings = {}, {}
    for name, text in texts.items():
        column = _number(name[1:])
        if column is None or column >= Limits().columns:
            continue
        if name.startswith("c") and len(text) <= _LONGEST_PATH:
            paths[column] = text
        elif name.startswith("h"):
            headings[column] = text[:_LONGEST_HEADING]
    return ChosenColumns(
        header_rows=tuple(sorted(set(header_rows))),
        paths=dict(sorted(paths.items())),
        headings=dict(sorted(headings.items())),
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else None
