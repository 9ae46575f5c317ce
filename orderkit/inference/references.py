"""Keys, by which rows are known, and references: columns that hold the keys of another table, or of their own."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderkit.inference import headings
from orderkit.inference.field_types import Guess
from orderkit.inference.naming import singular, words_of
from orderkit.inference.tables import Column, Table

_KEY_TYPES = frozenset({"text", "integer", "email", "phone"})
_FEWEST_ROWS = 3
_LONGEST_KEY = 100
_LEAST_FOUND = (1.0, 0.98, 0.9, 0.9)
"""How many cells must be found among the keys, by how much the names have in common. Where the heading names
the table, what is not found is a mistake that people want to hear of."""
_NEARLY = 0.95
_FEWEST_FOR_NEARLY = 20
_FEWEST_UNNAMED = 5
_OF_ANY_KEY = frozenset({"id", "no", "nr", "number", "num", "code", "key", "name", "ref"})

Place = tuple[int, int]
"""A column: its table and its place there, both counted from 0."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that holds keys. `share` of its cells are found among them."""

    column: Place
    target: Place
    share: float


def key_of(table: Table, guesses: Sequence[Guess]) -> int | None:
    """Return the leftmost column that is never empty and never the same; a code before anything else.

    A code that is the same in few rows only is a key with mistakes.
    """
    found = [at for at, column in enumerate(table.columns) if is_key(column, guesses[at])]
    codes = [at for at in found if headings.CODE.is_in(table.columns[at].heading)]
    if codes:
        return codes[0]
    nearly = next(
        (at for at, column in enumerate(table.columns) if _is_nearly_key(column, guesses[at])), None
    )
    if nearly is not None and (not found or nearly < found[0]):
        return nearly
    is_long_enough = len(table.rows) >= _FEWEST_ROWS
    return found[0] if found and is_long_enough else None


def is_key(column: Column, guessed: Guess) -> bool:
    """Whether a column could tell rows apart: short texts or whole numbers, never empty, each only once."""
    return (
        column.is_full
        and column.is_distinct
        and guessed.type in _KEY_TYPES
        and (guessed.type != "integer" or not _is_measure(column))
        and not any(len(text) > _LONGEST_KEY for text in column.distinct)
    )


def _is_measure(column: Column) -> bool:
    return headings.MONEY.is_in(column.heading) or not (
        headings.CODE.is_in(column.heading) or headings.LINE_NUMBER.is_in(column.heading)
    )


def _is_nearly_key(column: Column, guessed: Guess) -> bool:
    count = len(column.cells)
    return (
        count >= _FEWEST_FOR_NEARLY
        and column.is_full
        and guessed.type == "text"
        and headings.CODE.is_in(column.heading)
        and len(column.distinct) >= _NEARLY * count
    )


def references_of(
    tables: Sequence[Table], guesses: Sequence[Sequence[Guess]], keys: Mapping[int, int]
) -> dict[Place, Reference]:
    """Return for each column that refers to a table the best of those that it may mean."""
    found: dict[Place, Reference] = {}
    for at, table in enumerate(tables):
        for index, column in enumerate(table.columns):
            if guesses[at][index].type not in {"text", "integer", "choice"} or keys.get(at) == index:
                continue
            best = max(
                _candidates(tables, guesses, keys, (at, index), column),
                key=lambda each: (each[1], each[0].share),
                default=None,
            )
            if best is not None:
                found[at, index] = best[0]
    _add_keys_that_refer(tables, guesses, keys, found)
    return found


def _add_keys_that_refer(
    tables: Sequence[Table],
    guesses: Sequence[Sequence[Guess]],
    keys: Mapping[int, int],
    found: dict[Place, Reference],
) -> None:
    """Add keys that are those of another table too: returns that are known by their order.

    A record that others refer to needs a key of its own, so such a key stays a text.
    """
    for at, index in keys.items():
        if any(each.target[0] == at for each in found.values()):
            continue
        column = tables[at].columns[index]
        named = [
            each
            for each, likeness in _candidates(tables, guesses, keys, (at, index), column)
            if likeness >= 2 and each.target[0] != at and keys.get(each.target[0]) == each.target[1]
        ]
        larger = [each for each in named if len(tables[each.target[0]].rows) > len(column.cells)]
        if larger:
            found[at, index] = max(larger, key=lambda each: each.share)


def _candidates(
    tables: Sequence[Table],
    guesses: Sequence[Sequence[Guess]],
    keys: Mapping[int, int],
    place: Place,
    column: Column,
) -> Iterator[tuple[Reference, int]]:
    """Yield what a column may refer to, and how much their names have in common: 0 to 3."""
    at, index = place
    if not column.filled:
        return
    for other, table in enumerate(tables):
        for target in _targets(table, guesses[other], keys.get(other)):
            if (other, target) == place:
                continue
            known = table.columns[target]
            likeness = _likeness(table, known, column, is_own=other == at, is_key=target == keys.get(other))
            if likeness is None:
                continue
            share = sum(n for text, n in column.distinct.items() if text in known.distinct) / len(
                column.filled
            )
            if share >= _LEAST_FOUND[likeness] and (likeness or _is_telling(column)):
                yield Reference(place, (other, target), share), likeness
    del index


def _targets(table: Table, guesses: Sequence[Guess], key: int | None) -> Iterator[int]:
    """Yield the columns by which others may refer to a row: its key first, then names that are unique."""
    if key is None:
        return
    yield key
    for index, column in enumerate(table.columns):
        is_name = guesses[index].type == "text" and headings.NAME.is_in(column.heading)
        if index != key and is_name and is_key(column, guesses[index]):
            yield index


def _is_telling(column: Column) -> bool:
    """Whether texts are so many and so special that they are hardly found elsewhere by chance."""
    return len(column.distinct) >= _FEWEST_UNNAMED and not any(text.isdigit() for text in column.distinct)


def _likeness(table: Table, known: Column, column: Column, *, is_own: bool, is_key: bool) -> int | None:
    """Return how much a heading says that the other table is meant; None where it says the contrary."""
    if is_own:
        return (
            2 if headings.PARENT.is_in(column.heading) and not headings.NAME.is_in(column.heading) else None
        )
    said, subject = _squashed(subject_of(column.heading)), _squashed(subject_of(known.heading))
    sheet = "".join(singular(word) for word in words_of(table.name))
    if is_key and words_of(column.heading) == words_of(known.heading) and subject:
        return 3
    if sheet and (_contains(said, sheet) or _contains(sheet, said)):
        return 2
    return 1 if subject and _contains(said, subject) else 0


def subject_of(heading: str) -> str:
    """Return what a heading is about, without the words that any key may have: `customer` of `customerNumber`."""
    words = [singular(word) for word in words_of(heading)]
    return " ".join(word for word in words if word not in _OF_ANY_KEY)


def _squashed(text: str) -> str:
    return text.replace(" ", "")


def _contains(text: str, part: str) -> bool:
    return len(part) >= 3 and part in text
