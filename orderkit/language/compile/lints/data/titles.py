"""A lint: records that others refer to have a title by which people tell them apart."""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.findings import WARNING, Code, Note
from orderkit.language.spec.kinds import form as words
from orderkit.model.expressions.types import Record, Text
from orderkit.model.forms import Form, SystemRole
from orderkit.model.labels import label

NO_TITLE = Code(
    "OK2211",
    "no-title",
    WARNING,
    since="0.1",
    explain="""
    A form is referred to, but has no `title`, no `number` and no text field that could be one: people would
    choose among records that are called 1, 2 and 3.
    ~~~yaml bad
    form: rate
    fields: {day: {type: date}, factor: {type: decimal}}
    # order.yaml
    form: order
    fields: {rate: {type: ref, to: rate}}
    ~~~
    ~~~yaml good
    form: rate
    title: "{day}"
    fields: {day: {type: date}, factor: {type: decimal}}
    # order.yaml
    form: order
    fields: {rate: {type: ref, to: rate}}
    ~~~""",
    zh="表单被引用，却没有 `title`、没有 `number`，也没有可作标题的文本字段：人们只能在叫作 1、2、3 的记录里选择。",
)


def check_referred(linting: Linting) -> None:
    """Report forms that are referred to and have nothing to be called by, each once."""
    seen: set[str] = set()
    shapes = linting.lowering.compilation.shapes
    for form in linting.project.forms:
        for field in form.fields:
            if field.system is not SystemRole.NONE or not isinstance(field.value_type, Record):
                continue
            target = linting.project.form_by_id.get(field.value_type.form)
            if target is None or target.id in seen or not _is_nameless(linting, target):
                continue
            seen.add(target.id)
            declared = linting.named.of("form")[target.id]
            referring = shapes[form.id].fields[field.id].id_node
            text = label(zh="在这里被引用", en="it is referred to here")
            linting.report(
                NO_TITLE,
                declared.id_node,
                label(
                    zh=f"`{target.id}` 被引用，却没有标题",
                    en=f"`{target.id}` is referred to, but has no title",
                ),
                label(zh='加上例如 `title: "{字段}"`', en='add, for example, `title: "{field}"`'),
                notes=() if referring is None else (Note(text=text, span=referring.span),),
            )


def _is_nameless(linting: Linting, form: Form) -> bool:
    declared = linting.named.of("form").get(form.id)
    if form.is_built_in or form.parent is not None or declared is None or declared.written is None:
        return False
    if words.TITLE in declared.written or form.number is not None:
        return False
    if declared.id_node.source.path in linting.wrong_files:
        return False
    return not any(isinstance(f.value_type, Text) and f.system is SystemRole.NONE for f in form.fields)
