"""Who is meant: from the one grammar for people to users, with how each was found.

Only active users are found. That nobody is found is the caller's business: an approval has a policy
for it, a message is logged as not sent.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from sqlalchemy import select

from orderkit.engine.access.people import find_person, people_of, people_with_role
from orderkit.engine.following import followers
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.rows.environments import NO_ROOTS
from orderkit.engine.runtime import Person, Unit
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import SystemRole
from orderkit.model.people import (
    AnyOf,
    ChosenBy,
    FieldUser,
    HasRole,
    HeadOf,
    ManagerOf,
    NamedPerson,
    NamedUser,
    Who,
)
from orderkit.model.roles import EVERYONE

MAX_LEVELS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """What `owner`, `submitter`, `holder`, `approver` and `previous` stand for at this moment.

    `item` is the row of a loop that is looked at, `chosen` those whom somebody chose for the step at hand.
    `row` None: there is no record here, as under a schedule. `roots` are what fields may be taken from besides.
    """

    row: RecordRow | None
    submitter_id: int | None = None
    holder: Who | None = None
    approver_id: int | None = None
    previous_id: int | None = None
    claimed_by: int | None = None
    item: RecordRow | None = None
    chosen: tuple[int, ...] = ()
    roots: Mapping[str, Value] = field(default_factory=lambda: NO_ROOTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A user, and in a stable word how they were found: `role(director)`, `manager_of(owner)`."""

    user_id: int
    how: str


def resolve(unit: Unit, who: Who, circumstances: Circumstances) -> tuple[Found, ...]:
    """Return the active users that `who` names, each once, in the order in which they decide."""
    found: dict[int, Found] = {}
    for each in _candidates(unit, who, circumstances):
        found.setdefault(each.user_id, each)
    active = people_of(unit, found)
    return tuple(each for each in found.values() if each.user_id in active)


def includes(unit: Unit, who: Who | None, circumstances: Circumstances, person: Person) -> bool:
    """Return whether `who` names this person; None names the system alone."""
    if person.is_system:
        return True
    match who:
        case None:
            return False
        case HasRole(role=role):
            return role == EVERYONE or role in person.roles
        case NamedPerson(name="everyone"):
            return True
        case NamedUser(login=login):
            return login == person.login
        case AnyOf(people=people):
            return any(includes(unit, each, circumstances, person) for each in people)
        case _:
            return any(each.user_id == person.id for each in _candidates(unit, who, circumstances))


def addresses_of(unit: Unit, who: Who, circumstances: Circumstances) -> tuple[str, ...]:
    """Return the addresses outside that `who` names, such as `customer.email`."""
    if isinstance(who, AnyOf):
        return tuple(each for part in who.people for each in addresses_of(unit, part, circumstances))
    if not isinstance(who, FieldUser):
        return ()
    value = _value(unit, who.expression, circumstances)
    return (value.strip(),) if isinstance(value, str) and value.strip() else ()


def _candidates(unit: Unit, who: Who, circumstances: Circumstances) -> Iterator[Found]:
    how = word_of(who)
    match who:
        case HasRole(role=role) if role == EVERYONE:
            # Nobody is given this role: everybody has it.
            yield from _each((found.user_id for found in _named(unit, EVERYONE, circumstances)), how)
        case HasRole(role=role):
            yield from _each(people_with_role(unit, role), how)
        case NamedUser(login=login):
            person = find_person(unit, login)
            if person is not None and person.id is not None:
                yield Found(user_id=person.id, how=how)
        case FieldUser(expression=expression):
            yield from _each(_ids(_value(unit, expression, circumstances)), how)
        case NamedPerson(name=name):
            yield from _named(unit, name, circumstances)
        case ManagerOf():
            for each in _candidates(unit, who.who, circumstances):
                yield from _each(_managers(unit, each.user_id, who), how)
        case HeadOf(department=department):
            for department_id in _ids(_value(unit, department, circumstances)):
                row = rows_of(unit).row("department", department_id)
                yield from _each(_ids(None if row is None else row.get("head")), how)
        case AnyOf(people=people):
            for part in people:
                yield from _candidates(unit, part, circumstances)
        case ChosenBy():
            yield from _each(circumstances.chosen, how)
        case _:
            assert_never(who)


def _value(unit: Unit, expression: Expression, circumstances: Circumstances) -> Value:
    roots = dict(circumstances.roots)
    if circumstances.item is not None:
        roots["item"] = circumstances.item
    return evaluate(expression, environment_of(unit, circumstances.row, roots=roots))


def _named(unit: Unit, name: str, circumstances: Circumstances) -> Iterator[Found]:
    match name:
        case "owner":
            row = circumstances.row
            owners = () if row is None else row.shape.fields
            owner = next((each.id for each in owners if each.system is SystemRole.OWNER), None)
            yield from _each(_ids(None if row is None or owner is None else row.get(owner)), name)
        case "followers":
            row = circumstances.row
            if row is not None:
                yield from _each(sorted(followers(unit, row.form, [row.id]).get(row.id, ())), name)
        case "submitter":
            yield from _each(_ids(circumstances.submitter_id), name)
        case "approver":
            yield from _each(_ids(circumstances.approver_id), name)
        case "previous":
            yield from _each(_ids(circumstances.previous_id), name)
        case "holder" if circumstances.claimed_by is not None:
            yield from _each((circumstances.claimed_by,), name)
        case "holder":
            if circumstances.holder is not None and circumstances.holder != NamedPerson("holder"):
                yield from _candidates(unit, circumstances.holder, circumstances)
        case "everyone":
            user = unit.runtime.database.tables["user"]
            active = select(user.c.id).where(user.c.active).order_by(user.c.id)
            yield from _each(unit.connection.execute(active).scalars(), name)
        case _:
            return


def _managers(unit: Unit, user_id: int, wanted: ManagerOf) -> Iterator[int]:
    """Yield the manager of the wanted level, or the chain up to `until`; inactive ones are passed over."""
    chain = list(chain_of_managers(unit, user_id))
    if not wanted.is_chain:
        yield from chain[wanted.level - 1 : wanted.level]
        return
    if wanted.until is not None and wanted.until.isdecimal():
        yield from chain[: int(wanted.until)]
        return
    people = people_of(unit, chain)
    for each in chain:
        yield each
        if wanted.until is not None and wanted.until in people[each].roles:
            return


def chain_of_managers(unit: Unit, user_id: int) -> Iterator[int]:
    """Yield the active managers above a user, nearest first; a ring of managers ends it."""
    seen = {user_id}
    here = user_id
    for _ in range(MAX_LEVELS):
        row = rows_of(unit).row("user", here)
        manager = None if row is None else row.get("manager")
        if not isinstance(manager, int) or manager in seen:
            return
        seen.add(manager)
        here = manager
        if manager in people_of(unit, [manager]):
            yield manager


def word_of(who: Who) -> str:
    """Return `who` as it is written, without its expressions."""
    match who:
        case HasRole(role=role):
            return f"role({role})"
        case NamedUser(login=login):
            return f"user({login})"
        case FieldUser():
            return "field"
        case NamedPerson(name=name):
            return name
        case ManagerOf(who=inner, level=level, is_chain=is_chain):
            name = "managers_of" if is_chain else "manager_of"
            return f"{name}({word_of(inner)}{'' if level == 1 else f', {level}'})"
        case HeadOf():
            return "head_of"
        case ChosenBy(who=inner):
            return f"chosen_by({word_of(inner)})"
        case AnyOf(people=people):
            return " | ".join(word_of(each) for each in people)
        case _:
            assert_never(who)


def _each(ids: Iterable[int] | Mapping[int, object], how: str) -> Iterator[Found]:
    for user_id in ids:
        yield Found(user_id=user_id, how=how)


def _ids(value: Value) -> tuple[int, ...]:
    """Return the record behind a value: a reference evaluates to its record, a stored one is an id."""
    if isinstance(value, RecordRow):
        return (value.id,)
    return (value,) if isinstance(value, int) and not isinstance(value, bool) else ()
