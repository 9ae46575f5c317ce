"""Random people click random verbs on records of a random workflow while time passes; what must hold, always holds."""

from collections import Counter
from contextlib import suppress
from decimal import Decimal
from itertools import count

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from orderkit.database.schema.system_tables import (
    workflow_event,
    workflow_instance,
    workflow_step,
    workflow_task,
)
from orderkit.engine import ledger, workflow
from orderkit.engine.workflow import Particulars, Verb
from orderkit.model.errors import Conflict, Denied, NotFound, Refused, Stale
from tests.engine.workflow.proofs.drawing import IN_USE, a_drawn_project, lives
from tests.engine.workflow.reviewing import STAFF, under

PEOPLE = tuple(each.login for each in STAFF)
REFUSALS = (Conflict, Denied, NotFound, Refused, Stale)
UNDECIDED = {"open", "waiting", "paused"}
BY_PEOPLE = {"approved", "rejected", "returned"}
FINAL = {"refused", "shut"}
DECISIONS = (Verb.APPROVE, Verb.APPROVE, Verb.APPROVE, Verb.REJECT, Verb.RETURN, Verb.ANSWER)
ON_RECORDS = {
    "withdraw": workflow.withdraw,
    "revoke": workflow.revoke,
    "terminate": workflow.terminate,
    "reopen": workflow.reopen,
    "claim": workflow.claim,
    "release": workflow.release,
    "urge": workflow.urge,
    **{
        name: lambda unit, form, record, name=name: workflow.do(unit, form, record, name)
        for name in ("submit", "pull", "finish", "cancel")
    },
}
NUMBERS = count(1)


class Machine(RuleBasedStateMachine):
    """One workflow and some records under it. `base` is an office whose people and database it takes."""

    base = None
    on_end = staticmethod(lambda: None)

    def __init__(self) -> None:
        super().__init__()
        self.records: dict[int, str] = {}
        self.settled: dict[int, tuple[object, ...]] = {}
        self.decided: Counter[tuple[int, str]] = Counter()

    @initialize(life=lives())
    def begin(self, life):
        self.office = under(self.base, a_drawn_project(life))

    @precondition(lambda self: len(self.records) < 3)
    @rule(
        login=st.sampled_from(["ann", "bob", "boss"]),
        amount=st.sampled_from([10, 100]),
        rows=st.integers(0, 2),
    )
    def submit(self, login, amount, rows):
        title = f"r{next(NUMBERS)}"
        lines = {"parts": [{"note": str(each)} for each in range(rows)]}
        made = self.office.create(login, "request", {"title": title, "amount": Decimal(amount)}, lines)
        self.records[made] = title
        self.attempt(login, ON_RECORDS["submit"], "request", made)

    @precondition(lambda self: self.records)
    @rule(data=st.data(), verb=st.sampled_from(DECISIONS), is_stranger=st.integers(0, 9))
    def decide(self, data, verb, is_stranger):
        task = self.drawn_task(data)
        if task is None:
            return
        login = data.draw(st.sampled_from(PEOPLE)) if is_stranger == 0 else self.login_of(task.assignee_id)
        more = Particulars()
        if verb is Verb.RETURN:
            to = data.draw(st.sampled_from([None, "submitter", "s1", "s2", "s3"]))
            more = Particulars(to=to, resume=data.draw(st.sampled_from([None, "direct", "restart"])))
        done = self.attempt(login, workflow.decide_task, task.id, verb, "so", more)
        if done is None:
            return
        assert self.office.ids[login] == task.assignee_id, "nobody decides without the task"
        if not done.is_repeated:
            assert task.state == "open", "only what is open is decided"
            self.decided[task.record_id, verb] += 1

    @precondition(lambda self: self.records)
    @rule(
        data=st.data(),
        to=st.sampled_from(PEOPLE),
        what=st.sampled_from(["transfer", "delegate", "before", "after", "parallel", "remove"]),
    )
    def pass_on(self, data, to, what):
        task = self.drawn_task(data)
        if task is None:
            return
        login = self.login_of(task.assignee_id)
        if what in {"transfer", "delegate"}:
            self.attempt(login, getattr(workflow, what), task.id, self.office.ids[to])
        elif what == "remove":
            self.attempt(to, workflow.remove_signer, task.id)
        else:
            self.attempt(login, workflow.add_signers, task.id, [self.office.ids[to]], what)

    @precondition(lambda self: self.records)
    @rule(data=st.data(), login=st.sampled_from(PEOPLE), verb=st.sampled_from(sorted(ON_RECORDS)))
    def press(self, data, login, verb):
        record = data.draw(st.sampled_from(sorted(self.records)))
        if data.draw(st.booleans()):
            login = self.login_of(self.row(record).submitter_id) or login
        self.attempt(login, ON_RECORDS[verb], "request", record)

    @precondition(lambda self: self.records)
    @rule(data=st.data(), amount=st.sampled_from([10, 100, 1000]))
    def change(self, data, amount):
        record = data.draw(st.sampled_from(sorted(self.records)))
        login = self.login_of(self.row(record).submitter_id) or "ann"
        with suppress(*REFUSALS):
            self.office.update(login, "request", record, amount=Decimal(amount))

    @precondition(lambda self: self.records)
    @rule(hours=st.sampled_from([1, 21, 80]))
    def wait(self, hours):
        self.office.runtime.clock.advance(hours=hours)
        self.office.work()

    @invariant()
    def what_must_hold(self):
        for record, title in self.records.items():
            self.check(record, title)

    def check(self, record: int, title: str) -> None:
        """Look at everything that is kept of a record."""
        with self.office.look(None) as unit:
            query = unit.connection.execute
            instance = self.row(record, unit)
            steps = query(select(workflow_step).where(workflow_step.c.instance_id == instance.id)).all()
            tasks = query(select(workflow_task).where(workflow_task.c.instance_id == instance.id)).all()
            of_it = workflow_event.c.instance_id == instance.id
            events = query(select(workflow_event).where(of_it).order_by(workflow_event.c.id)).all()
            budget = unit.project.ledger_by_id["budget"]
            balance = ledger.numbers_at(unit, budget, {"name": title})["used"]
            entries = unit.runtime.database.tables["budget.entries"]
            posted = query(select(entries.c.used).where(entries.c.name == title)).scalars().all()
        state = self.office.value("request", record, "status")
        assert state == instance.state
        self._check_holders(instance, steps, tasks)
        self._check_decisions(record, tasks, events)
        replayed = self._replayed(events)
        assert replayed in {None, state}, "the timeline leads to the state"
        used = int(state in IN_USE)
        assert balance == sum(posted) == used, f"{state}: balance {balance}, entries {posted}"
        assert self.office.value("request", record, "memo") == ("asked" if used else None)

    @staticmethod
    def _check_holders(instance, steps, tasks) -> None:
        by_id = {each.id: each for each in steps}
        undecided = [each for each in tasks if each.state in UNDECIDED]
        for each in undecided:
            step = by_id[each.step_id]
            assert step.visit == instance.visit, "an open task belongs to the current visit"
            is_for_later = each.state == step.state == "waiting"
            assert step.state == "open" or is_for_later, f"{each.state} task of a step that is {step.state}"
        open_steps = [each for each in steps if each.state == "open"]
        for each in open_steps:
            assert each.visit == instance.visit
            assert any(task.step_id == each.id for task in undecided), "somebody can decide an open step"
        if instance.state == "review":
            assert any(each.state == "open" for each in undecided), "somebody holds it"
        else:
            assert not undecided
            assert not open_steps

    def _check_decisions(self, record: int, tasks, events) -> None:
        for each in tasks:
            if each.state not in UNDECIDED:
                found = (each.state, each.decided_by, each.decided_at, each.comment)
                assert self.settled.setdefault(each.id, found) == found, "a decision stays what it was"
        assert {each for each in self.settled if each in {task.id for task in tasks}} == {
            each.id for each in tasks if each.state not in UNDECIDED
        }
        by_people = Counter(each.verb for each in events if each.actor_id is not None)
        for verb in (Verb.APPROVE, Verb.REJECT, Verb.RETURN, Verb.ANSWER):
            assert by_people[verb] == self.decided[record, verb], "each decision once in the timeline"

    @staticmethod
    def _replayed(events) -> str | None:
        """Return the state to which the timeline leads, following it from one state to the next."""
        state = None
        for each in events:
            if each.target is None:
                continue
            assert state is None or each.source in {None, state}, (each.verb, each.source, state)
            state = each.target
        return state

    def attempt(self, login, what, *given):
        """Let somebody do something; what they are told if they may not is as good."""
        try:
            with self.office.act(login) as unit:
                return what(unit, *given)
        except REFUSALS:
            return None

    def drawn_task(self, data):
        """Draw a task of one of the records, an open one more often than not."""
        with self.office.look(None) as unit:
            of_them = workflow_task.c.record_id.in_(self.records)
            found = unit.connection.execute(
                select(workflow_task).where(of_them).order_by(workflow_task.c.id)
            ).all()
        open_ones = [each for each in found if each.state == "open"]
        if open_ones and data.draw(st.integers(0, 9)):
            found = open_ones
        return data.draw(st.sampled_from(found)) if found else None

    def row(self, record, unit=None):
        """Return the life of a record."""
        if unit is None:
            with self.office.look(None) as looking:
                return self.row(record, looking)
        found = select(workflow_instance).where(workflow_instance.c.record_id == record)
        return unit.connection.execute(found).one()

    def login_of(self, user_id):
        """Return who somebody is; None for nobody."""
        return next((login for login, each in self.office.ids.items() if each == user_id), None)

    def teardown(self) -> None:
        """Tell that one more workflow has been through it."""
        self.on_end()
