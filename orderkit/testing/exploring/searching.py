"""All ways of one record: at each place everything is tried that somebody can do there, and taken back."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from orderkit.engine.runtime import Person, Unit
from orderkit.engine.workflow import Verb
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import Label
from orderkit.model.workflow.workflows import Approval
from orderkit.testing.simulating.moves import (
    Pressed,
    Subject,
    decide,
    for_people,
    press,
    why_it_rests,
    withdraw,
)
from orderkit.testing.simulating.samples import Draft, Sampler

MOST_ACTS = 40
WITHDRAW = "withdraw"
DO = "do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One thing that somebody does: `verb` is `do`, a verb of a task, or `withdraw`; then how the record stands."""

    verb: str
    name: str
    login: str
    answers: Mapping[str, object] = field(default_factory=dict)
    state: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way through a workflow. `again` names the state that it comes back to, `waits` why it rests at its end."""

    draft: Draft
    variant: Mapping[str, Scalar]
    creator: str
    begins: str
    acts: tuple[Act, ...]
    ends: str
    is_final: bool
    again: str | None = None
    waits: Label | None = None

    @property
    def signature(self) -> tuple[str, ...]:
        """What makes it another way than others: who decides for a step does not, which steps are asked does."""
        found: list[str] = [self.begins]
        for act in self.acts:
            word = f"{act.verb} {act.name} → {act.state}"
            if found[-1] != word:
                found.append(word)
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Been:
    """The states in which a way has been, and how the first of the people of each step of a visit decided."""

    seen: frozenset[str]
    decided: Mapping[tuple[int, str], str] = field(default_factory=dict)


@dataclass(kw_only=True)
class Search:
    """Collects the ways of records; `most` bounds how many."""

    sampler: Sampler
    most: int
    found: dict[tuple[str, ...], Way] = field(default_factory=dict)
    is_bounded: bool = False
    _why: Label | None = None

    def look(self, subject: Subject, draft: Draft, variant: Mapping[str, Scalar], creator: Person) -> None:
        """Find the ways of a record that has just been made."""
        begins = subject.instance().state
        trunk = Way(
            draft=draft,
            variant=variant,
            creator=creator.login,
            begins=begins,
            acts=(),
            ends=begins,
            is_final=False,
        )
        self._on(subject, trunk, creator, _Been(seen=frozenset({begins})))

    def _on(self, subject: Subject, way: Way, creator: Person, been: "_Been") -> None:
        if len(self.found) >= self.most:
            self.is_bounded = True
            return
        instance = subject.instance()
        if instance.resting_in.final is not None:
            self._keep(replace(way, is_final=True))
            return
        if len(way.acts) >= MOST_ACTS:
            self.is_bounded = True
            return
        approval = approval_of(instance)
        went = False
        if approval is None:
            for act in self._pressed(subject, creator):
                went = True
                self._follow(subject, way, act, creator, been)
        else:
            waiting = next(iter(subject.open_tasks()), None)
            key = (instance.visit, "" if waiting is None else waiting.step)
            for act in self._decided(subject, approval, been.decided.get(key)):
                went = True
                decided = {key: act.verb, **been.decided}
                self._follow(subject, way, act, creator, replace(been, decided=decided))
        if not went:
            self._keep(replace(way, waits=self._why or why_it_rests(subject)))

    def _follow(self, subject: Subject, way: Way, act: Act, creator: Person, been: "_Been") -> None:
        longer = replace(way, acts=(*way.acts, act), ends=act.state)
        if act.state != way.ends and act.state in been.seen:
            self._keep(replace(longer, again=act.state))
            return
        self._on(subject, longer, creator, replace(been, seen=been.seen | {act.state}))

    def _keep(self, way: Way) -> None:
        if len(self.found) < self.most:
            self.found.setdefault(way.signature, way)
        elif way.signature not in self.found:
            self.is_bounded = True

    def _pressed(self, subject: Subject, creator: Person) -> Iterator[Act]:
        """Yield each button that somebody can press, pressed while the caller goes on from there."""
        self._why = None
        for transition in for_people(subject):
            with taken_back(subject.unit):
                pressed = press(subject, transition, self.sampler, first=creator)
                if isinstance(pressed, Pressed):
                    yield self._act(subject, DO, transition.id, pressed.person, pressed.answers)
                else:
                    self._why = pressed

    def _decided(self, subject: Subject, approval: Approval, as_before: str | None) -> Iterator[Act]:
        """Yield what can be decided; whoever else decides the same step decides it `as_before`."""
        waiting = next(iter(subject.open_tasks()), None)
        if waiting is None:
            return
        person = subject.person(waiting.assignee_id)
        if person is None:
            return
        for verb in (Verb.APPROVE, Verb.REJECT, Verb.RETURN):
            if as_before not in {None, verb}:
                continue
            with taken_back(subject.unit):
                comment = None if verb is Verb.APPROVE else "…"
                if decide(subject, waiting.id, person, verb, comment) is None:
                    yield self._act(subject, verb, waiting.step, person, {})
        submitter = subject.person(subject.instance().submitter_id)
        if as_before is None and approval.withdrawn is not None and submitter is not None:
            with taken_back(subject.unit):
                if withdraw(subject, submitter) is None:
                    yield self._act(subject, WITHDRAW, waiting.step, submitter, {})

    @staticmethod
    def _act(subject: Subject, verb: str, name: str, person: Person, answers: Mapping[str, object]) -> Act:
        holders = (subject.person(each.assignee_id) for each in subject.open_tasks())
        return Act(
            verb=verb,
            name=name,
            login=person.login,
            answers=answers,
            state=subject.instance().state,
            tasks=tuple(dict.fromkeys(each.login for each in holders if each is not None)),
        )


@contextmanager
def taken_back(unit: Unit) -> Iterator[None]:
    """Undo what the block does, however it ends."""
    savepoint = unit.connection.begin_nested()
    try:
        yield
    finally:
        savepoint.rollback()
