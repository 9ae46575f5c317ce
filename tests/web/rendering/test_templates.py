"""Templates and their models fit: a template uses every field of its page's model, and no other."""

import dataclasses
import importlib
import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from orderkit.web.frame.icons import icon_names

WEB = Path(importlib.import_module("orderkit.web").__file__ or "").parent
PAGES = {
    "account": "AccountPage",
    "admin": "AdminPage",
    "admin_access": "AdminAccessPage",
    "admin_audit": "AdminAuditPage",
    "admin_errors": "AdminErrorsPage",
    "admin_jobs": "AdminJobsPage",
    "admin_sessions": "AdminSessionsPage",
    "admin_workflows": "AdminWorkflowsPage",
    "analytics": "AnalyticsPage",
    "board": "BoardPage",
    "board_totals": "BoardTotalsPage",
    "bulk_run": "BulkRunPage",
    "calendar": "CalendarPage",
    "dashboard": "DashboardPage",
    "departments": "DepartmentsPage",
    "decide": "DecidePage",
    "fault": "FaultPage",
    "home": "HomePage",
    "home_records": "HomeRecordsPart",
    "import_columns": "ImportColumnsPage",
    "import_preview": "ImportPreviewPage",
    "import_run": "ImportRunPage",
    "inbox": "InboxPage",
    "life": "LifePart",
    "link": "LinkPage",
    "list_group": "ListGroupPage",
    "list_totals": "ListTotalsPage",
    "making": "MakingPage",
    "messages": "MessagesPage",
    "offline": "OfflinePage",
    "options": "OptionsPart",
    "palette": "PalettePart",
    "printing": "PrintPage",
    "record": "RecordPage",
    "record_form": "RecordFormPage",
    "record_list": "RecordListPage",
    "report": "ReportPage",
    "preview": "PreviewPage",
    "sign_in": "SignInPage",
    "style": "StylePage",
    "transition": "TransitionPage",
    "user_account": "UserAccountPage",
    "user_leaving": "UserLeavingPage",
}
OTHERS = {
    "analytics_part": ("analytics", "AnalyticsPart"),
    "analytics_records": ("analytics", "AnalyticsRecordsPage"),
    "cell": ("cell", "CellPart"),
    "bulk_edit": ("bulk", "BulkEditPage"),
    "bulk_moves": ("bulk", "BulkMovesPage"),
    "bulk_move": ("bulk", "BulkMovePage"),
    "bulk_confirm": ("bulk", "BulkConfirmPage"),
    "merge": ("dividing", "MergePage"),
    "decide_link": ("decide_link", "DecideLinkPage"),
    "decide_link_end": ("decide_link", "DecideLinkEnd"),
    "imports": ("imports", "ImportsPage"),
    "import_start": ("imports", "ImportStartPage"),
    "moves": ("board", "MovesPart"),
    "calendar_day": ("calendar", "DayPart"),
    "print_fault": ("printing", "PrintFault"),
    "record_delete": ("record", "DeletePage"),
    "bin": ("deleted", "BinPage"),
    "bin_record": ("deleted", "BinnedPage"),
    "bin_purge": ("deleted", "PurgePart"),
    "sign_in_code": ("second_factor", "CodePage"),
    "sign_in_set_up": ("second_factor", "SetUpPage"),
    "second_factor": ("second_factor", "OwnFactorPage"),
    "comment_edit": ("comments", "EditPart"),
    "comment_remove": ("comments", "RemovePart"),
    "timeline": ("comments", "TimelinePart"),
    "timeline_earlier": ("comments", "TimelinePart"),
}
ALL = {**{name: (name, model) for name, model in PAGES.items()}, **OTHERS}


def _used(template: str) -> set[str]:
    """Return the fields of `page` that a template, its layout and its parts use."""
    source = (WEB / template).read_text(encoding="utf-8")
    tree = Environment(autoescape=True).parse(source)
    used = {
        node.attr
        for node in tree.find_all(nodes.Getattr)
        if isinstance(node.node, nodes.Name) and node.node.name == "page"
    }
    for node in tree.find_all(nodes.Extends):
        assert isinstance(node.template, nodes.Const)
        used |= _used(node.template.value)
    return used


@pytest.mark.parametrize("template", sorted(ALL))
def test_a_template_uses_exactly_the_fields_of_its_model(template: str) -> None:
    module, name = ALL[template]
    model = getattr(importlib.import_module(f"orderkit.web.pages.{module}"), name)
    fields = {field.name for field in dataclasses.fields(model)}
    assert _used(f"pages/{template}.html") == fields


def test_no_template_of_a_page_is_forgotten() -> None:
    # The panel shows the same model as the page of a dashboard.
    assert {path.stem for path in (WEB / "pages").glob("*.html")} - set(ALL) == {"dashboard_panel"}


def test_every_icon_that_is_used_is_in_the_sprite() -> None:
    folders = (WEB, WEB.parent / "fields")
    sources = [path for folder in folders for path in folder.rglob("*.html")]
    written = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    calls = re.findall(r"icon\(([^)]*)\)", written)
    named = {name for call in calls for name in re.findall(r'"([a-z0-9-]+)"', call)}
    classes = {"icon-small", "icon-large"}
    words = {"approve", "answer", "reject", "ascending", "up"}
    assert named - classes - words - icon_names() == set()
