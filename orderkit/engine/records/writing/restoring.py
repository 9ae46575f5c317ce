"""Restoring: a record of the bin becomes a document like any other, under its old id and number.

It was right when it was deleted, so its rules are not judged again; values whose field has another type stay behind; what the world may have taken from it since
is: records that it refers to, values that may stand only once, what is left of what it was made from.
"""

from collections.abc import Sequence

from sqlalchemy import delete, exists, select

from orderkit.database.schema.system_tables import deleted_record, record_link
from orderkit.engine import files
from orderkit.engine.access import Action, decide
from orderkit.engine.audit.renames import renames_in
from orderkit.engine.records.changes import Restore
from orderkit.engine.records.documents.document import Document, Part
from orderkit.engine.records.documents.plans import plan_of
from orderkit.engine.records.documents.reviving import Revived, revive
from orderkit.engine.records.documents.terms import Terms
from orderkit.engine.records.making.tracing import Trace
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ATTACHED
from orderkit.model.errors import Denied, NotFound
from orderkit.model.forms import Field, FormId, SystemRole, ids_in
from orderkit.model.labels import Label, label, text_of

# Who did something once may be gone; that does not keep the record away.
_STAMPS = frozenset({SystemRole.CREATED_BY, SystemRole.UPDATED_BY})


def bring_back(unit: Unit, index: int, change: Restore, terms: Terms) -> Document:
    """Take a record out of the bin and return its document. Raises NotFound, Denied."""
    form = unit.project.form_by_id.get(change.form)
    stored = unit.connection.execute(
        select(deleted_record)
        .where(deleted_record.c.form == change.form, deleted_record.c.record_id == change.id)
        .with_for_update()
    ).one_or_none()
    if form is None or form.parent is not None or stored is None:
        raise NotFound
    revived = revive(unit, form, stored, renames_in(unit, form.id))
    if not terms.is_free(unit):
        _check_right(unit, revived)
    unit.connection.execute(delete(deleted_record).where(deleted_record.c.id == stored.id))
    document = _document(unit, index, revived)
    for each in revived.left_out:
        # What may be empty comes back empty; what must be there would be wrong for ever.
        if each.field.required:
            document.refuse(each.path, "type", _unfit(each.field))
    if _was_merged(unit, change):
        document.refuse("", "merged", _MERGED)
    return document


def check_returning(unit: Unit, documents: Sequence[Document]) -> None:
    """Note on restored documents what they lack by now."""
    for document in documents:
        if not document.is_restored:
            continue
        for _, part in document.parts():
            for field in part.form.stored_fields:
                _check_field(unit, document, part, field)


def _check_right(unit: Unit, revived: Revived) -> None:
    row = revived.row
    if not decide(unit.person, Action.READ, row.form, row, unit=unit):
        raise NotFound
    decision = decide(unit.person, Action.DELETE, row.form, row, unit=unit)
    if not decision:
        raise Denied(decision.why)


def _document(unit: Unit, index: int, revived: Revived) -> Document:
    rows = rows_of(unit)
    top = revived.row
    rows.take_back(top)
    document = Document(
        plan=plan_of(unit.runtime, top.form),
        top=_part(revived, top),
        lines={},
        index=index,
        is_restored=True,
        lives=revived.lives,
    )
    for collection in top.shape.lines:
        lines = top.collections[collection.id]
        for line in lines:
            rows.take_back(line)
        document.lines[collection.id] = [_part(revived, line) for line in lines]
    document.number_lines()
    return document


def _part(revived: Revived, row: RecordRow) -> Part:
    given = revived.given[row.form, row.id]
    return Part(row, None, given=set(given), changed=set(row.values) - {"id"})


def _check_field(unit: Unit, document: Document, part: Part, field: Field) -> None:
    value = part.row.values.get(field.id)
    place = part.path + field.id
    if field.system is SystemRole.STATE and field.workflow is not None:
        states = unit.project.workflow_by_id[field.workflow].state_by_id
        if isinstance(value, str) and value not in states:
            document.refuse(place, "state", _no_such_state(field, value))
        return
    if field.system is SystemRole.PARENT or not ids_in(value):
        return
    if unit.runtime.catalog.fields[field.type].column in ATTACHED:
        known = files.files_of(unit, ids_in(value))
        if any(each not in known for each in ids_in(value)):
            document.refuse(place, "not_found", _gone(field))
        return
    if field.target is None:
        return
    own = (document.form.id, document.top.row.id)
    found = {row.id for row in rows_of(unit).load(field.target, ids_in(value))}
    missing = [each for each in ids_in(value) if each not in found and (field.target, each) != own]
    if not missing:
        return
    if field.system in _STAMPS:
        part.row.values[field.id] = None
        return
    document.refuse(place, "not_found", _gone(field, is_in_bin=_is_in_bin(unit, field.target, missing)))


def _is_in_bin(unit: Unit, form_id: FormId, ids: Sequence[int]) -> bool:
    lying = exists().where(deleted_record.c.form == form_id, deleted_record.c.record_id.in_(ids))
    return bool(unit.connection.execute(select(lying)).scalar_one())


def _was_merged(unit: Unit, change: Restore) -> bool:
    merged = exists().where(
        record_link.c.kind == Trace.MERGED.value,
        record_link.c.form == change.form,
        record_link.c.record_id == change.id,
    )
    return bool(unit.connection.execute(select(merged)).scalar_one())


def _gone(field: Field, *, is_in_bin: bool = False) -> Label:
    zh, en = text_of(field.label, "zh"), text_of(field.label, "en")
    if is_in_bin:
        return label(
            zh=f"“{zh}”引用的记录也已删除；请先从回收站恢复它",
            en=f"what “{en}” refers to was deleted as well; restore that from the bin first",
        )
    return label(
        zh=f"“{zh}”引用的记录已不存在，不能恢复", en=f"what “{en}” refers to is gone, so it cannot come back"
    )


def _unfit(field: Field) -> Label:
    zh, en = text_of(field.label, "zh"), text_of(field.label, "en")
    return label(
        zh=f"“{zh}”必填，但类型已改变，回收站里的值放不进去；请管理员按动态中的旧值重新录入",
        en=f"“{en}” is required and has another type by now, into which its value does not fit; enter the record anew",
    )


def _no_such_state(field: Field, state: str) -> Label:
    zh, en = text_of(field.label, "zh"), text_of(field.label, "en")
    return label(
        zh=f"“{zh}”的状态 {state} 在现在的流程里已不存在，不能恢复",
        en=f"“{en}”: the workflow has no state `{state}` any more, so it cannot come back",
    )


_MERGED = label(
    zh="它的明细已合并到另一张单据；恢复会使明细重复，请在那张单据上拆分",
    en="its lines were merged into another record, where they would stand twice; split that one instead",
)
