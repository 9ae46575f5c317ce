"""Questions of a dialog about people and ways to go on: what is asked, and what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine.workflow import StepName, UserName
from orderkit.model.labels import text_of
from orderkit.web.request.visit import Visit

STAYS = "stays"
RESUMES = ("restart", "direct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One answer among several."""

    value: str
    label: str
    is_chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a dialog asks for: one answer of some, or with `is_many` any number of them."""

    name: str
    label: str
    options: tuple[Option, ...]
    is_many: bool = False


def chosen_in(visit: Visit) -> dict[str, tuple[int, ...]]:
    """Return whom a form chose for steps: fields named `approvers.step`."""
    names = {name for name in visit.form if name.startswith("approvers.")}
    return {name.partition(".")[2]: ids_in(visit.form.getlist(name)) for name in sorted(names)}


def people_question(visit: Visit, step: StepName, people: Sequence[UserName]) -> Question:
    """Return the question for whom a step is to be decided by."""
    label = visit.t("tasks.choose", step=text_of(step.label, visit.locale))
    return Question(name=f"approvers.{step.id}", label=label, options=people_options(people), is_many=True)


def resume_question(visit: Visit) -> Question:
    """Return the question how it goes on after a return."""
    options = tuple(
        Option(value=each, label=visit.t(f"tasks.resume_{each}"), is_chosen=each == RESUMES[0])
        for each in RESUMES
    )
    return Question(name="resume", label=visit.t("tasks.resume"), options=options)


def people_options(people: Sequence[UserName]) -> tuple[Option, ...]:
    """Return people to choose from."""
    return tuple(Option(value=str(each.id), label=each.name) for each in people)


def ids_in(given: Sequence[object]) -> tuple[int, ...]:
    """Return the users that a form named."""
    # What is no number names nobody; the engine says so.
    texts = [each for each in given if isinstance(each, str) and each]
    return tuple(int(each) if each.isascii() and each.isdecimal() and len(each) < 19 else 0 for each in texts)
