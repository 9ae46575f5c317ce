"""What a press would lead to, for people: who would decide, why they, and what another value would change."""

from dataclasses import dataclass

from orderkit.engine.workflow.previewing import Decider, Preview, PreviewedStep, WeighedCondition
from orderkit.model.labels import Label, text_of
from orderkit.model.workflow.workflows import Workflow
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class DeciderView:
    """Somebody who would decide, how they were found, and why the system would decide in their place."""

    name: str
    why: str
    skip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A step of the approval; one that is not asked has only its conditions."""

    label: str
    mode: str
    is_asked: bool
    people: tuple[DeciderView, ...]
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewView:
    """A press tried out: where it leads if everybody approves, or the `problems` for which it is refused."""

    target: str
    end: str
    steps: tuple[StepView, ...]
    what_ifs: tuple[str, ...]
    problems: tuple[str, ...]
    stuck: str
    is_bounded: bool


def preview_view(visit: Visit, workflow: Workflow, found: Preview) -> PreviewView:
    """Return a preview in the reader's language."""

    def state(name: str | None) -> str:
        known = workflow.state_by_id.get(name or "")
        return name or "" if known is None else text_of(known.label, visit.locale)

    return PreviewView(
        target=state(found.target),
        end=state(found.end),
        steps=tuple(_step(visit, each) for each in found.steps),
        what_ifs=tuple(text_of(each.sentence, visit.locale) for each in found.what_ifs),
        problems=tuple(text_of(each.message, visit.locale) for each in found.problems),
        stuck="" if found.stuck is None else text_of(found.stuck, visit.locale),
        is_bounded=found.is_bounded,
    )


def _step(visit: Visit, step: PreviewedStep) -> StepView:
    return StepView(
        label=text_of(step.label, visit.locale),
        mode=visit.t(f"preview.mode_{step.mode}") if len(step.people) > 1 else "",
        is_asked=step.is_asked,
        people=tuple(_decider(visit, each) for each in step.people),
        conditions=tuple(_condition(visit, each) for each in step.conditions),
    )


def _decider(visit: Visit, person: Decider) -> DeciderView:
    reason = (person.skip or "").removeprefix("auto:")
    return DeciderView(
        name=person.user.name,
        why=text_of(person.why, visit.locale),
        skip=visit.t(f"preview.skip_{reason}") if reason in {"self", "duplicate"} else "",
    )


def _condition(visit: Visit, condition: WeighedCondition) -> str:
    answers = {True: "preview.holds", False: "preview.does_not_hold", None: "preview.not_asked"}

    def said(label: Label) -> str:
        return text_of(label, visit.locale)

    values = "，" if visit.locale.startswith("zh") else ", "
    return visit.t(
        answers[condition.holds],
        condition=condition.text,
        values=values.join(f"{said(name)} {said(value)}" for name, value in condition.values),
    )
