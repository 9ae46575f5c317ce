"""An explanation of rights as lines of a table and as JSON."""

from collections.abc import Mapping
from typing import Any

from orderkit.engine.access.explaining import (
    ActionExplained,
    Explanation,
    FieldExplained,
    RoleSays,
    StateEffect,
)
from orderkit.model.expressions.printing import as_written
from orderkit.model.labels import Label, label, text_of
from orderkit.model.rights import Right

ACTIONS = (label(zh="动作", en="Action"), label(zh="结果", en="Answer"), label(zh="依据", en="Because"))
FIELDS = (
    label(zh="字段", en="Field"),
    label(zh="权限", en="Right"),
    label(zh="可看：来自角色", en="Seen through"),
    label(zh="可改：来自角色", en="Changed through"),
    label(zh="状态与待办", en="State and tasks"),
)
FREE = label(
    zh="管理员可以做一切，状态和审批仍然有效",
    en="an administrator may do everything that states and approvals leave open",
)
_RIGHTS: Mapping[Right, Label] = {
    Right.HIDDEN: label(zh="隐藏", en="hidden"),
    Right.MASKED: label(zh="脱敏", en="masked"),
    Right.READ: label(zh="可看", en="seen"),
    Right.WRITE: label(zh="可改", en="changed"),
}
_EFFECTS: Mapping[StateEffect, Label | str] = {
    StateEffect.NONE: "",
    StateEffect.NARROWED: label(zh="收窄", en="take away"),
    StateEffect.WIDENED: label(zh="放宽", en="add"),
}
_NO_ROLE = label(zh="没有角色涉及此表单", en="no role names this form")


def action_lines(found: Explanation, locale: str) -> list[list[str]]:
    """Return a line for each action: what it is, yes or no with the reason, what each role says."""
    return [
        [each.action.value, _answer(each, locale), _reasons(found, each, locale)] for each in found.actions
    ]


def field_lines(found: Explanation, locale: str) -> list[list[str]]:
    """Return a line for each field path."""
    return [
        [
            each.path,
            text_of(_RIGHTS[each.right], locale),
            ", ".join(role.id for role in each.readers),
            ", ".join(role.id for role in each.writers),
            _said(_EFFECTS[each.effect], locale),
        ]
        for each in found.fields
    ]


def as_json(found: Explanation) -> dict[str, Any]:
    """Return the explanation as a JSON document; `code` is the stable word of a refusal."""
    return {
        "form": found.form.id,
        "id": found.record_id,
        "administrator": found.is_free,
        "roles": [role.id for role in found.roles],
        "actions": {each.action.value: _action(each) for each in found.actions},
        "fields": {each.path: _field(each) for each in found.fields},
    }


def _action(each: ActionExplained) -> dict[str, Any]:
    refused = {} if each.decision else {"code": each.decision.code, "why": dict(each.decision.why)}
    says = {says.role.id: {"rule": _rule(says), "grants": says.grants} for says in each.roles}
    return {"allowed": bool(each.decision), **refused, "roles": says}


def _field(each: FieldExplained) -> dict[str, Any]:
    return {
        "right": each.right.name.lower(),
        "read_by": [role.id for role in each.readers],
        "written_by": [role.id for role in each.writers],
        "state": each.effect.value,
    }


def _answer(each: ActionExplained, locale: str) -> str:
    return "✓" if each.decision else f"– {text_of(each.decision.why, locale)}"


def _reasons(found: Explanation, each: ActionExplained, locale: str) -> str:
    if found.is_free:
        return text_of(FREE, locale)
    if not each.roles:
        return text_of(_NO_ROLE, locale)
    return "; ".join(f"{says.role.id}: {_rule(says)} {'✓' if says.grants else '–'}" for says in each.roles)


def _rule(says: RoleSays) -> str:
    return str(says.rule).lower() if isinstance(says.rule, bool) else as_written(says.rule)


def _said(text: Label | str, locale: str) -> str:
    return text if isinstance(text, str) else text_of(text, locale)
