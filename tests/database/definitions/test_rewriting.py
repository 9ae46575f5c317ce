"""Every name in a stored definition is found, and a rename reaches each of them."""

from functools import cache
from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.cli.project_files import read_project
from orderkit.database.definitions.names import Mentioned, Renamed, Renaming
from orderkit.database.definitions.rewriting import rewritten
from orderkit.database.definitions.running import still_possible
from orderkit.language.compile import compile_project
from orderkit.model.stored import canonical, part_from_json, part_to_json
from orderkit.model.workflow.workflows import Workflow
from tests.support.projects import project

WHOLE = Path(__file__).parents[2] / "language" / "whole"
ACTIONS = built_in().actions


@cache
def whole(workflow: str) -> Workflow:
    """Return a workflow of the project that writes every word there is."""
    compiled = compile_project(read_project(WHOLE), built_in()).value
    assert compiled is not None
    return compiled.workflow_by_id[workflow]


def paths(workflow: Workflow) -> frozenset[str]:
    found = Mentioned()
    assert rewritten(workflow, found, ACTIONS) == workflow
    return found.paths()


def after(workflow: Workflow, **renaming: str) -> Workflow:
    return rewritten(workflow, Renamed(Renaming(**renaming)), ACTIONS)


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("order.status", id="the field of the state"),
        pytest.param("order.lines.price", id="a field that a state opens, in lines"),
        pytest.param("order.plan_end", id="a field that a state opens to some"),
        pytest.param("order.tracking_no", id="a field that a press asks for"),
        pytest.param("order.need_by", id="a guard"),
        pytest.param("order.kind", id="a `when`"),
        pytest.param("order.kind.sample", id="an option that a `when` compares with"),
        pytest.param("order.term.credit", id="an option that a step compares with"),
        pytest.param("customer.credit_limit", id="a field behind a reference"),
        pytest.param("product.stocked", id="a field behind a row of lines"),
        pytest.param("order.lines.cost", id="an amount that is posted"),
        pytest.param("customer.phone", id="somebody a message goes to"),
        pytest.param("warehouse.keeper", id="an approver behind a reference"),
        pytest.param("order.reminded_at", id="a field that a timer sets"),
        pytest.param("order.pieces", id="a field that an answer is kept in"),
        pytest.param("order.number", id="a text"),
        pytest.param("order.lines", id="a collection"),
        pytest.param("order.quote_valid_until", id="the moment of a timer"),
    ],
)
def test_what_a_definition_names(path):
    assert path in paths(whole("order_life"))


@pytest.mark.parametrize(
    ("renaming", "old", "new"),
    [
        ({"kind": "field", "place": "order", "old": "term", "new": "payment"}, "order.term", "order.payment"),
        ({"kind": "form", "old": "order", "new": "sale"}, "order.total", "sale.total"),
        ({"kind": "form", "old": "order.lines", "new": "order.items"}, "order.lines.qty", "order.items.qty"),
        ({"kind": "form", "old": "customer", "new": "buyer"}, "customer.phone", "buyer.phone"),
        (
            {"kind": "field", "place": "order.lines", "old": "qty", "new": "pieces"},
            "order.lines.qty",
            "order.lines.pieces",
        ),
        (
            {"kind": "option", "place": "order.kind", "old": "custom", "new": "bespoke"},
            "order.kind.custom",
            "order.kind.bespoke",
        ),
    ],
    ids=["a field", "a form", "lines", "another form", "a field of lines", "an option"],
)
def test_a_rename_reaches_every_place(renaming, old, new):
    life = whole("order_life")
    changed = after(life, **renaming)
    found = paths(changed)
    assert old not in found
    assert new in found
    assert not any(path == old or path.startswith(f"{old}.") for path in found)
    assert after(changed, **{**renaming, "old": renaming["new"], "new": renaming["old"]}) == life


def test_a_renamed_definition_can_be_stored_and_read():
    changed = after(whole("order_life"), kind="form", old="order", new="sale")
    stored = part_to_json(changed)
    assert '"order"' not in canonical(stored)
    assert '"order.lines"' not in canonical(stored)
    assert part_from_json(stored, built_in().fields) == changed


def test_a_field_of_the_same_name_in_another_form_stays():
    life = whole("order_life")
    assert after(life, kind="field", place="receipt", old="total", new="sum") == life
    assert after(life, kind="option", place="order.term", old="custom", new="x") == life


LIFE = """
workflow: life
for: request
state: status
initial: draft
states:
  draft:   {label: 草稿}
  review:  {label: 审批, approval: check}
  late:    {label: 迟到, reopen: draft, final: cancelled}
  done:    {label: 完成, final: completed}
transitions:
  submit: {from: draft, to: review, by: owner, guard: early != null}
  finish: {from: review, to: done, by: system, guard: middle != null}
  drop:   {from: review, to: late, by: owner}
approvals:
  check:
    approved: done
    rejected: late
    steps: [{id: s, approvers: checker}]
"""
FORM = """
form: request
label: 申请
title: "{id}"
fields:
  early:   {type: text}
  middle:  {type: text}
  checker: {type: user}
"""


@pytest.mark.parametrize(
    ("states", "needed", "done_with"),
    [
        (("draft",), {"early", "middle", "checker"}, set()),
        (("done",), set(), {"early", "middle", "checker"}),
        (("late",), {"early", "middle", "checker"}, set()),
        (("gone",), set(), {"early", "middle", "checker"}),
    ],
    ids=["at the beginning", "ended for good", "ended, but may be taken up", "in a state that is not there"],
)
def test_what_records_may_still_come_to(states, needed, done_with):
    (life,) = project(FORM, LIFE).workflows
    found = paths(still_possible(life, states))
    assert {f"request.{name}" for name in needed} <= found
    assert not {f"request.{name}" for name in done_with} & found


def test_what_lies_behind_is_not_needed_any_more():
    straight = LIFE.replace(", reopen: draft", "")
    (life,) = project(FORM, straight).workflows
    assert {"request.middle", "request.checker"} <= paths(still_possible(life, ["review"]))
    assert "request.early" not in paths(still_possible(life, ["review"]))


CALLER = "form: order\nfields: {note: {type: text}}\n"
CALLED = "form: buy\nfields: {note: {type: text}}\n"
CALLED_LIFE = """
workflow: buying
for: buy
state: status
initial: asked
states: {asked: {}, done: {final: completed}}
transitions: {end: {from: asked, to: done, by: everyone}}
"""
CALLER_LIFE = """
workflow: life
for: order
state: status
initial: draft
states: {draft: {}, done: {final: completed}}
transitions: {go: {from: draft, to: done, by: everyone, do: [{call: "workflow:buying", set: {note: =note}}]}}
"""


def test_what_a_sub_flow_is_given_are_fields_of_its_own_record():
    life = project(CALLER, CALLED, CALLED_LIFE, CALLER_LIFE).workflow_by_id["life"]
    renamed = after(life, kind="field", place="order", old="note", new="memo")
    (call,) = renamed.transition_by_id["go"].do
    ((name, value),) = call.options["set"]
    assert (name, value.field) == ("note", "memo")
