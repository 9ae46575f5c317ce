"""From one model to the next: what happens to the tables, what is refused about it, and what is worth knowing.

States are compared with each other, never with a live database. Losing data is refused. A field that
becomes required does not stop a build: where nothing says what older rows get, they stay as they are, and
the engine demands the value when they are next changed.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from orderkit.catalog import Catalog
from orderkit.database.changes.diff import diff
from orderkit.database.changes.finding.casting import can_become, unfit
from orderkit.database.changes.finding.dropping import Allowance, becomes_derived, dropped_field, dropped_form
from orderkit.database.changes.finding.emptying import emptied
from orderkit.database.changes.finding.formulas import recomputed
from orderkit.database.changes.finding.hidden import kept_empty
from orderkit.database.changes.finding.ledgers import EntryChanges
from orderkit.database.changes.finding.models import Cell, Models
from orderkit.database.changes.finding.moving import MovedForm, as_moved, moved_forms, moves
from orderkit.database.changes.finding.names import Names
from orderkit.database.changes.finding.options import Place, changes_of_options, has_options
from orderkit.database.changes.finding.renaming import problems_of, renames_of_fields, renames_of_forms
from orderkit.database.changes.finding.retargeting import retargets
from orderkit.database.changes.kinds import (
    AddColumn,
    AddForeignKey,
    AddIndex,
    AlterColumn,
    Change,
    DropColumn,
    DropForeignKey,
    DropIndex,
    DropTable,
    FormFromLines,
    LinesFromForm,
    MoveColumn,
    OfParent,
    PlaceAmong,
    RenameTable,
    Retarget,
    RetireColumn,
    RetireOption,
    RetireTable,
    SplitOption,
)
from orderkit.database.changes.ordering import phase
from orderkit.database.revisions.snapshots import Snapshot
from orderkit.database.schema.tables import Column, FormTable, Tables, tables_of
from orderkit.model.errors import Problem
from orderkit.model.expressions.nodes import Literal
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import Label, label
from orderkit.model.project import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The changes to make, the states around them, what is refused about them and what is worth knowing.

    `before` and `target` are the tables; those of the target may be looser than the model asks. `old` is
    None before the first revision. What is refused is among the changes all the same, so that a plan can
    show it; nothing of a difference with problems is written.
    """

    changes: tuple[Change, ...]
    before: Tables
    target: Tables
    problems: tuple[Problem, ...]
    notes: tuple[Label, ...]
    old: Project | None
    new: Project

    @property
    def retires(self) -> tuple[str, ...]:
        """The paths whose data goes to shadow tables."""
        return tuple(sorted({path for change in self.changes if (path := retired_path(change)) is not None}))


def changes_between(
    old: Snapshot | None, new: Project, catalog: Catalog, *, allow_drop: AbstractSet[str] = frozenset()
) -> Difference:
    """Return how to get from the last revision's model to `new`.

    Args:
        old: what the last revision leads to; None before the first.
        new: the model as compiled.
        catalog: where its field types come from.
        allow_drop: what may be lost: `form`, `form.field`, `form.field.option`, by the names of the last revision.
    """
    target = tables_of(new, catalog)
    if old is None:
        return Difference(
            changes=diff({}, target), before={}, target=target, problems=(), notes=(), old=None, new=new
        )
    return compared(old.project(catalog), old.tables, new, target, allow_drop=allow_drop)


def compared(
    old: Project,
    tables: Tables,
    new: Project,
    target: Tables,
    *,
    allow_drop: AbstractSet[str] = frozenset(),
) -> Difference:
    """Return what is between two models, of which each has its tables: `tables` and `target`."""
    moved = moved_forms(old, new)
    models = Models(old=old, new=new, names=Names(tables, as_moved(target, moved, tables)))
    return _Finding(models, moved, Allowance(allow_drop)).difference()


def retired_path(change: Change) -> str | None:
    """Return the path whose data a change moves to a shadow table."""
    match change:
        case RetireTable(table=table):
            return table.form
        case RetireColumn(path=path) | RetireOption(path=path):
            return path
        case _:
            return None


class _Finding:
    """One comparison of two models, while its findings come in."""

    def __init__(self, models: Models, moved: Mapping[str, MovedForm], allowance: Allowance) -> None:
        self.models = models
        self.moved = moved
        self.allowance = allowance
        self.target: dict[str, FormTable] = dict(models.names.new)
        self.problems: list[Problem] = []
        self.notes: list[Label] = []
        self.misnamed: set[str] = set()
        self.entries = EntryChanges(
            names=models.names, allowance=allowance, problems=self.problems, notes=self.notes
        )

    def difference(self) -> Difference:
        """Return everything that was found."""
        self._check_names()
        moves_ = list(self._sorted_out(moves(self.models, self.moved)))
        values = [
            *moves_,
            *self._sorted_out(retargets(self.models.names)),
            *self._options(),
        ]
        from_places = {(each.table, each.column) for each in moves_ if isinstance(each, MoveColumn)}
        plain = diff(self.models.names.old, self.models.names.new)
        tables = [made for change in plain for made in self._as_possible(change, from_places)]
        found = [*tables, *self._only_converted(tables), *self._to_derived(), *values]
        waiting = {
            (each.form, each.new.name) for each in found if isinstance(each, AlterColumn) and each.is_computed
        }
        found += recomputed(self.models, {*self._changed(found)}, waiting)
        self.notes += [*emptied(found, self.target), *kept_empty(self.models)]
        self.problems += self.allowance.problems(self.models)
        ordered = sorted(found, key=phase)
        return Difference(
            changes=tuple(ordered),
            before=self.models.names.old,
            target=self.target,
            problems=tuple(self.problems),
            notes=tuple(self.notes),
            old=self.models.old,
            new=self.models.new,
        )

    def _check_names(self) -> None:
        for renames in (renames_of_forms(self.models), *renames_of_fields(self.models)):
            problems = list(problems_of(renames))
            self.problems += problems
            if problems:
                self.misnamed.add(renames.place)

    def _sorted_out(self, found: Iterable[Change | Problem]) -> Iterator[Change]:
        """Yield the changes; problems are noted, and the place is not blamed again for what follows from them."""
        for each in found:
            if isinstance(each, Problem):
                self.problems.append(each)
            else:
                yield each

    def _options(self) -> Iterator[Change]:
        for form, old, new in self.models.pairs:
            if not has_options(old) or not has_options(new):
                continue
            before = self.models.form_before(form.id)
            assert before is not None
            table = self.models.table_of(form.id)
            place = Place(table=table, form=form.id, form_before=before.id, old=old, new=new)
            yield from self._sorted_out(changes_of_options(place, self.allowance))

    def _as_possible(self, change: Change, from_places: AbstractSet[Cell]) -> Iterator[Change]:
        """Yield the change as rows that exist and what people allowed make of it."""
        if self.entries.is_meant(_table_of(change)):
            yield from self.entries.of(change)
            return
        match change:
            case DropTable(table=table):
                if not self.allowance.takes(table.form) and not self._is_blamed(table.form):
                    self.problems.append(dropped_form(table.form))
                yield RetireTable(table=table, later=change.later)
            case DropColumn(table=name, column=column):
                yield from self._dropped(name, column, from_places)
            case RenameTable():
                yield self._renamed(change)
            case AddColumn(table=name, column=column):
                yield self._added(name, column)
            case AlterColumn():
                yield from self._altered(change)
            case _:
                yield change

    def _is_blamed(self, form: str) -> bool:
        """Whether the names beside a form, or among the fields of its parent, are wrong: it may be what was meant."""
        return form.rpartition(".")[0] in self.misnamed

    def _dropped(self, name: str, column: Column, from_places: AbstractSet[Cell]) -> Iterator[Change]:
        form = self.models.names.new[name].form
        before = self.models.form_before(form)
        assert before is not None
        path = f"{before.id}.{column.name}"
        is_ours = form in self.moved and before.by_id[column.name].system is not SystemRole.NONE
        is_expected = (name, column.name) in from_places or is_ours or self._is_moved_wrongly(path)
        if not is_expected and not self.allowance.takes(path) and form not in self.misnamed:
            self.problems.append(dropped_field(before.id, column.name))
        yield RetireColumn(table=name, form=form, column=column, path=path)

    def _is_moved_wrongly(self, path: str) -> bool:
        return any(field.moved_from == path for form in self.models.new.forms for field in form.stored_fields)

    def _renamed(self, change: RenameTable) -> Change:
        moved = self.moved.get(change.new_form)
        if moved is None:
            return change
        kind = LinesFromForm if moved.becomes_lines else FormFromLines
        return kind(
            old=change.old,
            new=change.new,
            old_form=change.old_form,
            new_form=change.new_form,
            link=moved.link,
        )

    def _added(self, name: str, column: Column) -> AddColumn:
        form, field = self._field(name, column.name)
        if field.compute is not None:
            return AddColumn(table=name, column=column, filled_by=field.compute, is_computed=True)
        filled_by = self._of_moved(form, field) or field.backfill
        moved_in = field.moved_from is not None
        if not column.is_nullable and column.backfill is None and filled_by is None:
            if not moved_in:
                self.notes.append(_stays_empty(form.id, column))
            column = self._loosened(name, column)
        return AddColumn(table=name, column=column, filled_by=filled_by)

    def _of_moved(self, form: Form, field: Field) -> OfParent | PlaceAmong | None:
        """Return what fills the system fields of records that were lines, or of lines that were records."""
        moved = self.moved.get(form.id)
        if moved is None or field.system is SystemRole.NONE:
            return None
        if field.system is SystemRole.POSITION:
            return PlaceAmong(link=moved.new_link)
        parent = form.by_id[moved.new_link].target
        if moved.becomes_lines or parent is None or field.id not in self.models.new.form_by_id[parent].by_id:
            return None
        if field.system in {SystemRole.REVISION, SystemRole.NUMBER}:
            return None
        return OfParent(table=self.models.table_of(parent), column=field.id, link=moved.new_link)

    def _altered(self, change: AlterColumn) -> Iterator[Change]:
        form, field = self._field(change.table, change.new.name)
        before = self.models.field_before(form.id, field.id)
        column = change.new
        filled_by = field.backfill if change.is_tightening else None
        is_demanded = (
            field.system is SystemRole.PARENT or column.backfill is not None or filled_by is not None
        )
        if change.is_tightening and not is_demanded:
            column = self._loosened(change.table, column)
        convert = field.convert if change.changes_type else None
        if before is not None and before.compute is None and field.compute is not None:
            return
        is_computed = field.compute is not None and change.changes_type
        if field.compute is not None:
            # What is computed anew is no value to be kept.
            convert = Literal(None, field.compute.type) if is_computed else None
        elif change.changes_type and convert is None and not can_become(change.old, change.new):
            self.problems.append(unfit(form.id, change.old, change.new))
        if column != change.old:
            yield replace(change, new=column, convert=convert, filled_by=filled_by, is_computed=is_computed)

    def _only_converted(self, found: Iterable[Change]) -> Iterator[Change]:
        """Yield the columns that stay as they are while their field's type, and by `convert:` their values, change."""
        altered = {(each.table, each.new.name) for each in found if isinstance(each, AlterColumn)}
        for form, old, new in self.models.pairs:
            table = self.models.table_of(form.id)
            if new.convert is None or new.type == old.type or (table, new.id) in altered:
                continue
            column = self.target[table].column(new.id)
            assert column is not None
            yield AlterColumn(table=table, form=form.id, old=column, new=column, convert=new.convert)

    def _to_derived(self) -> Iterator[Change]:
        """Yield what people entered and a formula would overwrite: retired, where that is allowed."""
        for form, old, new in self.models.pairs:
            if old.compute is not None or new.compute is None or old.system is not SystemRole.NONE:
                continue
            before = self.models.form_before(form.id)
            table = self.models.table_of(form.id)
            standing = self.models.names.old[self.models.names.table_before(table)].column(old.id)
            column = self.target[table].column(new.id)
            assert before is not None
            assert standing is not None
            assert column is not None
            if not self.allowance.takes(f"{before.id}.{old.id}"):
                self.problems.append(becomes_derived(form.id, new.id))
            yield from self._keys_anew(table, old.id, new.id)
            yield RetireColumn(
                table=table,
                form=form.id,
                column=replace(standing, name=new.id),
                path=f"{before.id}.{old.id}",
                gives_way=True,
            )
            yield AddColumn(table=table, column=column, filled_by=new.compute, is_computed=True)

    def _keys_anew(self, table: str, old: str, new: str) -> Iterator[Change]:
        """Yield that keys and indexes of a column go and come back, which would be in the way of another of its name."""
        before = self.models.names.old[self.models.names.table_before(table)]
        after = self.target[table]
        if before.name != table or old != new:
            return
        for index in before.indexes:
            if new in index.columns and index in after.indexes:
                yield DropIndex(table=table, index=index)
                yield AddIndex(table=table, index=index)
        for key in before.foreign_keys:
            if key.column == new and key in after.foreign_keys:
                yield DropForeignKey(table=table, key=key)
                yield AddForeignKey(table=table, key=key)

    def _changed(self, found: Iterable[Change]) -> Iterator[Cell]:
        """Yield the fields whose values change otherwise than by a formula."""
        for change in found:
            match change:
                case AlterColumn(form=form, new=column) if change.changes_type or change.convert is not None:
                    yield form, column.name
                case AlterColumn(form=form, new=column) if change.is_tightening:
                    yield form, column.name
                case MoveColumn(to_form=form, to_column=name):
                    yield form, name
                case RetireOption(form=form, column=name):
                    yield form, name
                case SplitOption(form=form, column=name) | Retarget(form=form, column=name):
                    yield form, name
                case AddColumn(table=table, column=column) if not change.is_computed:
                    yield self.target[table].form, column.name
                case _:
                    pass

    def _field(self, table: str, column: str) -> tuple[Form, Field]:
        form = self.models.new.form_by_id[self.models.names.new[table].form]
        return form, form.by_id[column]

    def _loosened(self, name: str, column: Column) -> Column:
        loose = replace(column, is_nullable=True)
        table = self.target[name]
        self.target[name] = replace(
            table, columns=tuple(loose if each.name == column.name else each for each in table.columns)
        )
        return loose


def _table_of(change: Change) -> str:
    table = getattr(change, "table", "")
    return table.name if isinstance(table, FormTable) else str(table)


def _stays_empty(form: str, column: Column) -> Label:
    return label(
        zh=f"{form}.{column.name} 是必填的新字段，没有固定的默认值，也没有 `backfill:`：已有记录保持为空，下次修改时须补填",
        en=f"{form}.{column.name} is new and required, and has neither a fixed default nor a `backfill:`: records "
        "that exist keep it empty and must fill it when they are next changed",
    )
