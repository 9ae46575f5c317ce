"""A lint: fields that nobody shows, reads or writes.

A form shows all its fields unless its layout says otherwise, so only forms with a `layout` are looked at;
lines always show theirs.
"""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.findings import WARNING, Code
from orderkit.language.spec.kinds import form as words
from orderkit.model.labels import label

UNUSED_FIELD = Code(
    "OK9013",
    "unused-field",
    WARNING,
    since="0.1",
    explain="""
    A field stands in no section of its form's layout, in no list, and no expression, message, report, import,
    right or workflow names it: nobody shows, reads or writes it but who uses the API.
    ~~~yaml bad
    form: order
    fields: {name: {type: text}, colour: {type: text}}
    layout: [{section: All, fields: [name]}]
    list: {columns: [name]}
    ~~~
    ~~~yaml good
    form: order
    fields: {name: {type: text}, colour: {type: text}}
    layout: [{section: All, fields: [name, colour]}]
    list: {columns: [name]}
    ~~~""",
    zh="字段不在表单布局的任何分区里，也不在列表里，也没有任何表达式、消息、报表、导入、权限或流程提到它：除了 API，没有人显示、读取或写入它。",
)


def check_unused_fields(linting: Linting) -> None:
    """Report fields that nothing names and no page shows."""
    if linting.wrong_files:
        return
    for shape in linting.lowering.compilation.shapes.values():
        declared = shape.declared
        if declared is None or declared.written is None or shape.parent is not None:
            continue
        if words.LAYOUT not in declared.written:
            continue
        form = linting.project.form_by_id.get(shape.id)
        columns = () if form is None else form.list.columns
        for field in shape.own_fields():
            if field.id not in columns and not _is_named(linting, shape, field):
                _report(linting, shape, field)


def _is_named(linting: Linting, shape: FormShape, field: FieldShape) -> bool:
    name = (shape.id, field.id)
    if name in linting.usage.readers or linting.usage.references("field", f"{shape.id}.{field.id}"):
        return True
    # The other end of a reference is shown, or read, under a name of its own.
    return field.written is not None and (
        "reverse" in field.written.nodes or "reverse" in field.written.extra
    )


def _report(linting: Linting, shape: FormShape, field: FieldShape) -> None:
    if field.id_node is None:
        return
    linting.report(
        UNUSED_FIELD,
        field.id_node,
        label(
            zh=f"没有地方显示、读取或写入 `{shape.id}` 的 `{field.id}`",
            en=f"nothing shows, reads or writes `{field.id}` of `{shape.id}`",
        ),
        label(
            zh="找过：布局、列表、表达式、流程、权限、消息、报表、导入、集成；把它加到 `layout`，或删掉它",
            en="searched: layout, list, expressions, workflows, rights, messages, reports, imports, integrations; "
            "add it to `layout`, or delete it",
        ),
    )
