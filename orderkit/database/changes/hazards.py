"""Which changes may go into a revision, and what people should know about those that do.

Losing data is refused. A field that becomes required does not stop a build: older rows stay as they
are, and the engine demands the value when they are next changed.
"""

from dataclasses import dataclass, replace

from orderkit.database.changes.diff import diff
from orderkit.database.changes.kinds import AddColumn, AddIndex, AlterColumn, Change, DropColumn, DropTable
from orderkit.database.schema.tables import Column, FormTable, Tables
from orderkit.model.errors import Problem
from orderkit.model.labels import Label, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The changes to make, the state they lead to, what is refused about them and what is worth knowing."""

    changes: tuple[Change, ...]
    target: Tables
    problems: tuple[Problem, ...]
    notes: tuple[Label, ...]


def plan(old: Tables, new: Tables) -> Plan:
    """Return how to get from `old` to `new`, as far as rows that exist allow."""
    changes: list[Change] = []
    notes: list[Label] = []
    target = dict(new)
    for change in diff(old, new):
        possible, note = _as_possible(change, target)
        if possible is not None:
            changes.append(possible)
        if note is not None:
            notes.append(note)
    problems = tuple(problem for change in changes if (problem := _problem(change, target)) is not None)
    return Plan(changes=tuple(changes), target=target, problems=problems, notes=tuple(notes))


def _as_possible(change: Change, target: dict[str, FormTable]) -> tuple[Change | None, Label | None]:
    """Return the change as rows that exist allow it; a column that cannot be filled stays optional in `target`."""
    match change:
        case AddColumn(table=name, column=column) if not column.is_nullable and column.backfill is None:
            loose = _loosened(target, name, column)
            return AddColumn(table=name, column=loose), _stays_empty(target[name].form, column)
        case AlterColumn(table=name, old=old, new=column) if (
            old.is_nullable and not column.is_nullable and column.backfill is None
        ):
            loose = _loosened(target, name, column)
            possible = AlterColumn(table=name, old=old, new=loose) if loose != old else None
            return possible, None
        case AddIndex(table=name, index=index) if index.is_unique:
            columns = ", ".join(index.columns)
            return change, label(
                zh=f"{target[name].form}：{columns} 将不允许重复；若已有重复数据，`orderkit migrate` 会拒绝并说明",
                en=f"{target[name].form}: {columns} must be unique from now on; "
                "if there are duplicates already, `orderkit migrate` refuses and says so",
            )
        case _:
            return change, None


def _loosened(target: dict[str, FormTable], name: str, column: Column) -> Column:
    loose = replace(column, is_nullable=True)
    table = target[name]
    target[name] = replace(
        table, columns=tuple(loose if each.name == column.name else each for each in table.columns)
    )
    return loose


def _stays_empty(form: str, column: Column) -> Label:
    return label(
        zh=f"{form}.{column.name} 是必填的新字段且没有固定的默认值：已有记录保持为空，下次修改时须补填；"
        "写上 `default:` 固定值可一次补齐",
        en=f"{form}.{column.name} is new and required, and has no fixed default: records that exist keep it empty "
        "and must fill it when they are next changed; a fixed `default:` would fill them",
    )


def _problem(change: Change, target: Tables) -> Problem | None:
    """Return why a change may not be made, if so."""
    match change:
        case DropTable(table=table):
            return Problem(
                path=table.form,
                code="drop_table",
                message=label(
                    zh=f"表单 {table.form} 不见了：这会删除它的全部数据",
                    en=f"the form {table.form} is gone: all its data would be deleted",
                ),
                help=label(
                    zh=f"若是改名，请在新表单写 `renamed_from: {table.form}`；否则请把它加回来",
                    en=f"if it was renamed, write `renamed_from: {table.form}` on the new form; else put it back",
                ),
            )
        case DropColumn(table=table_name, column=column):
            name = target[table_name].form
            return Problem(
                path=f"{name}.{column.name}",
                code="drop_column",
                message=label(
                    zh=f"{name} 的字段 {column.name} 不见了：这会删除它的全部数据",
                    en=f"the field {column.name} of {name} is gone: all its values would be deleted",
                ),
                help=label(
                    zh=f"若是改名，请在新字段写 `renamed_from: {column.name}`；否则请把它加回来",
                    en=f"if it was renamed, write `renamed_from: {column.name}` on the new field; else put it back",
                ),
            )
        case AlterColumn(table=table_name, old=old, new=new) if (
            change.changes_type and not change.is_widening
        ):
            name = target[table_name].form
            return Problem(
                path=f"{name}.{new.name}",
                code="change_type",
                message=label(
                    zh=f"{name} 的字段 {new.name} 由 {_type_words(old)} 改为 {_type_words(new)}：已有的值无法原样保留",
                    en=f"the field {new.name} of {name} changes from {_type_words(old)} to {_type_words(new)}: "
                    "values that exist would not survive as they are",
                ),
                help=label(
                    zh="请改回原来的类型，或用新的名字新增一个字段",
                    en="put the type back, or add a field under a new name",
                ),
            )
        case _:
            return None


def _type_words(column: Column) -> str:
    return f"{column.kind.value}({column.scale})" if column.scale is not None else column.kind.value


def is_destructive(change: Change) -> bool:
    """Whether applying the change loses data."""
    match change:
        case DropTable() | DropColumn():
            return True
        case AlterColumn():
            return change.changes_type and not change.is_widening
        case _:
            return False
