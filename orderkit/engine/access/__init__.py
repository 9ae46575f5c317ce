"""Access: decided in one place, for every page, list, count, search, report and call."""

from orderkit.engine.access.administrators import require_administrator
from orderkit.engine.access.deciding import (
    APPROVED,
    decide,
    field_rights,
    may_act,
    may_print,
    may_reach,
    may_see_analytics,
    may_see_dashboard,
    may_see_page,
    may_see_report,
)
from orderkit.engine.access.decisions import (
    ALLOWED,
    Action,
    Allowed,
    Decision,
    RefusedAccess,
)
from orderkit.engine.access.grants import is_locked
from orderkit.engine.access.row_rules import row_condition
from orderkit.model.rights import Right, covers

__all__ = [
    "ALLOWED",
    "APPROVED",
    "Action",
    "Allowed",
    "Decision",
    "RefusedAccess",
    "Right",
    "covers",
    "decide",
    "field_rights",
    "is_locked",
    "may_act",
    "may_print",
    "may_reach",
    "may_see_analytics",
    "may_see_dashboard",
    "may_see_page",
    "may_see_report",
    "require_administrator",
    "row_condition",
]
