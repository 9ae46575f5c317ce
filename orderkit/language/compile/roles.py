"""Roles: what a group may see and do."""

from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, Note
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.kinds import role as words
from orderkit.language.spec.readers import scalar
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import label
from orderkit.model.roles import ADMIN, EVERYONE, FormGrant, Role

GRANT_ON_LINES = Code(
    "OK5001",
    "grant-on-lines",
    ERROR,
    since="0.1",
    explain="""
    Rights are granted on a form; its lines follow. Their fields are named with a dot: `hide: [lines.cost]`.
    ~~~yaml bad
    role: sales
    forms: {order.lines: {read: true}}
    # order.yaml
    form: order
    fields: {lines: {type: lines, fields: {name: {type: text}}}}
    ~~~
    ~~~yaml good
    role: sales
    forms: {order: {read: true}}
    # order.yaml
    form: order
    fields: {lines: {type: lines, fields: {name: {type: text}}}}
    ~~~""",
    zh="权限授在表单上，明细随之。明细的字段用点号写：`hide: [lines.cost]`。",
)
CONTRADICTING_GRANT = Code(
    "OK5002",
    "contradicting-grant",
    ERROR,
    since="0.1",
    explain="""
    A grant hides or masks a field and lets people write it, or has both `write` and `readonly` for one field.
    ~~~yaml bad
    role: sales
    forms: {order: {read: true, update: true, hide: [cost], write: [cost]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~
    ~~~yaml good
    role: sales
    forms: {order: {read: true, update: true, write: [cost]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~""",
    zh="同一个字段既隐藏或脱敏又可写，或同时写在 `write` 和 `readonly` 里。",
)
NOTHING_TO_UNMASK = Code(
    "OK5004",
    "nothing-to-unmask",
    ERROR,
    since="0.1",
    explain="""
    A role unmasks a field that masks nothing: only a field with a `mask` of its own can be named here.
    ~~~yaml bad
    role: sales
    forms: {customer: {read: true, unmask: [phone]}}
    # customer.yaml
    form: customer
    fields: {name: {type: text}, phone: {type: text}}
    ~~~
    ~~~yaml good
    role: sales
    forms: {customer: {read: true, unmask: [phone]}}
    # customer.yaml
    form: customer
    fields: {name: {type: text}, phone: {type: text, mask: phone}}
    ~~~""",
    zh="角色取消了某字段的脱敏，但该字段本来就没有写 `mask`。",
)

_BUILT_IN = {ADMIN: label(zh="管理员", en="Administrator"), EVERYONE: label(zh="所有人", en="Everyone")}


def lower_roles(lowering: Lowering) -> tuple[Role, ...]:
    """Return every role by id, `admin` and `everyone` among them."""
    declared = lowering.compilation.named.of("role")
    roles = {each.id: _lower(lowering, each) for each in declared.values()}
    for name, text in _BUILT_IN.items():
        roles.setdefault(name, Role(id=name, label=text))
    return tuple(role for _, role in sorted(roles.items()) if role is not None)


def _lower(lowering: Lowering, declared: Declared) -> Role | None:
    written = declared.written
    if written is None:
        return None
    grants = [_grant(lowering, key, grant) for key, grant in written[words.FORMS] or ()]
    compilation = lowering.compilation
    return Role(
        id=declared.id,
        label=written[words.LABEL_] or _BUILT_IN.get(declared.id) or readable(declared.id),
        forms=tuple(sorted((grant for grant in grants if grant is not None), key=lambda grant: grant.form)),
        reports=tuple(n.text for n in written[words.REPORTS] or () if compilation.known(n, "report")),
        dashboards=tuple(
            n.text for n in written[words.DASHBOARDS] or () if compilation.known(n, "dashboard")
        ),
        analytics=tuple(n.text for n in written[words.ANALYTICS] or () if compilation.known(n, "workflow")),
        origin=declared.origin,
    )


def _grant(lowering: Lowering, key: ScalarNode, written: Written) -> FormGrant | None:
    form = lowering.compilation.form(key)
    if form is None or form.is_broken:
        return None
    if form.parent is not None:
        lowering.reading.report(
            GRANT_ON_LINES,
            key,
            label(zh="权限写在表单上，不写在明细上", en="rights are granted on a form, not on its lines"),
            label(zh=f"写 `{form.parent}`", en=f"write `{form.parent}`"),
        )
        return None
    scope = lowering.places.record(form.id)
    _check_contradiction(lowering, written)
    write = written[words.WRITE]
    return FormGrant(
        form=form.id,
        create=_right(lowering, written, words.CREATE, scope),
        read=_right(lowering, written, words.READ, scope),
        update=_right(lowering, written, words.UPDATE, scope),
        delete=_right(lowering, written, words.DELETE, scope),
        hide=_fields(lowering, form, written, words.HIDE),
        readonly=_fields(lowering, form, written, words.READONLY),
        write=None if write is None else _fields(lowering, form, written, words.WRITE),
        mask=_masked(lowering, form, written),
        export=written.flag(words.EXPORT),
        print=written.flag(words.PRINT),
        import_=written.flag(words.IMPORT),
    )


def _right(lowering: Lowering, written: Written, key: Key[Node], scope: Scope) -> bool | Expression:
    """Return true, false, or the condition on records. A wrong one grants nothing."""
    node = written[key]
    found = None if node is None else scalar(node, lowering.reading)
    if found is None:
        return False
    if found.text in ("true", "false"):
        return found.text == "true"
    return lowering.checking.condition(found, scope) or False


def _fields(
    lowering: Lowering, form: FormShape, written: Written, key: Key[tuple[ScalarNode, ...]]
) -> frozenset[str]:
    return frozenset(lowering.field_paths(form, written[key]))


def _masked(lowering: Lowering, form: FormShape, written: Written) -> frozenset[str]:
    """Return what the role sees masked: what it names, and what masks itself unless it is unmasked."""
    named = _fields(lowering, form, written, words.MASK)
    unmasked = _fields(lowering, form, written, words.UNMASK)
    own = _masking_themselves(lowering, form)
    for node in written[words.UNMASK] or ():
        if node.text in unmasked and node.text not in own:
            lowering.reading.report(
                NOTHING_TO_UNMASK,
                node,
                label(zh=f"`{node.text}` 没有写 `mask`", en=f"`{node.text}` has no `mask` of its own"),
                label(zh="从 `unmask` 中删掉", en="delete it from `unmask`"),
            )
    for node in written[words.WRITE] or ():
        if node.text in own and node.text not in unmasked:
            lowering.reading.report(
                CONTRADICTING_GRANT,
                node,
                label(
                    zh=f"`{node.text}` 脱敏显示，却可写", en=f"`{node.text}` is masked, yet may be written"
                ),
                label(zh=f"加上 `unmask: [{node.text}]`", en=f"add `unmask: [{node.text}]`"),
            )
    return named | (own - unmasked)


def _masking_themselves(lowering: Lowering, form: FormShape) -> frozenset[str]:
    """Return the paths of a form's fields, and of its lines' fields, that have a `mask`."""
    shapes = lowering.compilation.shapes
    found = {each.id for each in form.fields.values() if each.field is not None and each.field.mask}
    for collection in form.collections.values():
        if collection.is_lines:
            rows = shapes[collection.form].fields.values()
            found |= {
                f"{collection.id}.{each.id}" for each in rows if each.field is not None and each.field.mask
            }
    return frozenset(found)


def _check_contradiction(lowering: Lowering, written: Written) -> None:
    writable = {node.text: node for node in written[words.WRITE] or ()}
    for key in (words.HIDE, words.READONLY, words.MASK):
        for node in written[key] or ():
            other = writable.get(node.text)
            if other is not None:
                lowering.reading.report(
                    CONTRADICTING_GRANT,
                    node,
                    label(
                        zh=f"`{node.text}` 同时写在 `{key.name}` 和 `write` 里",
                        en=f"`{node.text}` stands in `{key.name}` and in `write`",
                    ),
                    label(zh="保留一个", en="keep one of them"),
                    notes=(Note(text=label(zh="另一个在这里", en="the other stands here"), span=other.span),),
                )
