"""Integrations that bring records in: pulled from a connection by a schedule, or received at a path."""

from dataclasses import replace

from orderkit.actions.action_type import Effect
from orderkit.language.compile.exchange.arguments import read_arguments
from orderkit.language.compile.exchange.connections import check_secrets
from orderkit.language.compile.exchange.integrations import begins_with
from orderkit.language.compile.exchange.operations import read_operation
from orderkit.language.compile.exchange.outside_types import with_outside
from orderkit.language.compile.exchange.schedules import read_cron
from orderkit.language.compile.exchange.sheets import check_required, matched_fields
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, Note, did_you_mean
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import integration as words
from orderkit.model.exchange.integrations import Pull, Reception, Scheme, Verify
from orderkit.model.expressions.nodes import Root
from orderkit.model.expressions.types import Json
from orderkit.model.labels import label
from orderkit.model.workflow.workflows import Action

GIVES_NO_ROWS = Code(
    "OK7203",
    "gives-no-rows",
    ERROR,
    since="0.1",
    explain="""
    `pull` names an operation whose answer is not a list of rows.
    ~~~yaml bad
    integration: stock
    schedule: "0 * * * *"
    pull: erp.save_voucher
    into: level
    set: {sku: =row.sku}
    # erp.yaml
    connection: erp
    connector: u8
    settings: {from_account: a, to_account: b, app_key: "${U8_KEY}", app_secret: "${U8_SECRET}"}
    # level.yaml
    form: level
    fields: {sku: {type: text}}
    ~~~
    ~~~yaml good
    integration: stock
    schedule: "0 * * * *"
    pull: erp.inventory
    into: level
    set: {sku: =row.sku}
    # erp.yaml
    connection: erp
    connector: u8
    settings: {from_account: a, to_account: b, app_key: "${U8_KEY}", app_secret: "${U8_SECRET}"}
    # level.yaml
    form: level
    fields: {sku: {type: text}}
    ~~~""",
    zh="`pull` 的操作，回答不是一行一行的数据。",
)
PATH_TWICE = Code(
    "OK7204",
    "path-twice",
    ERROR,
    since="0.1",
    explain="""
    Two integrations receive at one path, so that nobody could tell for which of them something arrives.
    ~~~yaml bad
    integration: a
    receive: /hooks/shop
    verify: {secret: "${SHOP_SECRET}"}
    into: order
    set: {name: =body.name}
    # b.yaml
    integration: b
    receive: /hooks/shop
    verify: {secret: "${SHOP_SECRET}"}
    into: order
    set: {name: =body.title}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    integration: a
    receive: /hooks/shop
    verify: {secret: "${SHOP_SECRET}"}
    into: order
    set: {name: =body.name}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="两个集成在同一个路径接收，来的数据就分不清是给谁的了。",
)
HEADER_NEEDED = Code(
    "OK7205",
    "signature-without-header",
    ERROR,
    since="0.1",
    explain="""
    `scheme: hmac_sha256` signs the body alone, and every sender puts the signature into a header of its own
    choice, so `verify` must name it. Standard Webhooks and bearer tokens have their headers fixed.
    ~~~yaml bad
    integration: a
    receive: /hooks/shop
    verify: {secret: "${SHOP_SECRET}", scheme: hmac_sha256}
    into: order
    set: {name: =body.name}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    integration: a
    receive: /hooks/shop
    verify: {secret: "${SHOP_SECRET}", scheme: hmac_sha256, header: X-Shop-Signature}
    into: order
    set: {name: =body.name}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="`scheme: hmac_sha256` 只对正文签名，签名放在哪个标头由发送方决定，`verify` 里要写明；标准 Webhook 和 bearer 令牌的标头是固定的。",
)


def lower_pulls(lowering: Lowering) -> tuple[Pull, ...]:
    """Return every integration that pulls, by id."""
    lowered = (
        _pull(lowering, declared, declared.written)
        for declared in lowering.compilation.named.of("integration").values()
        if declared.written is not None and begins_with(declared.written, words.SCHEDULE)
    )
    return tuple(each for each in lowered if each is not None)


def _pull(lowering: Lowering, declared: Declared, written: Written) -> Pull | None:
    pulled = read_operation(lowering, written[words.PULL])
    form = lowering.compilation.top_level_form(written[words.INTO_])
    operation = None if pulled is None else pulled[2]
    if pulled is not None and operation is not None and not operation.gives_rows:
        _report_no_rows(lowering, written, pulled[0], pulled[1])
        return None
    nothing = lowering.places.constant()
    name = "" if pulled is None else f"{pulled[0]}.{pulled[1]}"
    arguments = read_arguments(lowering, written, nothing, operation)
    rows = lowering.checking.expression(
        written[words.ROWS],
        with_outside(nothing, "result", None if operation is None else operation.Results, name),
    )
    scope = with_outside(nothing, "row", None if operation is None else operation.Row, name)
    when = lowering.checking.condition(written[words.WHEN], scope)
    node = written[words.SCHEDULE]
    schedule = None if node is None else read_cron(lowering, node)
    if form is None:
        return None
    filled = _Filled(lowering, declared, written, form, scope)
    if pulled is None or arguments is None or schedule is None:
        return None
    return Pull(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        schedule=schedule,
        connection=pulled[0],
        operation=pulled[1],
        arguments=arguments,
        form=form.id,
        match=filled.match,
        set=filled.set,
        rows=rows,
        when=when,
        on_dead=filled.on_dead,
        run_as=filled.run_as,
        origin=declared.origin,
    )


class _Filled:
    """How a form is filled from outside: what every way of bringing records in has in common."""

    def __init__(
        self, lowering: Lowering, declared: Declared, written: Written, form: FormShape, scope: Scope
    ) -> None:
        pairs = written[words.SET] or ()
        names = {key.text for key, _ in pairs}
        self.set = lowering.values.assignments(pairs, scope, form)
        self.match = matched_fields(lowering, form, written[words.MATCH] or (), names)
        self.run_as = lowering.named_user(written[words.RUN_AS], scope)
        record = lowering.places.record(form.id)
        self.on_dead: tuple[Action, ...] = lower_actions(
            lowering, written[words.ON_DEAD], ActionPlace(form, record, Effect.AFTER_COMMIT)
        )
        if words.SET in written:
            check_required(
                lowering, form, declared, names, help_=label(zh="把它加到 `set`", en="add it to `set`")
            )


def _report_no_rows(lowering: Lowering, written: Written, connection: str, operation: str) -> None:
    node = written[words.PULL]
    declared = lowering.compilation.named.of("connection")[connection].written
    connector = None if declared is None else declared[words.CONNECTOR]
    if node is None or connector is None:
        return
    operations = lowering.compilation.catalog.connectors[connector.text].operations
    giving = [name for name, each in operations.items() if each.gives_rows]
    lowering.reading.report(
        GIVES_NO_ROWS,
        node.part(len(connection) + 1, len(node.text)),
        label(zh=f"操作 `{operation}` 不返回行", en=f"the operation `{operation}` gives no rows"),
        did_you_mean(operation, giving),
    )


def lower_receptions(lowering: Lowering) -> tuple[Reception, ...]:
    """Return every integration that receives, by id."""
    found: list[Reception] = []
    places: dict[str, ScalarNode] = {}
    for declared in lowering.compilation.named.of("integration").values():
        written = declared.written
        if written is None or not begins_with(written, words.RECEIVE):
            continue
        path = written[words.RECEIVE]
        node = written.value_of(words.RECEIVE)
        if path is not None and isinstance(node, ScalarNode):
            first = places.setdefault(path, node)
            if first is not node:
                _report_twice(lowering, path, node, first)
        reception = _reception(lowering, declared, written)
        if reception is not None:
            found.append(reception)
    return tuple(found)


def _report_twice(lowering: Lowering, path: str, node: ScalarNode, first: ScalarNode) -> None:
    lowering.reading.report(
        PATH_TWICE,
        node,
        label(zh=f"`{path}` 已有集成在接收", en=f"another integration receives at `{path}`"),
        label(zh="换一个路径", en="choose another path"),
        notes=(Note(text=label(zh="第一次在这里", en="it is taken here"), span=first.span),),
    )


def _reception(lowering: Lowering, declared: Declared, written: Written) -> Reception | None:
    verify = (
        read_verify(lowering, written[words.VERIFY], written.value_of(words.VERIFY))
        if words.VERIFY in written
        else None
    )
    form = lowering.compilation.top_level_form(written[words.INTO_])
    nothing = lowering.places.constant()
    outside = {"body": Root("body", Json()), "headers": Root("headers", Json())}
    scope = replace(nothing, roots={**nothing.roots, **outside})
    key = lowering.checking.template(written[words.KEY], scope)
    when = lowering.checking.condition(written[words.WHEN], scope)
    if form is None:
        return None
    filled = _Filled(lowering, declared, written, form, scope)
    path = written[words.RECEIVE]
    if path is None or verify is None:
        return None
    return Reception(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        path=path,
        verify=verify,
        form=form.id,
        match=filled.match,
        set=filled.set,
        key=key,
        when=when,
        on_dead=filled.on_dead,
        run_as=filled.run_as,
        origin=declared.origin,
    )


def read_verify(lowering: Lowering, verify: Written | None, node: Node) -> Verify | None:
    """Return how a sender proves who it is, or None where that is wrong."""
    if verify is None or verify.is_broken:
        return None
    check_secrets(lowering, node)
    secret, header = verify[words.VERIFY_SECRET], verify[words.VERIFY_HEADER]
    scheme = Scheme(verify[words.VERIFY_SCHEME] or Scheme.STANDARD)
    if scheme is Scheme.HMAC_SHA256 and header is None:
        lowering.reading.report(
            HEADER_NEEDED,
            verify.value_of(words.VERIFY_SCHEME),
            label(zh="没有写明签名所在的标头", en="the header that holds the signature is not named"),
            label(zh="加上 `header: X-…`", en="add `header: X-…`"),
        )
    return None if secret is None else Verify(secret=secret, scheme=scheme, header=header)
