"""Lints over prints: somebody may print the document, and sees what stands in it."""

from collections.abc import Sequence

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.sight import covers, from_the_root, grants_on, readers_of
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.findings import WARNING, Code, Span
from orderkit.language.source import ScalarNode
from orderkit.language.spec.kinds.papers import PRINT_ROLES
from orderkit.model.exchange.papers import Print
from orderkit.model.forms import Form
from orderkit.model.labels import label
from orderkit.model.roles import Role

NOBODY_PRINTS = Code(
    "OK8604",
    "nobody-may-print",
    WARNING,
    since="0.1",
    explain="""
    No role may print the form of a document, so that administrators alone are offered it.
    ~~~yaml bad
    print: note
    for: order
    template: note.html
    # note.html
    {{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    # sales.yaml
    role: sales
    forms: {order: {read: true}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: note.html
    # note.html
    {{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    # sales.yaml
    role: sales
    forms: {order: {read: true, print: true}}
    ~~~""",
    zh="没有角色可以打印单据所属的表单，只有管理员打得出来。",
)
ALWAYS_EMPTY = Code(
    "OK8605",
    "print-shows-nothing",
    WARNING,
    since="0.1",
    explain="""
    A template writes a field that is hidden from every role that may print the document: its place stays empty.
    ~~~yaml bad
    print: note
    for: order
    template: note.html
    # note.html
    {{ name }} {{ cost }}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    # sales.yaml
    role: sales
    forms: {order: {read: true, print: true, hide: [cost]}}
    ~~~
    ~~~yaml good
    print: note
    for: order
    template: note.html
    # note.html
    {{ name }}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    # sales.yaml
    role: sales
    forms: {order: {read: true, print: true, hide: [cost]}}
    ~~~""",
    zh="模板写出的字段，对每个可以打印这份单据的角色都是隐藏的：那里总是空白。",
)


def check_prints(linting: Linting) -> None:
    """Report documents that nobody may print, and what nobody sees in them."""
    # A role that cannot be read may be the one that prints.
    if linting.wrong_files or not linting.named.of("role"):
        return
    for each in linting.project.prints:
        declared = linting.named.of("print").get(each.id)
        if declared is None or linting.certain("print", each.id) is None:
            continue
        printers = _printers(linting, each)
        if printers:
            _check_seen(linting, each, printers)
            continue
        linting.report(
            NOBODY_PRINTS,
            _where_mended(declared),
            label(
                zh=f"没有角色可以打印 `{each.form}`，`{each.id}` 只有管理员打得出来",
                en=f"no role may print `{each.form}`, so that `{each.id}` is for administrators alone",
            ),
            label(
                zh=f"在角色的 `forms` 里写 `{each.form}: {{print: true}}`",
                en=f"write `{each.form}: {{print: true}}` in the `forms` of a role",
            ),
        )


def _where_mended(declared: Declared) -> ScalarNode:
    """Return where a document names who prints it; its name, if it leaves that to the roles."""
    written = declared.written
    named = written is not None and PRINT_ROLES in written
    return written.key_of(PRINT_ROLES) if written is not None and named else declared.id_node


def _printers(linting: Linting, printed: Print) -> Sequence[Role]:
    return [
        role
        for role in linting.project.roles
        if (printed.roles is None or role.id in printed.roles)
        and any(
            grant.print and grant.read is not False
            for grant in grants_on(linting.project, role, printed.form)
        )
    ]


def _check_seen(linting: Linting, printed: Print, printers: Sequence[Role]) -> None:
    project = linting.project
    for naming in linting.lowering.reading.mentions.named:
        if (
            naming.kind != "field"
            or not isinstance(naming.at, Span)
            or naming.at.path not in {printed.template, *printed.parts}
        ):
            continue
        form_id, _, name = naming.id.rpartition(".")
        form = project.form_by_id.get(form_id)
        if form is None or form.is_built_in or name not in form.by_id:
            continue
        if all(_is_hidden(linting, role, form, name) for role in printers):
            linting.report(
                ALWAYS_EMPTY,
                naming.at,
                label(
                    zh=f"可以打印的角色都看不到 `{name}`，这里总是空白",
                    en=f"none of the roles that may print sees `{name}`, so that nothing stands here",
                ),
                label(zh="从模板里去掉它", en="take it out of the template"),
            )


def _is_hidden(linting: Linting, role: Role, form: Form, name: str) -> bool:
    root, path = from_the_root(linting.project, form, name)
    readers = readers_of(linting.project, role, root.id)
    return bool(readers) and all(covers(grant.hide, path) for grant in readers)
