"""The result of a preview: plain values with labels, ready for every locale."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.engine.workflow.views import UserName
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import Label


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedCondition:
    """A condition as written, the values of the fields that it reads, and what it came to.

    `holds` None: nobody came to it.
    """

    text: str
    values: Sequence[tuple[Label, Label]]
    holds: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decider:
    """Somebody who would decide. `how` is the stable word by which they were found, `why` the same for people.

    `skip` says why the system decides in their place (`auto:self`, `auto:duplicate`).
    """

    user: UserName
    how: str
    why: Label
    skip: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewedStep:
    """One step of the approval, asked or not; `conditions` are its own and those of the branches around it."""

    id: str
    label: Label
    mode: str
    is_asked: bool
    people: tuple[Decider, ...] = ()
    conditions: tuple[WeighedCondition, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """What another value of one field would change: `from 50,000.01 on the director decides as well`.

    `value` is one for which it is so; `sentence` says it for people. `problems` if it would be refused.
    """

    field: str
    value: Scalar
    more: tuple[str, ...]
    fewer: tuple[str, ...]
    problems: tuple[Problem, ...]
    sentence: Label


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What pressing a transition would lead to, if everybody asked approves.

    With `problems` it would be refused and leads nowhere. `target` is where the press itself leads,
    `end` where the record rests after all approvals. `stuck` says why an approval could not be followed to its
    end; `is_bounded` that not every other value was tried.
    """

    workflow: str
    transition: str
    problems: tuple[Problem, ...] = ()
    target: str | None = None
    end: str | None = None
    steps: tuple[PreviewedStep, ...] = ()
    what_ifs: tuple[WhatIf, ...] = ()
    stuck: Label | None = None
    is_bounded: bool = False

    @property
    def asked(self) -> tuple[PreviewedStep, ...]:
        """The steps that somebody or a rule would decide, in their order."""
        return tuple(each for each in self.steps if each.is_asked)
