"""A workflow with every name in it asked for anew: forms, fields and options, in rules, rights and actions.

The tree of frozen values is rebuilt part by part; only what holds names is listed here. States,
transitions, roles and messages keep their names: a running record refers to them.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, cast

from orderkit.actions.action_type import ActionType, Word
from orderkit.actions.call import SUB_FLOW
from orderkit.database.definitions.names import Names
from orderkit.model.expressions.nodes import Binary, BinaryOperator, Changed, Expression, Find, Get, Literal
from orderkit.model.expressions.types import Choice, Many, Record, Rows
from orderkit.model.forms import Check
from orderkit.model.options import OptionModel
from orderkit.model.workflow.actions import Selection
from orderkit.model.workflow.workflows import (
    Action,
    Approval,
    Ask,
    EditGrant,
    Loop,
    Step,
    Transition,
    Workflow,
)

ActionTypes = Mapping[str, ActionType]

_COMPARING = frozenset({BinaryOperator.EQUAL, BinaryOperator.NOT_EQUAL, BinaryOperator.IN})
_ASSIGNED = frozenset({Word.ASSIGNMENTS, Word.ROW_VALUES, Word.ANSWERS})

# A choice field: its form and name.
_Chosen = tuple[str, str]


def rewritten(workflow: Workflow, names: Names, actions: ActionTypes) -> Workflow:
    """Return the workflow with what `names` answers in place of each name."""
    made = _Rewriting(workflow.form, names, actions).value(workflow)
    return cast("Workflow", made)


def rewritten_actions(
    written: tuple[Action, ...], form: str, names: Names, actions: ActionTypes
) -> tuple[Action, ...]:
    """Return actions about a record of `form` with what `names` answers in place of each name."""
    return tuple(_Rewriting(form, names, actions).value(each) for each in written)


class _Rewriting:
    """Rewrites the parts of a workflow on one form."""

    def __init__(self, form: str, names: Names, actions: ActionTypes) -> None:
        self._form = form
        self._names = names
        self._actions = actions

    def value(self, value: Any) -> Any:
        """Return any part of the workflow, rewritten."""
        match value:
            case Workflow():
                state = self._names.field(self._form, value.state_field)
                return self._parts(value, form=self._names.form(self._form), state_field=state)
            case EditGrant():
                return self._parts(value, fields=tuple(map(self._path, value.fields)))
            case Transition():
                return self._parts(value, require=tuple(map(self._path, value.require)))
            case Ask(is_own=False, field=field):
                return replace(value, field=replace(field, id=self._names.field(self._form, field.id)))
            case Step():
                rights = tuple((self._path(path), right) for path, right in value.fields)
                return self._parts(value, fields=rights)
            case Approval():
                return self._parts(value, protects=tuple(map(self._path, value.protects)))
            case Loop():
                return self._parts(value, form=self._names.form(value.form))
            case Check(at=str(at)):
                return self._parts(value, at=self._path(at))
            case Selection():
                return self._parts(value, form=self._names.form(value.form))
            case Action():
                return self._action(value)
            case tuple():
                return tuple(map(self.value, value))
            case Mapping():
                return {key: self.value(each) for key, each in value.items()}
            case _:
                return self._expression(value)

    def _expression(self, value: Any) -> Any:
        match value:
            case Get():
                return self._get(value)
            case Changed(field=name):
                return replace(value, field=self._names.field(self._form, name))
            case Find():
                return self._parts(value, form=self._names.form(value.form))
            case Binary(operator=operator) if operator in _COMPARING:
                return self._comparison(value)
            case Record() | Rows():
                return replace(value, form=self._names.form(value.form))
            case _ if is_dataclass(value) and not isinstance(value, type | OptionModel):
                return self._parts(value)
            case _:
                return value

    def _parts(self, value: Any, **known: Any) -> Any:
        """Return a frozen value with its parts rewritten, but for those that are `known`."""
        changed = dict(known)
        for each in fields(value):
            if each.init and each.name not in known:
                before = getattr(value, each.name)
                after = self.value(before)
                if after is not before:
                    changed[each.name] = after
        return replace(value, **changed)

    def _path(self, path: str) -> str:
        """Return a path from the form: a field, lines, or a field of lines (`lines.qty`)."""
        head, _, tail = path.partition(".")
        lines = f"{self._form}.{head}"
        after = self._names.form(lines)
        first = self._names.field(self._form, head) if after == lines else after.rpartition(".")[2]
        return f"{first}.{self._names.field(lines, tail)}" if tail else first

    def _get(self, value: Get) -> Get:
        base = self.value(value.base)
        form = value.base.type.form if isinstance(value.base.type, Record) else None
        if form is None:
            return replace(value, base=base, type=self.value(value.type))
        name = self._names.field(form, value.field)
        if isinstance(value.type, Rows):
            # Lines and what refers to a record are called by their form where they are not by a field.
            rows = self._names.form(value.type.form)
            if value.type.form == f"{form}.{value.field}":
                name = rows.rpartition(".")[2]
            elif value.type.form == value.field:
                name = rows
        return Get(base, name, self.value(value.type))

    def _comparison(self, value: Binary) -> Binary:
        chosen = self._chosen(value.left) or self._chosen(value.right)
        if chosen is None:
            return cast("Binary", self._parts(value))
        return replace(value, left=self._side(value.left, chosen), right=self._side(value.right, chosen))

    def _side(self, value: Any, chosen: _Chosen) -> Any:
        """Return an expression in which constants are options of a choice field."""
        if isinstance(value, Literal):
            return self._constant(value, chosen)
        if isinstance(value, tuple):
            return tuple(self._side(each, chosen) for each in value)
        if isinstance(value, Get) or not is_dataclass(value) or isinstance(value, type):
            return self.value(value)
        parts = {each.name: self._side(getattr(value, each.name), chosen) for each in fields(value)}
        return replace(value, **parts)

    def _constant(self, value: Literal, chosen: _Chosen) -> Literal:
        if isinstance(value.value, str):
            kept: Any = self._names.option(*chosen, value.value)
        elif isinstance(value.value, tuple):
            kept = tuple(self._names.option(*chosen, str(each)) for each in value.value)
        else:
            return value
        return replace(value, value=kept)

    @staticmethod
    def _chosen(value: Expression) -> _Chosen | None:
        """Return the choice field that an expression is, if it is one."""
        if not isinstance(value, Get) or not isinstance(value.base.type, Record):
            return None
        of = value.type.of if isinstance(value.type, Many) else value.type
        return (value.base.type.form, value.field) if isinstance(of, Choice) else None

    def _action(self, action: Action) -> Action:
        kind = self._actions.get(action.kind)
        words: Mapping[str, Word] = kind.words if kind is not None else {}
        target = self._written(action, words)
        return replace(
            action,
            options={
                key: self._option(value, words.get(key), target) for key, value in action.options.items()
            },
        )

    def _written(self, action: Action, words: Mapping[str, Word]) -> str:
        """Return the form whose fields the action's assignments are."""
        for key, word in words.items():
            value = action.options.get(key)
            if word is Word.FORM and isinstance(value, str):
                return value
            if word is Word.RECORDS and isinstance(value, Selection):
                return value.form
            if word is Word.CALL and str(value).startswith(SUB_FLOW):
                # Which form that workflow is about is not written here; it is another record's at any rate.
                return ""
        return self._form

    def _option(self, value: object, word: Word | None, target: str) -> object:
        match word:
            case Word.FORM if isinstance(value, str):
                return self._names.form(value)
            case Word.FIELD if isinstance(value, str):
                return self._names.field(self._form, value)
            case Word.FIELDS if isinstance(value, tuple):
                return tuple(self._path(str(each)) for each in value)
            case _ if word in _ASSIGNED and isinstance(value, tuple):
                form = self._form if word is Word.ANSWERS else target
                return tuple(
                    (self._names.field(form, name), self._assigned(each, (form, name)))
                    for name, each in value
                )
            case _:
                return self.value(value)

    def _assigned(self, value: Any, chosen: _Chosen) -> Any:
        is_choice = isinstance(getattr(value, "type", None), Choice)
        return self._side(value, chosen) if is_choice else self.value(value)
