"""A project of its own that is no more than an approval needs: a contract, submitted, approved twice, and signed.

Signing is the final transition, and leaves one message in the outbox. `Office` lets its people do each of these.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import sqlalchemy as sa

from benchmarks.shops import Shop, shop
from orderkit.catalog import built_in
from orderkit.database.schema.system_tables import workflow_task
from orderkit.engine import records, workflow
from orderkit.engine.access.people import people_of
from orderkit.engine.accounts import find_person, make_user
from orderkit.engine.records import Create
from orderkit.engine.runtime import SYSTEM, Channel, Person, Runtime
from orderkit.engine.workflow import TaskState, Verb
from orderkit.language.compile import compile_project
from orderkit.model.project import Project

FORM = "contract"
LIFE = "contract_life"
FILES = {
    "orderkit.yaml": """
project: contracts
label: {zh: 合同, en: Contracts}
version: 1.0.0
locale: zh-CN
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
channels: {inbox: built_in}
""",
    "contract.yaml": """
form: contract
label: {zh: 合同, en: Contract}
title: "{subject}"
fields:
  subject: {type: text, required: true}
  partner: {type: text}
  amount:  {type: money}
  note:    {type: text}
list: {columns: [subject, partner, amount, status]}
""",
    "contract_life.yaml": """
workflow: contract_life
label: {zh: 合同流程, en: Contract life}
for: contract
state: status
initial: draft
states:
  draft:   {label: {zh: 草稿, en: Draft}}
  review:  {label: {zh: 审批中, en: In approval}, approval: check}
  agreed:  {label: {zh: 已同意, en: Agreed}}
  signed:  {label: {zh: 已签署, en: Signed}, final: completed}
  refused: {label: {zh: 已拒绝, en: Refused}, final: cancelled}
transitions:
  submit: {label: {zh: 提交, en: Submit}, from: draft, to: review, by: owner}
  sign:
    label: {zh: 签署, en: Sign}
    from: agreed
    to: signed
    by: owner
    after: [{http: "https://example.com/contracts/{id}", method: post, body: {subject: =subject}, key: "{id}:signed"}]
approvals:
  check:
    label: {zh: 合同审批, en: Contract review}
    protects: [amount]
    approved: {to: agreed}
    rejected: {to: refused}
    steps:
      - {id: lead, label: {zh: 主管, en: Lead}, approvers: role(lead), mode: any}
      - {id: director, label: {zh: 总监, en: Director}, approvers: role(director), mode: any}
""",
    "everyone.yaml": """
role: everyone
label: {zh: 所有人, en: Everyone}
forms: {contract: {create: true, read: true, update: true}}
""",
    **{
        f"{name}.yaml": f"role: {name}\nlabel: {{zh: {zh}, en: {name.capitalize()}}}\n"
        for name, zh in (("sales", "销售"), ("lead", "主管"), ("director", "总监"))
    },
}


@dataclass(frozen=True, slots=True)
class Office:
    """Who submits and signs, and the two who approve; each may be asked from any thread."""

    opened: Shop
    author: Person
    lead: Person
    director: Person

    @property
    def runtime(self) -> Runtime:
        """The opened project."""
        return self.opened.runtime

    def create(self, number: int) -> int:
        """Enter a contract; return its id."""
        values: records.Values = {
            "subject": f"Contract {number}",
            "partner": "Partner",
            "amount": Decimal("1200.00"),
            "note": "As agreed",
        }
        with self.runtime.write(self.author, Channel.API) as unit:
            (made,) = records.apply(unit, [Create(form=FORM, values=values)])
        return made.id

    def press(self, contract: int, transition: str) -> None:
        """Press a button as the author."""
        with self.runtime.write(self.author, Channel.API) as unit:
            workflow.do(unit, FORM, contract, transition)

    def approve(self, contract: int, person: Person) -> None:
        """Approve the open task about a contract; finding it is one more statement, which a page would have spared."""
        self.decide(self.open_task(contract), person)

    def open_task(self, contract: int) -> int:
        """Return the id of the only open task about a contract."""
        with self.runtime.read(SYSTEM, Channel.API) as unit:
            found = unit.connection.execute(
                sa.select(workflow_task.c.id).where(
                    workflow_task.c.form == FORM,
                    workflow_task.c.record_id == contract,
                    workflow_task.c.state == TaskState.OPEN,
                )
            )
            return int(found.scalar_one())

    def decide(self, task: int, person: Person) -> None:
        """Approve a task."""
        with self.runtime.write(person, Channel.API) as unit:
            workflow.decide_task(unit, task, Verb.APPROVE)

    def steps(self) -> dict[str, Callable[[int], object]]:
        """Return what follows creating, by name, in its order; each is one transaction."""
        return {
            "submit": lambda contract: self.press(contract, "submit"),
            "approve, first": lambda contract: self.approve(contract, self.lead),
            "approve, second": lambda contract: self.approve(contract, self.director),
            "sign": lambda contract: self.press(contract, "sign"),
        }

    def live(self, number: int) -> int:
        """Take one contract from nothing to signed, in five transactions; return its id."""
        contract = self.create(number)
        for step in self.steps().values():
            step(contract)
        return contract


def contracts() -> Project:
    """Return the compiled project."""
    outcome = compile_project({name: text.encode() for name, text in FILES.items()}, built_in())
    assert outcome.value is not None, [each.code.name for each in outcome.found]
    return outcome.value


@contextmanager
def office(dialect: str, *, kept: str | None = None, is_indexed: bool = True) -> Iterator[Office]:
    """Yield the project on a fresh database with its people. `kept` is as of `shop`."""
    with shop(dialect, project=contracts(), is_indexed=is_indexed, kept=kept) as opened:
        lead, director = (_user(opened.runtime, name) for name in ("lead", "director"))
        with opened.runtime.read(SYSTEM, Channel.COMMAND) as unit:
            people = people_of(unit, [opened.seller, lead, director])
        yield Office(opened, people[opened.seller], people[lead], people[director])


def _user(runtime: Runtime, role: str) -> int:
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        known = find_person(unit, role)
        if known is not None and known.id is not None:
            return known.id
        return make_user(unit, login=role, name=role.capitalize(), roles=[role])
