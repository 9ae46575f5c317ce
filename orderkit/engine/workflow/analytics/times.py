"""How long records stay: in each state, at each step of an approval, with each person who decides."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.engine.workflow.analytics.asking import Asked
from orderkit.engine.workflow.analytics.sources import decided_steps, decisions, visits
from orderkit.engine.workflow.analytics.spreads import Spread, spread_by
from orderkit.engine.workflow.approvals.step_rows import find_step
from orderkit.engine.workflow.locating import names_of
from orderkit.engine.workflow.views import TaskState, UserName
from orderkit.engine.workflow.wording import named
from orderkit.model.labels import Label

MOST_ROWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StateTime:
    """How long visits of a state took that are over."""

    state: str
    label: Label
    spread: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTime:
    """How long a step took from its beginning to its decision."""

    approval: str
    step: str
    label: Label
    spread: Spread


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonTime:
    """How long tasks lay with a person until they decided, and how they did."""

    person: UserName
    approved: int
    rejected: int
    returned: int
    spread: Spread


def state_times(asked: Asked) -> tuple[StateTime, ...]:
    """Return the time in each state, the longest in all first."""
    rows = asked.lengths.measured(visits(asked))
    return tuple(
        StateTime(state=state, label=state_label(asked, state), spread=spread)
        for (state,), spread, _ in spread_by(asked.unit, rows, ["state"], limit=MOST_ROWS)
    )


def step_times(asked: Asked) -> tuple[StepTime, ...]:
    """Return the time at each step of an approval that people decided, the longest in all first."""
    rows = asked.lengths.measured(decided_steps(asked))
    return tuple(
        StepTime(approval=approval, step=step, label=step_label(asked, approval, step), spread=spread)
        for (approval, step), spread, _ in spread_by(asked.unit, rows, ["approval", "step"], limit=MOST_ROWS)
    )


def person_times(asked: Asked) -> tuple[PersonTime, ...]:
    """Return the time with each person who decided, the longest in all first."""
    rows = asked.lengths.measured(decisions(asked))
    counted = [
        sa.case((rows.c.state == state, 1), else_=0)
        for state in (TaskState.APPROVED, TaskState.REJECTED, TaskState.RETURNED)
    ]
    found = spread_by(asked.unit, rows, ["person"], limit=MOST_ROWS, sums=counted)
    people = people_named(asked, (person for (person,), _, _ in found))
    return tuple(
        PersonTime(
            person=people[person], approved=approved, rejected=rejected, returned=returned, spread=spread
        )
        for (person,), spread, (approved, rejected, returned) in found
    )


def state_label(asked: Asked, state: str) -> Label:
    """Return what a state is called; one that no definition has any more, by its id."""
    found = asked.states.get(state)
    return named(state) if found is None else found.label


def step_label(asked: Asked, approval: str, step: str) -> Label:
    """Return what a step is called today."""
    found = find_step(asked.workflow.approval_by_id.get(approval), step)
    return named(step) if found is None else found.label


def people_named(asked: Asked, ids: Iterable[int]) -> dict[int, UserName]:
    """Return people by id, also those who were let go."""
    wanted = set(ids)
    names = names_of(asked.unit, wanted)
    return {each: UserName(id=each, name=names.get(each, f"#{each}")) for each in wanted}
