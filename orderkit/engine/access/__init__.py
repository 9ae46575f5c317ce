"""Access: decided in one place, for every page, list, count, search, report and call."""

from orderkit.engine.access.deciding import decide, field_rights, may_see_dashboard, may_see_report
from orderkit.engine.access.decisions import (
    ALLOWED,
    Action,
    Allowed,
    Decision,
    RefusedAccess,
    Right,
)
from orderkit.engine.access.row_rules import row_condition

__all__ = [
    "ALLOWED",
    "Action",
    "Allowed",
    "Decision",
    "RefusedAccess",
    "Right",
    "decide",
    "field_rights",
    "may_see_dashboard",
    "may_see_report",
    "row_condition",
]
