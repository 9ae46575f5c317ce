"""Integrations: when something happens to a record, an external system is called."""

import re
from collections import ChainMap
from collections.abc import Mapping
from typing import get_args

from orderkit.actions.action_type import Effect
from orderkit.connectors.connector_type import Operation
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import WRONG_WHO
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.actions import ActionPlace, lower_actions
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import MappingNode, Node, ScalarNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec import Written
from orderkit.language.spec import integration as words
from orderkit.language.spec import workflow as workflow_words
from orderkit.language.spec.words import report_shape, report_unknown_key
from orderkit.model.expressions import Entry, Expression, Literal, Structure
from orderkit.model.integrations import Event, EventKind, Integration
from orderkit.model.labels import label
from orderkit.model.people import NamedUser
from orderkit.model.types import Json, Text

WRONG_EVENT = Code(
    "OK7101",
    "wrong-event",
    ERROR,
    since="0.1",
    explain="""
    An event is `form.created`, `form.updated`, `form.deleted`, `form.changed(field)`, `form.entered(state)` or
    `form.did(transition)`; the workflow stands between where a form has several.
    ~~~yaml bad
    integration: tell
    event: order.shipped
    call: finance.post
    key: "order:{id}"
    # finance.yaml
    connection: finance
    connector: http
    settings: {base_url: "https://example.com"}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    integration: tell
    event: order.created
    call: finance.post
    key: "order:{id}"
    # finance.yaml
    connection: finance
    connector: http
    settings: {base_url: "https://example.com"}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="事件写成 `form.created`、`form.updated`、`form.deleted`、`form.changed(字段)`、`form.entered(状态)` 或 `form.did(流转)`；表单有几个流程时，流程名写在中间。",
)
MISSING_ARGUMENT = Code(
    "OK7102",
    "missing-argument",
    ERROR,
    since="0.1",
    explain="""
    An operation needs an argument that `with` does not give.
    ~~~yaml bad
    integration: tell
    event: order.created
    call: mail.send
    key: "order:{id}"
    with: {to: sales@example.com}
    # mail.yaml
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    integration: tell
    event: order.created
    call: mail.send
    key: "order:{id}"
    with: {to: sales@example.com, text: "{name}"}
    # mail.yaml
    connection: mail
    connector: smtp
    settings: {host: smtp.example.com, from: orders@example.com}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="操作需要的参数，`with` 里没有给。",
)

_EVENT = re.compile(
    r"(?P<form>[a-z][a-z0-9_]*)(?:\.(?P<workflow>[a-z][a-z0-9_]*))??\.(?P<kind>[a-z]+)(?:\((?P<subject>[^()]*)\))?"
)


def lower_integrations(lowering: Lowering) -> tuple[Integration, ...]:
    """Return every integration, by id."""
    lowered = (_lower(lowering, each) for each in lowering.compilation.named.of("integration").values())
    return tuple(integration for integration in lowered if integration is not None)


def _lower(lowering: Lowering, declared: Declared) -> Integration | None:
    written = declared.written
    if written is None:
        return None
    event_node = written[words.EVENT]
    event = None if event_node is None else _event(lowering, event_node)
    operation = _operation(lowering, written[words.CALL])
    if event is None:
        return None
    form = lowering.compilation.shapes[event.form]
    scope = lowering.places.workflow(form.id)
    arguments = _arguments(lowering, written, scope, None if operation is None else operation[2])
    place = ActionPlace(form, scope, Effect.AFTER_COMMIT)
    key = lowering.checking.template(written[words.KEY], scope)
    lowered_dead = lower_actions(lowering, written[words.ON_DEAD], place)
    save = lowering.values.assignments(written[words.SAVE] or (), lowering.places.answer(form.id), form)
    when = lowering.checking.condition(written[words.WHEN], scope)
    run_as = _run_as(lowering, written[words.RUN_AS], scope)
    if operation is None or key is None or arguments is None:
        return None
    return Integration(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        event=event,
        connection=operation[0],
        operation=operation[1],
        key=key,
        arguments=arguments,
        when=when,
        save=save,
        on_dead=lowered_dead,
        run_as=run_as,
        origin=declared.origin,
    )


def _event(lowering: Lowering, node: ScalarNode) -> Event | None:
    """Return the event that a text names, with form, workflow, kind and subject looked up."""
    match = _EVENT.fullmatch(node.text.strip())
    kinds = [kind.value for kind in EventKind]
    if match is None or match["kind"] not in kinds:
        last = node.text.rsplit(".", 1)[-1].partition("(")[0]
        start = node.text.rfind(last) if last else 0
        place = node.part(start, start + len(last)) if last and "." in node.text else node
        lowering.reading.report(
            WRONG_EVENT,
            place,
            label(zh=f"`{node.text}` 不是事件", en=f"`{node.text}` is not an event"),
            did_you_mean(last, kinds),
            fix=None if place is node else correction(place, last, kinds),
        )
        return None
    compilation = lowering.compilation
    form = compilation.shapes.get(match["form"])
    if form is None:
        place = node.part(match.start("form"), match.end("form"))
        forms = {each.id: each for each in compilation.shapes.values() if each.parent is None}
        report_unknown(lowering.reading, place, "form", forms, name=match["form"])
        return None
    if form.is_broken:
        return None
    kind = EventKind(match["kind"])
    needs_subject = kind in (EventKind.CHANGED, EventKind.ENTERED, EventKind.DID)
    if needs_subject != bool(match["subject"]):
        _report_subject(lowering, node, kind, needs_subject=needs_subject)
        return None
    return _with_subject(lowering, node, match, form, kind)


def _report_subject(lowering: Lowering, node: ScalarNode, kind: EventKind, *, needs_subject: bool) -> None:
    examples = {"changed": "changed(field)", "entered": "entered(state)", "did": "did(transition)"}
    wanted = examples.get(kind.value, kind.value)
    lowering.reading.report(
        WRONG_EVENT,
        node,
        label(zh=f"`{kind.value}` 缺少括号里的名称", en=f"`{kind.value}` needs a name in brackets")
        if needs_subject
        else label(zh=f"`{kind.value}` 后面没有括号", en=f"`{kind.value}` takes nothing in brackets"),
        label(zh=f"写成 `表单.{wanted}`", en=f"write `form.{wanted}`"),
    )


def _with_subject(
    lowering: Lowering, node: ScalarNode, match: re.Match[str], form: FormShape, kind: EventKind
) -> Event | None:
    subject = match["subject"]
    if kind in (EventKind.CREATED, EventKind.UPDATED, EventKind.DELETED):
        return Event(form=form.id, kind=kind)
    place = node.part(match.start("subject"), match.end("subject"))
    if kind is EventKind.CHANGED:
        found = lowering.compilation.path(form, node, text=subject, place=place)
        return None if found is None else Event(form=form.id, kind=kind, subject=subject)
    if _has_lost_workflow(lowering, form.id):
        return None
    workflows = _workflows_of(lowering, form.id)
    named = match["workflow"]
    if named is not None and named not in workflows:
        workflow_place = node.part(match.start("workflow"), match.end("workflow"))
        report_unknown(lowering.reading, workflow_place, "workflow", workflows, name=named)
        return None
    key = workflow_words.STATES if kind is EventKind.ENTERED else workflow_words.TRANSITIONS
    known: dict[str, dict[str, Written]] = {
        workflow: {each.text: value for each, value in written[key] or ()}
        for workflow, written in workflows.items()
        if named in (None, workflow)
    }
    having = [workflow for workflow, names in known.items() if subject in names]
    if not having:
        word = "state" if kind is EventKind.ENTERED else "transition"
        report_unknown(lowering.reading, place, word, dict(ChainMap(*known.values())), name=subject)
        return None
    if len(having) > 1:
        lowering.reading.report(
            WRONG_EVENT,
            node,
            label(zh=f"`{subject}` 在多个流程里都有", en=f"several workflows have `{subject}`"),
            label(
                zh=f"写成 `{form.id}.{having[0]}.{kind.value}({subject})`",
                en=f"write `{form.id}.{having[0]}.{kind.value}({subject})`",
            ),
        )
        return None
    return Event(form=form.id, kind=kind, workflow=having[0], subject=subject)


def _has_lost_workflow(lowering: Lowering, form: str) -> bool:
    return any(
        (declared.written is None or declared.written[workflow_words.STATES] is None)
        and declared.facts.get("for", form) == form
        for declared in lowering.compilation.named.of("workflow").values()
    )


def _workflows_of(lowering: Lowering, form: str) -> Mapping[str, Written]:
    found = {}
    for declared in lowering.compilation.named.of("workflow").values():
        written = declared.written
        node = None if written is None else written[workflow_words.FOR]
        if written is not None and node is not None and node.text == form:
            found[declared.id] = written
    return found


def _operation(lowering: Lowering, node: ScalarNode | None) -> tuple[str, str, Operation] | None:
    """Return connection and operation of `connection.operation`."""
    if node is None:
        return None
    compilation = lowering.compilation
    name, _, operation = node.text.partition(".")
    declared = compilation.named.of("connection").get(name)
    if declared is None:
        known = compilation.named.of("connection")
        report_unknown(lowering.reading, node.part(0, len(name)), "connection", known, name=name)
        return None
    connector = None if declared.written is None else declared.written[words.CONNECTOR]
    kind = None if connector is None else compilation.catalog.connectors.get(connector.text)
    if kind is None:
        return None
    if operation not in kind.operations:
        place = node.part(len(name) + 1, len(node.text)) if operation else node.span
        report_unknown(lowering.reading, place, "operation", kind.operations, name=operation or name)
        return None
    return name, operation, kind.operations[operation]


def _arguments(
    lowering: Lowering, written: Written, scope: Scope, operation: Operation | None
) -> Expression | None:
    """Return what is sent. Names are checked against the operation's arguments, where it is known."""
    node = written[words.WITH]
    if node is not None and not isinstance(node, MappingNode):
        report_shape(lowering.reading, node, zh="一组参数（`{名称: 值}`）", en="arguments (`{name: value}`)")
        return None
    entries = () if node is None else node.entries
    known = None if operation is None else operation.Arguments.model_fields
    found: list[Entry] = []
    is_right = True
    for key, value in entries:
        if known is not None and operation is not None and key.text not in known:
            owner = label(zh=f"操作 `{operation.name}`", en=f"operation `{operation.name}`")
            report_unknown_key(lowering.reading, key, known, owner)
            continue
        is_text = known is not None and _is_text(known[key.text].annotation)
        argument = _argument(lowering, value, scope, is_text=is_text)
        is_right = is_right and argument is not None
        if argument is not None:
            found.append(Entry(key.text, argument))
    given = {key.text for key, _ in entries}
    for name, info in (known or {}).items():
        if info.is_required() and name not in given:
            is_right = False
            lowering.reading.report(
                MISSING_ARGUMENT,
                written.key_of(words.WITH) if words.WITH in written else written.value_of(words.CALL),
                label(zh=f"调用缺少参数 `{name}`", en=f"the call lacks the argument `{name}`"),
                label(zh=f"在 `with` 里加上 `{name}:`", en=f"add `{name}:` to `with`"),
            )
    return Structure(tuple(found), Json()) if is_right else None


def _argument(lowering: Lowering, node: Node, scope: Scope, *, is_text: bool) -> Expression | None:
    is_literal = isinstance(node, ScalarNode) and not node.text.startswith("=") and "{" not in node.text
    if is_text and is_literal and isinstance(node, ScalarNode) and not node.is_empty:
        return Literal(node.text, Text())
    return lowering.values.of_anything(node, scope)


def _is_text(annotation: object) -> bool:
    return annotation is str or {*get_args(annotation)} == {str, type(None)}


def _run_as(lowering: Lowering, node: Node | None, scope: Scope) -> str | None:
    who = lowering.people.read(node, scope)
    if who is None or node is None:
        return None
    if isinstance(who, NamedUser):
        return who.login
    lowering.reading.report(
        WRONG_WHO,
        node,
        label(zh="这里要写明一个用户", en="one named user is expected here"),
        label(zh="例如 `user(bot)`", en="for example `user(bot)`"),
    )
    return None
