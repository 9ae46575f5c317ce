"""Numbers of records: gap-free for each prefix, never used twice, taken as late as possible.

A counter is a row that every new record of a form wants, so it is written last in the unit; whoever
reads a number earlier gets it then. A batch takes a block with one statement. A unit that is rolled
back gives its numbers back, since the counter is rolled back with it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Executable, select
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import counter
from orderkit.engine.records.writing.statements import update_rows
from orderkit.engine.rows import RecordRow, evaluate_on, rows_of
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.expressions.nodes import Template, TemplatePart
from orderkit.model.forms import FieldId, Form, FormId, SystemRole

_SEQUENCE = "seq"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pattern:
    """A number's template in three parts. `width` None: it has no sequence of its own."""

    field: FieldId
    before: Template
    width: int | None
    after: Template


class _Patterns(dict[FormId, _Pattern]):
    pass


class _Waiting(dict[FormId, list[RecordRow]]):
    pass


def await_numbers(unit: Unit, created: Iterable[RecordRow]) -> None:
    """Let new records have their numbers at the end of the unit, or as soon as somebody reads one."""
    rows = rows_of(unit)
    waiting = unit.keep(_Waiting, _Waiting)
    for row in created:
        form = row.shape
        if form.number is None or row.values[_pattern_of(unit.runtime, form).field] is not None:
            continue
        if not waiting.get(form.id):
            name = f"number:{form.id}"
            unit.last_writes.append((name, lambda form=form: take_numbers(unit, form)))  # type: ignore[misc]
        waiting.setdefault(form.id, []).append(row)
        rows.await_number(row, lambda form=form: take_numbers(unit, form))  # type: ignore[misc]


def take_numbers(unit: Unit, form: Form) -> None:
    """Give every record of the form that waits its number now."""
    waiting = unit.keep(_Waiting, _Waiting).pop(form.id, [])
    if not waiting:
        return
    rows, pattern = rows_of(unit), _pattern_of(unit.runtime, form)
    for row in waiting:
        rows.has_got_number(row)
    by_prefix: dict[tuple[str, str], list[RecordRow]] = {}
    for row in waiting:
        ends = (_text(unit, pattern.before, row), _text(unit, pattern.after, row))
        by_prefix.setdefault(ends, []).append(row)
    for (before, after), same_prefix in sorted(by_prefix.items(), key=lambda item: item[0]):
        first = 0 if pattern.width is None else _take_block(unit, form, before, after, len(same_prefix))
        for offset, row in enumerate(same_prefix):
            sequence = "" if pattern.width is None else str(first + offset).zfill(pattern.width)
            row.values[pattern.field] = f"{before}{sequence}{after}"
    update_rows(unit, ((row, (pattern.field,)) for row in waiting))


def _pattern_of(runtime: Runtime, form: Form) -> _Pattern:
    known = runtime.keep(_Patterns, _Patterns)
    if form.id not in known:
        known[form.id] = _read_pattern(form)
    return known[form.id]


def _read_pattern(form: Form) -> _Pattern:
    assert form.number is not None
    parts = form.number.parts
    field = next(each.id for each in form.fields if each.system is SystemRole.NUMBER)
    place = next((i for i, part in enumerate(parts) if _is_sequence(part)), None)
    if place is None:
        return _Pattern(field=field, before=form.number, width=None, after=replace(form.number, parts=()))
    _, _, width = parts[place].format.partition(":")
    return _Pattern(
        field=field,
        before=replace(form.number, parts=parts[:place]),
        width=int(width or 1),
        after=replace(form.number, parts=parts[place + 1 :]),
    )


def _is_sequence(part: TemplatePart) -> bool:
    return part.expression is None and part.format.partition(":")[0] == _SEQUENCE


def _text(unit: Unit, template: Template, row: RecordRow) -> str:
    return str(evaluate_on(unit, template, row) or "") if template.parts else ""


def _take_block(unit: Unit, form: Form, before: str, after: str, count: int) -> int:
    """Return the first of `count` numbers, which from now on are taken."""
    name = f"{form.id}:{before}#{after}"[:200]
    last = _advance(unit, name, count)
    if last == count:
        # A fresh counter: records that came with their numbers (history) may be ahead of it.
        highest = _highest(unit, form, before, after)
        if highest:
            last = _advance(unit, name, highest)
    return last - count + 1


def _advance(unit: Unit, name: str, count: int) -> int:
    statement = _ADVANCE[unit.runtime.database.dialect]
    value: int = unit.connection.execute(statement, {"name": name, "value": count}).scalar_one()
    return value


def _advancing(insert: sqlite.Insert | postgresql.Insert) -> Executable:
    further = counter.c.value + insert.excluded.value
    return insert.on_conflict_do_update(index_elements=[counter.c.name], set_={"value": further}).returning(
        counter.c.value
    )


_ADVANCE = {
    "sqlite": _advancing(sqlite.insert(counter)),
    "postgresql": _advancing(postgresql.insert(counter)),
}


def _highest(unit: Unit, form: Form, before: str, after: str) -> int:
    field = _pattern_of(unit.runtime, form).field
    column = unit.runtime.database.tables[form.id].c[field]
    same = column.startswith(before, autoescape=True) & column.endswith(after, autoescape=True)
    return _greatest(unit.connection.execute(select(column).where(same)).scalars().all(), before, after)


def _greatest(numbers: Sequence[str], before: str, after: str) -> int:
    middles = (number[len(before) : len(number) - len(after)] for number in numbers)
    return max((int(middle) for middle in middles if middle.isdecimal() and middle.isascii()), default=0)
