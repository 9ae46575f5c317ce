"""Portals: what somebody without an account must know, may see, and may do."""

from collections.abc import Iterable

from orderkit.language.compile.exchange.connections import read_rate
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FieldShape, FormShape
from orderkit.language.findings import ERROR, WARNING, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import papers as words
from orderkit.language.spec.words import MISSING_KEY
from orderkit.model.exchange.papers import LookupManner, Portal, PublicForm
from orderkit.model.expressions.types import File, Rows, Text
from orderkit.model.forms import SystemRole
from orderkit.model.labels import label
from orderkit.model.people import AnyOf, NamedPerson, Who
from orderkit.model.workflow.workflows import Transition, Workflow

SHOWS_PERSONAL_DATA = Code(
    "OK8610",
    "portal-shows-personal-data",
    WARNING,
    since="0.1",
    explain="""
    A portal shows a field that is masked or personal data. Whoever knows the number of a record sees it,
    and links are forwarded. Show what the visitor needs and does not know already.
    ~~~yaml bad
    portal: track
    for: order
    lookup: {name: exact, phone: last4}
    show: [name, phone]
    # order.yaml
    form: order
    fields: {name: {type: text}, phone: {type: text, pii: true}}
    ~~~
    ~~~yaml good
    portal: track
    for: order
    lookup: {name: exact, phone: last4}
    show: [name]
    # order.yaml
    form: order
    fields: {name: {type: text}, phone: {type: text, pii: true}}
    ~~~""",
    zh="门户显示了脱敏字段或个人信息。凡知道单号的人都看得到，链接还会被转发。只显示访客需要而又不知道的内容。",
)
GUESSABLE_LOOKUP = Code(
    "OK8611",
    "guessable-lookup",
    WARNING,
    since="0.1",
    explain="""
    A portal finds records by one value alone, or by last digits only: numbers are counted up and four digits
    are soon tried, so that anybody could read through all records. Ask for a second value that only those
    concerned know.
    ~~~yaml bad
    portal: track
    for: order
    lookup: {number: exact}
    show: [number]
    # order.yaml
    form: order
    number: "SO{seq:4}"
    fields: {phone: {type: text}}
    ~~~
    ~~~yaml good
    portal: track
    for: order
    lookup: {number: exact, phone: last4}
    show: [number]
    # order.yaml
    form: order
    number: "SO{seq:4}"
    fields: {phone: {type: text}}
    ~~~""",
    zh="门户只凭一个值，或只凭末四位查单：单号是连着的，四位数很快试完，谁都能把所有记录翻一遍。请再问一个只有当事人知道的值。",
)
WRONG_LOOKUP = Code(
    "OK8612",
    "wrong-lookup",
    ERROR,
    since="0.1",
    explain="""
    A record cannot be found by this field: lines, files and fields worked out at each read have nothing to
    compare, and last digits are of a text.
    ~~~yaml bad
    portal: track
    for: order
    lookup: {name: exact, qty: last4}
    show: [name]
    # order.yaml
    form: order
    fields: {name: {type: text}, qty: {type: integer}}
    ~~~
    ~~~yaml good
    portal: track
    for: order
    lookup: {name: exact, qty: exact}
    show: [name]
    # order.yaml
    form: order
    fields: {name: {type: text}, qty: {type: integer}}
    ~~~""",
    zh="不能凭这个字段查单：明细、附件和读取时计算的字段没有可比的值，末四位只能用于文字。",
)
CANNOT_PRESS = Code(
    "OK8613",
    "portal-cannot-press",
    ERROR,
    since="0.1",
    explain="""
    A portal offers a transition that only people with a role may press. A visitor is nobody; what a portal
    presses, the system presses, so `by` must name `system`.
    ~~~yaml bad
    portal: track
    for: order
    lookup: {name: exact, phone: last4}
    show: [name]
    allow: [confirm]
    # order.yaml
    form: order
    fields: {name: {type: text}, phone: {type: text}}
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: sent
    states: {sent: {}, done: {final: completed}}
    transitions: {confirm: {from: sent, to: done, by: owner}}
    ~~~
    ~~~yaml good
    portal: track
    for: order
    lookup: {name: exact, phone: last4}
    show: [name]
    allow: [confirm]
    # order.yaml
    form: order
    fields: {name: {type: text}, phone: {type: text}}
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: sent
    states: {sent: {}, done: {final: completed}}
    transitions: {confirm: {from: sent, to: done, by: [owner, system]}}
    ~~~""",
    zh="门户提供了只有某些角色能按的流转。访客谁也不是；门户按下的，是系统按的，所以 `by` 里要有 `system`。",
)
CANNOT_BE_FILLED = Code(
    "OK8614",
    "public-form-incomplete",
    ERROR,
    since="0.1",
    explain="""
    A public form neither asks for a required field nor sets it, so that nothing anybody fills in could be
    saved; or it asks for one that people cannot fill.
    ~~~yaml bad
    portal: ask
    for: inquiry
    create: {form: inquiry, fields: [name]}
    # inquiry.yaml
    form: inquiry
    fields: {name: {type: text}, phone: {type: text, required: true}}
    ~~~
    ~~~yaml good
    portal: ask
    for: inquiry
    create: {form: inquiry, fields: [name, phone]}
    # inquiry.yaml
    form: inquiry
    fields: {name: {type: text}, phone: {type: text, required: true}}
    ~~~""",
    zh="公开表单既不让人填某个必填字段，也不给它赋值，填了也存不下；或让人填了不能填的字段。",
)

_DERIVED = frozenset({"compute", "virtual"})
_GIVEN = frozenset({"default", "copy", *_DERIVED})
_TIMELINE = "timeline"
_SYSTEM = NamedPerson("system")


def lower_portals(lowering: Lowering, workflows: tuple[Workflow, ...]) -> tuple[Portal, ...]:
    """Return every portal, by id."""
    lowered = (
        _lower(lowering, declared, declared.written, workflows)
        for declared in lowering.compilation.named.of("portal").values()
        if declared.written is not None
    )
    return tuple(each for each in lowered if each is not None)


def _lower(
    lowering: Lowering, declared: Declared, written: Written, workflows: tuple[Workflow, ...]
) -> Portal | None:
    form = lowering.compilation.form(written[words.PORTAL_FOR])
    create = _create(lowering, written[words.CREATE])
    if form is None or form.is_broken:
        return None
    if words.LOOKUP not in written and words.CREATE not in written:
        lowering.reading.report(
            MISSING_KEY,
            declared.id_node,
            label(zh="门户缺少 `lookup` 或 `create`", en="the portal has neither `lookup` nor `create`"),
            label(zh="加上 `lookup:`", en="add `lookup:`"),
        )
    limit = read_rate(written[words.LIMIT] or words.LIMIT.default)
    assert limit is not None
    return Portal(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        form=form.id,
        lookup=_lookup(lowering, form, written),
        show=_shown(lowering, form, written[words.SHOW] or ()),
        shows_timeline=any(node.text == _TIMELINE for node in written[words.SHOW] or ()),
        allow=_allowed(lowering, form, written[words.ALLOW] or (), workflows),
        create=create,
        limit=limit,
        origin=declared.origin,
    )


def _lookup(lowering: Lowering, form: FormShape, written: Written) -> dict[str, LookupManner]:
    pairs = written[words.LOOKUP] or ()
    found: dict[str, LookupManner] = {}
    for key, word in pairs:
        field = lowering.compilation.path(form, key, follow_references=True)
        if field is None or field.field is None:
            continue
        manner = LookupManner(word)
        if _can_find(field, manner):
            found[key.text] = manner
            continue
        lowering.reading.report(
            WRONG_LOOKUP,
            key,
            label(zh=f"不能凭 `{key.text}` 的末四位查", en=f"`{key.text}` has no last digits")
            if manner is LookupManner.LAST4
            else label(zh=f"不能凭 `{key.text}` 查", en=f"nothing is found by `{key.text}`"),
            label(zh="用文字字段，或写 `exact`", en="use a text, or write `exact`")
            if manner is LookupManner.LAST4
            else label(zh="用保存的字段", en="use a field that is stored"),
        )
    if pairs and len(found) == len(pairs):
        _check_guessable(lowering, written, found)
    return found


def _can_find(field: FieldShape, manner: LookupManner) -> bool:
    is_virtual = field.written is not None and "virtual" in field.written.nodes
    if isinstance(field.type, (Rows, File)) or is_virtual:
        return False
    return manner is LookupManner.EXACT or isinstance(field.type, Text)


def _check_guessable(lowering: Lowering, written: Written, found: dict[str, LookupManner]) -> None:
    exact = [path for path, manner in found.items() if manner is LookupManner.EXACT]
    if exact and len(found) > 1:
        return
    only = ", ".join(f"`{path}`" for path in found)
    lowering.reading.report(
        GUESSABLE_LOOKUP,
        written.key_of(words.LOOKUP),
        label(zh=f"只凭 {only} 就能查到，容易被猜中", en=f"{only} alone can be guessed"),
        label(
            zh="再加一个，例如 `customer.phone: last4`",
            en="ask for another value as well, for example `customer.phone: last4`",
        )
        if exact
        else label(
            zh="再加一个 `exact` 的字段，例如单号",
            en="ask for a value that is `exact` as well, such as the number",
        ),
    )


def _shown(lowering: Lowering, form: FormShape, nodes: Iterable[ScalarNode]) -> tuple[str, ...]:
    found = []
    for node in nodes:
        if node.text == _TIMELINE and _TIMELINE not in form.fields:
            continue
        field = lowering.compilation.path(form, node, follow_references=True)
        if field is None:
            continue
        found.append(node.text)
        if field.field is not None and (field.field.pii or field.field.mask is not None):
            lowering.reading.report(
                SHOWS_PERSONAL_DATA,
                node,
                label(
                    zh=f"门户显示了个人信息 `{node.text}`",
                    en=f"the portal shows `{node.text}`, which is personal data",
                ),
                label(zh="不是必要就去掉它", en="take it out, unless the visitor needs it"),
                notes=()
                if field.id_node is None
                else (Note(text=label(zh="在这里声明", en="declared here"), span=field.id_node.span),),
            )
    return tuple(dict.fromkeys(found))


def _allowed(
    lowering: Lowering, form: FormShape, nodes: Iterable[ScalarNode], workflows: tuple[Workflow, ...]
) -> tuple[str, ...]:
    found = []
    is_whole = len(workflows) == len(lowering.compilation.named.of("workflow"))
    known: dict[str, Transition] = {
        transition.id: transition
        for workflow in workflows
        if workflow.form == form.id
        for transition in workflow.transitions
    }
    for node in nodes:
        transition = known.get(node.text)
        lowering.compilation.name_transition(form, node)
        if transition is None:
            if is_whole:
                report_unknown(lowering.reading, node, "transition", known)
            continue
        found.append(node.text)
        if transition.by is not None and not _names_system(transition.by):
            lowering.reading.report(
                CANNOT_PRESS,
                node,
                label(
                    zh=f"`{node.text}` 只能由登录的人按",
                    en=f"`{node.text}` can be pressed by people with an account only",
                ),
                label(zh="在它的 `by` 里加上 `system`", en="add `system` to its `by`"),
            )
    return tuple(dict.fromkeys(found))


def _names_system(who: Who) -> bool:
    return who == _SYSTEM or (isinstance(who, AnyOf) and any(_names_system(each) for each in who.people))


def _create(lowering: Lowering, written: Written | None) -> PublicForm | None:
    form = None if written is None else lowering.compilation.top_level_form(written[words.PUBLIC_FORM])
    if written is None or form is None:
        return None
    scope = lowering.places.constant()
    pairs = written[words.PUBLIC_SET] or ()
    assigned = lowering.values.assignments(pairs, scope, form)
    fields = _filled(lowering, form, written)
    _check_complete(lowering, form, written, {*fields, *(key.text for key, _ in pairs)})
    return PublicForm(form=form.id, fields=fields, set=assigned)


def _filled(lowering: Lowering, form: FormShape, written: Written) -> tuple[str, ...]:
    """Return the fields that people fill: those named, or every one that they can."""
    nodes = written[words.PUBLIC_FIELDS]
    if nodes is None:
        return tuple(each.id for each in form.own_fields() if _is_fillable(each))
    for node in nodes:
        field = form.fields.get(node.text)
        if field is not None and field.field is not None and not _is_fillable(field):
            lowering.reading.report(
                CANNOT_BE_FILLED,
                node,
                label(zh=f"`{node.text}` 不能由人填写", en=f"nobody can fill `{node.text}`"),
                label(zh="从 `fields` 里去掉它", en="take it out of `fields`"),
            )
    return lowering.field_paths(form, nodes)


def _is_fillable(field: FieldShape) -> bool:
    if field.field is None or field.field.readonly or field.field.system is not SystemRole.NONE:
        return False
    return field.written is None or not field.written.nodes.keys() & _DERIVED


def _check_complete(lowering: Lowering, form: FormShape, written: Written, given: set[str]) -> None:
    for field in form.own_fields():
        if field.field is None or field.written is None or not field.field.required or field.id in given:
            continue
        if field.written.nodes.keys() & _GIVEN:
            continue
        key = words.PUBLIC_FIELDS if words.PUBLIC_FIELDS in written else words.PUBLIC_FORM
        lowering.reading.report(
            CANNOT_BE_FILLED,
            written.key_of(key),
            label(zh=f"没有人填必填字段 `{field.id}`", en=f"nobody fills the required field `{field.id}`"),
            label(zh="把它加到 `fields` 或 `set`", en="add it to `fields` or `set`"),
        )
