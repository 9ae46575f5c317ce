"""What is wrong with documents as they would be saved: each problem at its field, all of them at once.

A rule is judged when what it reads has changed: an old sin is no reason to refuse an unrelated
change. Uniqueness is in `uniqueness`, since it needs the database.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from orderkit.engine import files
from orderkit.engine.files import StoredFile
from orderkit.engine.records.documents.deriving import by_form, variant_of
from orderkit.engine.records.documents.document import Document, Part
from orderkit.engine.records.documents.naming import NO_SUCH_RECORD, NO_SUCH_UPLOAD, may_name
from orderkit.engine.records.documents.plans import Condition, FieldRules, FormRules
from orderkit.engine.records.documents.terms import Terms
from orderkit.engine.rows import RecordRow, RowsOfUnit, environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import ATTACHED
from orderkit.model.expressions.evaluation import EvaluationError, Value, evaluate
from orderkit.model.expressions.types import Many
from orderkit.model.forms import Check, Field, SystemRole, ids_in
from orderkit.model.labels import label

Parts = list[tuple[Document, Part]]


def validate(unit: Unit, documents: Sequence[Document], terms: Terms) -> None:
    """Note every problem on its document."""
    for same_form in by_form(documents):
        plan = same_form[0].plan
        for rules in plan.rules:
            parts = [(d, part) for d in same_form for part in d.parts_of(rules.form.id)]
            _Judge(unit, terms, rules, parts).judge()


class _Judge:
    """Judges the rows of one form in a batch."""

    def __init__(self, unit: Unit, terms: Terms, rules: FormRules, parts: Parts) -> None:
        self.unit = unit
        self.terms = terms
        self.rules = rules
        self.parts = parts
        self.rows: RowsOfUnit = rows_of(unit)
        self.prefix = f"{rules.form.id.rsplit('.', 1)[1]}." if rules.form.parent is not None else ""

    def judge(self) -> None:
        """Judge every field, then the form."""
        for field_rules in self.rules.fields:
            field = field_rules.field
            if field.type == "lines":
                self._count_lines(field)
            elif not field.is_derived or field.is_stored:
                self._judge_field(field_rules)
        for check, condition in self.rules.checks:
            self._judge_check(check, condition, None)

    def _judge_field(self, rules: FieldRules) -> None:
        field = rules.field
        changed = [(d, part) for d, part in self.parts if part.is_new or field.id in part.changed]
        self._check_presence(rules, changed)
        filled = [(d, part) for d, part in changed if part.row.values.get(field.id) is not None]
        if filled:
            self._check_values(field, filled)
        if filled and field.target is not None and field.system in {SystemRole.NONE, SystemRole.OWNER}:
            self._check_references(rules, filled)
        if filled and self.unit.runtime.catalog.fields[field.type].column in ATTACHED:
            self._check_files(field, filled)
        if not self.terms.is_free(self.unit):
            self._check_locks(rules, changed)
        for check, condition in rules.checks:
            self._judge_check(check, condition, field)

    def _check_presence(self, rules: FieldRules, changed: Parts) -> None:
        field = rules.field
        if field.is_derived or field.system is not SystemRole.NONE or self._is_waived(field, "required"):
            return
        conditions = [c for c in (rules.required_if, rules.visible_if) if c is not None]
        looked_at = {id(part) for _, part in changed}
        due = changed + [
            (d, part)
            for d, part in self.parts
            if id(part) not in looked_at and self._may_be_required_anew(d, part, conditions)
        ]
        empty = [(d, part) for d, part in due if part.row.values.get(field.id) is None]
        self._prefetch(empty, conditions)
        for document, part in empty:
            if is_required(self.unit, rules, part) and is_visible(self.unit, rules, part):
                document.refuse(part.path + field.id, "required", label(zh="不能为空", en="This is required"))

    def _may_be_required_anew(self, document: Document, part: Part, conditions: Iterable[Condition]) -> bool:
        variant_field = part.form.variant_field
        return (variant_field is not None and variant_field in part.changed) or any(
            document.is_touched(part, condition.inputs) for condition in conditions
        )

    def _check_values(self, field: Field, filled: Parts) -> None:
        field_type = self.unit.runtime.catalog.fields[field.type]
        for document, part in filled:
            problem = field_type.check(field.options, part.row.values[field.id])
            if problem is not None:
                document.refuse(part.path + field.id, "invalid", problem.message, problem.expected)

    def _check_references(self, rules: FieldRules, filled: Parts) -> None:
        field = rules.field
        assert field.target is not None
        if field.target == "user" and rules.where is None:
            # That the person who acts exists need not be asked.
            me = self.unit.person.id
            filled = [(d, part) for d, part in filled if part.row.values[field.id] != me]
        ids = {each for _, part in filled for each in ids_in(part.row.values[field.id])}
        known = {row.id: row for row in self.rows.load(field.target, ids)}
        if rules.where is not None:
            self._prefetch(filled, [rules.where])
        for document, part in filled:
            before = () if part.old is None else ids_in(part.old.values.get(field.id))
            for each in ids_in(part.row.values[field.id]):
                # What stood in a list before was judged when it came.
                if not (isinstance(field.value_type, Many) and each in before) and not self._check_reference(
                    rules, document, part, known.get(each)
                ):
                    break

    def _check_reference(
        self, rules: FieldRules, document: Document, part: Part, candidate: RecordRow | None
    ) -> bool:
        """Note why a record may not be referred to; return whether it may."""
        field, place = rules.field, part.path + rules.field.id
        if candidate is None or not self._may_be_named(field, part, candidate):
            document.refuse(place, "not_found", NO_SUCH_RECORD)
            return False
        if rules.where is None or self._is_waived(field, "where"):
            return True
        roots: dict[str, Value] = {"candidate": candidate, "old": part.old}
        if self._holds(document, part, rules.where, roots, place):
            return True
        document.refuse(place, "where", label(zh="这条记录不能选", en="This record may not be chosen here"))
        return False

    def _may_be_named(self, field: Field, part: Part, candidate: Any) -> bool:
        """Return whether the person may know of this record; what a rule filled in is not asked."""
        if field.id not in part.given or self.terms.is_free(self.unit):
            return True
        return may_name(self.unit, candidate)

    def _check_files(self, field: Field, filled: Parts) -> None:
        ids = [each for _, part in filled for each in ids_in(part.row.values[field.id])]
        stored = files.files_of(self.unit, ids)
        for document, part in filled:
            given = (stored.get(each) for each in ids_in(part.row.values[field.id]))
            if not all(each is not None and self._is_mine(each, field, part) for each in given):
                document.refuse(part.path + field.id, "not_found", NO_SUCH_UPLOAD)

    def _is_mine(self, file: StoredFile, field: Field, part: Part) -> bool:
        """Return whether a file belongs here already, or was uploaded by this person and nobody took it."""
        if (file.form, file.field, file.record_id) == (part.form.id, field.id, part.row.id):
            return True
        is_theirs = self.terms.is_free(self.unit) or file.created_by == self.unit.person.id
        return file.record_id is None and is_theirs

    def _check_locks(self, rules: FieldRules, changed: Parts) -> None:
        field = rules.field
        given = [(d, part) for d, part in changed if field.id in part.given]
        if rules.readonly_if is not None:
            self._prefetch(given, [rules.readonly_if])
        for document, part in given:
            place = part.path + field.id
            before = None if part.old is None else part.old.values.get(field.id)
            if field.set_once and before is not None:
                message = label(zh="填写后不能再改", en="Once given, this cannot be changed")
                document.refuse(place, "set_once", message)
            elif rules.readonly_if is not None and self._holds(document, part, rules.readonly_if, {}, place):
                document.refuse(place, "readonly", label(zh="此时不能修改", en="This cannot be changed now"))

    def _judge_check(self, check: Check, condition: Condition, field: Field | None) -> None:
        if check.id in self.terms.waive:
            return
        due = [
            (document, part)
            for document, part in self.parts
            if (part.is_new or document.is_touched(part, condition.inputs))
            and (field is None or part.row.values.get(field.id) is not None)
        ]
        self._prefetch(due, [condition])
        for document, part in due:
            place = part.path + (field.id if field is not None else check.at or "")
            roots: dict[str, Value] = {"old": part.old}
            if field is not None:
                roots["value"] = part.row.values[field.id]
            if self._value(document, part, condition, roots, place) is False:
                document.refuse(place.removesuffix("."), "check_failed", check.error)

    def _count_lines(self, field: Field) -> None:
        field_type = self.unit.runtime.catalog.fields[field.type]
        for document, part in self.parts:
            if not (part.is_new or field.id in document.regrouped):
                continue
            count = len(document.lines[field.id])
            if count == 0 and field.required and not self._is_waived(field, "required"):
                message = label(zh="至少要有一行", en="At least one row is needed")
                document.refuse(field.id, "required", message)
                continue
            problem = field_type.check(field.options, count)
            if problem is not None:
                document.refuse(field.id, "invalid", problem.message, problem.expected)

    def _is_waived(self, field: Field, rule: str) -> bool:
        return f"{self.prefix}{field.id}.{rule}" in self.terms.waive

    def _prefetch(self, parts: Parts, conditions: Iterable[Condition]) -> None:
        for condition in conditions:
            self.rows.prefetch([part.row for _, part in parts], condition.steps)

    def _holds(
        self, document: Document, part: Part, condition: Condition, roots: dict[str, Value], place: str
    ) -> bool:
        return self._value(document, part, condition, roots, place) is True

    def _value(
        self, document: Document, part: Part, condition: Condition, roots: dict[str, Value], place: str
    ) -> Value:
        try:
            return condition_value(self.unit, part, condition, roots)
        except EvaluationError as error:
            document.refuse(place, "cannot_compute", error.explain)
            return None


def condition_value(unit: Unit, part: Part, condition: Condition, roots: dict[str, Value]) -> Value:
    """Return what a condition of a row comes to. Raises EvaluationError."""
    changed = frozenset(part.form.by_id) if part.is_new else frozenset(part.changed)
    return evaluate(condition.expression, environment_of(unit, part.row, roots=roots, changed=changed))


def is_visible(unit: Unit, rules: FieldRules, part: Part) -> bool:
    """Return whether a field is shown in this row: by its own condition and the row's variant."""
    variant = variant_of(part)
    if variant is not None and rules.field.id in variant.hide:
        return False
    return rules.visible_if is None or _is_true(unit, part, rules.visible_if)


def is_required(unit: Unit, rules: FieldRules, part: Part) -> bool:
    """Return whether a field must be filled in this row, as long as it is visible."""
    variant = variant_of(part)
    if rules.field.required or (variant is not None and rules.field.id in variant.require):
        return True
    return rules.required_if is not None and _is_true(unit, part, rules.required_if)


def _is_true(unit: Unit, part: Part, condition: Condition) -> bool:
    try:
        return condition_value(unit, part, condition, {"old": part.old}) is True
    except EvaluationError:
        return False
