"""Open quantities: which rows of the chosen records may still be taken, and how much of each."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from orderkit.engine.access import Action, Right, decide, field_rights
from orderkit.engine.records.documents.laying import load_documents
from orderkit.engine.records.making.choosing import as_list
from orderkit.engine.records.making.rules import ITEM, Limit, limits_in
from orderkit.engine.records.making.seeing import seen_value
from orderkit.engine.records.making.shapes import (
    MOST_SOURCES,
    PickGroup,
    Picking,
    PickLine,
    PickSource,
    Quantity,
)
from orderkit.engine.records.making.taking import NOTHING, most_of, taken
from orderkit.engine.records.reading.getting import readable_row
from orderkit.engine.rows import RecordRow, environment_of, evaluate_on, holds, rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Denied, NotFound, Problem, Refused
from orderkit.model.expressions.evaluation import Value, evaluate
from orderkit.model.expressions.nodes import Expression, Get, Root
from orderkit.model.expressions.types import Record
from orderkit.model.forms import CreateFrom, CreateLines, Form, FormId
from orderkit.model.labels import Label, label, text_of
from orderkit.model.values.numbers import round_half_up

NOT_OFFERED = "not_offered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The source records that make one, and their rows that may be taken, with how much."""

    sources: tuple[RecordRow, ...]
    rows: tuple[tuple[RecordRow, RecordRow, tuple[Quantity, ...]], ...]


def picking(unit: Unit, source: FormId, target: FormId, ids: Iterable[int]) -> Picking:
    """Return what may be made of records, as the picking page shows it.

    Raises: NotFound (no such record or way of making), Denied (they may create none), Refused (one of the
    records does not allow it now).
    """
    form, derivation = derivation_of(unit, source, target)
    groups = open_groups(unit, form, derivation, ids)
    titles = rows_of(unit).titles(source, [row.id for group in groups for row in group.sources])
    return Picking(
        source=source,
        target=target,
        label=derivation.label,
        has_lines=derivation.lines is not None,
        groups=tuple(
            PickGroup(
                sources=tuple(PickSource(id=row.id, title=titles.get(row.id, "")) for row in group.sources),
                lines=tuple(
                    PickLine(source_id=top.id, form=row.form, row_id=row.id, quantities=quantities)
                    for top, row, quantities in group.rows
                ),
            )
            for group in groups
        ),
    )


def derivation_of(unit: Unit, source: FormId, target: FormId) -> tuple[Form, CreateFrom]:
    """Return the form that is made, and how. Raises NotFound, Denied."""
    form = unit.project.form_by_id.get(target)
    found = None if form is None else next((e for e in form.create_from if e.source == source), None)
    if form is None or found is None:
        raise NotFound
    decision = decide(unit.person, Action.CREATE, form.id, unit=unit)
    if not decision:
        raise Denied(decision.why)
    return form, found


def open_groups(
    unit: Unit, form: Form, derivation: CreateFrom, ids: Iterable[int], *, lock: bool = False
) -> list[Group]:
    """Return what may be made, in the order of the records; with `lock` nobody else takes of them meanwhile.

    Raises: NotFound, Refused.
    """
    sources = _sources(unit, derivation, ids, lock=lock)
    rights = field_rights(unit, form.id, None)
    grouped: dict[object, list[RecordRow]] = {}
    for row in sources:
        grouped.setdefault(_group_key(unit, derivation, row), []).append(row)
    pairs = _rows(unit, derivation.lines, sources)
    quantities = _Quantities(unit, form, derivation, rights).of(pairs)
    return [
        Group(
            sources=tuple(rows),
            rows=tuple(
                (top, row, found)
                for (top, row), found in zip(pairs, quantities, strict=True)
                if top in rows and found is not None
            ),
        )
        for rows in grouped.values()
    ]


def why_not(unit: Unit, derivation: CreateFrom, row: RecordRow) -> Label | None:
    """Return why nothing may be made of a record now; None where it may."""
    if derivation.where is not None and not holds(unit, derivation.where, row):
        return label(zh="这张单据现在不符合条件", en="this record does not allow it now")
    return None


def _sources(unit: Unit, derivation: CreateFrom, ids: Iterable[int], *, lock: bool) -> list[RecordRow]:
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise refused("", "required", label(zh="请先选择单据", en="choose at least one record"))
    if len(wanted) > MOST_SOURCES:
        message = label(
            zh=f"一次最多选 {MOST_SOURCES} 张单据", en=f"choose at most {MOST_SOURCES} records at once"
        )
        raise refused("", "too_many", message)
    found = [readable_row(unit, derivation.source, each) for each in wanted]
    load_documents(unit, derivation.source, wanted, lock=lock)
    for row in found:
        why = why_not(unit, derivation, row)
        if why is not None:
            title = rows_of(unit).title(row.form, row.id)
            named = label(zh=f"{title}：{text_of(why, 'zh')}", en=f"{title}: {text_of(why, 'en')}")
            raise refused("", NOT_OFFERED, named)
    return found


def refused(path: str, code: str, message: Label) -> Refused:
    """Return the refusal for one reason."""
    return Refused([Problem(path=path, code=code, message=message)])


def _group_key(unit: Unit, derivation: CreateFrom, row: RecordRow) -> object:
    if not derivation.many:
        return row.id
    return tuple(_plain(evaluate_on(unit, _path(unit, row.form, path), row)) for path in derivation.group_by)


def _path(unit: Unit, form_id: FormId, path: str) -> Expression:
    """Return the expression of a path of fields, such as `customer.region`."""
    found: Expression = Root("record", Record(form_id))
    for name in path.split("."):
        assert isinstance(found.type, Record)
        found = Get(found, name, unit.project.form_by_id[found.type.form].by_id[name].value_type)
    return found


def _plain(value: Value) -> object:
    return (value.form, value.id) if isinstance(value, RecordRow) else value


def _rows(
    unit: Unit, lines: CreateLines | None, sources: Sequence[RecordRow]
) -> list[tuple[RecordRow, RecordRow]]:
    """Return the rows that `each` leads to and `where` lets through; none of those that may not be seen."""
    if lines is None:
        return []
    found: list[tuple[RecordRow, RecordRow]] = []
    each_row = as_list(lines.each)
    for top in sources:
        rows, is_seen = seen_value(unit, each_row, top)
        if not is_seen or not isinstance(rows, list):
            continue
        found.extend(
            (top, row)
            for row in rows
            if isinstance(row, RecordRow) and (lines.where is None or _fits(unit, lines.where, top, row))
        )
    return found


def _fits(unit: Unit, condition: Expression, top: RecordRow, row: RecordRow) -> bool:
    return evaluate(condition, environment_of(unit, top, roots={ITEM: row})) is True


class _Quantities:
    """Works out how much of rows may be taken, with one question to the database for each limit."""

    def __init__(self, unit: Unit, form: Form, derivation: CreateFrom, rights: Mapping[str, Right]) -> None:
        self.unit = unit
        self.lines = derivation.lines
        self.rights = rights
        self.limits = [] if self.lines is None else limits_in(unit.runtime, form, self.lines)
        self.set = {} if self.lines is None else dict(self.lines.set)

    def of(self, pairs: Sequence[tuple[RecordRow, RecordRow]]) -> list[tuple[Quantity, ...] | None]:
        """Return the quantities of each row; None for one of which nothing is left."""
        ids = [row.id for _, row in pairs]
        sums = {limit: taken(self.unit, limit, ids) for limit in self.limits if ids}
        found: list[tuple[Quantity, ...] | None] = []
        for top, row in pairs:
            left = [
                (limit, *self._left(limit, row, sums[limit].get(row.id, NOTHING))) for limit in self.limits
            ]
            is_open = all(some > NOTHING for _, some, _ in left)
            found.append(tuple(self._quantity(top, row, *each) for each in left) if is_open else None)
        return found

    def _left(self, limit: Limit, row: RecordRow, already: Decimal) -> tuple[Decimal, Decimal]:
        """Return what is left of a row, and how much may be taken of it at most."""
        most = most_of(self.unit, limit, row)
        rest = most if limit.is_rest else most - already
        return rest, limit.allowed(most, already) - already

    def _quantity(
        self, top: RecordRow, row: RecordRow, limit: Limit, left: Decimal, most: Decimal
    ) -> Quantity:
        unit, name = self.unit, limit.field.id
        _, is_seen = seen_value(unit, limit.most, top, {ITEM: row})
        preset: Decimal | None = left if is_seen else None
        if name in self.set:
            value, shows = seen_value(unit, self.set[name], top, {ITEM: row})
            is_number = shows and isinstance(value, int | Decimal)
            preset = min(Decimal(value), left) if is_number else preset  # type: ignore[arg-type] # a number, see above
        scale = unit.runtime.catalog.fields[limit.field.type].scale(limit.field.options) or 0
        right = self.rights.get(f"{limit.collection}.{name}", Right.HIDDEN)
        return Quantity(
            field=limit.field,
            open=left if is_seen else None,
            most=most if is_seen else None,
            preset=None if preset is None else round_half_up(preset, scale),
            is_writable=right is Right.WRITE,
        )
