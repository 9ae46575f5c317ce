"""Splitting: some rows of a record, or a part of a row, move to a new record of the same form."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.records.changes import (
    Applied,
    Change,
    ChangesRefused,
    Create,
    LineChange,
    Update,
    Values,
)
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.records.making.copying import collections_of, copied_line, copied_values, kept_line
from orderkit.engine.records.making.creating import scalar
from orderkit.engine.records.making.picking import NOT_OFFERED, refused
from orderkit.engine.records.making.taking import NOTHING
from orderkit.engine.records.making.tracing import Trace, note_trace
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.records.writing.applying import apply
from orderkit.engine.rows import RecordRow, environment_of, holds
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused, Stale
from orderkit.model.expressions.evaluation import evaluate
from orderkit.model.forms import FieldId, Form, FormId
from orderkit.model.forms import Split as SplitWords
from orderkit.model.labels import Label, label

# By the row: how much of the quantity moves, or None for the whole row. Rows left out stay.
Moves = Mapping[int, Decimal | None]


def split(
    unit: Unit, form_id: FormId, record_id: int, moves: Moves, *, revision: int | None = None
) -> Applied:
    """Move rows of a record to a new one, as its form says; return the new one.

    Raises: NotFound, Denied, Refused, Stale.
    """
    form = unit.project.form_by_id.get(form_id)
    if form is None or form.split is None:
        raise NotFound
    row = readable_row(unit, form_id, record_id)
    load_documents(unit, form_id, [record_id], lock=True)
    if revision is not None and revision != row.values["revision"]:
        raise Stale
    why = why_not_split(unit, form, form.split, row)
    if why is not None:
        raise Denied(why)
    name = collection_split(form, form.split)
    if name is None:
        raise NotFound
    quantity = None if form.split.quantity is None else form.split.quantity.partition(".")[2]
    parts: dict[int, dict[FieldId, Decimal]] = {}
    for row_id, amount in moves.items():
        parts[row_id] = {} if amount is None or quantity is None else {quantity: amount}
    environment = environment_of(unit, row)
    values = {field: scalar(evaluate(value, environment)) for field, value in form.split.set}
    return divide(unit, row, name, parts, values)


def collection_split(form: Form, words: SplitWords) -> str | None:
    """Return the lines of which rows move: those of the quantity, or the first ones."""
    if words.quantity is not None:
        return words.quantity.partition(".")[0]
    return next(iter(collections_of(form)), None)


def why_not_split(unit: Unit, form: Form, words: SplitWords, row: RecordRow) -> Label | None:
    """Return why this person may not split the record now; None where they may."""
    decision = decide(unit.person, Action.UPDATE, form.id, row, unit=unit)
    if not decision:
        return decision.why
    name = collection_split(form, words)
    if name is None or field_rights(unit, form.id, row).get(name, Right.HIDDEN) is not Right.WRITE:
        return label(zh="此时不能修改明细", en="its lines may not be changed now")
    if words.where is not None and not holds(unit, words.where, row):
        return label(zh="这张单据现在不符合条件", en="this record does not allow it now")
    return None


def divide(
    unit: Unit,
    row: RecordRow,
    name: str,
    parts: Mapping[int, Mapping[FieldId, Decimal]],
    values: Values,
) -> Applied:
    """Move rows of `row` to a new record by rule, and return that.

    `parts` names the rows that go; with numbers only that part of them goes, and the rest stays.
    Raises: Refused, with places such as `rows.7.qty`.
    """
    rows = row.rows(name)
    _check_parts(rows, parts)
    staying: list[LineChange] = []
    going: list[LineChange] = []
    places: list[int] = []
    for each in rows:
        part = parts.get(each.id)
        rest = {} if part is None else _rest(each, part)
        if part is None:
            staying.append(kept_line(each))
            continue
        places.append(each.id)
        if rest and any(left != NOTHING for left in rest.values()):
            staying.append(kept_line(each, dict(rest)))
            going.append(copied_line(unit, each, dict(part)))
        else:
            going.append(copied_line(unit, each))
    if not going:
        raise refused("", "required", label(zh="请先选择要拆出的明细", en="choose at least one line to move"))
    if not staying:
        raise refused("", NOT_OFFERED, label(zh="不能拆走全部明细", en="something has to stay behind"))
    header = {**copied_values(unit, row), **values}
    changes: list[Change] = [
        Update(form=row.form, id=row.id, lines={name: staying}),
        Create(form=row.form, values=header, lines={name: going}),
    ]
    try:
        _, made = apply(unit, changes, by_rule=True)
    except ChangesRefused as error:
        raise Refused(_placed(error, name, places)) from error
    note_trace(unit, Trace.SPLIT, [row], made.form, made.id)
    return made


def _check_parts(rows: Sequence[RecordRow], parts: Mapping[int, Mapping[FieldId, Decimal]]) -> None:
    by_id = {each.id: each for each in rows}
    problems: list[Problem] = []
    for row_id, part in parts.items():
        each = by_id.get(row_id)
        if each is None:
            message = label(zh="这一行已不存在，请刷新", en="this row is gone; load the page again")
            problems.append(Problem(path=f"rows.{row_id}", code="not_open", message=message))
            continue
        for name, amount in part.items():
            held = each.values.get(name)
            whole = Decimal(held) if isinstance(held, int | Decimal) else NOTHING
            if not _is_within(amount, whole):
                message = label(zh="须在 0 与本行数量之间", en="must be between 0 and what the row has")
                problems.append(Problem(path=f"rows.{row_id}.{name}", code="over_limit", message=message))
    if problems:
        raise Refused(problems)


def _is_within(amount: Decimal, whole: Decimal) -> bool:
    return NOTHING < amount <= whole or whole <= amount < NOTHING


def _rest(row: RecordRow, part: Mapping[FieldId, Decimal]) -> dict[FieldId, Decimal]:
    rest: dict[FieldId, Decimal] = {}
    for name, amount in part.items():
        held = row.values.get(name)
        assert isinstance(held, int | Decimal)
        rest[name] = Decimal(held) - amount
    return rest


def _placed(error: ChangesRefused, name: str, places: Sequence[int]) -> list[Problem]:
    """Return problems of the new record's rows at the rows that they come from, the others for the whole."""
    found: list[Problem] = []
    for index, problems in error.by_change.items():
        for problem in problems:
            first, _, rest = problem.path.partition(".")
            position, _, field = rest.partition(".")
            is_row = index == 1 and first == name and position.isdecimal()
            path = f"rows.{places[int(position)]}.{field}".removesuffix(".") if is_row else ""
            found.append(Problem(path=path, code=problem.code, message=problem.message, help=problem.help))
    return found
