"""Cells that show the same are one; what differs in any way a reader could notice is not."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from orderkit.catalog import built_in
from orderkit.engine.access import Right
from orderkit.engine.records import RecordView
from orderkit.web.display.fields import FieldViews
from orderkit.web.listing.rows import Cell, RowViews
from orderkit.web.rendering.templates import once_each
from tests.support.projects import example

ORDER = example().form_by_id["order"]
COLUMNS = tuple(ORDER.by_id[name] for name in ("number", "customer", "need_by", "total"))
SEEN = RecordView(
    form="order",
    id=1,
    revision=1,
    title="B1",
    values={"number": "B1", "customer": 7, "need_by": date(2026, 3, 1), "total": Decimal("1.00")},
    titles={"customer": "Acme"},
    rights=dict.fromkeys(("number", "customer", "need_by", "total"), Right.READ),
)


def _cells(*records: RecordView) -> list[tuple[Cell, ...]]:
    views = FieldViews(example(), built_in(), "en")
    rows = RowViews(ORDER, COLUMNS, views, frozenset({"customer", "need_by"}), frozen=1)
    return [rows.row(each).cells for each in records]


def test_two_rows_that_say_the_same_share_their_cells() -> None:
    first, second = _cells(SEEN, replace(SEEN, id=2, title="B2", values={**SEEN.values, "number": "B2"}))
    assert first[0] is not second[0]
    assert [each.field.shown for each in second[:3]] == ["B2", "Acme", first[2].field.shown]
    assert first[1] is second[1]
    assert first[2] is second[2]


def test_what_one_row_may_show_or_change_opens_nothing_in_another() -> None:
    def having(right: Right) -> RecordView:
        return replace(SEEN, rights={**SEEN.rights, "customer": right})

    masked = replace(having(Right.MASKED), titles={}, values={**SEEN.values, "customer": "***"})
    hidden = replace(SEEN, rights={}, values={}, titles={})
    renamed = replace(SEEN, titles={"customer": "Other"})
    cells = [each[1] for each in _cells(SEEN, masked, having(Right.WRITE), hidden, renamed, SEEN)]
    assert [each.field.shown for each in cells] == ["Acme", "***", "Acme", "", "Other", "Acme"]
    assert [each.is_editable for each in cells] == [True, False, True, False, True, True]
    assert [each.field.is_readonly for each in cells] == [True, True, False, True, True, True]
    assert cells[0] is cells[-1]


def test_numbers_that_are_equal_but_read_otherwise_stay_apart() -> None:
    for one, other in ((Decimal("1.00"), Decimal("1.0000")), (1, True)):
        first, second = _cells(
            *(replace(SEEN, values={**SEEN.values, "total": each}) for each in (one, other))
        )
        assert first[3] is not second[3]


def test_a_macro_draws_each_thing_once_however_equal_things_are() -> None:
    drawn: list[object] = []

    def draw(of: object) -> str:
        drawn.append(of)
        return str(len(drawn))

    one, equal = [1], [1]
    assert once_each(draw)([one, equal, one]) == "121"


def test_what_is_drawn_is_escaped_unless_it_is_html() -> None:
    assert once_each(lambda of: f"<{of}>")(["a"]) == "&lt;a&gt;"
    assert once_each(lambda of: Markup("<b>"))(["a"]) == "<b>"
