"""How things are called in a plan: expressions as they were written, people, amounts as ranges, every attribute."""

from dataclasses import fields

import pytest

from orderkit.catalog import built_in
from orderkit.model.stored import _classes
from orderkit.plan.areas.comparing import _NOT_COMPARED, _OPENED, _has_name
from orderkit.plan.areas.tiers import tiers_of
from orderkit.plan.words.attributes import ATTRIBUTES
from orderkit.plan.words.expressions import written
from orderkit.plan.words.names import noun_of
from tests.plan.test_laws import whole
from tests.support.projects import project

ORDER = """\
form: order
fields:
  kind: {type: choice, options: [plain, custom]}
  qty: {type: integer}
  due: {type: date}
  total: {type: money}
  original: {type: ref, to: order, reverse: repairs}
  lines: {type: lines, fields: {pieces: {type: integer}, price: {type: money}, cost: {type: money}}}
"""

EXPRESSIONS = [
    "qty",
    "qty + 1 * 2",
    "(qty + 1) * 2",
    "-(qty + 1)",
    "not (qty > 1 and total > 2)",
    "qty > 1 and (total > 2 or due == null)",
    "due != null",
    "kind not in ['plain', 'custom']",
    "kind in ['plain']",
    "1 if qty > 2 else 3",
    "(1 if qty > 2 else 3) + 1",
    "coalesce(total, 0) > 50000",
    "round(total / 3, 2)",
    "original.qty > 1",
    "sum(lines.pieces * lines.price)",
    "sum(lines.price, where=lines.pieces > 0)",
    "count(lines)",
    "count(repairs, where=repairs.qty > 1)",
    "add_days(due, 2) < today()",
    "qty - (qty - 1)",
    "qty == 1 or qty == 2 or qty == 3",
]


@pytest.mark.parametrize("text", EXPRESSIONS)
def test_an_expression_reads_as_it_was_written(text: str) -> None:
    virtual = f'  asked: {{type: {_kind_of(text)}, virtual: "{text}"}}\n'
    field = project(order=ORDER + virtual).form_by_id["order"].by_id["asked"]
    assert field.virtual is not None
    assert written(field.virtual) == text


def _kind_of(text: str) -> str:
    tests = (" > ", " < ", " == ", " != ", " in ", "not ")
    if "sum(" in text or "count(" in text or " if " in text:
        return "money" if "price" in text else "integer"
    if any(word in text for word in tests):
        return "boolean"
    return "money" if "total" in text else "integer"


LIFE = """\
workflow: life
for: order
state: status
initial: draft
states:
  draft: {label: Draft}
  review: {label: Review, approval: check}
  done: {label: Done, final: completed}
transitions:
  place: {label: Place, from: draft, to: review, by: owner}
approvals:
  check: {approved: done, rejected: draft, steps: STEPS}
"""
A = "{id: a, label: A, approvers: manager_of(owner)"
B = "{id: b, label: B, approvers: role(admin)"
AMOUNT = "coalesce(total, 0)"

TIERS = [
    (f"[{A}}}]", "A"),
    (f'[{A}}}, {B}, when: "{AMOUNT} > 100"}}]', "`total <= 100`: A; `total > 100`: A, B"),
    (f'[{A}}}, {B}, when: "{AMOUNT} >= 100"}}]', "`total < 100`: A; `total >= 100`: A, B"),
    (
        f'[{A}, when: "{AMOUNT} < 100"}}, {B}, when: "{AMOUNT} >= 100"}}]',
        "`total < 100`: A; `total >= 100`: B",
    ),
    (
        f'[{A}, when: "{AMOUNT} > 100 and {AMOUNT} <= 500"}}]',
        "`total <= 100`: nobody; `100 < total <= 500`: A; `total > 500`: nobody",
    ),
    (f'[{A}, when: "{AMOUNT} != 100"}}]', "`total < 100`: A; `total == 100`: nobody; `total > 100`: A"),
    (f'[{A}, when: "100 < {AMOUNT}"}}]', "`total <= 100`: nobody; `total > 100`: A"),
    (
        f"[{A}}}, {B}, when: \"{AMOUNT} > 100 and kind == 'custom'\"}}]",
        "`total <= 100`: A; `total > 100`: A, B (if `coalesce(total, 0) > 100 and kind == 'custom'`)",
    ),
    (
        f'[{{choose: [{{when: "{AMOUNT} > 100", steps: [{B}}}]}}, {{default: true, steps: [{A}}}]}}]}}]',
        "`total <= 100`: A; `total > 100`: B",
    ),
    (f"[{A}, when: \"kind == 'custom'\"}}]", "A (if `kind == 'custom'`)"),
]


@pytest.mark.parametrize(("steps", "ranges"), TIERS)
def test_who_approves_is_told_by_ranges(steps: str, ranges: str) -> None:
    order = ORDER.replace("kind: {type: choice,", "kind: {type: choice, required: true, default: plain,")
    life = project(order=order, life=LIFE.replace("STEPS", steps)).workflow_by_id["life"]
    assert tiers_of(life.approval_by_id["check"])["en"] == ranges


def test_every_attribute_that_may_be_told_alone_has_words() -> None:
    # Fields, forms and rights are told in their own way, by what they mean.
    aside = {"Form", "Field", "Role", "FormGrant", "Collection", "Workflow", "Project"}
    nameless = {
        f"{name}.{each.name}"
        for name, cls in _classes().items()
        if name not in aside
        and (_has_name(cls) or issubclass(cls, _OPENED))
        and "scenarios" not in cls.__module__
        for each in fields(cls)
        if each.name not in _NOT_COMPARED
        and each.name not in ATTRIBUTES
        and f"{name}.{each.name}" not in ATTRIBUTES
    }
    assert nameless == set()


def test_every_option_of_a_field_type_has_words() -> None:
    nameless = {
        f"{kind.name}.{name}"
        for kind in built_in().fields.values()
        for name in kind.Options.model_fields
        if name not in ATTRIBUTES and name != "form"
    }
    assert nameless == set()


def test_every_named_part_of_the_whole_language_has_a_noun() -> None:
    kinds = whole()
    for row in (kinds.forms, kinds.workflows, kinds.reports, kinds.ledgers, kinds.portals, kinds.menus):
        for each in row:
            assert noun_of(each)["zh"]
