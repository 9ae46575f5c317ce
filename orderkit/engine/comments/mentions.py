"""To whom a comment turns: `@name` in its text, of people who may see the record, and of nobody else.

A name that stands for somebody who may not see it is text like any other: a comment neither tells them of the
record, nor its writer that there is such a person.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from orderkit.engine.access import Action, decide
from orderkit.engine.access.people import everybody
from orderkit.engine.index.pinyin import initials
from orderkit.engine.rows import RecordRow
from orderkit.engine.runtime import Person, Unit

MOST_SUGGESTED = 8
MOST_MENTIONS = 50
_MARK = "@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Somebody who can be mentioned. `login` tells apart two of one name."""

    id: int
    name: str
    login: str


def mentionable(unit: Unit, row: RecordRow, begun: str) -> tuple[Named, ...]:
    """Return a few people whose name, login or pinyin initials fit what was begun, and who may see the record."""
    wanted = begun.casefold().strip()
    fitting = sorted(
        (each for each in everybody(unit).values() if _fits(each, wanted)),
        key=lambda each: (not each.name.casefold().startswith(wanted), each.name, each.login),
    )
    found: list[Named] = []
    for person in fitting:
        if len(found) == MOST_SUGGESTED:
            break
        if person.id != unit.person.id and _may_see(unit, person, row):
            found.append(_named(person))
    return tuple(found)


def mentioned(unit: Unit, row: RecordRow, text: str, chosen: Iterable[int] = ()) -> tuple[int, ...]:
    """Return the users that a text turns to. Of several with one name those who were `chosen`, else all."""
    if _MARK not in text:
        return ()
    people = everybody(unit)
    by_name: dict[str, list[Person]] = {}
    for each in people.values():
        for name in {each.name, each.login}:
            if f"{_MARK}{name}" in text:
                by_name.setdefault(name, []).append(each)
    wanted = frozenset(chosen)
    found: dict[int, None] = {}
    for name in _names_in(text, by_name):
        some = by_name[name]
        for person in [each for each in some if each.id in wanted] or some:
            if person.id is not None and _may_see(unit, person, row):
                found[person.id] = None
    return tuple(found)[:MOST_MENTIONS]


def parts(text: str, names: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """Return a text in pieces, each with whether it is the mention of one of these names."""
    pattern = _pattern(names)
    if pattern is None:
        return ((text, False),)
    return tuple((piece, bool(place % 2)) for place, piece in enumerate(pattern.split(text)) if piece)


def people_named(unit: Unit, ids: Iterable[int]) -> Mapping[int, Named]:
    """Return the people with these ids, those too who left."""
    user = unit.runtime.database.tables["user"]
    wanted = sorted(set(ids))
    if not wanted:
        return {}
    found = user.select().with_only_columns(user.c.id, user.c.name, user.c.login).where(user.c.id.in_(wanted))
    return {
        row.id: Named(id=row.id, name=row.name, login=row.login) for row in unit.connection.execute(found)
    }


def _fits(person: Person, wanted: str) -> bool:
    return (
        wanted in person.name.casefold()
        or wanted in person.login.casefold()
        or any(each.startswith(wanted) for each in initials(person.name))
    )


def _may_see(unit: Unit, person: Person, row: RecordRow) -> bool:
    return bool(decide(person, Action.READ, row.form, row, unit=unit))


def _named(person: Person) -> Named:
    assert person.id is not None
    return Named(id=person.id, name=person.name, login=person.login)


def _names_in(text: str, names: Iterable[str]) -> Iterator[str]:
    pattern = _pattern(names)
    if pattern is not None:
        for found in pattern.finditer(text):
            yield found[1].removeprefix(_MARK)


def _pattern(names: Iterable[str]) -> re.Pattern[str] | None:
    """Return what finds a mention: the longest name that stands there, `@王雪梅` before `@王雪`.

    What stands in an address (`me@max.cn`), or begins a longer Latin word, is none.
    """
    ordered: Sequence[str] = sorted({each for each in names if each}, key=len, reverse=True)
    if not ordered:
        return None
    words = "|".join(re.escape(each) + (_WORD_ENDS if _is_latin(each[-1]) else "") for each in ordered)
    return re.compile(f"(?<![A-Za-z0-9._%+-])({_MARK}(?:{words}))")


_WORD_ENDS = "(?![A-Za-z0-9_])"


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()
