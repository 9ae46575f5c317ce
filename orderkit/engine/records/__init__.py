"""Records: the one write path and the ways to read. Access is applied inside, never by the caller."""

from orderkit.engine.records.changes import (
    Applied,
    Change,
    ChangesRefused,
    Create,
    Delete,
    LineChange,
    Lines,
    Restore,
    Update,
    Values,
)
from orderkit.engine.records.making.creating import make
from orderkit.engine.records.making.links import Link, Links, links
from orderkit.engine.records.making.merging import join, merge
from orderkit.engine.records.making.offers import list_offers, offers
from orderkit.engine.records.making.picking import picking
from orderkit.engine.records.making.shapes import (
    MOST_SOURCES,
    Offer,
    OfferKind,
    PickGroup,
    Picking,
    PickLine,
    Picks,
    PickSource,
    Quantity,
)
from orderkit.engine.records.making.splitting import Moves, divide, split
from orderkit.engine.records.making.tracing import Trace
from orderkit.engine.records.reading.attachments import open_attachment, upload
from orderkit.engine.records.reading.conditions import views
from orderkit.engine.records.reading.departments import DepartmentPlace, department_tree
from orderkit.engine.records.reading.drafting import draft
from orderkit.engine.records.reading.getting import get, readable_row, title, titles
from orderkit.engine.records.reading.grouping import groups
from orderkit.engine.records.reading.history import history
from orderkit.engine.records.reading.keys import is_by_month, is_groupable
from orderkit.engine.records.reading.live import Aspect, Live, LiveRule, live
from orderkit.engine.records.reading.paging import COUNTED_AT_MOST, count, counts, matching, page, stream
from orderkit.engine.records.reading.picking import pickable, references
from orderkit.engine.records.reading.summing import is_summable, totals
from orderkit.engine.records.views import (
    Amount,
    Condition,
    Count,
    Draft,
    DraftLine,
    FieldChange,
    FieldState,
    FileView,
    Filter,
    Group,
    Groups,
    GroupTotals,
    HistoryEntry,
    Item,
    Operator,
    Option,
    Page,
    Query,
    RecordView,
    Totals,
    Whose,
)
from orderkit.engine.records.writing.applying import apply
from orderkit.engine.records.writing.trying import as_stored, can_stand_alone, put_again

__all__ = [
    "COUNTED_AT_MOST",
    "MOST_SOURCES",
    "Amount",
    "Applied",
    "Aspect",
    "Change",
    "ChangesRefused",
    "Condition",
    "Count",
    "Create",
    "Delete",
    "DepartmentPlace",
    "Draft",
    "DraftLine",
    "FieldChange",
    "FieldState",
    "FileView",
    "Filter",
    "Group",
    "GroupTotals",
    "Groups",
    "HistoryEntry",
    "Item",
    "LineChange",
    "Lines",
    "Link",
    "Links",
    "Live",
    "LiveRule",
    "Moves",
    "Offer",
    "OfferKind",
    "Operator",
    "Option",
    "Page",
    "PickGroup",
    "PickLine",
    "PickSource",
    "Picking",
    "Picks",
    "Quantity",
    "Query",
    "RecordView",
    "Restore",
    "Totals",
    "Trace",
    "Update",
    "Values",
    "Whose",
    "apply",
    "as_stored",
    "can_stand_alone",
    "count",
    "counts",
    "department_tree",
    "divide",
    "draft",
    "get",
    "groups",
    "history",
    "is_by_month",
    "is_groupable",
    "is_summable",
    "join",
    "links",
    "list_offers",
    "live",
    "make",
    "matching",
    "merge",
    "offers",
    "open_attachment",
    "page",
    "pickable",
    "picking",
    "put_again",
    "readable_row",
    "references",
    "split",
    "stream",
    "title",
    "titles",
    "totals",
    "upload",
    "views",
]
