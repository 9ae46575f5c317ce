"""Whether the values of a column can be kept when its type changes, and what to say where they cannot."""

from orderkit.database.casting.rules import Kept, can_cast
from orderkit.database.schema.tables import Column
from orderkit.fields.field_type import ColumnKind
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import label

UNFIT_TYPE = Code(
    "OK6120",
    "unfit-type",
    ERROR,
    since="0.1",
    explain="""
    A field changes to a type into which its values cannot be turned by themselves. `convert:` says how,
    as an expression over `value`; or give the field another name, and keep or drop the old one.
    ~~~yaml before
    form: order
    fields: {need_by: {type: date}}
    ~~~
    ~~~yaml bad
    form: order
    fields: {need_by: {type: integer}}
    ~~~
    ~~~yaml good
    form: order
    fields: {need_by: {type: integer, convert: "number(replace(text(value), '-', ''))"}}
    ~~~""",
    zh="字段改成了另一种类型，而已有的值不能自动变过去。用 `convert:` 写出怎样变（表达式，`value` 是旧值）；"
    "或者另起一个字段名，旧的保留或停用。",
)

# An id means the record that it refers to; as a number or a text it would mean nothing.
_OF_ONE = {ColumnKind.REFERENCE: ColumnKind.REFERENCES, ColumnKind.FILE: ColumnKind.FILES}
_OF_IDS = frozenset({*_OF_ONE, *_OF_ONE.values()})
_ALWAYS_TEXT = frozenset({ColumnKind.TEXT, ColumnKind.JSON})


def can_become(old: Column, new: Column) -> bool:
    """Return whether there is a rule by which values of the one become values of the other, each for itself."""
    if _OF_IDS & {old.kind, new.kind}:
        return old.kind is new.kind or _OF_ONE.get(old.kind) is new.kind or _OF_ONE.get(new.kind) is old.kind
    if new.kind is ColumnKind.JSON:
        return old.kind is ColumnKind.JSON
    return can_cast(Kept.of(old.kind, old.scale), Kept.of(new.kind, new.scale))


def always_fits(old: Column, new: Column) -> bool:
    """Return whether no value can fail: what is written as text, and a truth value as a number."""
    if new.kind in _ALWAYS_TEXT:
        return old.kind is not ColumnKind.TEXTS
    if new.kind in _OF_ONE.values():
        return True
    return old.kind is ColumnKind.BOOLEAN and new.kind is ColumnKind.INTEGER


def unfit(form: str, old: Column, new: Column) -> Problem:
    """Return that the values cannot be kept, and the remedies."""
    return Problem(
        path=f"{form}.{new.name}",
        code="change_type",
        message=label(
            zh=f"{form} 的字段 {new.name} 由 {words(old)} 改为 {words(new)}：已有的值无法自动转换",
            en=f"the field {new.name} of {form} changes from {words(old)} to {words(new)}: "
            "values that exist cannot be turned into it by themselves",
        ),
        help=label(
            zh="写上 `convert:`，用表达式说明 `value` 怎样变；或改回原来的类型；或用新的名字新增一个字段",
            en="write `convert:` with an expression over `value`; or put the type back; "
            "or add a field under a new name",
        ),
        known_as=UNFIT_TYPE,
    )


def words(column: Column) -> str:
    """Return the type of a column in a word."""
    return f"{column.kind.value}({column.scale})" if column.scale is not None else column.kind.value
