"""What of the workflows scenarios have reached: states, transitions, steps, branches and endings.

A condition of a step or a branch has two ways, and each must have been taken. What was reached is read from
what the engine keeps, not from what a scenario says that it does.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from orderkit.database.schema.system_tables import workflow_event, workflow_instance, workflow_step
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.printing import as_written
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import (
    Approval,
    ApprovalPart,
    Branch,
    Choose,
    Loop,
    Parallel,
    Step,
    Workflow,
)


class Kind(StrEnum):
    """What can be reached."""

    STATE = "state"
    TRANSITION = "transition"
    ENDING = "ending"
    STEP = "step"
    BRANCH = "branch"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """Something to reach. A BRANCH is reached when its `condition` came to `holds`."""

    workflow: str
    kind: Kind
    id: str
    label: Label
    condition: Expression | None = None
    holds: bool = True

    @property
    def key(self) -> str:
        """What it is called among all points."""
        return f"{self.workflow}/{self.kind}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of one workflow was reached; `missed` in the order written."""

    workflow: str
    label: Label
    counts: Mapping[Kind, tuple[int, int]]
    missed: tuple[Point, ...]

    @property
    def percent(self) -> int:
        """The share that was reached, rounded down: 100 is all of it."""
        reached = sum(done for done, _ in self.counts.values())
        total = sum(all_ for _, all_ in self.counts.values())
        return 100 if total == 0 else reached * 100 // total


class Weighed:
    """Notes which conditions came to what; it is the port `weighed` of a runtime."""

    def __init__(self, project: Project) -> None:
        self.keys: set[str] = set()
        self._branches: dict[str, list[Point]] = defaultdict(list)
        for workflow in project.workflows:
            self._branches[workflow.id] += [each for each in points_of(workflow) if each.kind is Kind.BRANCH]

    def __call__(self, unit: Unit, workflow: str, condition: Expression, *, holds: bool) -> None:  # noqa: ARG002 - the port's signature
        """Note it."""
        branches = [each for each in self._branches[workflow] if each.holds is holds]
        # Two conditions of the same words are two branches; the definition in force is this very object.
        found = [each for each in branches if each.condition is condition]
        self.keys |= {each.key for each in found or branches if found or each.condition == condition}


def coverage_of(project: Project, reached: Iterable[str]) -> tuple[Coverage, ...]:
    """Return how much of each workflow was reached."""
    keys = frozenset(reached)
    found = []
    for workflow in project.workflows:
        points = tuple(points_of(workflow))
        counts = {
            kind: (sum(each.key in keys for each in some), len(some))
            for kind in Kind
            if (some := [each for each in points if each.kind is kind])
        }
        missed = tuple(each for each in points if each.key not in keys)
        found.append(Coverage(workflow=workflow.id, label=workflow.label, counts=counts, missed=missed))
    return tuple(found)


def points_of(workflow: Workflow) -> Iterator[Point]:
    """Yield everything of a workflow that a story can reach, in the order written."""

    def point(kind: Kind, name: str, label_: Label) -> Point:
        return Point(workflow=workflow.id, kind=kind, id=name, label=label_)

    for state in workflow.states:
        yield point(Kind.STATE, state.id, state.label)
    for transition in workflow.transitions:
        yield point(Kind.TRANSITION, transition.id, transition.label)
    for approval in workflow.approvals:
        for ending in approval.endings:
            yield point(Kind.ENDING, f"{approval.id}.{ending}", _of(approval, ending))
        yield from _parts(workflow, approval, approval.steps, "")


def reached_in(unit: Unit) -> frozenset[str]:
    """Return what the records of a database have reached, but for branches."""
    event, step, instance = workflow_event, workflow_step, workflow_instance
    found = set()
    rows = unit.connection.execute(
        sa.select(
            event.c.workflow, event.c.verb, event.c.transition, event.c.source, event.c.target
        ).distinct()
    )
    for row in rows:
        for state in (row.source, row.target):
            if state is not None:
                found.add(f"{row.workflow}/{Kind.STATE}/{state}")
        workflow = unit.project.workflow_by_id.get(row.workflow)
        if row.transition is not None:
            found.add(f"{row.workflow}/{Kind.TRANSITION}/{row.transition}")
        elif workflow is not None and row.source in workflow.state_by_id:
            approval = workflow.state_by_id[row.source].approval
            found.add(f"{row.workflow}/{Kind.ENDING}/{approval}.{row.verb}")
    states = unit.connection.execute(sa.select(instance.c.workflow, instance.c.state).distinct())
    found |= {f"{each.workflow}/{Kind.STATE}/{each.state}" for each in states}
    steps = sa.select(instance.c.workflow, step.c.approval, step.c.step).join_from(
        step, instance, step.c.instance_id == instance.c.id
    )
    asked = unit.connection.execute(steps.distinct())
    return frozenset(found | {f"{each.workflow}/{Kind.STEP}/{each.approval}.{each.step}" for each in asked})


def _parts(
    workflow: Workflow, approval: Approval, parts: Sequence[ApprovalPart], place: str
) -> Iterator[Point]:
    for number, part in enumerate(parts, start=1):
        here = f"{place}{number}"
        match part:
            case Step():
                name = f"{approval.id}.{part.id}"
                yield Point(workflow=workflow.id, kind=Kind.STEP, id=name, label=part.label)
                if part.when is not None:
                    yield from _both_ways(workflow, name, part.label, part.when)
            case Choose(branches=branches) | Parallel(branches=branches):
                is_choice = isinstance(part, Choose)
                yield from _branches(workflow, approval, branches, here, is_choice=is_choice)
                for index, branch in enumerate(branches, start=1):
                    yield from _parts(workflow, approval, branch.steps, f"{here}.{index}.")
            case Loop(steps=steps):
                yield from _parts(workflow, approval, steps, f"{here}.")


def _branches(
    workflow: Workflow, approval: Approval, branches: Sequence[Branch], place: str, *, is_choice: bool
) -> Iterator[Point]:
    """Yield the ways of a block. The default of a choice is taken when its last condition does not hold."""
    last: Expression | None = None
    for index, branch in enumerate(branches, start=1):
        name = f"{approval.id}.{place}.{index}"
        condition, holds = (last, False) if branch.when is None else (branch.when, True)
        if condition is None or (branch.when is None and not is_choice):
            continue
        text = as_written(condition)
        words = label(
            zh=f"{place} 的第 {index} 个分支：{text}" if holds else f"{place} 的默认分支",
            en=f"branch {index} of {place}: {text}" if holds else f"the default branch of {place}",
        )
        yield Point(
            workflow=workflow.id, kind=Kind.BRANCH, id=name, label=words, condition=condition, holds=holds
        )
        last = condition
        if not is_choice:
            yield from _both_ways(workflow, name, words, condition, only=False)


def _both_ways(
    workflow: Workflow, name: str, label_: Label, condition: Expression, *, only: bool | None = None
) -> Iterator[Point]:
    text = as_written(condition)
    ways = {
        True: ("asked", label(zh="需要（{text}）", en="asked ({text})")),
        False: ("skipped", label(zh="跳过（不满足 {text}）", en="skipped (not {text})")),
    }
    for holds, (word, how) in ways.items():
        if only is None or only is holds:
            words = label(
                zh=f"{text_of(label_, 'zh')} {how['zh'].format(text=text)}",
                en=f"{text_of(label_, 'en')} {how['en'].format(text=text)}",
            )
            yield Point(
                workflow=workflow.id,
                kind=Kind.BRANCH,
                id=f"{name}:{word}",
                label=words,
                condition=condition,
                holds=holds,
            )


def _of(approval: Approval, ending: str) -> Label:
    own = approval.label or label(zh=approval.id, en=approval.id)
    words = _ENDINGS.get(ending, label(zh=ending, en=ending))
    return label(
        zh=f"{text_of(own, 'zh')}：{words['zh']}",
        en=f"{text_of(own, 'en')}: {words['en']}",
    )


_ENDINGS: Mapping[str, Label] = {
    "approved": label(zh="通过", en="approved"),
    "rejected": label(zh="拒绝", en="rejected"),
    "returned": label(zh="退回", en="returned"),
    "withdrawn": label(zh="撤回", en="withdrawn"),
    "revoked": label(zh="撤销", en="revoked"),
    "terminated": label(zh="终止", en="terminated"),
}
