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


def task_of(office, login, request=None):
    """Return the newest open task of a person, about one record if that is said."""
    with office.look(login) as unit:
        found = workflow.tasks(unit)
        return next(each for each in found if request in {None, each.record_id})


def does(office, login, what, *args, request=None, **more):
    """Let a person do something to their newest task."""
    task = task_of(office, login, request)
    with office.act(login) as unit:
        return what(unit, task.id, *args, **more)


def decides(office, login, verb, *, comment="because", request=None, **more):
    """Let a person decide their newest task, with whatever else the decision says."""
    particulars = workflow.Particulars(**more)
    return does(office, login, workflow.decide_task, Verb(verb), comment, particulars, request=request)


def waiting(office, request):
    """Return who has an open task about a record, by name."""
    with office.look("root") as unit:
        found = workflow.record_tasks(unit, "request", request)
    return " ".join(sorted(each.assignee.name for each in found if each.state.value == "open"))


def verbs_in(office, request):
    """Return what stands in the timeline of a record."""
    with office.look(None) as unit:
        return [each.verb for each in workflow.timeline(unit, "request", request)]
