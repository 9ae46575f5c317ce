"""Which rows belong to others: sheets of lines, and sheets in which a number repeats with the head of its document."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orderkit.inference import headings
from orderkit.inference.field_types import Guess
from orderkit.inference.naming import singular, words_of
from orderkit.inference.references import Place, Reference
from orderkit.inference.tables import Column, Table

_MOST_DIFFERING = 0.02
_LEAST_REPEATED = 1.2
_FEWEST_GROUPS = 2
_LEAST_BLANK = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSheet:
    """A sheet whose rows are lines of the records of another; `parent` is the column that names them."""

    table: int
    parent: int
    target: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FlatSheet:
    """A sheet of documents with their lines. `number` is the column that tells documents apart.

    `differing` counts for each column of the head the documents in whose rows it is not the same.
    `is_merged`: the head stands in the first row of each document only.
    """

    number: int
    head: tuple[int, ...]
    lines: tuple[int, ...]
    differing: Mapping[int, int]
    is_merged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NearlyFlat:
    """A number that repeats like that of a document, though its rows say different things about the head."""

    number: int
    columns: tuple[int, ...]
    differing: int
    groups: int


def line_sheets(
    tables: Sequence[Table],
    guesses: Sequence[Sequence[Guess]],
    keys: Mapping[int, int],
    references: Mapping[Place, Reference],
) -> dict[int, LineSheet]:
    """Return the sheets that are lines of others. What others refer to, or what has lines itself, is none."""
    found: dict[int, LineSheet] = {}
    for at, table in enumerate(tables):
        if any(each.target[0] == at for each in references.values()):
            continue
        scored = [
            (_score(tables, guesses, keys, at, reference), -reference.column[1], reference)
            for reference in references.values()
            if reference.column[0] == at and reference.target[0] != at
        ]
        best = max(scored, key=lambda each: each[:2], default=None)
        if best is None or best[0] < 2 or len(table.columns) < 2:
            continue
        target = best[2].target
        if keys.get(target[0]) == target[1]:
            found[at] = LineSheet(table=at, parent=best[2].column[1], target=target[0])
    return {at: each for at, each in found.items() if each.target not in found}


def _score(
    tables: Sequence[Table],
    guesses: Sequence[Sequence[Guess]],
    keys: Mapping[int, int],
    at: int,
    reference: Reference,
) -> int:
    """Return how much speaks for rows being lines of what they refer to: names, a line number, a key of two parts."""
    table, index = tables[at], reference.column[1]
    parent = tables[reference.target[0]]
    column = table.columns[index]
    is_named = _stem(parent.name) in _stem(table.name) and _stem(parent.name) != ""
    is_detail = headings.DETAIL.is_in(table.name) or "detail" in _stem(table.name)
    if not column.is_full or column.is_distinct:
        return 0
    if at in keys and not (is_named and is_detail):
        return 0
    numbered = any(
        _are_line_numbers(column, other, guesses[at][place])
        for place, other in enumerate(table.columns)
        if place != index
    )
    paired = any(
        len(set(zip(column.texts, other.texts, strict=True))) == len(column.texts)
        for place, other in enumerate(table.columns)
        if place != index and other.is_full
    )
    if not (numbered or paired or at in keys or (is_named and is_detail)):
        return 0
    return 2 * is_named + is_detail + 2 * numbered + (index == 0)


def _stem(name: str) -> str:
    words = [singular(word) for word in words_of(name)]
    return "".join(word for word in words if word not in {"head", "header", "master"})


def _are_line_numbers(parent: Column, column: Column, guessed: Guess) -> bool:
    if guessed.type != "integer" or not column.is_full or not headings.LINE_NUMBER.is_in(column.heading):
        return False
    return len(set(zip(parent.texts, column.texts, strict=True))) == len(column.texts)


def flat_sheet(
    table: Table, guesses: Sequence[Guess], key: int | None, referring: Sequence[int]
) -> FlatSheet | NearlyFlat | None:
    """Return how a sheet consists of documents with lines; None where no number repeats like that of a document."""
    nearly: NearlyFlat | None = None
    for index, column in enumerate(table.columns):
        is_document = headings.DOCUMENT.is_in(column.heading) and headings.CODE.is_in(column.heading)
        is_code = headings.CODE.is_in(column.heading) and key is None and index == 0
        if guesses[index].type != "text" or index in referring or not (is_document or is_code):
            continue
        found = _merged(table, index) or _repeated(table, index)
        if isinstance(found, FlatSheet):
            return found
        nearly = nearly or (found if is_document else None)
    return nearly


def _merged(table: Table, index: int) -> FlatSheet | None:
    """Return a sheet whose head stands in the first row of each document, as merged cells leave it."""
    column = table.columns[index]
    blank = [at for at, text in enumerate(column.texts) if not text]
    if not column.texts or not column.texts[0] or len(blank) < _LEAST_BLANK * len(column.texts):
        return None
    if not column.is_distinct:
        return None
    head = tuple(
        place
        for place, other in enumerate(table.columns)
        if other.filled and not any(other.texts[at] for at in blank)
    )
    lines = tuple(place for place, other in enumerate(table.columns) if place not in head and other.filled)
    has_lines = all(any(table.columns[place].texts[at] for place in lines) for at in blank)
    if len(head) < 2 or not lines or not has_lines:
        return None
    empty = tuple(place for place, other in enumerate(table.columns) if not other.filled)
    return FlatSheet(number=index, head=head, lines=(*lines, *empty), differing={}, is_merged=True)


def _repeated(table: Table, index: int) -> FlatSheet | NearlyFlat | None:
    column = table.columns[index]
    groups: dict[str, list[int]] = {}
    for at, text in enumerate(column.texts):
        groups.setdefault(text, []).append(at)
    several = [rows for rows in groups.values() if len(rows) > 1]
    if (
        not column.is_full
        or len(several) < _FEWEST_GROUPS
        or len(column.texts) < _LEAST_REPEATED * len(groups)
    ):
        return None
    differing = {
        place: sum(len({other.texts[at] for at in rows} - {""}) > 1 for rows in several)
        for place, other in enumerate(table.columns)
        if place != index and len(other.distinct) > 0
    }
    head = tuple(place for place, count in differing.items() if count <= _MOST_DIFFERING * len(several))
    lines = tuple(place for place in range(len(table.columns)) if place not in head and place != index)
    varying = tuple(place for place in head if len(table.columns[place].distinct) > 1)
    if varying and any(table.columns[place].filled for place in lines):
        ordered = tuple(sorted((index, *head)))
        return FlatSheet(
            number=index,
            head=ordered,
            lines=lines,
            differing={at: differing[at] for at in head if differing[at]},
        )
    often = [place for place, count in differing.items() if 0 < count <= 0.6 * len(several)]
    if not often:
        return None
    worst = max(differing[place] for place in often)
    return NearlyFlat(number=index, columns=tuple(often), differing=worst, groups=len(groups))
