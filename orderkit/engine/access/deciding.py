"""The one question of access, and the rights on every field of a record.

Roles add up per record: a field is visible where one single role grants both the record and the
field. What nobody grants is denied. Row rules as SQL are in `row_rules`, from the same grants.
"""

from collections.abc import Mapping
from dataclasses import replace

from orderkit.engine.access.decisions import ALLOWED, Action, Decision, RefusedAccess
from orderkit.engine.access.grants import Grants, grants_of, is_locked, rule_of
from orderkit.engine.hooks import UNLIMITED, StateRights
from orderkit.engine.rows import holds, rows_of
from orderkit.engine.runtime import Channel, Person, Unit
from orderkit.model.expressions.evaluation import RowLike
from orderkit.model.forms import Form, FormId
from orderkit.model.labels import label, text_of
from orderkit.model.rights import Right, covers
from orderkit.model.roles import ADMIN, FormGrant

_ACTIONS = {
    Action.CREATE: ("新建", "create"),
    Action.READ: ("查看", "see"),
    Action.UPDATE: ("修改", "change"),
    Action.DELETE: ("删除", "delete"),
    Action.EXPORT: ("导出", "export"),
    Action.PRINT: ("打印", "print"),
    Action.IMPORT: ("导入", "import"),
}

APPROVED = label(
    zh="审批依据此内容作出，不能再修改", en="An approval rests on this, so it may no longer be changed"
)

NOT_OF_TOKEN = RefusedAccess(
    label(zh="这个令牌的范围不包括此操作", en="The scope of this token does not reach so far"), "scope"
)


def decide(  # noqa: PLR0917 - the question has six parts
    person: Person,
    action: Action,
    form: FormId,
    record: RowLike | None = None,
    field: str | None = None,
    channel: Channel | None = None,
    *,
    unit: Unit,
) -> Decision:
    """Return whether the person may do this, and if not, why.

    Without `record` the question is whether it may be allowed for some record. `field` is a path:
    `total`, `lines.cost`. On a record, the state of its workflows has its say. Rows of lines are
    judged by their parent.
    """
    shape = unit.project.form_by_id[form]
    if shape.parent is not None and shape.parent_field is not None:
        inner = shape.id.rsplit(".", 1)[1]
        path = inner if field is None else f"{inner}.{field}"
        parent = None if record is None else _parent(unit, shape, record)
        outer = Action.UPDATE if action in {Action.CREATE, Action.DELETE} else action
        return decide(person, outer, shape.parent, parent, path, channel, unit=unit)
    grants = grants_of(unit, person)
    if record is None:
        allowed = grants.may_ever(form, action) or _state_may_grant(unit, shape, action)
        return ALLOWED if allowed and _may_ever_field(grants, form, field) else _no_grant(shape, action)
    if action is Action.CREATE or field is None:
        return _decide_record(unit, grants, action, shape, record)
    needed = Right.WRITE if action is Action.UPDATE else Right.READ
    if needed is Right.READ and record.id > 0:
        # Somebody may be granted to write a field of a record that they may not read.
        is_read = _decide_record(unit, grants, Action.READ, shape, record)
        if not is_read:
            return is_read
    return _decide_field(unit, person, shape, record, field, needed=needed)


def field_rights(
    unit: Unit,
    form: FormId,
    record: RowLike | None,
    *,
    with_state: bool = True,
    is_readable: bool = False,
    person: Person | None = None,
) -> Mapping[str, Right]:
    """Return the right on every field path (`total`, `lines`, `lines.cost`) of one record.

    `record` None, or one that is not stored yet, stands for a record about to be created.
    `with_state` false leaves the workflow out: enough for lists, which only read. `is_readable` says that
    the grants let this person read the record: where there is but one, its rule need not be asked again.
    """
    grants = grants_of(unit, person or unit.person)
    shape = unit.project.form_by_id[form]
    readers: tuple[FormGrant, ...] = ()
    writers: tuple[FormGrant, ...] = ()
    if grants.is_free:
        pass
    elif record is None or record.id < 0:
        readers = writers = tuple(grant for grant in grants.of_form(form) if grant.create is not False)
    else:
        known = grants.of_form(form)
        readers = known if is_readable and len(known) == 1 else _granting(unit, grants, Action.READ, record)
        writers = _granting(unit, grants, Action.UPDATE, record) if with_state else ()
    if not with_state or record is None or record.id < 0:
        return grants.rights(shape, readers, writers, UNLIMITED)
    return grants.rights(shape, readers, writers, _state_rights(unit, shape, record))


def may_see_report(unit: Unit, report_id: str) -> Decision:
    """Return whether the person may run this report; its rows are still cut by row rules."""
    grants, scope = grants_of(unit, unit.person), unit.person.scope
    if scope is not None and not scope.covers(unit.project.report_by_id[report_id].source):
        return NOT_OF_TOKEN
    is_free = grants.is_free or ADMIN in unit.person.roles
    if is_free or any(report_id in role.reports for role in grants.roles):
        return ALLOWED
    return RefusedAccess(label(zh="没有查看此报表的权限", en="You may not see this report"), "no_grant")


def may_see_analytics(unit: Unit, workflow_id: str) -> Decision:
    """Return whether the person may see the figures of this workflow; they are of what row rules leave."""
    grants, scope = grants_of(unit, unit.person), unit.person.scope
    if scope is not None and not scope.covers(unit.project.workflow_by_id[workflow_id].form):
        return NOT_OF_TOKEN
    is_free = grants.is_free or ADMIN in unit.person.roles
    if is_free or any(workflow_id in role.analytics for role in grants.roles):
        return ALLOWED
    return RefusedAccess(
        label(zh="没有查看此流程分析的权限", en="You may not see the figures of this workflow"), "no_grant"
    )


def may_reach(unit: Unit, form: FormId) -> Decision:
    """Return whether a token goes as far as a form at all; people always do."""
    scope = unit.person.scope
    return ALLOWED if scope is None or scope.covers(form) else NOT_OF_TOKEN


def may_act(unit: Unit, form: FormId) -> Decision:
    """Return whether the person may press buttons and decide tasks of a form, if those name them.

    Who may press a button is said by its workflow; a token can be narrower than that.
    """
    scope = unit.person.scope
    if scope is None or (scope.may_act and scope.covers(form)):
        return ALLOWED
    return NOT_OF_TOKEN


def may_see_dashboard(unit: Unit, dashboard_id: str) -> Decision:
    """Return whether the person may open this dashboard."""
    grants = grants_of(unit, unit.person)
    if grants.is_free or any(dashboard_id in role.dashboards for role in grants.roles):
        return ALLOWED
    return RefusedAccess(label(zh="没有查看此看板的权限", en="You may not see this dashboard"), "no_grant")


def may_see_page(unit: Unit, page_id: str) -> Decision:
    """Return whether the person may open this page of the project; its rows are still cut by row rules."""
    grants, page = grants_of(unit, unit.person), unit.project.page_by_id.get(page_id)
    if grants.is_free or (page is not None and any(role.id in page.roles for role in grants.roles)):
        return ALLOWED
    return RefusedAccess(label(zh="没有打开此页面的权限", en="You may not open this page"), "no_grant")


def may_print(unit: Unit, print_id: str) -> Decision:
    """Return whether the person may print this document at all; of which records is asked of each."""
    grants, document = grants_of(unit, unit.person), unit.project.print_by_id[print_id]
    if grants.is_free or document.roles is None or any(role.id in document.roles for role in grants.roles):
        return decide(unit.person, Action.PRINT, document.form, unit=unit)
    return RefusedAccess(label(zh="没有打印这种单据的权限", en="You may not print this document"), "no_grant")


def _decide_record(unit: Unit, grants: Grants, action: Action, shape: Form, record: RowLike) -> Decision:
    if not grants.may_ever(shape.id, action) and not _state_may_grant(unit, shape, action):
        return _no_grant(shape, action)
    if grants.is_free or _granting(unit, grants, action, record):
        if action is not Action.UPDATE or grants.person.is_system:
            return ALLOWED
        limit = _state_rights(unit, shape, record)
        return (
            ALLOWED if limit.limit is None or limit.limit or limit.granted else _locked(unit, shape, record)
        )
    if action is Action.UPDATE and _granting(unit, grants, Action.READ, record):
        state = _state_rights(unit, shape, record)
        if state.granted:
            return ALLOWED
    zh, en = _ACTIONS[action]
    why = label(zh=f"你的角色不能{zh}这条记录", en=f"Your roles do not let you {en} this record")
    return RefusedAccess(why, "row_rule")


def _decide_field(
    unit: Unit, person: Person, shape: Form, record: RowLike, field: str, *, needed: Right
) -> Decision:
    right = field_rights(unit, shape.id, record, person=person).get(field, Right.HIDDEN)
    if right >= needed:
        return ALLOWED
    return why_not(unit, shape, record, field, right)


def why_not(unit: Unit, shape: Form, record: RowLike | None, path: str, right: Right) -> RefusedAccess:
    """Return why a person with this right on a field may not write it."""
    if right is Right.HIDDEN:
        return RefusedAccess(label(zh="没有查看此字段的权限", en="You may not see this field"), "hidden")
    if right is Right.MASKED:
        return RefusedAccess(
            label(zh="此字段已脱敏，不能修改", en="You see this field only masked, so you may not change it"),
            "masked",
        )
    if record is not None and record.id > 0:
        state = _state_rights(unit, shape, record)
        if is_locked(state.locked, path):
            return RefusedAccess(APPROVED, "approved")
        if state.limit is not None and not covers(state.limit, path):
            return _locked(unit, shape, record)
    return RefusedAccess(label(zh="此字段只读，不能修改", en="This field is read-only for you"), "readonly")


def _granting(unit: Unit, grants: Grants, action: Action, record: RowLike) -> tuple[FormGrant, ...]:
    found = []
    for grant in grants.of_form(record.form):
        rule = rule_of(grant, action)
        if rule is True or (rule is not False and holds(unit, rule, record, person=grants.person)):
            found.append(grant)
    return tuple(found)


def _state_rights(unit: Unit, shape: Form, record: RowLike) -> StateRights:
    if shape.id not in unit.project.workflows_by_form:
        return UNLIMITED
    rights = unit.runtime.hooks.life_cycle.rights(unit, shape, record)
    return rights if _may_write(unit, shape) else replace(rights, limit=frozenset(), granted=frozenset())


def _state_may_grant(unit: Unit, shape: Form, action: Action) -> bool:
    has_states = shape.id in unit.project.workflows_by_form
    return action is Action.UPDATE and has_states and _may_write(unit, shape)


def _may_write(unit: Unit, shape: Form) -> bool:
    """Return whether a token, if there is one, leaves anything that states could grant."""
    scope = unit.person.scope
    return scope is None or (scope.may_write and scope.covers(shape.id))


def _may_ever_field(grants: Grants, form: FormId, field: str | None) -> bool:
    if field is None or grants.is_free:
        return True
    return any(not covers(grant.hide, field) for grant in grants.of_form(form))


def _parent(unit: Unit, shape: Form, record: RowLike) -> RowLike | None:
    assert shape.parent is not None
    assert shape.parent_field is not None
    parent_id = record.get(shape.parent_field.id)
    return rows_of(unit).row(shape.parent, parent_id) if isinstance(parent_id, int) else None


def _no_grant(shape: Form, action: Action) -> RefusedAccess:
    zh, en = _ACTIONS[action]
    why = label(
        zh=f"你的角色不能{zh}“{text_of(shape.label, 'zh')}”",
        en=f"None of your roles lets you {en} “{text_of(shape.label, 'en')}”",
    )
    return RefusedAccess(why, "no_grant")


def _locked(unit: Unit, shape: Form, record: RowLike) -> RefusedAccess:
    """Return that the states of a record keep it from this person, with what they are called."""
    states = [
        each.state_by_id[found].label
        for each in unit.project.workflows_by_form.get(shape.id, ())
        if isinstance(found := record.get(each.state_field), str) and found in each.state_by_id
    ]
    if not states:
        return RefusedAccess(
            label(zh="当前状态下不能修改", en="This may not be changed in the record's present state"),
            "state",
        )
    zh = "、".join(f"“{text_of(each, 'zh')}”" for each in states)
    en = ", ".join(f"“{text_of(each, 'en')}”" for each in states)
    said = label(
        zh=f"状态为{zh}时，你不能修改",
        en=f"You may not change this while its state is {en}",
    )
    return RefusedAccess(said, "state")
