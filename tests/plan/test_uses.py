"""Who uses a field: every kind of place that may name one, directly and through what is worked out from it."""

import pytest

from orderkit.plan.uses import Uses
from orderkit.plan.values import Entry
from tests.plan.plans import planned
from tests.support.projects import example, project

ORDER = """\
form: order
fields:
  qty: {type: integer, required: true}
  total: {type: integer, compute: "qty * 2"}
  owed: {type: integer, compute: total}
  unused: {type: text}
"""


def subjects(found: Uses, field: str) -> set[str]:
    return {use.subject for use in found.of("order", field)}


LIFE = """\
workflow: life
for: order
state: status
initial: a
states: {a: {label: A}, b: {label: B, final: completed}}
transitions: {go: {label: Go, from: a, to: b, by: owner}}
"""
PLACES = {
    "a check": ('form: order\nfields: {qty: {type: integer}}\nchecks: [{that: "qty > 0"}]\n', "order"),
    "a role's rows": ("role: sales\nforms: {order: {read: 'qty > 0'}}\n", "sales"),
    "a hidden field": ("role: sales\nforms: {order: {read: true, hide: [qty]}}\n", "sales"),
    "a message": ('message: hello\nfor: order\ntext: "you have {qty}"\n', "hello"),
    "a measure": ("report: sums\nfrom: order\nmeasures: {all: {agg: sum, expr: qty}}\n", "sums"),
    "an import": ("import: old\nfor: order\nmatch: [qty]\ncolumns: {qty: Pieces}\n", "old"),
    "a portal": ("portal: track\nfor: order\nlookup: {qty: exact}\nshow: [qty]\n", "track"),
    "what a button sets": (LIFE.replace("owner}", "owner, do: [{set: {qty: 1}}]}"), "life.go"),
    "what a change sets off": (
        "automation: tell\ntrigger: {event: order.changed(qty)}\nafter: [{notify: owner, text: hello}]\n",
        "tell",
    ),
    "a button": (
        LIFE.replace("owner}", "owner, require: [qty]}"),
        "life.go",
    ),
    "a state": (
        LIFE.replace("label: A", "label: A, edit: [qty]"),
        "life.a",
    ),
}


@pytest.mark.parametrize("place", PLACES)
def test_a_place_that_names_a_field_uses_it(place: str) -> None:
    text, subject = PLACES[place]
    found = project(text) if text.startswith("form:") else project(ORDER, text)
    assert subject in subjects(Uses(found), "qty")


def test_what_is_worked_out_carries_a_use_on() -> None:
    uses = Uses(project(ORDER))
    assert {"order.total"} <= subjects(uses, "qty")
    assert "order.owed" not in subjects(uses, "qty")
    assert {"order.total", "order.owed"} <= {use.subject for use in uses.reached_from("order", "qty")}
    assert {use.subject for use in uses.reached_from("order", "unused")} <= {"order"}


def test_a_path_through_lines_and_references_is_followed() -> None:
    uses = Uses(example())
    assert {"sales"} <= {use.subject for use in uses.of("order.lines", "cost")}
    assert {"order.lines.cost"} <= {use.subject for use in uses.of("product", "cost")}


KINDS = """\
form: order
fields:
  kind: {type: choice, required: true, options: {plain: Plain, rush: Rush}}
  other: {type: choice, options: {plain: Plain, slow: Slow}}
  total: {type: integer}
"""
NAMING = {
    "a role's rows": ("role: sales\nforms: {order: {read: \"kind == 'rush'\"}}\n", "sales"),
    "one of several": ("role: sales\nforms: {order: {read: \"kind in ['plain', 'rush']\"}}\n", "sales"),
    "a report": (
        "report: sums\nfrom: order\nwhere: \"kind != 'rush'\"\nmeasures: {all: {agg: count}}\n",
        "sums",
    ),
    "what a button sets": (LIFE.replace("owner}", "owner, do: [{set: {kind: rush}}]}"), "life.go"),
    "a condition of a button": (LIFE.replace("owner}", "owner, when: \"kind == 'rush'\"}"), "life.go"),
}


@pytest.mark.parametrize("place", NAMING)
def test_a_place_that_names_an_option_is_known_by_the_field_it_reads(place: str) -> None:
    text, subject = NAMING[place]
    uses = Uses(project(KINDS, text))
    assert subject in {use.subject for use in uses.naming("order", "kind", "rush")}
    assert subject not in {use.subject for use in uses.naming("order", "other", "plain")}


STATES = LIFE + "timers: {late: {in: a, after: 1d, do: [{notify: owner, text: late}]}}\n"
ENTERED = "automation: tell\ntrigger: {event: order.entered(b)}\nafter: [{notify: owner, text: hello}]\n"


def test_a_state_is_named_by_buttons_timers_and_what_its_entry_sets_off() -> None:
    uses = Uses(project(ORDER, STATES, ENTERED))
    assert {use.subject for use in uses.naming("order", "status", "a")} == {"life.go", "life.late"}
    assert {use.subject for use in uses.naming("order", "status", "b")} == {"life.go", "tell"}


def told(entries: tuple[Entry, ...], subject: str) -> set[str]:
    return {use.subject for entry in entries if entry.subject == subject for use in entry.consequences}


def test_an_option_that_is_gone_or_renamed_is_told_with_who_names_it() -> None:
    role = "role: sales\nforms: {order: {read: \"kind == 'rush'\"}}\n"
    before = project(KINDS, role)
    gone = project(KINDS.replace(", rush: Rush", ""), role.replace("rush", "plain"))
    assert "sales" in told(planned(before, gone).entries, "order.kind.rush")
    renamed = KINDS.replace("rush: Rush", "fast: {label: Rush, renamed_from: rush}")
    after = project(renamed, role.replace("rush", "fast"))
    assert "sales" in told(planned(before, after).entries, "order.kind.fast")


def test_an_option_that_is_new_is_told_with_conditions_that_leave_it_out() -> None:
    role = "role: sales\nforms: {order: {read: \"kind == 'rush'\"}}\n"
    new = KINDS.replace("rush: Rush", "rush: Rush, slow: Slow")
    assert "sales" in told(planned(project(KINDS, role), project(new, role)).entries, "order.kind.slow")
    wider = project(new, role.replace("kind == 'rush'", "kind in ['rush', 'slow']"))
    assert "sales" not in told(planned(project(KINDS, role), wider).entries, "order.kind.slow")


def test_a_message_and_a_report_are_told_with_who_names_them() -> None:
    message = 'message: hello\nfor: order\ntext: "{}"\n'
    life = LIFE.replace("owner}", "owner, after: [{send: hello, to: owner}]}")
    report = "report: sums\nfrom: order\n{}measures: {{all: {{agg: count}}}}\n"
    board = "dashboard: wall\ntiles: [{kpi: sums.all, label: Orders}]\n"
    before = project(ORDER, life, message.format("hi"), report.format(""), board)
    after = project(ORDER, life, message.format("ho"), report.format("where: qty > 0\n"), board)
    entries = planned(before, after).entries
    assert told(entries, "hello") == {"life.go"}
    assert told(entries, "sums") == {"wall"}
