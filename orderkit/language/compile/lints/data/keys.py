"""Lints over keys: a key all of whose parts may be empty keeps nothing apart and finds nothing."""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.findings import WARNING, Code
from orderkit.language.spec.kinds import form as form_words
from orderkit.language.spec.kinds import sheets as sheet_words
from orderkit.model.exchange.imports import ImportMapping
from orderkit.model.expressions.nodes import Expression, Get, Literal, Root
from orderkit.model.expressions.tree import walk
from orderkit.model.expressions.types import Boolean
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.labels import label

UNIQUE_MAY_BE_EMPTY = Code(
    "OK2210",
    "unique-may-be-empty",
    WARNING,
    since="0.1",
    explain="""
    Every part of a key of several fields may be empty. Empty values never collide, so records without all of
    them are not kept apart; require one of the fields.
    ~~~yaml bad
    form: order
    fields: {shop: {type: text}, external_no: {type: text}}
    unique: [[shop, external_no]]
    ~~~
    ~~~yaml good
    form: order
    fields: {shop: {type: text, required: true}, external_no: {type: text}}
    unique: [[shop, external_no]]
    ~~~""",
    zh="由几个字段组成的唯一键，每个字段都可能为空。空值从不冲突，缺值的单据就不会被区分；请让其中一个必填。",
)
MATCH_MAY_BE_EMPTY = Code(
    "OK8310",
    "match-may-be-empty",
    WARNING,
    since="0.1",
    explain="""
    An import finds records by fields that may all be empty. A row without them is taken for a new record,
    each time it is imported. Require one of the fields, or leave such rows out by `where`.
    ~~~yaml bad
    import: orders
    for: order
    match: [external_no]
    columns: {external_no: No, name: Name}
    # order.yaml
    form: order
    fields: {external_no: {type: text}, name: {type: text}}
    ~~~
    ~~~yaml good
    import: orders
    for: order
    match: [external_no]
    columns: {external_no: No, name: Name}
    where: row['No'] != null
    # order.yaml
    form: order
    fields: {external_no: {type: text}, name: {type: text}}
    ~~~""",
    zh="导入用来查找单据的字段都可能为空。没有这些值的行每次导入都会被当成新单据。请让其中一个字段必填，或用 `where` 去掉这样的行。",
)


def check_keys(linting: Linting) -> None:
    """Report keys of forms and of imports all of whose parts may be empty."""
    for form in linting.project.forms:
        if form.origin is None or form.origin.path in linting.wrong_files:
            continue
        written = linting.named.of("form")[form.id].written if form.id in linting.named.of("form") else None
        for parts in () if written is None else written[form_words.UNIQUE] or ():
            names = [node.text for node in parts]
            if len(names) > 1 and all(_may_be_empty(form, name) for name in names):
                linting.report(
                    UNIQUE_MAY_BE_EMPTY,
                    parts[0],
                    label(
                        zh=f"唯一键 {_listed(names)} 的每个字段都可能为空",
                        en=f"all parts of the unique key {_listed(names)} may be empty",
                    ),
                    label(zh="让其中一个字段 `required: true`", en="make one of the fields `required: true`"),
                )
    for mapping in linting.project.imports:
        _check_match(linting, mapping)


def _check_match(linting: Linting, mapping: ImportMapping) -> None:
    form = linting.project.form_by_id.get(mapping.form)
    written = linting.named.of("import")[mapping.id].written
    if form is None or written is None or not mapping.match:
        return
    if form.origin is None or form.origin.path in linting.wrong_files:
        return
    nodes = {node.text: node for node in written[sheet_words.MATCH] or ()}
    given = dict((*mapping.default, *mapping.set))
    tested = _headings(mapping.where)
    headings = {column.field: column.heading for column in mapping.columns}
    for name in mapping.match:
        value = given.get(name)
        is_given = isinstance(value, Literal) and value.value is not None
        paths = (path for path in headings if path == name or path.startswith(f"{name}."))
        if is_given or not _may_be_empty(form, name) or any(headings[path] in tested for path in paths):
            return
    linting.report(
        MATCH_MAY_BE_EMPTY,
        nodes[mapping.match[0]],
        label(
            zh=f"用来查找的 {_listed(mapping.match)} 可能为空，这样的行每次都会新建",
            en=f"{_listed(mapping.match)}, by which records are found, may be empty; such rows are new each time",
        ),
        label(
            zh="让字段必填，或写 `where: row['列名'] != null`",
            en="require the field, or write `where: row['heading'] != null`",
        ),
    )


def _headings(where: Expression | None) -> frozenset[str]:
    """Return the columns that a condition on rows looks at."""
    found = set()
    for node in () if where is None else walk(where):
        if isinstance(node, Get) and isinstance(node.base, Root) and node.base.name == "row":
            found.add(node.field)
    return frozenset(found)


def _may_be_empty(form: Form, name: str) -> bool:
    field: Field | None = form.by_id.get(name)
    if field is None or field.required or field.system is not SystemRole.NONE:
        return False
    return field.default is None and not isinstance(field.value_type, Boolean)


def _listed(names: "list[str] | tuple[str, ...]") -> str:
    return ", ".join(f"`{name}`" for name in names)
