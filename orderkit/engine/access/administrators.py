"""What administrators alone may do: look at how the system runs, and manage who signs in."""

from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied
from orderkit.model.labels import label


def require_administrator(unit: Unit) -> None:
    """Refuse everybody else, and programs with a token of less than everything. Raises Denied."""
    if not unit.person.is_administrator:
        raise Denied(
            label(zh="只有管理员可以查看和管理系统", en="Only administrators may see and manage this")
        )
