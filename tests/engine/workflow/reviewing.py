"""A form with an approval for tests: its parts as YAML, people, and short ways to decide."""

from dataclasses import replace
from decimal import Decimal
from functools import cache

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.stored import model_hash
from tests.support.office import Office, Staff
from tests.support.projects import project

STAFF = (
    Staff(login="chief", roles=("lead",)),
    Staff(login="boss", roles=("lead",), manager="chief"),
    Staff(login="ann", roles=("clerk", "board"), manager="boss"),
    Staff(login="bob", roles=("clerk", "board")),
    Staff(login="cid", roles=("board",)),
    Staff(login="dan", roles=("board", "odd")),
    Staff(login="eve", roles=("board",)),
    Staff(login="root", roles=("admin",)),
)
FORM = """
form: request
label: {zh: 申请, en: Request}
title: "{title}"
fields:
  title:   {type: text}
  amount:  {type: money, default: 0}
  secret:  {type: text}
  checker: {type: user}
  count:   {type: integer, default: 0}
  parts:   {type: lines, fields: {note: {type: text}}}
"""
ROLES = """
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {request: {create: true, read: true, update: true, hide: [secret]}}
"""
NAMES = tuple(f"role: {name}\nlabel: {name}\n" for name in ("clerk", "lead", "board", "odd", "nobody"))
WORKFLOW = """
workflow: life
for: request
state: status
initial: draft
policy: {policy}
states:
  draft:   {{}}
  review:  {{approval: check}}
  done:    {{final: completed}}
  refused: {{final: cancelled}}
transitions:
  submit: {{from: draft, to: review, by: owner}}
  pull:   {{from: review, to: draft, by: role(lead)}}
approvals:
  check:
    protects: [amount]
    approved: {{to: done}}
    rejected: {{to: refused}}
    returned: {{to: draft}}
    withdrawn: {{to: draft, until: {until}}}
    {more}
    steps:
"""
POLICY = "{self_approval: allow, duplicate_approver: none, comment_on: [reject, return]}"


@cache
def a_project(*steps, policy=POLICY, until="first_decision", more="if_empty: approve"):
    text = WORKFLOW.format(policy=policy, until=until, more=more)
    return project(FORM, ROLES, *NAMES, text + "".join(f"      - {step}\n" for step in steps))


LEAD = "{id: lead, approvers: role(lead)}"


def under(office, other):
    """Return an office with the same people and database under another model."""
    changed = object.__new__(Office)
    changed.runtime = replace(office.runtime, project=other, model_hash=model_hash(other))
    changed.ids = office.ids
    return changed


def submitted(office, login="ann", **values):
    request = office.create(login, "request", {"title": "x", "amount": Decimal(100), **values})
    office.do(login, "request", request, "submit")
    return request


def status(office, request):
    return office.value("request", request, "status")


def outcomes(office, request):
    with office.look("root") as unit:
        found = workflow.record_tasks(unit, "request", request)
    return {each.assignee.name: (each.state.value, each.reason) for each in found}


def decide_all(office, text):
    """Take decisions like `boss:approve chief:reject`; rejecting and returning need a comment."""
    for each in text.split():
        login, verb = each.split(":")
        office.decide(login, Verb(verb), None if verb == "approve" else "because")


ANY = "{id: s, approvers: role(lead), mode: any, veto: %s}"
ALL = "{id: s, approvers: role(lead), mode: all}"
VOTE = '{id: s, approvers: role(board), mode: {vote: "%s"}, veto: false}'
