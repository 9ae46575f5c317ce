"""Keeping computed values of other records true, in the same transaction, until nothing more changes.

The records are locked before what they hang on is read, so that two writers who add to the same sum
take turns, and the second sees what the first added.
"""

from collections import defaultdict
from collections.abc import Sequence

from orderkit.engine.records.documents.deriving import derive
from orderkit.engine.records.documents.document import Document
from orderkit.engine.records.documents.laying import load_documents, stored_document
from orderkit.engine.records.documents.terms import BY_RULE
from orderkit.engine.records.documents.validating import validate
from orderkit.engine.records.writing.dependencies import Affected, Touched, affected_by
from orderkit.engine.records.writing.storing import store
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.forms import FieldId, FormId
from orderkit.model.labels import Label, label, text_of

# Each round follows one reference further; no project has chains as long as this.
LONGEST_CHAIN = 50


def recompute(unit: Unit, touched: Sequence[Touched]) -> list[Document]:
    """Compute what hangs on the rows touched, and what hangs on that; return what changed.

    Raises: Refused when a rule of such a record is broken by its new values.
    """
    changed: list[Document] = []
    for _ in range(LONGEST_CHAIN):
        affected = affected_by(unit, touched)
        if not affected:
            return changed
        documents = _compute(unit, affected)
        touched = store(unit, documents, ())
        changed.extend(documents)
    message = label(
        zh="计算没有尽头：记录互相引用", en="The computation does not end: records refer to each other"
    )
    raise Refused([Problem(path="", code="endless", message=message)])


def _compute(unit: Unit, affected: Affected) -> list[Document]:
    rows = rows_of(unit)
    tops: dict[FormId, set[int]] = defaultdict(set)
    forced: dict[tuple[FormId, int], frozenset[FieldId]] = {}
    for form_id, fields_by_id in affected.items():
        form = unit.project.form_by_id[form_id]
        for record_id, fields in fields_by_id.items():
            forced[form_id, record_id] = fields
        if form.parent is None:
            tops[form_id].update(fields_by_id)
            continue
        assert form.parent_field is not None
        for row in rows.load(form_id, fields_by_id):
            parent = row.values[form.parent_field.id]
            assert isinstance(parent, int)
            tops[form.parent].add(parent)
    documents = [
        stored_document(unit, row)
        for form_id in sorted(tops)
        for row in load_documents(unit, form_id, tops[form_id], lock=True)
    ]
    for document in documents:
        for _, part in document.parts():
            part.forced.update(forced.get((part.form.id, part.row.id), ()))
    with rows.reading_again():
        derive(unit, documents)
        changed = [document for document in documents if document.has_changed]
        validate(unit, changed, BY_RULE)
    _refuse_broken(unit, documents)
    return changed


def _refuse_broken(unit: Unit, documents: Sequence[Document]) -> None:
    problems = [
        Problem(path="", code=problem.code, message=_about(unit, document, problem.message))
        for document in documents
        for problem in document.problems
    ]
    if problems:
        raise Refused(problems)


def _about(unit: Unit, document: Document, message: Label) -> Label:
    """Return a problem of another record, with that record named."""
    title = rows_of(unit).title(document.form.id, document.top.row.id)
    form = document.form.label
    return label(
        zh=f"{text_of(form, 'zh')} {title}：{text_of(message, 'zh')}",
        en=f"{text_of(form, 'en')} {title}: {text_of(message, 'en')}",
    )
