"""A lint: who may create a record must be able to fill what the form demands."""

from collections.abc import Iterator

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.sight import covers, grants_on
from orderkit.language.findings import WARNING, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import role as words
from orderkit.model.expressions.types import Boolean, Rows
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import label
from orderkit.model.roles import FormGrant, Role

REQUIRED_NOT_WRITABLE = Code(
    "OK5012",
    "required-not-writable",
    WARNING,
    since="0.1",
    explain="""
    A role may create records of a form, but may not write a field that the form demands and that nothing
    else fills: whatever its people enter is refused.
    ~~~yaml bad
    role: clerk
    forms: {order: {create: true, read: true, hide: [cost]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money, required: true}}
    ~~~
    ~~~yaml good
    role: clerk
    forms: {order: {create: true, read: true, hide: [cost]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money, required: true, default: 0}}
    ~~~""",
    zh="角色可以新建单据，却不能填写表单要求的、又没有别处填写的字段：他们录入的都会被拒绝。",
)


def check_required(linting: Linting) -> None:
    """Report fields that are demanded of people who may not write them."""
    demanded: dict[str, tuple[str, ...]] = {}
    for role in linting.project.roles:
        declared = linting.named.of("role").get(role.id)
        if declared is None or declared.written is None or role.id == "admin":
            continue
        for key, written in declared.written[words.FORMS] or ():
            grant = role.grants.get(key.text)
            form = linting.project.form_by_id.get(key.text)
            if grant is None or form is None or grant.create is False:
                continue
            if form.id not in demanded:
                demanded[form.id] = tuple(_demanded(linting, form))
            for path in demanded[form.id]:
                if not _is_writable(linting, role, form, path):
                    _report(linting, form, path, _place(key, written, grant, path))


def _demanded(linting: Linting, form: Form) -> Iterator[str]:
    yield from (field.id for field in form.fields if _is_demanded(field))
    for lines in form.lines:
        rows = linting.project.form_by_id.get(lines.form)
        yield from (f"{lines.id}.{field.id}" for field in rows.fields if _is_demanded(field)) if rows else ()


def _is_demanded(field: Field) -> bool:
    filled = field.default or field.copy or field.compute or field.virtual
    is_own = field.system is SystemRole.NONE and not field.readonly
    return is_own and field.required and filled is None and not isinstance(field.value_type, Boolean | Rows)


def _is_writable(linting: Linting, role: Role, form: Form, path: str) -> bool:
    writers = [g for g in grants_on(linting.project, role, form.id) if g.create is not False]
    if any(_is_written(grant, path) for grant in writers):
        return True
    lines, dot, _ = path.partition(".")
    if not dot:
        return False
    # Who may write nothing of the lines adds none, so nothing of them is demanded of him.
    rows = linting.project.form_by_id[form.collection_by_id[lines].form]
    return not any(
        _is_written(g, f"{lines}.{f.id}") for g in writers for f in rows.fields if not f.is_derived
    )


def _is_written(grant: FormGrant, path: str) -> bool:
    if any(covers(paths, path) for paths in (grant.hide, grant.mask, grant.readonly)):
        return False
    return grant.write is None or covers(grant.write, path)


def _place(key: ScalarNode, written: Written, grant: FormGrant, path: str) -> ScalarNode:
    for word in (words.HIDE, words.MASK, words.READONLY):
        for node in written[word] or ():
            if covers(frozenset({node.text}), path):
                return node
    is_left_out = grant.write is not None and not covers(grant.write, path)
    return written.key_of(words.WRITE) if is_left_out and words.WRITE in written else key


def _report(linting: Linting, form: Form, path: str, place: ScalarNode) -> None:
    lines, dot, name = path.partition(".")
    shape = linting.lowering.compilation.shapes[form.collection_by_id[lines].form if dot else form.id]
    declared = shape.fields[name or lines].id_node
    linting.report(
        REQUIRED_NOT_WRITABLE,
        place,
        label(
            zh=f"可以新建 `{form.id}`，却不能填写必填字段 `{path}`",
            en=f"may create `{form.id}`, but not write its required field `{path}`",
        ),
        label(
            zh="给字段写 `default:`，或让该角色可写",
            en="give the field a `default`, or let the role write it",
        ),
        notes=()
        if declared is None
        else (Note(text=label(zh="字段在这里", en="the field stands here"), span=declared.span),),
    )
