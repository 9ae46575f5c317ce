"""Draws workflows: an approval of blocks within blocks, who decides and how, and what may be done besides."""

from functools import cache

from hypothesis import strategies as st

from tests.engine.workflow.reviewing import NAMES
from tests.support.projects import project

FORM = """
form: request
label: {zh: 申请, en: Request}
title: "{title}"
fields:
  title:  {type: text}
  amount: {type: money, default: 0}
  memo:   {type: text}
  parts:  {type: lines, fields: {note: {type: text}}}
"""
ROLES = """
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {request: {create: true, read: true, update: true}}
"""
LEDGER = """
ledger: budget
label: {zh: 预算, en: Budget}
keys: {name: text}
measures: {used: integer}
never: ["used < 0", "used > 1"]
postings: {use: {used: +qty}}
"""
LIFE = """
workflow: life
for: request
state: status
initial: draft
policy: {{self_approval: {self_approval}, duplicate_approver: {duplicate}, comment_on: []}}
states:
  draft:   {{}}
  review:  {{approval: check}}
  done:    {{holder: role(board), claim: true}}
  refused: {{final: cancelled, reopen: {{to: draft, by: submitter, within: 2d}}}}
  shut:    {{final: completed}}
transitions:
  submit: {{from: draft, to: review, by: owner, do: [{{set: {{memo: asked}}}}, {{post: budget.use, keys: {{name: =title}}, qty: 1}}]}}
  pull:   {{from: review, to: draft, by: role(lead), do: [{{undo: submit}}]}}
  finish: {{from: done, to: shut, by: role(board)}}
  cancel: {{from: done, to: refused, by: everyone, do: [{{undo: submit}}]}}
approvals:
  check:
    protects: [amount]
    approved: {{to: done}}
    rejected: {{to: refused}}
    returned: {{to: draft}}
    withdrawn: {{to: draft, until: {until}}}
    revoked: {{to: draft, within: 3d, by: submitter}}
    terminated: {{to: refused, by: role(lead)}}
    if_empty: approve
    {sla}
    may: {{transfer: true, delegate: true, add_signer: true, remove_signer: true, urge: true, return: [any], resume: {resume}}}
    steps:
"""
# While the budget is used and the memo says so.
IN_USE = ("review", "done", "shut")
WHO = ("role(lead)", "role(board)", "user(boss)", "user(cid)", "[user(boss), user(dan)]", "user(ann)")
MODES = ("any", "all", "sequence", '{vote: ">= 60%"}', '{vote: "> 50%"}')
SLAS = (
    "",
    "sla: {due: 20h, overdue: [{after_due: 0h, auto: approve}]}",
    "sla: {due: 20h, overdue: [{after_due: 0h, auto: reject}]}",
)
JOINS = ("all", "any", "first")


class _Names:
    """Names the steps of one workflow."""

    def __init__(self) -> None:
        self.count = 0

    def next(self) -> str:
        self.count += 1
        return f"s{self.count}"


@st.composite
def _blocks(draw, names: _Names, depth: int) -> list[str]:
    return [draw(_block(names, depth)) for _ in range(draw(st.integers(1, 2)))]


@st.composite
def _block(draw, names: _Names, depth: int) -> str:
    kind = draw(st.sampled_from(["step", "step", "parallel", "foreach", "choose"] if depth else ["step"]))
    if kind == "step":
        veto = f", veto: {draw(st.sampled_from(['true', 'false']))}"
        mode = draw(st.sampled_from(MODES))
        when = draw(st.sampled_from(["", "", ", when: 'coalesce(amount, 0) > 50'"]))
        return f"{{id: {names.next()}, approvers: {_quoted(draw(st.sampled_from(WHO)))}, mode: {mode}{veto}{when}}}"
    first, second = (", ".join(draw(_blocks(names, depth - 1))) for _ in range(2))
    join = draw(st.sampled_from(JOINS))
    if kind == "parallel":
        return f"{{parallel: {{join: {join}, branches: [{{steps: [{first}]}}, {{steps: [{second}]}}]}}}}"
    if kind == "foreach":
        return f"{{foreach: parts, join: {join}, steps: [{first}]}}"
    return f"{{choose: [{{when: 'coalesce(amount, 0) > 50', steps: [{first}]}}, {{default: true, steps: [{second}]}}]}}"


def _quoted(who: str) -> str:
    return who if who.startswith("[") else f'"{who}"'


@st.composite
def lives(draw) -> str:
    """Draw a workflow, as YAML."""
    names = _Names()
    steps = draw(_blocks(names, 2))
    text = LIFE.format(
        self_approval=draw(st.sampled_from(["allow", "skip", "to_manager"])),
        duplicate=draw(st.sampled_from(["none", "once", "consecutive"])),
        until=draw(st.sampled_from(["first_decision", "approved"])),
        resume=draw(st.sampled_from(["restart", "direct", "ask"])),
        sla=draw(st.sampled_from(SLAS)),
    )
    return text + "".join(f"      - {step}\n" for step in steps)


@cache
def a_drawn_project(life: str):
    return project(FORM, ROLES, LEDGER, *NAMES, life)
