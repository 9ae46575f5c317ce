"""Who a user is when they act: name, roles, department, language. How they prove it is `accounts`."""

from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, select, true

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
    user = unit.runtime.database.tables["user"]
    return _read(unit, user.c.id.in_(sorted(set(ids))))


def people_with_role(unit: Unit, role: str) -> Mapping[int, Person]:
    """Return the active people who have been given this role, by id."""
    user = unit.runtime.database.tables["user"]
    holders = select(user_role.c.user_id).where(user_role.c.role == role)
    return _read(unit, user.c.id.in_(holders))


def everybody(unit: Unit) -> Mapping[int, Person]:
    """Return all active people, by id."""
    return _read(unit, true())


def _read(unit: Unit, condition: ColumnElement[bool]) -> Mapping[int, Person]:
    user = unit.runtime.database.tables["user"]
    columns = (user.c.id, user.c.login, user.c.name, user.c.department, user.c.locale, user_role.c.role)
    found = (
        select(*columns)
        .select_from(user.outerjoin(user_role, user_role.c.user_id == user.c.id))
        .where(condition, user.c.active)
        .order_by(user.c.id)
    )
    people: dict[int, Person] = {}
    roles: dict[int, set[str]] = {}
    for row in unit.connection.execute(found):
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
