"""Natural keys: the text by which a value names a record, found when the value is used."""

from orderkit.language.compile.places.checking import Checking
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.model.expressions.nodes import Expression
from orderkit.model.expressions.types import Record, Text
from orderkit.model.labels import label

NO_NATURAL_KEY = Code(
    "OK3103",
    "no-natural-key",
    ERROR,
    since="0.1",
    explain="""
    A value names a record by a text, but its form has no unique text field by which it could be found.
    ~~~yaml bad
    form: order
    fields: {ship_from: {type: ref, to: warehouse, default: MAIN}}
    # warehouse.yaml
    form: warehouse
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: order
    fields: {ship_from: {type: ref, to: warehouse, default: MAIN}}
    # warehouse.yaml
    form: warehouse
    fields: {code: {type: text, unique: true}}
    ~~~""",
    zh="值用文字指明一条记录，但那张表单没有可用来查找的唯一文字字段。",
)


def named_record(checking: Checking, node: ScalarNode, scope: Scope, target: Record) -> Expression | None:
    """Return the record that a text stands for, found by its form's unique text field."""
    form = checking.compilation.shapes[target.form]
    if form.is_broken:
        return None
    key = _natural_key(form)
    if key is None:
        checking.compilation.reading.report(
            NO_NATURAL_KEY,
            node,
            label(
                zh=f"表单 `{form.id}` 没有唯一的文字字段，找不到 `{node.text}`",
                en=f"the form `{form.id}` has no unique text field by which to find `{node.text}`",
            ),
            label(
                zh="给目标表单的编码字段加 `unique: true`，或写 `=find(…)`",
                en="set `unique: true` on a text field of the form, or write `=find(…)`",
            ),
        )
        return None
    escaped = node.text.replace("\\", "\\\\").replace("'", "\\'")
    return checking.unplaced(f"find({form.id}, {key} == '{escaped}')", scope, target)


def _natural_key(form: FormShape) -> str | None:
    """Return the field by which people name the records of a form.

    It is the first unique text field, else a required text field `code` or `name`; where several
    records have one name, the run time refuses to choose.
    """
    for each in form.fields.values():
        if each.field is not None and each.field.unique and isinstance(each.type, Text):
            return each.id
    for name in ("code", "name"):
        named = form.fields.get(name)
        if (
            named is not None
            and named.field is not None
            and named.field.required
            and isinstance(named.type, Text)
        ):
            return name
    return None
