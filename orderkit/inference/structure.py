"""How the tables of a client belong together: what each column holds, and what refers to what."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from orderkit.catalog import Catalog
from orderkit.inference.field_types import Guess, guess, text_guess
from orderkit.inference.lines import FlatSheet, LineSheet, NearlyFlat, flat_sheet, line_sheets
from orderkit.inference.references import Place, Reference, key_of, references_of
from orderkit.inference.tables import Table


@dataclass(frozen=True, eq=False, kw_only=True)
class Structure:
    """Everything that is concluded from the cells, before anything gets a name. Tables and columns are numbers."""

    tables: tuple[Table, ...]
    guesses: tuple[tuple[Guess, ...], ...]
    keys: Mapping[int, int]
    references: Mapping[Place, Reference]
    line_sheets: Mapping[int, LineSheet]
    flat: Mapping[int, FlatSheet]
    nearly_flat: Mapping[int, NearlyFlat]

    def guess_at(self, place: Place) -> Guess:
        """Return what a column holds."""
        return self.guesses[place[0]][place[1]]

    def is_named_by(self, place: Place) -> bool:
        """Whether records are found again by this column: it is a key, or something refers to it."""
        return self.keys.get(place[0]) == place[1] or any(
            each.target == place for each in self.references.values()
        )


def structure_of(tables: Sequence[Table], catalog: Catalog) -> Structure:
    """Return how tables belong together."""
    guesses = [[guess(column, catalog) for column in table.columns] for table in tables]
    simple = {at: key for at, table in enumerate(tables) if (key := key_of(table, guesses[at])) is not None}
    references = references_of(tables, guesses, simple)
    flat: dict[int, FlatSheet] = {}
    nearly: dict[int, NearlyFlat] = {}
    for at, table in enumerate(tables):
        referring = [place for owner, place in references if owner == at]
        found = flat_sheet(table, guesses[at], simple.get(at), referring)
        if isinstance(found, FlatSheet):
            flat[at] = found
        elif found is not None:
            nearly[at] = found
    keys = simple | {at: each.number for at, each in flat.items()}
    if flat:
        references = references_of(tables, guesses, keys)
        references = {
            place: each
            for place, each in references.items()
            if keys.get(place[0]) != place[1] or place[0] not in flat
        }
    lines = line_sheets(tables, guesses, keys, references)
    lines = {at: each for at, each in lines.items() if at not in flat and each.target not in flat}
    found_structure = Structure(
        tables=tuple(tables),
        guesses=tuple(map(tuple, guesses)),
        keys=keys,
        references=references,
        line_sheets=lines,
        flat=flat,
        nearly_flat=nearly,
    )
    return replace(found_structure, guesses=_settled(found_structure, catalog))


def _settled(found: Structure, catalog: Catalog) -> tuple[tuple[Guess, ...], ...]:
    """Return the guesses with what names a record as text: a code keeps its zeros, and references look among texts."""
    return tuple(
        tuple(
            text_guess(column, catalog, is_key=True)
            if found.is_named_by((at, index)) or (at, index) in found.references
            else found.guesses[at][index]
            for index, column in enumerate(table.columns)
        )
        for at, table in enumerate(found.tables)
    )
