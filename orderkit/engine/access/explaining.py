"""Why a person may do with one record what they may: each role's rule, what it came to, and what the state did to it.

It asks the same functions as `deciding`, so an explanation cannot say another thing than a decision.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from orderkit.engine.access.deciding import decide, field_rights
from orderkit.engine.access.decisions import Action, Decision
from orderkit.engine.access.grants import Grants, grants_of, rule_of
from orderkit.engine.rows import holds, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.expressions.evaluation import RowLike
from orderkit.model.expressions.nodes import Expression
from orderkit.model.forms import Form, FormId
from orderkit.model.labels import label, text_of
from orderkit.model.rights import Right, is_written, paths_of, seen
from orderkit.model.roles import FormGrant, Role

ASKED = (Action.READ, Action.UPDATE, Action.DELETE, Action.EXPORT, Action.PRINT)
"""What may be done with a record that exists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleSays:
    """What one role has to say: its rule as the YAML has it, and whether it grants this record."""

    role: Role
    rule: bool | Expression
    grants: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionExplained:
    """Whether an action is allowed, and what each role says of it. No role speaks of a form it does not name."""

    action: Action
    decision: Decision
    roles: tuple[RoleSays, ...]


class StateEffect(StrEnum):
    """What the states of a record and its open tasks did to the right that roles give."""

    NONE = "none"
    NARROWED = "narrowed"
    WIDENED = "widened"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldExplained:
    """The right on one path, the roles that give the reading and the writing of it, and what the state changed."""

    path: str
    right: Right
    readers: tuple[Role, ...]
    writers: tuple[Role, ...]
    effect: StateEffect


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """All that is decided about one person and one record. `is_free`: an administrator, whom no role binds."""

    form: Form
    record_id: int
    is_free: bool
    roles: tuple[Role, ...]
    actions: tuple[ActionExplained, ...]
    fields: tuple[FieldExplained, ...]


def explain(unit: Unit, form_id: FormId, record_id: int) -> Explanation:
    """Explain the rights of the unit's person on a record. Raises NotFound for a form or record that is none.

    The record need not be visible to them: who calls decides who may ask.
    """
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.parent is not None:
        raise NotFound(label(zh=f"没有表单“{form_id}”", en=f"there is no form `{form_id}`"))
    record = rows_of(unit).row(form.id, record_id)
    if record is None:
        zh, en = text_of(form.label, "zh"), text_of(form.label, "en")
        raise NotFound(
            label(zh=f"“{zh}”中没有记录 {record_id}", en=f"there is no record {record_id} in {en}")
        )
    grants = grants_of(unit, unit.person)
    return Explanation(
        form=form,
        record_id=record_id,
        is_free=grants.is_free,
        roles=grants.roles,
        actions=tuple(_action(unit, grants, action, record) for action in ASKED),
        fields=tuple(_fields(unit, grants, form, record)),
    )


def _action(unit: Unit, grants: Grants, action: Action, record: RowLike) -> ActionExplained:
    says = []
    for role, grant in _grants(grants, record.form):
        rule = rule_of(grant, action)
        says.append(RoleSays(role=role, rule=rule, grants=_holds(unit, rule, record)))
    decision = decide(unit.person, action, record.form, record, unit=unit)
    return ActionExplained(action=action, decision=decision, roles=tuple(says))


def _fields(unit: Unit, grants: Grants, form: Form, record: RowLike) -> Iterator[FieldExplained]:
    given = [
        (role, grant, _holds(unit, grant.read, record), _holds(unit, grant.update, record))
        for role, grant in _grants(grants, form.id)
    ]
    rights = field_rights(unit, form.id, record)
    is_read = any(reads for _, _, reads, _ in given)
    for info in paths_of(unit.project, form):
        right, path = rights[info.path], info.path
        best = max((seen(grant, path) for _, grant, reads, _ in given if reads), default=Right.HIDDEN)
        readers = [role for role, grant, reads, _ in given if reads and seen(grant, path) is best]
        writers = [
            role
            for role, grant, _, writes in given
            if writes and info.is_writable and is_written(grant, path) and (best is Right.READ or not is_read)
        ]
        by_roles = Right.WRITE if writers else best
        if grants.is_free:
            by_roles = Right.WRITE if info.is_writable or info.is_owner else Right.READ
        yield FieldExplained(
            path=path,
            right=right,
            readers=tuple(readers) if best is not Right.HIDDEN else (),
            writers=tuple(writers),
            effect=_effect(by_roles, right),
        )


def _effect(by_roles: Right, right: Right) -> StateEffect:
    if right == by_roles:
        return StateEffect.NONE
    return StateEffect.WIDENED if right > by_roles else StateEffect.NARROWED


def _grants(grants: Grants, form_id: FormId) -> Iterator[tuple[Role, FormGrant]]:
    for role in grants.roles:
        grant = role.grants.get(form_id)
        if grant is not None:
            yield role, grant


def _holds(unit: Unit, rule: bool | Expression, record: RowLike) -> bool:  # noqa: FBT001 - the value itself
    return rule if isinstance(rule, bool) else holds(unit, rule, record)
