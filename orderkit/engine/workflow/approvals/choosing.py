"""Approvers whom somebody chooses: the submitter when pressing, or whoever decides before them.

What was chosen is kept for the visit; a step that returns asks the same people again.
"""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, insert, select

from orderkit.database.schema.system_tables import workflow_choice as choices
from orderkit.engine.access.people import people_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.instances import Instance
from orderkit.engine.workflow.wording import of_both
from orderkit.model.errors import Problem
from orderkit.model.labels import Label, label
from orderkit.model.people import AnyOf, ChosenBy, NamedPerson, Who
from orderkit.model.workflow.workflows import Approval, Mode, Step, all_steps

SUBMITTER = "submitter"
PREVIOUS = "previous"
CHOOSE = "choose"
MOST_CHOSEN = 50
Chosen = Mapping[str, Sequence[int]]


def chosen_for(unit: Unit, instance: Instance, step: str) -> tuple[int, ...]:
    """Return whom somebody chose for a step of this visit, in the order in which they were named."""
    found = (
        select(choices.c.user_id)
        .where(
            choices.c.instance_id == instance.id, choices.c.visit == instance.visit, choices.c.step == step
        )
        .order_by(choices.c.id)
    )
    return tuple(unit.connection.execute(found).scalars())


def steps_to_choose_for(approval: Approval, by: str) -> tuple[Step, ...]:
    """Return the steps whose people the submitter, or the approver before them, chooses."""
    return tuple(each for each in all_steps(approval.steps) if _is_chosen_by(each.approvers, by))


def problems_of_choice(unit: Unit, steps: Sequence[Step], chosen: Chosen) -> tuple[Problem, ...]:
    """Return what is wrong with people who were chosen: a step that is none, nobody, or who is not there."""
    by_id = {each.id: each for each in steps}
    return tuple(_problems(unit, by_id, chosen))


def missing_choices(steps: Sequence[Step]) -> tuple[Problem, ...]:
    """Return a problem for every step for which nobody was chosen."""
    return tuple(_missing(each) for each in steps)


def keep_choice(unit: Unit, instance: Instance, chosen: Chosen) -> None:
    """Note who was chosen for steps of the visit that a record is in, instead of whom was chosen before."""
    for step, user_ids in chosen.items():
        unit.connection.execute(
            delete(choices).where(
                choices.c.instance_id == instance.id,
                choices.c.visit == instance.visit,
                choices.c.step == step,
            )
        )
        rows = [
            {
                "instance_id": instance.id,
                "visit": instance.visit,
                "step": step,
                "user_id": each,
                "chosen_by": unit.person.id,
            }
            for each in dict.fromkeys(user_ids)
        ]
        if rows:
            unit.connection.execute(insert(choices), rows)


def _is_chosen_by(who: Who, by: str) -> bool:
    match who:
        case ChosenBy(who=NamedPerson(name=name)):
            return name == by
        case AnyOf(people=people):
            return any(_is_chosen_by(each, by) for each in people)
        case _:
            return False


def _problems(unit: Unit, steps: Mapping[str, Step], chosen: Chosen) -> Iterator[Problem]:
    known = people_of(unit, [each for ids in chosen.values() for each in ids])
    for name, user_ids in chosen.items():
        step = steps.get(name)
        if step is None:
            yield _problem(
                name,
                "unknown_step",
                label(zh=f"这里不用为 {name} 选人", en=f"nobody is chosen for {name} here"),
            )
        elif any(each not in known for each in user_ids):
            yield _problem(
                name,
                "not_found",
                of_both(
                    "为“{step}”选的人不存在或已停用",
                    "somebody chosen for “{step}” does not exist or has left",
                    step=step.label,
                ),
            )
        elif len(user_ids) > MOST_CHOSEN or (step.mode is Mode.ANY and not user_ids):
            yield (
                _missing(step)
                if not user_ids
                else _problem(
                    name,
                    "too_many",
                    label(zh=f"最多选 {MOST_CHOSEN} 人", en=f"at most {MOST_CHOSEN} people can be chosen"),
                )
            )


def _missing(step: Step) -> Problem:
    message = of_both("请为“{step}”选择审批人", "choose who decides “{step}”", step=step.label)
    return _problem(step.id, CHOOSE, message)


def _problem(step: str, code: str, message: Label) -> Problem:
    return Problem(path=f"approvers.{step}", code=code, message=message)
