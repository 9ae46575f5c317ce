"""As whom something runs that nobody does in person: `run_as: user(bot)`, or the system."""

from orderkit.engine.access.people import find_person
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime
from orderkit.model.errors import ConnectorFailed
from orderkit.model.labels import label


def person_named(runtime: Runtime, login: str | None) -> Person:
    """Return the active user of this login name, or without one the system.

    Raises: ConnectorFailed for good, where there is none: with the rights of the system instead, more would
    happen than the project allows.
    """
    if login is None:
        return SYSTEM
    with runtime.read(SYSTEM, Channel.AUTOMATION) as unit:
        found = find_person(unit, login)
    if found is None:
        raise ConnectorFailed(
            label(
                zh=f"没有在用的账号“{login}”，`run_as` 无法以它的身份执行；请建立或恢复该账号，再重试",
                en=f"there is no active account “{login}” that `run_as` could act as; "
                "make or reactivate it, then retry",
            ),
            is_permanent=True,
        )
    return found
