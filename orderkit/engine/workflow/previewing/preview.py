"""The preview of a press: it is made in a trial, everybody who is asked approves, and all of it is taken back.

So it says what would happen by the very rules by which it happens, whatever blocks an approval is made of.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, select, update

from orderkit.database.schema.system_tables import workflow_step as steps
from orderkit.database.schema.system_tables import workflow_task as tasks
from orderkit.engine.access.people import people_of
from orderkit.engine.rows import RecordRow, environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.approvals.approvals import approval_of
from orderkit.engine.workflow.approvals.assigning import NO_APPROVER, SELF
from orderkit.engine.workflow.approvals.deciding import decide_task
from orderkit.engine.workflow.instances import Instance, find_instance
from orderkit.engine.workflow.locating import locked_row, locked_transition, user_name, visible_row
from orderkit.engine.workflow.previewing.boundaries import Boundary, boundaries_of
from orderkit.engine.workflow.previewing.seeing import Seen, seen_by
from orderkit.engine.workflow.previewing.trial import Trial, trial
from orderkit.engine.workflow.previewing.views import (
    Decider,
    Preview,
    PreviewedStep,
    WeighedCondition,
    WhatIf,
)
from orderkit.engine.workflow.transitions.pressing import do
from orderkit.engine.workflow.views import TaskState, Verb
from orderkit.engine.workflow.wording import listed, named, of_both, text_in, who_is
from orderkit.model.errors import OrderkitError, Problem, Refused
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.expressions.nodes import Expression, Get, Root, Scalar
from orderkit.model.expressions.printing import as_written
from orderkit.model.expressions.tree import walk
from orderkit.model.forms import Field, Form
from orderkit.model.labels import Label, label
from orderkit.model.workflow.workflows import (
    Approval,
    ApprovalPart,
    Choose,
    Loop,
    Parallel,
    Step,
    Transition,
)

# Nobody waits for more: each is tried out.
MOST_WHAT_IFS = 12
MOST_DECISIONS = 100

_FOUND: Mapping[str, Label] = {
    SELF: label(zh="上级代替提交人审批", en="the manager, in place of who submitted it"),
    NO_APPROVER: label(zh="没有找到审批人，由管理员审批", en="nobody was found, so an administrator decides"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Course:
    """What a trial came to. `asked` has the ids of steps in the order in which they were opened."""

    problems: tuple[Problem, ...] = ()
    target: str | None = None
    end: str | None = None
    approval: Approval | None = None
    asked: tuple[str, ...] = ()
    steps: tuple[PreviewedStep, ...] = ()
    stuck: Label | None = None


def preview(  # noqa: PLR0917 - the words of a press, as `do` has them
    unit: Unit,
    form_id: str,
    record_id: int,
    transition: str,
    values: Mapping[str, object] | None = None,
    comment: str | None = None,
    *,
    workflow: str | None = None,
) -> Preview:
    """Return what pressing `transition` would lead to; the unit must be a writing one, and nothing is written.

    `values` are what the transition asks for, as for `do`. A press that would be refused has its problems.
    Raises: NotFound, for a record or a transition that is not there.
    """
    visible_row(unit, form_id, record_id)
    row = locked_row(unit, form_id, record_id)
    form = unit.project.form_by_id[form_id]
    with trial(unit) as trying:
        instance, found = locked_transition(
            trying.unit, locked_row(trying.unit, form_id, record_id), transition, workflow
        )
    press = _Press(
        unit=unit,
        form=form,
        seen=seen_by(unit, form, row),
        record_id=record_id,
        workflow=instance.workflow,
        transition=found,
        values=values or {},
        comment=comment,
    )
    course = press.course()
    what_ifs, is_bounded = _what_ifs(press, row, course, instance)
    return Preview(
        workflow=instance.workflow,
        transition=found.id,
        problems=course.problems,
        target=course.target,
        end=course.end,
        steps=course.steps,
        what_ifs=what_ifs,
        stuck=course.stuck,
        is_bounded=is_bounded,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Press:
    """A press that can be tried out again and again, with other values of the record."""

    unit: Unit
    form: Form
    seen: Seen
    record_id: int
    workflow: str
    transition: Transition
    values: Mapping[str, object]
    comment: str | None

    def course(self, other: Mapping[str, Scalar] | None = None) -> _Course:
        """Return what the press would lead to, if the record had `other` values."""
        with trial(self.unit) as trying:
            asked = {ask.field.id for ask in self.transition.ask}
            forced = {name: value for name, value in (other or {}).items() if name not in asked}
            if forced:
                table = trying.unit.runtime.database.tables[self.form.id]
                trying.unit.connection.execute(
                    update(table).where(table.c.id == self.record_id).values(**forced)
                )
            answers = {**self.values, **{k: v for k, v in (other or {}).items() if k in asked}}
            try:
                # To the end of a transaction: bounds of balances are judged there.
                with trying.unit.within() as inner:
                    done = do(
                        inner,
                        self.form.id,
                        self.record_id,
                        self.transition.id,
                        answers,
                        self.comment,
                        workflow=self.workflow,
                    )
            except OrderkitError as error:
                return _Course(problems=_problems(error))
            return self._followed(trying, done.state)

    def _followed(self, trying: Trial, state: str) -> _Course:
        instance = self._instance(trying)
        approval = None if instance is None else approval_of(instance)
        if instance is None or approval is None:
            return _Course(target=self.transition.target, end=state)
        stuck = _approve_all(trying, instance, self.comment)
        opened = _opened(trying.unit, instance)
        current = self._instance(trying)
        return _Course(
            target=self.transition.target,
            end=None if current is None else current.state,
            approval=approval,
            asked=tuple(dict.fromkeys(each.step for each in opened)),
            steps=tuple(_previewed(trying, self.seen, self.record_id, approval, opened)),
            stuck=stuck,
        )

    def _instance(self, trying: Trial) -> Instance | None:
        workflow = trying.unit.project.workflow_by_id[self.workflow]
        return find_instance(trying.unit, workflow, self.record_id)


def _problems(error: OrderkitError) -> tuple[Problem, ...]:
    if isinstance(error, Refused) and error.problems:
        return error.problems
    return (Problem(path="", code="refused", message=error.explain),)


def _approve_all(trying: Trial, instance: Instance, comment: str | None) -> Label | None:
    """Let everybody who is asked during this visit approve; return why it could not be followed to its end."""
    for _ in range(MOST_DECISIONS):
        waiting = trying.unit.connection.execute(
            select(tasks.c.id, tasks.c.assignee_id)
            .join(steps, steps.c.id == tasks.c.step_id)
            .where(steps.c.instance_id == instance.id, steps.c.visit == instance.visit)
            .where(tasks.c.state == TaskState.OPEN)
            .order_by(tasks.c.id)
            .limit(1)
        ).one_or_none()
        if waiting is None:
            return None
        person = people_of(trying.unit, [waiting.assignee_id]).get(waiting.assignee_id)
        if person is None:
            return label(zh="审批人已停用", en="whoever is asked is no longer active")
        try:
            # A comment may be required, and nobody will read this one.
            with trying.unit.acting_as(person).within() as inner:
                decide_task(inner, waiting.id, Verb.APPROVE, comment or "…")
        except OrderkitError as error:
            return error.explain
    return label(zh=f"超过 {MOST_DECISIONS} 次审批", en=f"more than {MOST_DECISIONS} decisions")


def _opened(unit: Unit, instance: Instance) -> Sequence[Row[Any]]:
    found = (
        select(steps)
        .where(steps.c.instance_id == instance.id, steps.c.visit == instance.visit)
        .order_by(steps.c.position, steps.c.id)
    )
    return unit.connection.execute(found).all()


def _previewed(
    trying: Trial, seen: Seen, record_id: int, approval: Approval, opened: Sequence[Row[Any]]
) -> Iterator[PreviewedStep]:
    """Yield every step of the approval as written; one that is asked several times has everybody of all times."""
    (row,) = rows_of(trying.unit).load(seen.form.id, [record_id]) or (None,)
    for step, conditions in _with_conditions(approval.steps, ()):
        rows = [each for each in opened if each.step == step.id]
        people: dict[int, Decider] = {}
        for each in rows:
            for decider in _deciders(trying.unit, step, each):
                people.setdefault(decider.user.id or 0, decider)
        yield PreviewedStep(
            id=step.id,
            label=step.label,
            mode=str(step.mode),
            is_asked=bool(rows),
            people=tuple(people.values()),
            conditions=tuple(
                weighed_condition(trying, seen.form, row, each) for each in conditions if seen.tells(each)
            ),
        )


def _with_conditions(
    parts: Sequence[ApprovalPart], around: tuple[Expression, ...]
) -> Iterator[tuple[Step, tuple[Expression, ...]]]:
    for part in parts:
        match part:
            case Step():
                yield part, around if part.when is None else (*around, part.when)
            case Choose(branches=branches) | Parallel(branches=branches):
                earlier: tuple[Expression, ...] = ()
                for branch in branches:
                    own = earlier if branch.when is None else (branch.when,)
                    yield from _with_conditions(branch.steps, (*around, *own))
                    if isinstance(part, Choose) and branch.when is not None:
                        earlier = (*earlier, branch.when)
            case Loop(steps=inner):
                yield from _with_conditions(inner, around)


def _deciders(unit: Unit, step: Step, opened: Row[Any]) -> Iterator[Decider]:
    how = {each["user"]: each["how"] for each in opened.people}
    found = select(tasks.c.assignee_id, tasks.c.state, tasks.c.reason).where(tasks.c.step_id == opened.id)
    for task in unit.connection.execute(found.order_by(tasks.c.id)):
        word = how.get(task.assignee_id, "")
        yield Decider(
            user=user_name(unit, task.assignee_id),
            how=word,
            why=found_by(unit, step, word),
            skip=task.reason if task.state == TaskState.SKIPPED else None,
        )


def found_by(unit: Unit, step: Step, how: str) -> Label:
    """Return how somebody came to decide a step, for people; `how` is the stable word for it."""
    return _FOUND.get(how) or who_is(unit.project, step.approvers)


def conditions_by_step(approval: Approval) -> Mapping[str, tuple[Expression, ...]]:
    """Return for every step its own condition and those of the branches around it."""
    return {step.id: conditions for step, conditions in _with_conditions(approval.steps, ())}


def weighed_condition(
    trying: Trial, form: Form, row: RecordRow | None, condition: Expression
) -> WeighedCondition:
    """Return a condition with what it came to in a trial, and with the record's values that it reads."""
    read = [
        form.by_id[node.field]
        for node in walk(condition)
        if isinstance(node, Get) and node.base == Root("record", node.base.type) and node.field in form.by_id
    ]
    values = (
        []
        if row is None
        else [
            (field.label, shown(trying.unit, field, row.get(field.id)))
            for field in {each.id: each for each in read}.values()
        ]
    )
    return WeighedCondition(text=as_written(condition), values=tuple(values), holds=trying.holds(condition))


def shown(unit: Unit, field: Field, value: Scalar) -> Label:
    """Return a value as people read it, in every language."""
    if value is None:
        return label(zh="（空）", en="(empty)")
    if field.target is not None and isinstance(value, int):
        return named(rows_of(unit).titles(field.target, [value]).get(value, f"#{value}"))
    kind = unit.runtime.catalog.fields[field.type]
    return {language: kind.show(field.options, value, language) for language in ("zh", "en")}


def _what_ifs(
    press: _Press, row: RecordRow, course: _Course, instance: Instance
) -> tuple[tuple[WhatIf, ...], bool]:
    """Return what other values would change, the nearest of each change, and whether some were not tried."""
    state = instance.definition.state_by_id[press.transition.target]
    approval = None if state.approval is None else instance.definition.approval_by_id.get(state.approval)
    if approval is None:
        return (), False
    conditions = [
        each for _, some in _with_conditions(approval.steps, ()) for each in some if press.seen.tells(each)
    ]
    environment = environment_of(press.unit)
    candidates = [
        each
        for each in boundaries_of(press.form, conditions, lambda node: evaluate(node, environment))
        if row.get(each.field) != each.value and press.form.by_id[each.field].virtual is None
    ]
    found: dict[tuple[str, tuple[str, ...], bool], WhatIf] = {}
    for each in candidates[:MOST_WHAT_IFS]:
        other = press.course({each.field: each.value})
        key = (each.field, other.asked, bool(other.problems))
        is_other = other.asked != course.asked or bool(other.problems) != bool(course.problems)
        if is_other and key not in found:
            found[key] = _what_if(press, each, course, other, approval)
    return tuple(found.values()), len(candidates) > MOST_WHAT_IFS


def _what_if(press: _Press, at: Boundary, course: _Course, other: _Course, approval: Approval) -> WhatIf:
    more = tuple(each for each in other.asked if each not in course.asked)
    fewer = tuple(each for each in course.asked if each not in other.asked) if not other.problems else ()
    return WhatIf(
        field=at.field,
        value=at.value,
        more=more,
        fewer=fewer,
        problems=other.problems,
        sentence=_sentence(press, at, approval, replace(other, asked=more), fewer),
    )


def _sentence(
    press: _Press, at: Boundary, approval: Approval, other: _Course, fewer: tuple[str, ...]
) -> Label:
    field = press.form.by_id[at.field]
    limit = shown(press.unit, field, at.limit)
    names = {step.id: step.label for step, _ in _with_conditions(approval.steps, ())}
    side: Label = {
        language: text_in(at.phrase, language).replace("{value}", text_in(limit, language))
        for language in ("zh", "en")
    }
    if other.problems:
        why = listed(each.message for each in other.problems)
        return of_both("{field}{side}时不能提交：{why}", "if {field} {side} it is refused: {why}", field=field.label, side=side, why=why)  # fmt: skip
    changes = []
    if other.asked:
        steps_ = listed(names[each] for each in other.asked)
        changes.append(of_both("还需“{steps}”审批", "“{steps}” decides as well", steps=steps_))
    if fewer:
        steps_ = listed(names[each] for each in fewer)
        changes.append(of_both("不需“{steps}”审批", "“{steps}” is not asked", steps=steps_))
    return of_both(
        "{field}{side}时{what}",
        "if {field} {side}, {what}",
        field=field.label,
        side=side,
        what=listed(changes) if changes else label(zh="审批顺序不同", en="the order is another"),
    )
