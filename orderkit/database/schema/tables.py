"""The tables of a project as plain values: what `metadata` makes, `changes` compares and `revisions` write.

Nothing here knows SQLAlchemy or a dialect. One form is one table, one stored field one column of the
same name. `orderkit.database.schema.metadata` turns these values into SQLAlchemy tables.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

from orderkit.catalog import Catalog
from orderkit.fields.field_type import ColumnKind
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Record
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.ledgers import Ledger
from orderkit.model.project import Project

FILE_TABLE = "ok_file"
MAX_NAME_BYTES = 63
Backfill = bool | int | str | Decimal | date | time | datetime | timedelta | tuple[str | int, ...]

_BACKFILLS = (bool, int, str, Decimal, date, time, datetime, timedelta, tuple)
# The id of a record or file is known in one database only.
_OF_IDS = frozenset({ColumnKind.REFERENCE, ColumnKind.FILE, ColumnKind.REFERENCES, ColumnKind.FILES})
_ALWAYS_FILLED = frozenset(
    {
        SystemRole.ID,
        SystemRole.CREATED_AT,
        SystemRole.UPDATED_AT,
        SystemRole.REVISION,
        SystemRole.PARENT,
        SystemRole.POSITION,
        SystemRole.STATE,
    }
)
# Who made or changed a record last is shown, hardly ever searched; two indexes a row would cost every write.
_NOT_INDEXED = frozenset({SystemRole.CREATED_BY, SystemRole.UPDATED_BY, SystemRole.PARENT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column. `backfill` is what rows get that are there before it; it is no default of the database."""

    name: str
    kind: ColumnKind
    scale: int | None = None
    is_nullable: bool = True
    is_id: bool = False
    backfill: Backfill | None = field(default=None, compare=False)
    renamed_from: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignKey:
    """A reference of one column to the `id` of another table."""

    name: str
    column: str
    target: str
    on_delete: str = "RESTRICT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """An index. With `is_unique`, rows where one of the columns is empty never collide."""

    name: str
    columns: tuple[str, ...]
    is_unique: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorCheck:
    """What a row of balances must not fall below: its sum in either database, and the column of its floor."""

    column: str
    name: str
    sqlite: str
    postgresql: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceTable:
    """What makes a table the balances of a ledger: it is added up from the table `entries` and kept by a CHECK."""

    entries: str
    keys: tuple[str, ...]
    measures: tuple[str, ...]
    floors: tuple[FloorCheck, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormTable:
    """The table of one form, or one of the two of a ledger: `balances` says which one it is."""

    name: str
    form: str
    columns: tuple[Column, ...]
    foreign_keys: tuple[ForeignKey, ...] = ()
    indexes: tuple[Index, ...] = ()
    renamed_from: str | None = field(default=None, compare=False)
    balances: BalanceTable | None = None

    def column(self, name: str) -> Column | None:
        """Return the column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    def scales(self, names: Collection[str]) -> Mapping[str, int]:
        """Return the decimal places of those columns that are decimals."""
        return {
            each.name: each.scale for each in self.columns if each.name in names and each.scale is not None
        }


Tables = Mapping[str, FormTable]


def tables_of(project: Project, catalog: Catalog) -> Tables:
    """Return the tables of `project` by SQL name; a table stands after those it refers to where it can."""
    names = {form.id: table_name(form.id) for form in project.forms}
    tables = [_table_of(form, project, catalog, names) for form in project.forms]
    tables += [table for ledger in project.ledgers for table in _tables_of_ledger(ledger, names)]
    return {table.name: table for table in _by_dependency(_with_unique_names(tables))}


def table_name(form: str) -> str:
    """Return the SQL name of a form: `order.lines` is kept in `order__lines`, as far as PostgreSQL keeps names."""
    return _fitted(form.replace(".", "__"))


def _table_of(form: Form, project: Project, catalog: Catalog, names: Mapping[str, str]) -> FormTable:
    name = names[form.id]
    before = _id_before(form, project)
    initial_states = {
        workflow.state_field: workflow.initial for workflow in project.workflows_by_form.get(form.id, ())
    }
    columns = tuple(
        _column_of(each, form, catalog, initial_states, _field_before(each, before))
        for each in form.stored_fields
    )
    kinds = {column.name: column.kind for column in columns}
    return FormTable(
        name=name,
        form=form.id,
        columns=columns,
        foreign_keys=tuple(_foreign_keys(form, name, kinds, names)),
        indexes=tuple(_indexes(form, name, kinds)),
        renamed_from=table_name(before) if before else None,
    )


def _tables_of_ledger(ledger: Ledger, names: Mapping[str, str]) -> tuple[FormTable, ...]:
    # Both modules speak of the same values, and a ledger's tables are made of them only here.
    from orderkit.database.schema.ledger_tables import tables_of_ledger  # noqa: PLC0415

    old = ledger.renamed_from
    return tables_of_ledger(ledger, _called(ledger.id), None if old is None else _called(old), names, _name)


def _called(ledger: str) -> tuple[str, str]:
    return table_name(ledger), table_name(f"{ledger}.entries")


def _id_before(form: Form, project: Project) -> str | None:
    """Return what the form was called, if it was renamed by itself or with its parent."""
    parent = project.form_by_id.get(form.parent) if form.parent is not None else None
    if form.renamed_from is not None or parent is None:
        return form.renamed_from
    last = form.id.rsplit(".", 1)[1]
    place = parent.by_id.get(last)
    parent_before = _id_before(parent, project) or parent.id
    before = f"{parent_before}.{(place.renamed_from if place else None) or last}"
    return before if before != form.id else None


def _field_before(each: Field, form_before: str | None) -> str | None:
    """Return what the field was called; the reference to a parent is renamed with the parent."""
    if each.system is SystemRole.PARENT and form_before is not None:
        before = form_before.rsplit(".", 2)[-2]
        return before if before != each.id else None
    return each.renamed_from


def _column_of(
    each: Field, form: Form, catalog: Catalog, initial_states: Mapping[str, str], renamed_from: str | None
) -> Column:
    field_type = catalog.fields[each.type]
    is_id = each.system is SystemRole.ID
    kind = ColumnKind.INTEGER if is_id else field_type.column
    is_required = (
        each.required
        and each.compute is None
        and each.visible_if is None
        and not any(each.id in variant.hide for variant in form.variants)
    )
    scale = field_type.scale(each.options) if kind is ColumnKind.DECIMAL else None
    return Column(
        name=each.id,
        kind=kind,
        scale=scale,
        is_nullable=not (each.system in _ALWAYS_FILLED or is_required or kind is ColumnKind.BOOLEAN),
        is_id=is_id,
        backfill=_backfill(each, kind, scale, initial_states),
        renamed_from=renamed_from,
    )


def _backfill(
    each: Field, kind: ColumnKind, scale: int | None, initial_states: Mapping[str, str]
) -> Backfill | None:
    if each.system is SystemRole.STATE:
        return initial_states.get(each.id)
    if each.system is SystemRole.REVISION:
        return 1
    default = each.default.value if isinstance(each.default, Literal) else None
    if not isinstance(default, _BACKFILLS) or default == "" or kind in _OF_IDS:
        return False if kind is ColumnKind.BOOLEAN else None
    if kind is ColumnKind.DECIMAL and isinstance(default, int | Decimal):
        return Decimal(default).quantize(Decimal(1).scaleb(-(scale or 0)), ROUND_HALF_UP)
    return default


def _foreign_keys(
    form: Form, table: str, kinds: Mapping[str, ColumnKind], names: Mapping[str, str]
) -> Iterable[ForeignKey]:
    for each in form.stored_fields:
        if kinds[each.id] is ColumnKind.FILE:
            target = FILE_TABLE
        elif kinds[each.id] is ColumnKind.REFERENCE and isinstance(each.value_type, Record):
            target = names[each.value_type.form]
        else:
            continue
        yield ForeignKey(
            name=_name(table, (each.id,), "fkey"),
            column=each.id,
            target=target,
            on_delete="CASCADE" if each.system is SystemRole.PARENT else "RESTRICT",
        )


def _indexes(form: Form, table: str, kinds: Mapping[str, ColumnKind]) -> Iterable[Index]:
    """Yield the indexes: unique keys, references, the parent with the position, what is named, what the list needs."""
    found: dict[tuple[str, ...], bool] = {}
    for each in form.stored_fields:
        if each.unique or each.system is SystemRole.NUMBER:
            found[(each.id,)] = True
    for group in form.unique:
        found[group] = True
    if form.parent_field is not None:
        found.setdefault((form.parent_field.id, "position"), False)
    for each in form.stored_fields:
        is_reference = kinds[each.id] in {ColumnKind.REFERENCE, ColumnKind.FILE}
        if (
            each.index
            or each.system is SystemRole.STATE
            or (is_reference and each.system not in _NOT_INDEXED)
        ):
            found.setdefault((each.id,), False)
    for group in form.indexes:
        # A list goes on by the id among equals: with it in the index, a page begins where the last one ended.
        columns = group if "id" in group else (*group, "id")
        found.setdefault(columns, False)
    for column in _listed(form, kinds):
        found.setdefault((column,), False)
    for columns, is_unique in found.items():
        yield Index(
            name=_name(table, columns, "key" if is_unique else "idx"), columns=columns, is_unique=is_unique
        )


def _listed(form: Form, kinds: Mapping[str, ColumnKind]) -> Iterable[str]:
    """Yield what a list is sorted or filtered by, as far as an index helps there."""
    for key in form.list.sort:
        if key.field in kinds and key.field != "id":
            yield key.field
    for name in form.list.filters:
        if kinds.get(name) in {
            ColumnKind.DATE,
            ColumnKind.DATETIME,
            ColumnKind.INTEGER,
            ColumnKind.DECIMAL,
        } or (kinds.get(name) is ColumnKind.TEXT and form.by_id[name].type == "choice"):
            yield name


def _name(table: str, columns: Sequence[str], suffix: str) -> str:
    return _fitted(f"{table}__{'__'.join(columns)}_{suffix}")


def _fitted(name: str) -> str:
    """Return `name`, or as much of it as PostgreSQL keeps, with a digest that tells it from others."""
    if len(name.encode()) <= MAX_NAME_BYTES:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:8]
    return f"{name[: MAX_NAME_BYTES - 9]}_{digest}"


def _with_unique_names(tables: Sequence[FormTable]) -> tuple[FormTable, ...]:
    """Tell apart what two tables would name alike: `a__b` and `a` with a field `b__c` may meet."""
    taken = Counter(
        name
        for table in tables
        for name in (table.name, *(i.name for i in table.indexes), *(k.name for k in table.foreign_keys))
    )

    def renamed(table: FormTable, name: str, columns: Sequence[str]) -> str:
        if taken[name] < 2:
            return name
        digest = hashlib.sha256(f"{table.form}:{','.join(columns)}".encode()).hexdigest()[:8]
        return f"{name[: MAX_NAME_BYTES - 9]}_{digest}"

    return tuple(
        replace(
            table,
            indexes=tuple(
                replace(each, name=renamed(table, each.name, each.columns)) for each in table.indexes
            ),
            foreign_keys=tuple(
                replace(each, name=renamed(table, each.name, (each.column,))) for each in table.foreign_keys
            ),
        )
        for table in tables
    )


def _by_dependency(tables: Sequence[FormTable]) -> tuple[FormTable, ...]:
    """Sort by name, but each table after those it refers to; a ring is opened at its first name."""
    waiting = {table.name: table for table in sorted(tables, key=lambda table: table.name)}
    ordered: list[FormTable] = []

    def needs(table: FormTable) -> tuple[str, ...]:
        return tuple(k.target for k in table.foreign_keys if k.target in waiting and k.target != table.name)

    while waiting:
        following = next((table for table in waiting.values() if not needs(table)), None)
        if following is None:
            path = [next(iter(waiting))]
            while (target := needs(waiting[path[-1]])[0]) not in path:
                path.append(target)
            following = waiting[min(path[path.index(target) :])]
        ordered.append(waiting.pop(following.name))
    return tuple(ordered)
