"""Requests whose lives are short enough to count by hand: the project, the people, and a clock that each step moves."""

from datetime import UTC, datetime, timedelta

from orderkit.engine.workflow import Verb
from orderkit.engine.workflow.analytics import Asked, Question
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
CALENDAR = """
calendar: office
label: office
week: {mon-fri: ["09:00-12:00", "13:00-18:00"]}
"""
PROJECT = project(FORM, WORKFLOW, *ROLES)


class Desk:
    """An office in which every step takes as long as is said before it."""

    def __init__(self, office: Office, clock: FakeClock) -> None:
        self.office = office
        self.clock = clock

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

    def asked(self, login: str | None = "root", **question: object):
        """Open a unit that reads as somebody, and ask."""
        return _Asking(self.office, login, Question(workflow="life", **question))


class _Asking:
    def __init__(self, office, login, question):
        self.looking = office.look(login)
        self.question = question

    def __enter__(self):
        return Asked(self.looking.__enter__(), self.question)

    def __exit__(self, *error):
        return self.looking.__exit__(*error)


_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": 86400}


def hours(count: float) -> timedelta:
    return timedelta(hours=count)
