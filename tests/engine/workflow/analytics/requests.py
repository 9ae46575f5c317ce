"""Requests whose lives are short enough to count by hand: the project, the people, and a clock that each step moves."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete

from orderkit.database.schema import system_tables
from orderkit.engine.workflow import Verb
from orderkit.engine.workflow.analytics import Asked, Question
from orderkit.model.project import Project
from orderkit.model.stored import model_hash
from tests.support.clock import FakeClock
from tests.support.office import Office, Staff
from tests.support.projects import project

MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)

STAFF = (
    Staff(login="boss", roles=("lead",)),
    Staff(login="chief", roles=("lead",)),
    Staff(login="ann", roles=("clerk",), manager="boss"),
    Staff(login="bob", roles=("clerk",)),
    Staff(login="eve", roles=("watcher",)),
    Staff(login="max", roles=("analyst",)),
    Staff(login="root", roles=("admin",)),
)
FORM = """
form: request
label: {zh: 申请, en: Request}
title: "{title}"
fields:
  title: {type: text}
  place: {type: text, required: true}
"""
WORKFLOW = """
workflow: life
label: {zh: 申请流程, en: Life of requests}
for: request
state: status
initial: draft
policy: {self_approval: allow, duplicate_approver: none, comment_on: [reject, return]}
states:
  draft:   {label: {zh: 草稿, en: Draft}, holder: owner}
  review:  {label: {zh: 审批中, en: In review}, approval: check}
  working: {label: {zh: 处理中, en: Working}, holder: role(clerk)}
  done:    {label: {zh: 完成, en: Done}, final: completed}
  refused: {label: {zh: 已驳回, en: Refused}, final: cancelled}
transitions:
  submit: {from: draft, to: review, by: [owner, role(clerk)]}
  finish: {from: working, to: done, by: role(clerk)}
  drop:   {from: [draft, working], to: refused, by: role(clerk)}
approvals:
  check:
    approved: {to: working}
    rejected: {to: refused}
    returned: {to: draft}
    may: {return: [submitter]}
    steps:
      - {id: first, label: {zh: 主管, en: Lead}, approvers: user(boss)}
      - {id: second, label: {zh: 总监, en: Director}, when: "place == 'far'", approvers: user(chief)}
"""
ROLES = (
    """
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {request: {create: true, update: true, read: "owner == me"}}
""",
    "role: clerk\nlabel: clerk\nforms: {request: {create: true, read: true, update: true, export: true}}\n",
    "role: lead\nlabel: lead\nforms: {request: {read: true}}\n",
    # Sees the requests of one place only, and their figures.
    """
role: watcher
label: watcher
forms: {request: {read: "place == 'near'", export: true}}
analytics: [life]
""",
    """
role: analyst
label: analyst
forms: {request: {read: true, hide: [owner], export: true}}
analytics: [life]
""",
)
PROJECT = project(FORM, WORKFLOW, *ROLES)
# 2026-03-04 is a holiday, for which 2026-03-07, a Saturday, is worked.
IN_OFFICE_HOURS = project(
    FORM,
    WORKFLOW,
    *ROLES,
    """
calendar: office
label: office
week: {mon-fri: ["09:00-12:00", "13:00-18:00"]}
holidays: [{days: 2026-03-04}]
workdays: [{day: 2026-03-07}]
""",
    """
project: test
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
calendar: office
""",
)


class Desk:
    """An office in which every step takes as long as is said before it."""

    def __init__(self, office: Office, clock: FakeClock) -> None:
        self.office = office
        self.clock = clock

    def clear(self) -> None:
        """Take every request away, with its life, and go back to Monday morning."""
        with self.office.act(None) as unit:
            for table in (
                system_tables.workflow_task,
                system_tables.workflow_step,
                system_tables.workflow_event,
                system_tables.workflow_instance,
                unit.runtime.database.tables["request"],
            ):
                unit.connection.execute(delete(table))
        self.clock.set(MONDAY)

    def lead_a_life(self, text: str, *, owner: str = "ann", place: str = "near", title: str = "x") -> int:
        """Let a request live: `1h submit 2h boss:approve 30m finish`, each step so long after the one before.

        `now` at the end leaves it where it is.
        """
        request = self.office.create(owner, "request", {"title": title, "place": place})
        words = text.split()
        for wait, step in zip(words[::2], words[1::2], strict=True):
            self.clock.advance(seconds=_SECONDS[wait[-1]] * int(wait[:-1]))
            self.take(request, step, owner)
        return request

    def take(self, request: int, step: str, owner: str) -> None:
        who, _, verb = step.partition(":")
        if verb:
            verb, _, comment = verb.partition("=")
            self.office.decide(who, Verb(verb), comment or (None if verb == "approve" else "because"))
        elif step != "now":
            self.office.do(owner, "request", request, step)

    @contextmanager
    def asked(self, login: str | None = "root", **question: object):
        """Read as somebody, and ask."""
        with self.office.look(login) as unit:
            yield Asked(unit, Question(workflow="life", **question))

    def under(self, project: Project) -> "Desk":
        """Return the same people and records under another project with the same tables."""
        office = object.__new__(Office)
        office.runtime = replace(self.office.runtime, project=project, model_hash=model_hash(project))
        office.ids = self.office.ids
        return Desk(office, self.clock)


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
