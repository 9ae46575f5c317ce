"""Kinds whose engines are not there yet: the whole of what was written is in the model, and comes back from its JSON."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.model.analysis.alerts import Per, WatchKind
from orderkit.model.analysis.matching import Spread, WriteOff
from orderkit.model.calendars import WorkingTime
from orderkit.model.expressions.evaluation import Environment, evaluate, holds
from orderkit.model.expressions.evaluation.workdays import STANDARD_WEEK, workdays_between
from orderkit.model.expressions.nodes import Balance, Entry, Get, Literal, Root
from orderkit.model.expressions.tree import root_names, walk
from orderkit.model.expressions.types import Number, Record, Text
from orderkit.model.menus import MenuLink
from orderkit.model.people import HasRole
from orderkit.model.project import Project
from orderkit.model.running import running
from orderkit.model.stored import canonical, from_json, to_json
from tests.language.examples import compiled
from tests.language.literate import Case, cases_of

PAGES = [
    Path(__file__).parents[1] / name for name in ("ledgers.md", "calendars.md", "matchings.md", "alerts.md")
]
COMPLETE = [case for page in PAGES for case in cases_of(page) if "every word" in case.heading]


def model_of(case: Case) -> Project:
    outcome = compiled(case.files)
    assert outcome.value is not None
    return outcome.value


def complete(word: str) -> Project:
    (case,) = (each for each in COMPLETE if each.heading.startswith(word))
    return model_of(case)


@pytest.mark.parametrize("case", COMPLETE, ids=str)
def test_what_is_read_back_is_what_was_written(case: Case) -> None:
    model = model_of(case)
    stored = to_json(model)
    again = from_json(stored, built_in().fields)
    assert again == model
    assert canonical(to_json(again)) == canonical(stored)


def test_a_ledger_is_kept_whole() -> None:
    project = complete("A ledger")
    ledger = project.ledger_by_id["stock"]
    assert [(key.id, key.type) for key in ledger.keys] == [
        ("product", Record("product")),
        ("warehouse", Record("warehouse")),
        ("lot", Text()),
    ]
    assert [(each.id, each.type) for each in ledger.measures] == [
        ("on_hand", Number(3)),
        ("reserved", Number(3)),
        ("value", Number(2, "CNY")),
    ]
    assert [each.id for each in ledger.balances] == ["available", "doubled"]
    assert len(ledger.never) == 3
    assert [(each.key, each.form) for each in ledger.defaults] == [
        ("warehouse", "order"),
        ("warehouse", "order.lines"),
    ]
    issue = ledger.posting_by_id["issue"]
    assert [(each.measure, each.sign, each.amount) for each in issue.movements] == [
        ("on_hand", -1, "qty"),
        ("reserved", -1, "against"),
        ("value", -1, "cost"),
    ]
    assert (ledger.cost, ledger.pick, ledger.period) == ("moving_average", "fifo", "month")


def test_a_posting_knows_all_its_keys_from_the_row_what_is_given_and_the_defaults() -> None:
    life = complete("A ledger").workflow_by_id["order_life"]
    (reserve,) = life.transition_by_id["place"].do
    item = Root("item", Record("order.lines"))
    assert reserve.kind == "post"
    assert reserve.options["keys"] == (
        ("product", Get(item, "product", Record("product"))),
        ("warehouse", Get(item, "shelf", Record("warehouse"))),
        ("lot", Literal("A", Text())),
    )
    assert dict(reserve.options["amounts"])["qty"] == Get(item, "qty", Number(3))
    (issue,) = life.transition_by_id["ship"].do
    assert issue.options["against"] == "place"
    assert [key for key, _ in issue.options["keys"]] == ["product", "warehouse"], "the lot is picked"


def test_what_awaits_its_engine_is_named_by_its_place() -> None:
    awaiting = {(each.what, each.origin.path) for each in complete("A ledger").awaiting}
    assert awaiting == {
        ("cost", "stock.yaml"),
        ("pick", "stock.yaml"),
        ("period", "stock.yaml"),
    }


def test_a_balance_that_nothing_answers_is_empty_so_a_guard_with_it_refuses() -> None:
    project = complete("A ledger")
    (check,) = project.workflow_by_id["order_life"].transition_by_id["place"].guard
    balance = next(node for node in walk(check.that) if isinstance(node, Balance))
    assert evaluate(balance, Environment()) is None
    assert not holds(check.that, Environment())


def test_a_balance_binds_its_row_and_reads_its_keys() -> None:
    row = Get(Root("each1", Record("stock")), "place", Text())
    key = Entry("product", Root("record", Record("product")))
    assert root_names(Balance("stock", "on_hand", (key,), "each1", row, Number())) == {"record"}


def test_a_calendar_is_kept_whole_and_is_that_of_the_project() -> None:
    project = complete("A calendar")
    (calendar,) = project.calendars
    hours = [[(each.start_minute // 60, each.end_minute / 60) for each in day] for day in calendar.week]
    assert hours == [[(8, 12), (13, 17.5)]] * 4 + [[(8, 12)], [], []]
    assert [(each.first, each.last) for each in calendar.holidays] == [
        (date(2026, 5, 1), date(2026, 5, 1)),
        (date(2026, 10, 1), date(2026, 10, 7)),
    ]
    made_up = {
        each.day: [(time.start_minute, time.end_minute) for time in each.times] for each in calendar.workdays
    }
    assert made_up == {
        date(2026, 9, 27): [(480, 720)],
        date(2026, 10, 10): [(480, 720), (780, 1050)],
        date(2026, 10, 11): [(1200, 1440)],
    }
    assert project.working_days == calendar.working_days
    assert workdays_between(date(2026, 9, 25), date(2026, 10, 12), project.working_days) == 9


def test_a_project_without_a_calendar_works_from_monday_to_friday() -> None:
    assert complete("A ledger").working_days == STANDARD_WEEK


def test_a_matching_is_kept_whole() -> None:
    matching = complete("A matching").matching_by_id["bank_receipts"]
    assert (matching.incoming, matching.open, matching.auto_above) == ("receipt", "order", 95)
    assert [(rule.score, rule.spread) for rule in matching.rules] == [
        (100, None),
        (60, None),
        (30, Spread.OLDEST_FIRST),
    ]
    assert matching.write_off == WriteOff(
        up_to=Decimal("1.00"), approve_above=Decimal("0.10"), approve_by=HasRole("admin")
    )
    result = matching.result
    assert (result.holder, result.collection, result.rows) == (
        "receipt",
        "allocations",
        "receipt.allocations",
    )
    assert dict(result.values)["order"] == Root("open", Record("order"))
    assert matching.where is not None
    assert root_names(matching.where) == {"open"}


def test_an_alert_is_kept_whole() -> None:
    alert = complete("An alert").alert_by_id["low_stock"]
    assert (alert.watch, alert.kind, alert.per) == ("stock", WatchKind.LEDGER, Per.READER)
    assert [str(span) for span in (alert.after, alert.every, alert.repeat, alert.snooze)] == [
        "2h",
        "30min",
        "1d",
        "1mo",
    ]
    assert alert.quiet == WorkingTime(start_minute=22 * 60, end_minute=8 * 60)
    assert [notice.via for notice in alert.send] == [("inbox",), ("inbox",)]


def test_an_alert_over_a_report_sees_a_row_and_the_one_before() -> None:
    alert = complete("A sudden drop").alert_by_id["drop"]
    assert (alert.kind, alert.by, alert.period, alert.compare) == (
        WatchKind.REPORT,
        ("customer",),
        "this_month",
        "previous_year",
    )
    assert root_names(alert.when) == {"record", "previous"}


def test_the_running_app_has_nothing_of_what_awaits_its_engine() -> None:
    kept = complete("Reports")
    shown = running(kept)
    assert [report.source_kind for report in kept.reports] == ["entries", "ledger", "steps"]
    assert shown.reports == ()
    assert [(each.id, len(each.tiles), each.filters) for each in shown.dashboards] == [("overview", 1, ())]
    (menu,) = shown.menus
    assert [item.target for item in menu.items if isinstance(item, MenuLink)] == ["product"]
    assert len(menu.items) == 1, "a group without links is not shown"


def test_a_project_without_such_parts_runs_as_it_is() -> None:
    project = complete("A calendar")
    assert running(project) is project
