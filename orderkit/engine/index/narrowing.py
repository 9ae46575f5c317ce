"""Which records can have what is searched for: few enough to name them all, or too many to be worth it.

An answer leaves out no record that the conditions of the search would let in. Where the index is not ready,
or a title is made of what it does not know, there is no answer and the conditions look at every record.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from orderkit.engine.index.entries import Entries, Wanted, wanted_name, wanted_pairs, wanted_unknown
from orderkit.engine.index.grams import wanted_grams
from orderkit.engine.index.pinyin import wanted_initials
from orderkit.engine.index.sources import Reach, Sources, sources_of
from orderkit.engine.index.states import State, read_states
from orderkit.engine.index.writing import make_entries
from orderkit.engine.runtime import Unit
from orderkit.model.forms import FieldId, FormId

# Looking at as many records one by one takes a few milliseconds; what more have is found soon without the index.
MOST = 5_000
# Titles of titles are followed so far.
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Sounding:
    """Records in which a name reads like a word: the field, or None where the title does."""

    field: FieldId | None
    among: sa.ColumnElement[bool]


class _States(dict[FormId, State]):
    pass


class Narrowed:
    """What the index knows of records of one form."""

    def __init__(self, unit: Unit, form_id: FormId, id_column: sa.ColumnElement[int]) -> None:
        self._unit, self._form, self._id = unit, form_id, id_column
        self._states: Mapping[FormId, State]
        if unit.is_writing:
            make_entries(unit)
            self._states = read_states(unit.connection)
        else:
            # One snapshot, one state.
            self._states = unit.keep(_States, lambda: _States(read_states(unit.connection)))
        self._sources = sources_of(unit.runtime)
        self._entries = Entries(unit.runtime.database, unit.connection)

    def condition(self, words: Sequence[str]) -> sa.ColumnElement[bool] | None:
        """Return that a record is among those that can have all words; None when they are too many, or unknown."""
        found: set[int] | None = None
        for together in self._taken_together(words):
            some = self._with(self._form, together, 0, is_title=False)
            if some is not None:
                found = some if found is None else found & some
        return None if found is None else self._among(self._id, sorted(found))

    def sounding(self, word: str) -> Iterator[Sounding]:
        """Yield where names of records read like this word in pinyin."""
        ready = self._ready(self._form)
        letters = wanted_initials(word)
        if ready is None or letters is None:
            return
        state, sources = ready
        for place, name in enumerate([None, *sources.names]):
            among = self._reading(state, place, letters, self._id)
            if among is not None:
                yield Sounding(name, among)
        for reach in sources.reaches:
            among = self._reading_there(reach, letters, self._id, 0)
            if among is not None:
                yield Sounding(None, among)

    def _taken_together(self, words: Sequence[str]) -> list[list[str]]:
        """Return the words in groups such that one entry must have all words of a group."""
        sources = self._sources.get(self._form)
        if sources is None or sources.reaches:
            return [[word] for word in words]
        plain = [word for word in words if wanted_initials(word) is None]
        return [*([plain] if plain else []), *([word] for word in words if word not in plain)]

    def _ready(self, form_id: FormId) -> tuple[State, Sources] | None:
        state, sources = self._states.get(form_id), self._sources.get(form_id)
        if state is None or sources is None or not state.is_ready(sources.fingerprint):
            return None
        return state, sources

    def _with(self, form_id: FormId, words: Sequence[str], depth: int, *, is_title: bool) -> set[int] | None:
        """Return the records that can have these words, in their titles at least; None for too many or unknown."""
        ready = self._ready(form_id)
        if ready is None or depth > _DEEPEST:
            return None
        state, sources = ready
        if not (sources.is_whole if is_title else sources.narrows):
            return None
        wanted = self._wanted(state, words)
        letters = wanted_initials(words[0])
        if wanted is None:
            return None
        if letters is not None:
            places = range(1 if is_title else 1 + len(sources.names))
            wanted.extend(wanted_name(state.number, place, letters) for place in places)
        found = self._entries.ids(state.number, *wanted, most=MOST)
        if found is None:
            return None
        return self._union([found, *(self._there(each, words, depth) for each in sources.reaches)])

    def _wanted(self, state: State, words: Sequence[str]) -> list[Wanted] | None:
        """Return what entries with all these words have: their pairs, or nothing that is known."""
        pairs: set[str] = set()
        alone: str | None = None
        for word in words:
            some, begin = wanted_grams(word)
            pairs |= some
            alone = begin or alone
        if not pairs and (alone is None or words[0].isascii()):
            # A single letter or digit stands in nearly every record.
            return None
        return [wanted_pairs(state.number, sorted(pairs), alone), wanted_unknown(state.number)]

    def _there(self, reach: Reach, words: Sequence[str], depth: int) -> list[int] | None:
        """Return the records that refer to one with these words."""
        if reach.is_title:
            found = self._with(reach.target, words, depth + 1, is_title=True)
        else:
            found = self._with_texts(reach, words)
        ids = None if found is None else sorted(found)
        for form_id, field in reversed(reach.path):
            if not ids:
                break
            table = self._unit.runtime.database.tables[form_id]
            query = sa.select(table.c.id).where(self._among(table.c[field], ids)).limit(MOST + 1)
            ids = list(self._unit.connection.execute(query).scalars())
            if len(ids) > MOST:
                ids = None
        return ids

    def _with_texts(self, reach: Reach, words: Sequence[str]) -> set[int] | None:
        ready = self._ready(reach.target)
        wanted = None if ready is None else self._wanted(ready[0], words)
        if ready is None or wanted is None:
            return None
        state, sources = ready
        letters, place = wanted_initials(words[0]), _place(sources, reach)
        if letters is not None and place is not None:
            wanted.append(wanted_name(state.number, place, letters))
        return self._union([self._entries.ids(state.number, *wanted, most=MOST)])

    def _reading(
        self, state: State, place: int, letters: str, column: sa.ColumnElement[int]
    ) -> sa.ColumnElement[bool] | None:
        """Return that a column holds one of the records of which a name reads so; None when there are none."""
        wanted = wanted_name(state.number, place, letters)
        ids = self._entries.ids(state.number, wanted, most=MOST)
        if ids is None:
            return column.in_(self._entries.query(state.number, wanted))
        return self._among(column, sorted(ids)) if ids else None

    def _reading_there(
        self, reach: Reach, letters: str, column: sa.ColumnElement[int], depth: int
    ) -> sa.ColumnElement[bool] | None:
        """Return that the record of a column refers to one of which the title, or that text, reads so."""
        ready = self._ready(reach.target)
        if ready is None or depth > _DEEPEST:
            return None
        state, sources = ready
        tables = [self._unit.runtime.database.tables[form].alias() for form, _ in reach.path]
        last = tables[-1].c[reach.path[-1][1]]
        place = 0 if reach.is_title else _place(sources, reach)
        found = [None if place is None else self._reading(state, place, letters, last)]
        if reach.is_title:
            found += [self._reading_there(each, letters, last, depth + 1) for each in sources.reaches]
        conditions = [each for each in found if each is not None]
        if not conditions:
            return None
        condition = sa.or_(*conditions)
        for place in range(len(tables) - 1, 0, -1):
            here = tables[place - 1].c[reach.path[place - 1][1]]
            condition = here.in_(sa.select(tables[place].c.id).where(condition))
        return column.in_(sa.select(tables[0].c.id).where(condition))

    def _union(self, parts: Iterable[list[int] | None]) -> set[int] | None:
        found: set[int] = set()
        for part in parts:
            if part is None:
                return None
            found.update(part)
            if len(found) > MOST:
                return None
        return found

    def _among(self, column: sa.ColumnElement[int], ids: Sequence[int]) -> sa.ColumnElement[bool]:
        """Return that a column holds one of these ids, in one parameter however many they are."""
        if self._unit.runtime.database.dialect == "sqlite":
            return column.in_(
                sa.select(sa.func.json_each(json.dumps(list(ids))).table_valued("value").c.value)
            )
        return column == sa.any_(sa.literal(list(ids), postgresql.ARRAY(sa.BigInteger)))


def _place(sources: Sources, reach: Reach) -> int | None:
    """Return where the text that a title takes from another record stands among the names of that."""
    return sources.names.index(reach.field) + 1 if reach.field in sources.names else None
