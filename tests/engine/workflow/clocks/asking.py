"""A form whose approval and states have deadlines; each test says which."""

from functools import cache

from tests.engine.workflow.reviewing import NAMES, POLICY, ROLES
from tests.support.projects import ROOT, project

FORM = """
form: request
label: {zh: 申请, en: Request}
title: "{title}"
fields:
  title:   {type: text}
  amount:  {type: money, default: 0}
  secret:  {type: text}
  need_by: {type: date}
  seen_at: {type: datetime}
  count:   {type: integer, default: 0}
"""
MESSAGE = """
message: late
for: request
subject: {zh: "催办 {title}", en: "Hurry {title}"}
text: {zh: "{title}", en: "{title}"}
"""
WORKFLOW = """
workflow: life
for: request
state: status
initial: draft
in_flight: {in_flight}
policy: {policy}
states:
  draft:   {{edit: [title, amount, need_by, seen_at]}}
  review:  {{approval: check}}
  open:    {{holder: role(odd), edit: [need_by, seen_at]}}
  paused:  {{edit: [need_by, seen_at]}}
  done:    {{final: completed}}
  refused: {{final: cancelled}}
transitions:
  submit: {{from: draft, to: review, by: owner}}
  begin:  {{from: draft, to: open, by: owner}}
  rest:   {{from: open, to: paused, by: owner}}
  go_on:  {{from: paused, to: open, by: owner}}
  back:   {{from: [open, review], to: draft, by: owner}}
  finish: {{from: open, to: done, by: owner}}
  drop:   {{from: [open, paused], to: refused, by: owner}}
  expire: {{from: open, to: refused, by: system}}
  strict: {{from: open, to: done, by: system, guard: "coalesce(amount, 0) > 1000"}}
approvals:
  check:
    protects: [amount]
    approved: {{to: done}}
    rejected: {{to: refused}}
    returned: {{to: draft}}
    withdrawn: {{to: draft, until: first_decision}}
    {sla}
    steps:
"""
LEAD = "{id: lead, approvers: role(lead), mode: any}"
CHIEF = "{id: lead, approvers: user(chief)}"


@cache
def a_project_in_time(
    *, steps=(CHIEF,), sla="", timers="", over="", policy=POLICY, in_flight="pin", calendar="", hide="secret"
):
    text = WORKFLOW.format(policy=policy, sla=sla and f"sla: {sla}", in_flight=in_flight)
    text += "".join(f"      - {step}\n" for step in steps)
    text += f"timers: {timers}\n" if timers else ""
    text += f"sla: {over}\n" if over else ""
    root = ROOT + ("calendar: own\n" if calendar else "")
    roles = ROLES.replace("hide: [secret]", f"hide: [{hide}]")
    return project(root, FORM, roles, MESSAGE, *NAMES, text, *([calendar] if calendar else []))
