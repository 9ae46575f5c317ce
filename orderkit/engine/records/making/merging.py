"""Merging: the rows of several records of a form move to the first of them, and the others end."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.records.changes import Applied, Change, ChangesRefused, Delete, LineChange, Update
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.records.making.copying import collections_of, copied_line, kept_line
from orderkit.engine.records.making.picking import NOT_OFFERED, refused
from orderkit.engine.records.making.shapes import MOST_SOURCES
from orderkit.engine.records.making.taking import NOTHING
from orderkit.engine.records.making.tracing import Trace, note_trace
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.records.writing.applying import apply
from orderkit.engine.rows import RecordRow, holds, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import FieldId, Form, FormId
from orderkit.model.forms import Merge as MergeWords
from orderkit.model.labels import Label, label, text_of

End = Callable[[RecordRow], None]


def merge(unit: Unit, form_id: FormId, ids: Iterable[int]) -> Applied:
    """Make one record of several, as their form says; the first stays, the others are deleted.

    Raises: NotFound, Denied, Refused.
    """
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.merge is None:
        raise NotFound
    wanted = list(dict.fromkeys(ids))
    if len(wanted) < 2:
        raise refused("", "required", label(zh="请至少选择两张单据", en="choose at least two records"))
    if len(wanted) > MOST_SOURCES:
        message = label(
            zh=f"一次最多选 {MOST_SOURCES} 张单据", en=f"choose at most {MOST_SOURCES} records at once"
        )
        raise refused("", "too_many", message)
    rows = [readable_row(unit, form_id, each) for each in wanted]
    load_documents(unit, form_id, wanted, lock=True)
    for row in rows:
        _check_mergeable(unit, form, form.merge, row)
    _check_same(form, form.merge, rows)
    return join(unit, rows[0], rows[1:], collections_of(form))


def join(
    unit: Unit,
    into: RecordRow,
    others: Sequence[RecordRow],
    collections: Iterable[str],
    *,
    end: End | None = None,
) -> Applied:
    """Move the rows of others into a record by rule, and return that.

    Rows that agree on what the form says become one, with what is to be added summed. The others are
    deleted, or with `end` lose these rows and are ended by it. Raises: Refused.
    """
    names = list(collections)
    lines = {name: _joined(unit, name, into, others) for name in names}
    taken_in = Update(form=into.form, id=into.id, lines=lines)
    if end is None:
        leaving: list[Change] = [Delete(form=each.form, id=each.id) for each in others]
    else:
        leaving = [Update(form=each.form, id=each.id, lines={name: [] for name in names}) for each in others]
    try:
        made = apply(unit, [*leaving, taken_in], by_rule=True)[-1]
    except ChangesRefused as error:
        places = {index: leaving[index] for index in error.by_change if index < len(leaving)}
        raise Refused(_named(unit, error, {index: others[index] for index in places})) from error
    note_trace(unit, Trace.MERGED if end is None else Trace.JOINED, others, into.form, into.id)
    for each in others if end is not None else ():
        assert end is not None
        end(each)
    return made


def why_not_merged(unit: Unit, form: Form, words: MergeWords, row: RecordRow) -> Label | None:
    """Return why this person may not merge the record now; None where they may."""
    decision = decide(unit.person, Action.UPDATE, form.id, row, unit=unit)
    if not decision:
        return decision.why
    rights = field_rights(unit, form.id, row)
    if any(rights.get(name, Right.HIDDEN) is not Right.WRITE for name in collections_of(form)):
        return label(zh="此时不能修改明细", en="its lines may not be changed now")
    if words.where is not None and not holds(unit, words.where, row):
        return label(zh="这张单据现在不符合条件", en="this record does not allow it now")
    return None


def _check_mergeable(unit: Unit, form: Form, words: MergeWords, row: RecordRow) -> None:
    why = why_not_merged(unit, form, words, row)
    if why is not None:
        title = rows_of(unit).title(row.form, row.id)
        raise Denied(label(zh=f"{title}：{text_of(why, 'zh')}", en=f"{title}: {text_of(why, 'en')}"))


def _check_same(form: Form, words: MergeWords, rows: Sequence[RecordRow]) -> None:
    for name in words.same:
        if len({row.get(name) for row in rows}) > 1:
            field = form.by_id[name].label
            message = label(
                zh=f"{text_of(field, 'zh')}不同，不能合并",
                en=f"they differ in {text_of(field, 'en')}, so they cannot become one",
            )
            raise refused("", NOT_OFFERED, message)


def _joined(unit: Unit, name: str, into: RecordRow, others: Sequence[RecordRow]) -> list[LineChange]:
    """Return all rows as rows of `into`, those that agree put together where the first of them stands."""
    words = into.shape.merge
    same, add = ((), ()) if words is None else (words.rows, words.add)
    groups: dict[object, list[RecordRow]] = {}
    for top in (into, *others):
        for row in top.rows(name):
            keys = [each for each in same if each in row.shape.by_id]
            key: object = tuple(row.values.get(each) for each in keys) if keys else row.id
            groups.setdefault(key, []).append(row)
    own = {row.id for row in into.rows(name)}
    joined: list[LineChange] = []
    for rows in groups.values():
        first = rows[0]
        summed = {each: _sum(rows, each) for each in add if each in first.shape.by_id and len(rows) > 1}
        joined.append(kept_line(first, summed) if first.id in own else copied_line(unit, first, summed))
    return joined


def _sum(rows: Sequence[RecordRow], name: FieldId) -> Scalar:
    values = [row.values.get(name) for row in rows]
    total = sum((Decimal(each) for each in values if isinstance(each, int | Decimal)), NOTHING)
    return int(total) if all(isinstance(each, int) or each is None for each in values) else total


def _named(unit: Unit, error: ChangesRefused, rows: dict[int, RecordRow]) -> list[Problem]:
    """Return problems for the whole, each that is about one of the others with its name."""
    found: list[Problem] = []
    for index, problems in error.by_change.items():
        row = rows.get(index)
        title = "" if row is None else rows_of(unit).title(row.form, row.id)
        for problem in problems:
            message = problem.message
            if title:
                message = label(
                    zh=f"{title}：{text_of(message, 'zh')}", en=f"{title}: {text_of(message, 'en')}"
                )
            found.append(Problem(path="", code=problem.code, message=message))
    return found
