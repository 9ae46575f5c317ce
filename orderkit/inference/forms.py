"""Forms of tables: names for everything, a field for each column, and how records are called and listed."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from orderkit.inference import headings
from orderkit.inference.field_types import Guess
from orderkit.inference.naming import english, field_id, form_id, singular, words_of
from orderkit.inference.proposal import FieldProposal, FormProposal, LinesProposal
from orderkit.inference.references import Place, subject_of
from orderkit.inference.structure import Structure
from orderkit.model.labels import Label, label

_MOST_COLUMNS = 8
_MOST_FILTERS = 6
_LISTED_FIRST = ("ref", "choice", "date", "datetime", "money", "integer", "decimal")
_FILTERED = frozenset({"choice", "ref", "boolean", "date"})
LINES_LABEL = label(zh="明细", en="Lines")


@dataclass(frozen=True, eq=False)
class Names:
    """What everything is called. `paths` are the fields of columns: `total`, or `lines.qty`."""

    forms: Mapping[int, str]
    paths: Mapping[Place, str]
    lines: Mapping[int, str] = field(default_factory=dict)


def named(found: Structure) -> Names:
    """Return ids for all forms, lines and fields."""
    forms: dict[int, str] = {}
    for at in range(len(found.tables)):
        if at not in found.line_sheets:
            forms[at] = form_id(_called(found, at), forms.values())
    paths: dict[Place, str] = {}
    taken: dict[int, set[str]] = {at: set() for at in forms}
    for at in forms:
        flat = found.flat.get(at)
        own = range(len(found.tables[at].columns)) if flat is None else flat.head
        _name_fields(found, at, own, taken[at], paths)
    lines: dict[int, str] = {}
    for at, flat in found.flat.items():
        lines[at] = field_id("lines", taken[at])
        taken[at].add(lines[at])
        _name_fields(found, at, flat.lines, {forms[at]}, paths, f"{lines[at]}.")
    for at, sheet in found.line_sheets.items():
        name = "lines" if "lines" not in taken[sheet.target] else found.tables[at].name[:16]
        lines[at] = field_id(name, taken[sheet.target])
        taken[sheet.target].add(lines[at])
        columns = [each for each in range(len(found.tables[at].columns)) if each != sheet.parent]
        _name_fields(found, at, columns, {forms[sheet.target]}, paths, f"{lines[at]}.")
        paths[at, sheet.parent] = paths[sheet.target, found.keys[sheet.target]]
    return Names(forms=forms, paths=paths, lines=lines)


def _called(found: Structure, at: int) -> str:
    """Return what a table is called: where its name says nothing (`Sheet1`, a date), after what its key is about."""
    table, key = found.tables[at], found.keys.get(at)
    if key is None or not _SAYS_NOTHING.fullmatch(table.name):
        return table.name
    return subject_of(table.columns[key].heading) or table.name


_SAYS_NOTHING = re.compile(r"(?:sheet|工作表|表)?[\d\s._-]*", re.IGNORECASE)


def _name_fields(  # noqa: PLR0917 - what is named, and where names are kept
    found: Structure,
    at: int,
    columns: Sequence[int],
    taken: set[str],
    paths: dict[Place, str],
    prefix: str = "",
) -> None:
    for index in columns:
        heading = found.tables[at].columns[index].heading
        name = field_id(heading, taken, is_reference=(at, index) in found.references)
        taken.add(name)
        paths[at, index] = f"{prefix}{name}"


def forms_of(found: Structure, names: Names, postponed: frozenset[Place]) -> tuple[FormProposal, ...]:
    """Return a form for each table that is no sheet of lines. References that are `postponed` are never required."""
    return tuple(_form(found, names, at, postponed) for at in names.forms)


def _form(found: Structure, names: Names, at: int, postponed: frozenset[Place]) -> FormProposal:
    table, flat = found.tables[at], found.flat.get(at)
    columns = range(len(table.columns)) if flat is None else flat.head
    fields = tuple(_field(found, names, (at, index), postponed) for index in columns)
    lines = []
    if flat is not None:
        own = tuple(_field(found, names, (at, index), postponed) for index in flat.lines)
        lines.append(LinesProposal(id=names.lines[at], label=LINES_LABEL, fields=own))
    for child, sheet in found.line_sheets.items():
        if sheet.target == at:
            others = [index for index in range(len(found.tables[child].columns)) if index != sheet.parent]
            own = tuple(_field(found, names, (child, index), postponed) for index in others)
            lines.append(
                LinesProposal(id=names.lines[child], label=label_of(found.tables[child].name), fields=own)
            )
    key = found.keys.get(at)
    key_id = None if key is None else names.paths[at, key]
    pair = None if key is not None else pair_key(found, at, postponed)
    unique = () if pair is None else (tuple(names.paths[at, index] for index in pair),)
    listed = _listed(table.name, fields, key_id)
    return FormProposal(
        id=names.forms[at],
        label=label_of(table.name),
        title=_title(table.name, fields, key_id),
        fields=fields,
        lines=tuple(lines),
        key=key_id,
        unique=unique,
        columns=listed,
        filters=tuple(each.id for each in fields if each.type in _FILTERED)[:_MOST_FILTERS],
        sort=key_id,
    )


def _field(found: Structure, names: Names, place: Place, postponed: frozenset[Place]) -> FieldProposal:
    column = found.tables[place[0]].columns[place[1]]
    guessed: Guess = found.guess_at(place)
    reference = found.references.get(place)
    name = names.paths[place].rpartition(".")[2]
    is_key = found.keys.get(place[0]) == place[1]
    is_full = is_full_in(found, place)
    if reference is not None and reference.target[0] in names.forms:
        return FieldProposal(
            id=name,
            label=label_of(column.heading),
            type="ref",
            is_required=is_full and place not in postponed,
            is_unique=is_key,
            target=names.forms[reference.target[0]],
            search=_searched(found, names, reference.target[0]),
        )
    return FieldProposal(
        id=name,
        label=label_of(column.heading),
        type=guessed.type,
        options=guessed.options,
        is_required=is_full and guessed.type != "boolean",
        is_unique=found.is_named_by(place) and guessed.type == "text",
    )


def is_full_in(found: Structure, place: Place) -> bool:
    """Whether a field is never empty: in a sheet with merged cells, where its document begins."""
    at, index = place
    table, flat = found.tables[at], found.flat.get(at)
    column = table.columns[index]
    if flat is None or index in flat.lines:
        return column.is_full
    number = table.columns[flat.number]
    filled = {
        document for document, text in zip(number.texts, column.texts, strict=True) if text and document
    }
    return len(filled) == len(number.distinct)


def pair_key(found: Structure, at: int, postponed: frozenset[Place]) -> tuple[int, int] | None:
    """Return two columns that tell rows apart together: references and codes only, such as customer and product."""
    table = found.tables[at]
    naming = [
        index
        for index, column in enumerate(table.columns)
        if column.is_full
        and (at, index) not in postponed
        and ((at, index) in found.references or headings.CODE.is_in(column.heading))
    ]
    for place, first in enumerate(naming):
        for second in naming[place + 1 :]:
            pairs = zip(table.columns[first].texts, table.columns[second].texts, strict=True)
            if len(set(pairs)) == len(table.rows):
                return first, second
    return None


def label_of(heading: str) -> Label:
    """Return a heading as a label, in English too where its words are known."""
    heading = "".join(each if each.isprintable() else " " for each in heading).strip() or "?"
    if any("\u4e00" <= each <= "\u9fff" for each in heading):
        other = english(heading)
        return {"zh": heading} if other is None else label(zh=heading, en=other)
    return {"en": heading}


def is_name_of(sheet: str, heading: str) -> bool:
    """Whether a column names what the sheet lists: `productName` names products, and not an order of them."""
    if not headings.NAME.is_in(heading):
        return False
    subject = {singular(word) for word in words_of(heading)} - _OF_NAMES
    return not subject or bool(subject & {singular(word) for word in words_of(sheet)})


_OF_NAMES = frozenset(
    ["name", "title", "subject", "first", "last", "full", "given", "family", "short", "the", "of"]
)


def _heading(each: FieldProposal) -> str:
    return next(iter(each.label.values()))


def _title(sheet: str, fields: Sequence[FieldProposal], key: str | None) -> str:
    texts = [each for each in fields if each.type == "text"]
    names = [each for each in texts if each.is_required and is_name_of(sheet, _heading(each))]
    parts = {word: each.id for each in names for word in ("first", "last") if word in each.id.split("_")}
    if names and len(parts) == 2 and names[0].id in parts.values():
        return f"{{{parts['first']}}} {{{parts['last']}}}"
    chosen = names[0].id if names else key
    chosen = chosen or next((each.id for each in texts), None) or fields[0].id
    return f"{{{chosen}}}"


def _searched(found: Structure, names: Names, at: int) -> tuple[str, ...]:
    """Return the texts by which people look for a record: its key and its names."""
    table, flat = found.tables[at], found.flat.get(at)
    columns = range(len(table.columns)) if flat is None else flat.head
    texts = [
        index
        for index in columns
        if found.guess_at((at, index)).type == "text" and (at, index) not in found.references
    ]
    chosen = [
        index
        for index in texts
        if found.keys.get(at) == index or is_name_of(table.name, table.columns[index].heading)
    ]
    searched = tuple(names.paths[at, index] for index in chosen[:3])
    return searched if len(searched) > 1 else ()


def _listed(sheet: str, fields: Sequence[FieldProposal], key: str | None) -> tuple[str, ...]:
    """Return the fields of the list, in the order of the sheet: what tells most, as many as fit."""
    order = {name: place for place, name in enumerate(_LISTED_FIRST)}

    def weight(each: FieldProposal) -> int:
        if each.id == key or (each.type == "text" and is_name_of(sheet, _heading(each))):
            return -1
        return order.get(each.type, len(order))

    shown = sorted((each for each in fields if each.type != "longtext"), key=weight)[:_MOST_COLUMNS]
    chosen = {each.id for each in shown}
    return tuple(each.id for each in fields if each.id in chosen)
