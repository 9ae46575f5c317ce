"""Records: the one write path and the ways to read. Access is applied inside, never by the caller."""

from orderkit.engine.records.changes import (
    Applied,
    Change,
    ChangesRefused,
    Create,
    Delete,
    LineChange,
    Lines,
    Update,
    Values,
)
from orderkit.engine.records.reading.attachments import open_attachment, upload
from orderkit.engine.records.reading.conditions import views
from orderkit.engine.records.reading.drafting import draft
from orderkit.engine.records.reading.getting import get, title, titles
from orderkit.engine.records.reading.history import history
from orderkit.engine.records.reading.live import Aspect, Live, LiveRule, live
from orderkit.engine.records.reading.paging import count, page
from orderkit.engine.records.reading.picking import references
from orderkit.engine.records.views import (
    Count,
    Draft,
    DraftLine,
    FieldChange,
    FieldState,
    FileView,
    Filter,
    HistoryEntry,
    Item,
    Operator,
    Option,
    Page,
    Query,
    RecordView,
)
from orderkit.engine.records.writing.applying import apply

__all__ = [
    "Applied",
    "Aspect",
    "Change",
    "ChangesRefused",
    "Count",
    "Create",
    "Delete",
    "Draft",
    "DraftLine",
    "FieldChange",
    "FieldState",
    "FileView",
    "Filter",
    "HistoryEntry",
    "Item",
    "LineChange",
    "Lines",
    "Live",
    "LiveRule",
    "Operator",
    "Option",
    "Page",
    "Query",
    "RecordView",
    "Update",
    "Values",
    "apply",
    "count",
    "draft",
    "get",
    "history",
    "live",
    "open_attachment",
    "page",
    "references",
    "title",
    "titles",
    "upload",
    "views",
]
