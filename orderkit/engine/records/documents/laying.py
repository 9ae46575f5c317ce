"""Laying what a change asks for on a document: who may write which field, and which rows there will be.

What then follows by itself is `deriving`, what is wrong with the outcome `validating`.
"""

from collections.abc import Iterable, Mapping, Sequence

from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.access.deciding import why_not
from orderkit.engine.records.changes import Create, Delete, LineChange, Lines, Update, Values
from orderkit.engine.records.documents.document import Document, Part, is_same
from orderkit.engine.records.documents.plans import plan_of
from orderkit.engine.records.documents.terms import Terms
from orderkit.engine.records.documents.values import stored_value
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ColumnKind, Invalid
from orderkit.model.errors import Denied, NotFound, Stale
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field, FieldId, Form, FormId, SystemRole
from orderkit.model.labels import label

Rights = Mapping[str, Right]


class Layer:
    """Lays changes of one batch."""

    def __init__(self, unit: Unit, terms: Terms) -> None:
        self.unit = unit
        self.terms = terms
        self.is_free = terms.is_free(unit)
        self._blank: dict[FormId, dict[FieldId, Scalar]] = {}

    def create(self, index: int, change: Create) -> Document:
        """Return the document of a new record. Raises Denied when the person may create none."""
        form = self.unit.project.form_by_id[change.form]
        if not self.is_free:
            decision = decide(self.unit.person, Action.CREATE, form.id, unit=self.unit)
            if not decision:
                raise Denied(decision.why)
        row = rows_of(self.unit).new(form, self._first_values(form))
        document = Document(
            plan=plan_of(self.unit.runtime, form.id), top=Part(row, None), lines={}, index=index
        )
        rights = {} if self.is_free else field_rights(self.unit, form.id, None)
        self._lay_values(document, document.top, change.values, rights, "")
        for collection in form.lines:
            document.lines[collection.id] = []
        self._lay_lines(document, change.lines, rights)
        document.number_lines()
        return document

    def update(self, index: int, change: Update, row: RecordRow) -> Document:
        """Return the document of a record with the change on it. Raises NotFound, Denied, Stale."""
        self._check_record(row, Action.UPDATE, change.revision)
        document = stored_document(self.unit, row, index=index)
        rights = {} if self.is_free else field_rights(self.unit, row.form, row)
        self._lay_values(document, document.top, change.values, rights, "")
        self._lay_lines(document, change.lines, rights)
        document.number_lines()
        return document

    def unchanged(self, row: RecordRow) -> Document:
        """Return the document of a record as it stands, for who may only look at it."""
        document = stored_document(self.unit, row, index=0)
        document.number_lines()
        return document

    def delete(self, change: Delete, row: RecordRow) -> None:
        """Check that a record may be deleted. Raises NotFound, Denied, Stale."""
        self._check_record(row, Action.DELETE, change.revision)

    def check_created(self, document: Document) -> None:
        """Check that the person may create this very record, now that it is filled. Raises Denied."""
        if not self.is_free:
            row = document.top.row
            decision = decide(self.unit.person, Action.CREATE, row.form, row, unit=self.unit)
            if not decision:
                raise Denied(decision.why)

    def _check_record(self, row: RecordRow, action: Action, revision: int | None) -> None:
        if not self.is_free:
            person = self.unit.person
            decision = decide(person, action, row.form, row, unit=self.unit)
            if not decision:
                if not decide(person, Action.READ, row.form, row, unit=self.unit):
                    raise NotFound
                raise Denied(decision.why)
        if revision is not None and revision != row.values["revision"]:
            raise Stale(
                label(
                    zh="别人刚刚修改过这条记录，请刷新后重新修改",
                    en="Somebody changed this in the meantime; load it again and repeat your change",
                )
            )

    def _first_values(self, form: Form) -> dict[FieldId, Scalar]:
        """Return the values of a new record before anything is said about it."""
        known = self._blank.get(form.id)
        if known is None:
            known = self._blank[form.id] = self._blank_values(form)
        return dict(known)

    def _blank_values(self, form: Form) -> dict[FieldId, Scalar]:
        fields = self.unit.runtime.catalog.fields
        values: dict[FieldId, Scalar] = {
            field.id: False if fields[field.type].column is ColumnKind.BOOLEAN else None
            for field in form.stored_fields
        }
        person = self.unit.person.id
        for field in form.fields:
            match field.system:
                case SystemRole.OWNER | SystemRole.CREATED_BY | SystemRole.UPDATED_BY:
                    values[field.id] = person
                case SystemRole.CREATED_AT | SystemRole.UPDATED_AT:
                    values[field.id] = self.unit.now
                case SystemRole.REVISION:
                    values[field.id] = 1
                case SystemRole.STATE:
                    assert field.workflow is not None
                    values[field.id] = self.unit.project.workflow_by_id[field.workflow].initial
        return values

    def _lay_values(
        self, document: Document, part: Part, values: Values, rights: Rights, collection: str
    ) -> None:
        for name, value in values.items():
            field = part.form.by_id.get(name)
            place = part.path + name
            if field is None or field.type == "lines":
                message = label(zh=f"没有字段 {name}", en=f"there is no field `{name}`")
                document.refuse(place, "unknown_field", message)
                continue
            stored = stored_value(self.unit.runtime.catalog, field, value)
            if isinstance(stored, Invalid):
                document.refuse(place, "type", stored.message, stored.expected)
            elif part.old is not None and is_same(part.old.values.get(name), stored):
                continue
            elif self._may_write(document, part, field, rights, collection):
                part.given.add(name)
                part.put(name, stored)

    def _may_write(
        self, document: Document, part: Part, field: Field, rights: Rights, collection: str
    ) -> bool:
        place = part.path + field.id
        if field.is_derived:
            message = label(zh="此字段由系统计算，不能填写", en="This field is computed and cannot be given")
            document.refuse(place, "computed", message)
            return False
        if field.system is SystemRole.STATE:
            if self.is_free or self.terms.is_history:
                return True
            message = label(
                zh="状态只能通过流程操作改变", en="The state only changes by the actions of its workflow"
            )
            document.refuse(place, "state", message)
            return False
        if field.system is SystemRole.NUMBER and self.terms.is_history:
            return True
        if field.system not in {SystemRole.NONE, SystemRole.OWNER}:
            document.refuse(
                place, "readonly", label(zh="此字段由系统填写", en="This field is filled by the system")
            )
            return False
        path = f"{collection}.{field.id}" if collection else field.id
        right = Right.WRITE if self.is_free else rights.get(path, Right.HIDDEN)
        if right is Right.WRITE or (self.terms.is_history and right is Right.READ):
            return True
        refused = why_not(self.unit, document.form, document.top.row, path, right)
        document.refuse(place, refused.code, refused.why)
        return False

    def _lay_lines(self, document: Document, lines: Lines, rights: Rights) -> None:
        for name, changes in lines.items():
            collection = document.form.collection_by_id.get(name)
            if collection is None or not collection.is_lines:
                message = label(zh=f"没有明细 {name}", en=f"there are no lines `{name}`")
                document.refuse(name, "unknown_field", message)
                continue
            self._lay_collection(document, name, changes, rights)

    def _lay_collection(
        self, document: Document, name: str, changes: Sequence[LineChange], rights: Rights
    ) -> None:
        before = {part.row.id: part for part in document.lines[name]}
        laid: list[tuple[Part, LineChange]] = []
        for index, change in enumerate(changes):
            part = None if change.id is None else before.pop(change.id, None)
            if change.id is not None and part is None:
                message = label(
                    zh="这一行已不存在，请刷新", en="This row no longer exists; load the record again"
                )
                document.refuse(f"{name}.{index}", "unknown_line", message)
                continue
            if part is None:
                part = self._new_line(document, name)
            part.path = f"{name}.{index}."
            laid.append((part, change))
        after = [part for part, _ in laid]
        is_moved = [part.row.id for part in after if not part.is_new] != [
            part.row.id for part in document.lines[name] if part.row.id not in before
        ]
        is_regrouped = bool(before) or any(part.is_new for part in after)
        right = Right.WRITE if self.is_free else rights.get(name, Right.HIDDEN)
        if (is_regrouped or is_moved) and right is not Right.WRITE:
            refused = why_not(self.unit, document.form, document.top.row, name, right)
            document.refuse(name, refused.code, refused.why)
            return
        document.lines[name] = after
        document.removed[name] = [part.row for part in before.values()]
        if is_regrouped:
            document.regrouped.add(name)
        for part, change in laid:
            self._lay_values(document, part, change.values, rights, name)

    def _new_line(self, document: Document, name: str) -> Part:
        form = self.unit.project.form_by_id[document.form.collection_by_id[name].form]
        values = self._first_values(form)
        assert form.parent_field is not None
        values[form.parent_field.id] = document.top.row.id
        return Part(rows_of(self.unit).new(form, values), None)


def stored_document(unit: Unit, row: RecordRow, *, index: int | None = None) -> Document:
    """Return the document of a stored record as it stands; its lines must be in hand."""
    plan = plan_of(unit.runtime, row.form)
    old = row.snapshot()
    document = Document(plan=plan, top=Part(row, old), lines={}, index=index)
    for collection in row.shape.lines:
        lines = zip(row.rows(collection.id), old.rows(collection.id), strict=True)
        document.lines[collection.id] = [Part(line, before) for line, before in lines]
    return document


def load_documents(unit: Unit, form_id: FormId, ids: Iterable[int], *, lock: bool) -> list[RecordRow]:
    """Load records with their lines; with `lock` nobody else may write them until the unit ends."""
    rows = rows_of(unit)
    found = rows.load(form_id, ids, lock=lock)
    for collection in unit.project.form_by_id[form_id].lines:
        rows.load_rows(found, collection.id, again=lock)
    return found
