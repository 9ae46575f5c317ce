"""What stands within actions: rows to go through, branches, and waiting."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Rows
from orderkit.model.values.durations import TimeSpan
from orderkit.model.workflow.workflows import Action, Join


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Records to go through: one behind a reference, or several, each as `item`.

    `rows` is a reference or a collection of the record at hand; None means the records of `form` for
    which `where` holds, which sees each as `Root("candidate")`.
    """

    form: str
    rows: Expression | None = None
    where: Expression | None = None

    @property
    def is_several(self) -> bool:
        """Whether each is seen as `item`; the one behind a reference has a name already."""
        return self.rows is None or isinstance(self.rows.type, Rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionBranch:
    """One branch of `choose` or `parallel`; `when` None is the default, or always."""

    when: Expression | None
    actions: tuple[Action, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ParallelActions:
    """Branches of actions that run beside each other in the background."""

    join: Join
    branches: tuple[ActionBranch, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """How long the actions below wait, or until which moment."""

    span: TimeSpan | None = None
    until: Expression | None = None


def all_actions(actions: Iterable[Action]) -> Iterator[Action]:
    """Yield actions and those within them, each before what it holds."""
    for action in actions:
        yield action
        for option in action.options.values():
            yield from all_actions(_within(option))


def _within(option: object) -> Iterator[Action]:
    if isinstance(option, Action):
        yield option
    elif isinstance(option, ActionBranch):
        yield from option.actions
    elif isinstance(option, ParallelActions):
        for branch in option.branches:
            yield from branch.actions
    elif isinstance(option, tuple):
        for each in option:
            yield from _within(each)
