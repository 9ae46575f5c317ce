"""References that lead to another form now: each to the record that has the same key."""

from collections.abc import Iterator

from orderkit.database.changes.finding.names import Names
from orderkit.database.changes.kinds import Retarget
from orderkit.database.schema.tables import FormTable
from orderkit.fields.field_type import ColumnKind
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import Problem
from orderkit.model.labels import label

RETARGETED_WITHOUT_KEY = Code(
    "OK6140",
    "retargeted-without-key",
    ERROR,
    since="0.1",
    explain="""
    A reference leads to another form, and the two forms share no unique field by which a record of the one
    could be found in the other. Give both a unique field of the same name, fill it, and build again.
    ~~~yaml before
    # customer.yaml
    form: customer
    fields: {code: {type: text, unique: true}}
    # client.yaml
    form: client
    fields: {name: {type: text}, code: {type: text, unique: true}}
    # order.yaml
    form: order
    fields: {buyer: {type: ref, to: customer}}
    ~~~
    ~~~yaml bad
    # customer.yaml
    form: customer
    fields: {code: {type: text, unique: true}}
    # client.yaml
    form: client
    fields: {name: {type: text}, code: {type: text}}
    # order.yaml
    form: order
    fields: {buyer: {type: ref, to: client}}
    ~~~
    ~~~yaml good
    # customer.yaml
    form: customer
    fields: {code: {type: text, unique: true}}
    # client.yaml
    form: client
    fields: {name: {type: text}, code: {type: text, unique: true}}
    # order.yaml
    form: order
    fields: {buyer: {type: ref, to: client}}
    ~~~""",
    zh="引用改指另一个表单，而两个表单没有共同的唯一字段，无法由一边的记录找到另一边的记录。"
    "请给两个表单同名的唯一字段并填好，再构建。",
)


def retargets(names: Names) -> Iterator[Retarget | Problem]:
    """Yield the references that lead elsewhere, or why their records cannot be found there."""
    for before, after in names.pairs():
        targets = {key.column: key.target for key in after.foreign_keys}
        for key in before.foreign_keys:
            column = names.columns(after.name).get(key.column, key.column)
            # Where the old form is gone its table is still there, by its old name, until the end.
            old_target = names.tables.get(key.target, key.target)
            kept = after.column(column)
            if column not in targets or targets[column] == old_target or kept is None:
                continue
            if kept.kind is not ColumnKind.REFERENCE:
                continue
            shared = _key(names, key.target, targets[column])
            if shared is None:
                yield _without_key(after.form, column, key.target, targets[column])
            else:
                yield Retarget(
                    table=after.name,
                    form=after.form,
                    column=column,
                    old_target=old_target,
                    new_target=targets[column],
                    key=shared,
                )


def _key(names: Names, old_target: str, new_target: str) -> str | None:
    """Return the first unique field of the new target that the old one has as well, with the same type."""
    if old_target not in names.old or new_target not in names.new:
        return None
    first, second = names.old[old_target], names.new[new_target]
    after = names.tables.get(old_target)
    kept = names.new[after] if after is not None else first
    for name in _unique(second):
        here, there = second.column(name), kept.column(name)
        if here is not None and there is not None and here.kind is there.kind and name in _unique(kept):
            return name
    return None


def _unique(table: FormTable) -> list[str]:
    return [each.columns[0] for each in table.indexes if each.is_unique and len(each.columns) == 1]


def _without_key(form: str, column: str, old_target: str, new_target: str) -> Problem:
    return Problem(
        path=f"{form}.{column}",
        code="retargeted_without_key",
        message=label(
            zh=f"{form}.{column} 由 {old_target} 改指 {new_target}，但两者没有共同的唯一字段",
            en=f"{form}.{column} leads to {new_target} instead of {old_target}, but they share no unique field",
        ),
        help=label(
            zh="给两个表单同名的 `unique: true` 字段（如 code）并填好；或另起一个引用字段，保留旧的",
            en="give both forms a `unique: true` field of the same name, such as `code`, and fill it; "
            "or add a reference of another name and keep the old one",
        ),
        known_as=RETARGETED_WITHOUT_KEY,
    )
