"""Who uses a field: every kind of place that may name one, directly and through what is worked out from it."""

import pytest

from orderkit.plan.uses import Uses
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
