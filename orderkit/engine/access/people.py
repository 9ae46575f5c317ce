"""Who a user is when they act: name, roles, department, language. How they prove it is `accounts`."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, bindparam, select, true

from orderkit.database.schema.system_tables import user_role
from orderkit.engine.runtime import Person, Unit


def person_of(unit: Unit, user_id: int) -> Person | None:
    """Return the person behind a user id; None when there is none, or they may no longer sign in."""
    return people_of(unit, [user_id]).get(user_id)


def find_person(unit: Unit, login: str) -> Person | None:
    """Return the active person with this login name, as `run_as: user(bot)` names them."""
    user = unit.runtime.database.tables["user"]
    return next(iter(_read(unit, user.c.login == login).values()), None)


def people_of(unit: Unit, ids: Iterable[int]) -> Mapping[int, Person]:
    """Return the active people among these user ids."""
    return _people(unit, _query(unit).with_ids, {"ids": sorted(set(ids))})


def people_with_role(unit: Unit, role: str) -> Mapping[int, Person]:
    """Return the active people who have been given this role, by id."""
    user = unit.runtime.database.tables["user"]
    holders = select(user_role.c.user_id).where(user_role.c.role == role)
    return _read(unit, user.c.id.in_(holders))


def everybody(unit: Unit) -> Mapping[int, Person]:
    """Return all active people, by id."""
    return _read(unit, true())


def _read(unit: Unit, condition: ColumnElement[bool]) -> Mapping[int, Person]:
    return _people(unit, _query(unit).everybody.where(condition), {})


class _Query:
    """The question for people, put together once: every request asks it."""

    def __init__(self, user: Table) -> None:
        columns = (user.c.id, user.c.login, user.c.name, user.c.department, user.c.locale, user_role.c.role)
        self.everybody = (
            select(*columns)
            .select_from(user.outerjoin(user_role, user_role.c.user_id == user.c.id))
            .where(user.c.active)
            .order_by(user.c.id)
        )
        self.with_ids = self.everybody.where(user.c.id.in_(bindparam("ids", expanding=True)))


def _query(unit: Unit) -> _Query:
    runtime = unit.runtime
    return runtime.keep(_Query, lambda: _Query(runtime.database.tables["user"]))


def _people(unit: Unit, query: Select[Any], parameters: Mapping[str, object]) -> Mapping[int, Person]:
    people: dict[int, Person] = {}
    roles: dict[int, set[str]] = {}
    for row in unit.connection.execute(query, parameters):
        held = roles.setdefault(row.id, set())
        if row.role is not None:
            held.add(row.role)
        people[row.id] = Person(
            id=row.id,
            login=row.login,
            name=row.name,
            roles=frozenset(held),
            department_id=row.department,
            locale=row.locale,
        )
    return people
