"""What people set for themselves: the zone of their clock, and the language that they are spoken to in."""

from functools import cache
from zoneinfo import available_timezones

from sqlalchemy import delete, insert, select

from orderkit.database.schema.system_tables import account_setting as settings
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label

ZONE, LANGUAGE = "timezone", "locale"
_REGIONS = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Arctic/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache
def known_zones() -> tuple[str, ...]:
    """Return the zones that people may choose, by name."""
    places = (name for name in available_timezones() if name.startswith(_REGIONS))
    return (*sorted(places), "UTC")


def preferences_of(unit: Unit, user_id: int) -> dict[str, str]:
    """Return what a person has set; what they have not set follows the project."""
    found = select(settings.c.name, settings.c.value).where(settings.c.user_id == user_id)
    return {row.name: row.value for row in unit.connection.execute(found)}


def set_preferences(unit: Unit, user_id: int, *, zone: str, language: str) -> None:
    """Set one's zone and language; empty ones follow the project. Raises Refused for what there is not."""
    problems = []
    if zone and zone not in known_zones():
        said = label(
            zh=f"没有时区 {zone}：请从列表中选择",
            en=f"there is no time zone `{zone}`: choose one of the list",
        )
        problems.append(_problem(ZONE, said))
    if language and language not in unit.project.locales:
        said = label(
            zh=f"项目没有语言 {language}：请从列表中选择",
            en=f"the project does not speak `{language}`: choose one of the list",
        )
        problems.append(_problem(LANGUAGE, said))
    if problems:
        raise Refused(problems)
    unit.connection.execute(
        delete(settings).where(settings.c.user_id == user_id, settings.c.name.in_([ZONE, LANGUAGE]))
    )
    given = [(ZONE, zone), (LANGUAGE, language)]
    rows = [{"user_id": user_id, "name": name, "value": value} for name, value in given if value]
    if rows:
        unit.connection.execute(insert(settings), rows)


def _problem(path: str, said: Label) -> Problem:
    return Problem(path=path, code="unknown", message=said)
