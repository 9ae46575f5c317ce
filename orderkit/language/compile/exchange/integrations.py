"""Integrations that call out: when something happens to a record, an external system is called.

Those that bring records in, by a schedule or as they arrive, are in `inbound`.
"""

from typing import Any

from orderkit.actions.action_type import Effect
from orderkit.language.compile.exchange.arguments import read_arguments
from orderkit.language.compile.exchange.events import read_event
from orderkit.language.compile.exchange.operations import read_operation
from orderkit.language.compile.exchange.outside_types import with_outside
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.findings import ERROR, Code
from orderkit.language.spec import Key, Written
from orderkit.language.spec.kinds import integration as words
from orderkit.model.exchange.integrations import Integration
from orderkit.model.labels import label

WRONG_SHAPE_OF_INTEGRATION = Code(
    "OK7200",
    "wrong-integration",
    ERROR,
    since="0.1",
    explain="""
    An integration begins in one of three ways: an `event` that makes a `call`, a `schedule` by which it does
    a `pull`, or a path at which it does `receive`. It has one of these, and only words that belong to it.
    ~~~yaml bad
    integration: stock
    event: order.created
    schedule: "0 * * * *"
    call: erp.post
    key: "order:{id}"
    # erp.yaml
    connection: erp
    connector: http
    settings: {base_url: "https://example.com"}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    integration: stock
    event: order.created
    call: erp.post
    key: "order:{id}"
    # erp.yaml
    connection: erp
    connector: http
    settings: {base_url: "https://example.com"}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="集成有三种开头：`event`（发生某事时）加 `call`，`schedule`（定时）加 `pull`，或 `receive`（接收）。只能有其中一种，也只能写属于它的词。",
)


def shape_of(written: Written) -> words.Shape | None:
    """Return the way in which an integration begins, the first of those that are written."""
    return next((shape for shape in words.SHAPES if shape.begins in written), None)


def begins_with(written: Written, key: Key[Any]) -> bool:
    """Whether an integration begins with a word."""
    shape = shape_of(written)
    return shape is not None and shape.begins is key


def check_shape(lowering: Lowering, declared: Declared, written: Written) -> None:
    """Report an integration that begins in no way or in two, lacks a word, or has one of another way."""
    shape = shape_of(written)
    if shape is None:
        lowering.reading.report(
            WRONG_SHAPE_OF_INTEGRATION,
            declared.id_node,
            label(
                zh=f"集成 `{declared.id}` 没有开头", en=f"the integration `{declared.id}` begins with nothing"
            ),
            label(
                zh="加上 `event:`、`schedule:` 或 `receive:`", en="add `event:`, `schedule:` or `receive:`"
            ),
        )
        return
    for name, (key, _) in written.nodes.items():
        if name not in shape.needed | shape.more and name not in (shape.begins.name, "label"):
            lowering.reading.report(
                WRONG_SHAPE_OF_INTEGRATION,
                key,
                label(
                    zh=f"`{name}` 不能和 `{shape.begins.name}` 一起写",
                    en=f"`{name}` does not go with `{shape.begins.name}`",
                ),
                label(zh="删掉一个，或分成两个集成", en="delete one of them, or make two integrations"),
            )
    for name in (key.name for key in words.INTEGRATION.keys if key.name in shape.needed):
        if name not in written.nodes:
            words.INTEGRATION.report_missing(name, written.node, lowering.reading)


def lower_integrations(lowering: Lowering) -> tuple[Integration, ...]:
    """Return every integration that calls out, by id. The shape of all of them is checked here."""
    found = []
    for declared in lowering.compilation.named.of("integration").values():
        written = declared.written
        if written is None:
            continue
        check_shape(lowering, declared, written)
        integration = _lower(lowering, declared, written) if begins_with(written, words.EVENT) else None
        if integration is not None:
            found.append(integration)
    return tuple(found)


def _lower(lowering: Lowering, declared: Declared, written: Written) -> Integration | None:
    event_node = written[words.EVENT]
    event = None if event_node is None else read_event(lowering, event_node)
    called = read_operation(lowering, written[words.CALL])
    if event is None:
        return None
    form = lowering.compilation.shapes[event.form]
    scope = lowering.places.workflow(form.id)
    operation = None if called is None else called[2]
    arguments = read_arguments(lowering, written, scope, operation)
    key = lowering.checking.template(written[words.KEY], scope)
    on_dead = lower_actions(lowering, written[words.ON_DEAD], ActionPlace(form, scope, Effect.AFTER_COMMIT))
    answer = with_outside(
        lowering.places.record(form.id),
        "result",
        None if operation is None else operation.Results,
        "" if called is None else f"{called[0]}.{called[1]}",
    )
    save = lowering.values.assignments(written[words.SAVE] or (), answer, form)
    when = lowering.checking.condition(written[words.WHEN], scope)
    run_as = lowering.named_user(written[words.RUN_AS], scope)
    if called is None or key is None or arguments is None:
        return None
    return Integration(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        event=event,
        connection=called[0],
        operation=called[1],
        key=key,
        arguments=arguments,
        when=when,
        save=save,
        on_dead=on_dead,
        run_as=run_as,
        origin=declared.origin,
    )
