"""Entries of the index as the databases keep them: put, taken away, asked for.

Nothing here knows what is indexed. A key is made of the number of a form and the id of a record, and every
token begins with that number, so that forms share tables and nothing else.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from orderkit.database.connections.database import Database
from orderkit.database.schema.system_tables import SEARCH_TOKENS, search_entry
from orderkit.engine.index.grams import grams, in_letters
from orderkit.engine.index.pinyin import initials

_KEYS = 1 << 40
LAST_ID = _KEYS - 1
_AT_ONCE = 1_000
# A text of which more pairs than these are different is found by looking; tsvector ends at a megabyte.
_MOST_TOKENS = 30_000
_listed = sa.select(sa.func.json_each(sa.bindparam("keys", type_=sa.Text)).table_valued("value").c.value)
_OF_KEYS = sa.select(search_entry.c.key, search_entry.c.texts).where(search_entry.c.key.in_(_listed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one record is found by: texts by their parts, and names by pinyin, each in its numbered place.

    One that `is_unknown` counts as having every token: whoever wrote the record did not know how.
    """

    texts: tuple[str, ...] = ()
    names: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    is_unknown: bool = False

    def tokens(self, number: int) -> set[str]:
        """Return the tokens, which begin with the number of the form."""
        begin = beginning(number)
        if self.is_unknown:
            return {begin + _UNKNOWN}
        found = {f"{begin}{_PAIR}{pair}" for pair in grams(self.texts)}
        for place, texts in self.names.items():
            for text in texts:
                found.update(f"{begin}{_NAME}{in_letters(place, 2)}{each}" for each in initials(text))
        return found if len(found) <= _MOST_TOKENS else {begin + _UNKNOWN}

    def to_json(self) -> str:
        """Return the entry as text."""
        kept = None if self.is_unknown else [self.texts, [[n, t] for n, t in sorted(self.names.items())]]
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> "Entry":
        """Return the entry of a text."""
        kept = json.loads(text)
        if kept is None:
            return cls(is_unknown=True)
        return cls(texts=tuple(kept[0]), names={number: tuple(texts) for number, texts in kept[1]})


@dataclass(frozen=True, slots=True)
class Wanted:
    """Tokens that an entry must have, all of them, the last perhaps only by its beginning."""

    tokens: tuple[str, ...]
    beginning: str | None = None

    def written(self, both: str, begins: str) -> str:
        """Return it in the words of a database: what stands between two tokens, and behind a beginning."""
        last = () if self.beginning is None else (f"{self.beginning}{begins}",)
        return both.join((*self.tokens, *last))


_PAIR, _NAME, _UNKNOWN = "g", "p", "x"
_PUT_IN = f"INSERT INTO {SEARCH_TOKENS}(rowid, tokens) VALUES (?, ?)"  # noqa: S608 - our own name
_TAKE_OUT = f"INSERT INTO {SEARCH_TOKENS}({SEARCH_TOKENS}, rowid, tokens) VALUES ('delete', ?, ?)"  # noqa: S608


def beginning(number: int) -> str:
    """Return how the tokens of a form begin."""
    return in_letters(number, 3)


def wanted_pairs(number: int, pairs: Sequence[str], alone: str | None) -> Wanted:
    """Return what entries with these pairs of characters have."""
    begin = beginning(number) + _PAIR
    return Wanted(tuple(begin + each for each in pairs), None if alone is None else begin + alone)


def wanted_name(number: int, place: int, letters: str) -> Wanted:
    """Return what entries have of whose name in a place some characters read like this."""
    return Wanted((), f"{beginning(number)}{_NAME}{in_letters(place, 2)}{letters}")


def wanted_unknown(number: int) -> Wanted:
    """Return what entries have of which nobody knows what they are found by."""
    return Wanted((beginning(number) + _UNKNOWN,))


def key_of(number: int, record_id: int) -> int:
    """Return the key of a record's entry."""
    return number * _KEYS + record_id


class Entries:
    """The entries in a database, through one connection."""

    def __init__(self, database: Database, connection: sa.Connection) -> None:
        self._connection = connection
        self._is_sqlite = database.dialect == "sqlite"

    def put(self, number: int, entries: Mapping[int, Entry | None]) -> None:
        """Keep entries by the ids of records; None takes one away."""
        ids = sorted(entries)
        for start in range(0, len(ids), _AT_ONCE):
            some = {each: entries[each] for each in ids[start : start + _AT_ONCE]}
            if self._is_sqlite:
                self._put_on_sqlite(number, some)
            else:
                self._put_on_postgresql(number, some)

    def ids(self, number: int, *wanted: Wanted, most: int) -> list[int] | None:
        """Return the ids of records whose entries have one thing wanted, in any order; None for more than `most`."""
        found = self._connection.execute(self.query(number, *wanted).limit(most + 1)).scalars().all()
        return None if len(found) > most else [*found]

    def query(self, number: int, *wanted: Wanted) -> sa.Select[int]:
        """Return the query for the ids of records whose entries have one of the things wanted."""
        if self._is_sqlite:
            tokens = sa.table(
                SEARCH_TOKENS, sa.column("rowid", sa.Integer), sa.column(SEARCH_TOKENS, sa.Text)
            )
            either = " OR ".join(f"({each.written(' AND ', '*')})" for each in wanted)
            match = tokens.c[SEARCH_TOKENS].op("MATCH", is_comparison=True)(either)
            return sa.select((tokens.c.rowid - number * _KEYS).label("id")).where(match)
        either = " | ".join(f"({each.written(' & ', ':*')})" for each in wanted)
        query = sa.cast(sa.bindparam(None, either, sa.Text), postgresql.TSQUERY)
        key: sa.ColumnElement[int] = search_entry.c.key - sa.literal(number * _KEYS, sa.BigInteger)
        return sa.select(key.label("id")).where(search_entry.c.tokens.op("@@", is_comparison=True)(query))

    def known(self, number: int, after: int, last: int, *, limit: int | None = None) -> set[int]:
        """Return the ids beyond `after` and up to `last` that have an entry, the lowest with a `limit`."""
        key = search_entry.c.key
        span = key.between(key_of(number, after + 1), key_of(number, last))
        found = self._connection.execute(sa.select(key).where(span).order_by(key).limit(limit)).scalars()
        return {each - number * _KEYS for each in found}

    def _put_on_sqlite(self, number: int, entries: Mapping[int, Entry | None]) -> None:
        keys = {key_of(number, each): entry for each, entry in entries.items()}
        found = self._connection.execute(_OF_KEYS, {"keys": json.dumps(list(keys))})
        before = {key: text for key, text in found}  # noqa: C416 - rows are no pairs to mypy
        texts = {key: entry.to_json() for key, entry in keys.items() if entry is not None}
        for key in [key for key, text in texts.items() if before.get(key) == text]:
            del texts[key], before[key]
        if before:
            # FTS5 takes out an entry when told what was put in.
            gone = [
                (key, " ".join(sorted(Entry.from_json(text).tokens(number)))) for key, text in before.items()
            ]
            self._connection.exec_driver_sql(_TAKE_OUT, gone)
            self._connection.execute(
                sa.delete(search_entry).where(search_entry.c.key == sa.bindparam("gone")),
                [{"gone": key} for key in before],
            )
        if texts:
            self._connection.execute(
                search_entry.insert(), [{"key": key, "texts": text} for key, text in texts.items()]
            )
            put = [
                (key, " ".join(sorted(entry.tokens(number))))
                for key, entry in keys.items()
                if key in texts and entry is not None
            ]
            self._connection.exec_driver_sql(_PUT_IN, put)

    def _put_on_postgresql(self, number: int, entries: Mapping[int, Entry | None]) -> None:
        gone = [key_of(number, each) for each, entry in entries.items() if entry is None]
        if gone:
            self._connection.execute(search_entry.delete().where(search_entry.c.key.in_(gone)))
        rows = [
            {"key": key_of(number, each), "listed": sorted(entry.tokens(number))}
            for each, entry in sorted(entries.items())
            if entry is not None
        ]
        if rows:
            listed = sa.bindparam("listed", type_=postgresql.ARRAY(sa.Text))
            put = postgresql.insert(search_entry).values(
                key=sa.bindparam("key"), tokens=sa.func.array_to_tsvector(listed)
            )
            is_other = search_entry.c.tokens.is_distinct_from(put.excluded.tokens)
            self._connection.execute(
                put.on_conflict_do_update(
                    index_elements=[search_entry.c.key], set_={"tokens": put.excluded.tokens}, where=is_other
                ),
                rows,
            )
