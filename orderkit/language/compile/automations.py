"""Automations: what sets them off, whom they are done for, and what is done."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from orderkit.actions.action_type import Effect
from orderkit.language.compile.exchange.events import read_event
from orderkit.language.compile.exchange.inbound import read_verify
from orderkit.language.compile.exchange.schedules import read_cron
from orderkit.language.compile.names.collecting import Declared
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.scopes import inside_each
from orderkit.language.compile.places.who import ABOUT_A_RECORD, ABOUT_NOTHING
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.compile.workflows.selections import read_selection
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Key, Written
from orderkit.language.spec.kinds import automation as words
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.language.spec.parts import clock as clock_words
from orderkit.model.exchange.integrations import Event
from orderkit.model.labels import label
from orderkit.model.workflow.actions import Selection
from orderkit.model.workflow.automations import Automation, DateReached, Schedule, Trigger, Webhook

WRONG_TRIGGER = Code(
    "OK4410",
    "wrong-trigger",
    ERROR,
    since="0.1",
    explain="""
    A trigger is exactly one of `event`, `schedule`, `date` and `webhook`; `before` and `after` belong to a `date`,
    `verify` to a `webhook`, `misfire` to a `schedule`.
    ~~~yaml bad
    automation: remind
    trigger: {event: order.created, schedule: "0 9 * * *"}
    do: [{set: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    automation: remind
    trigger: {event: order.created}
    do: [{set: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="触发只能是 `event`、`schedule`、`date`、`webhook` 之一；`before`、`after` 只用于 `date`，`verify` 只用于 `webhook`，`misfire` 只用于 `schedule`。",
)
DOES_NOTHING = Code(
    "OK4412",
    "automation-does-nothing",
    ERROR,
    since="0.1",
    explain="""
    An automation has neither `do` nor `after`.
    ~~~yaml bad
    automation: remind
    trigger: {event: order.created}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    automation: remind
    trigger: {event: order.created}
    do: [{set: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="自动化既没有 `do` 也没有 `after`。",
)

_TRIGGERS: tuple[Key[Any], ...] = (
    words.TRIGGER_EVENT,
    words.TRIGGER_SCHEDULE,
    words.TRIGGER_DATE,
    words.TRIGGER_WEBHOOK,
)
# What belongs to which trigger.
_BELONGS: Mapping[str, str] = {"before": "date", "after": "date", "verify": "webhook", "misfire": "schedule"}


def lower_automations(lowering: Lowering) -> tuple[Automation, ...]:
    """Return every automation, by id."""
    lowered = (_lower(lowering, each) for each in lowering.compilation.named.of("automation").values())
    return tuple(automation for automation in lowered if automation is not None)


def _lower(lowering: Lowering, declared: Declared) -> Automation | None:
    written = declared.written
    if written is None:
        return None
    trigger = _trigger(lowering, written[words.TRIGGER_])
    if words.DO not in written and words.AFTER not in written:
        lowering.reading.report(
            DOES_NOTHING,
            declared.id_node,
            label(zh=f"自动化 `{declared.id}` 什么也不做", en=f"the automation `{declared.id}` does nothing"),
            label(zh="加上 `do:` 或 `after:`", en="add `do:` or `after:`"),
        )
    if trigger is None:
        # What its expressions may name depends on it.
        return None
    place = _place(lowering, trigger)
    foreach = None
    if words.FOREACH in written:
        foreach = read_selection(lowering, written.value_of(words.FOREACH), place)
        if foreach is None:
            return None
        place = _within(lowering, place, foreach)
    return Automation(
        id=declared.id,
        label=written[words.LABEL_] or readable(declared.id),
        trigger=trigger,
        foreach=foreach,
        when=lowering.checking.condition(written[words.WHEN], place.scope),
        do=lower_actions(lowering, written[words.DO], replace(place, effect=Effect.IN_TRANSACTION)),
        after=lower_actions(lowering, written[words.AFTER], place),
        run_as=lowering.named_user(written[words.RUN_AS], place.scope),
        origin=declared.origin,
    )


def _trigger(lowering: Lowering, written: Written | None) -> Trigger | None:
    if written is None or written.is_broken:
        return None
    chosen = [key for key in _TRIGGERS if key in written]
    if len(chosen) != 1:
        place = written.key_of(chosen[1]) if chosen else written.node
        _wrong_trigger(
            lowering,
            place,
            zh="触发要写一种，也只写一种",
            en="a trigger is exactly one of four",
            help_to=True,
        )
        return None
    (key,) = chosen
    for name, owner in _BELONGS.items():
        if name in written.nodes and owner != key.name:
            _wrong_trigger(
                lowering,
                written.nodes[name][0],
                zh=f"`{name}` 属于 `{owner}`",
                en=f"`{name}` belongs to `{owner}`, not to `{key.name}`",
            )
    if key is words.TRIGGER_WEBHOOK:
        return _webhook(lowering, written)
    node = written[key]
    if not isinstance(node, ScalarNode):
        return None
    if key is words.TRIGGER_EVENT:
        return read_event(lowering, node)
    read = _schedule if key is words.TRIGGER_SCHEDULE else _date
    return read(lowering, node, written)


def _wrong_trigger(lowering: Lowering, place: Node, *, zh: str, en: str, help_to: bool = False) -> None:
    names = ("event", "schedule", "date", "webhook")
    lowering.reading.report(
        WRONG_TRIGGER,
        place,
        label(zh=zh, en=en),
        label(zh="、".join(f"`{name}`" for name in names), en=", ".join(f"`{name}`" for name in names))
        if help_to
        else None,
    )


def _schedule(lowering: Lowering, node: ScalarNode, written: Written) -> Schedule | None:
    cron = read_cron(lowering, node)
    return None if cron is None else Schedule(cron=cron, misfire=written[clock_words.MISFIRE] or "fire_once")


def _date(lowering: Lowering, node: ScalarNode, written: Written) -> DateReached | None:
    name, dot, path = node.text.strip().partition(".")
    shapes = lowering.compilation.shapes
    form = shapes.get(name)
    if form is None or not dot:
        forms = lowering.compilation.top_level_forms
        report_unknown(lowering.reading, node.part(0, len(name) or 1), "form", forms, name=name)
        return None
    lowering.reading.mentions.name("form", form.id, node, 0, len(name))
    if form.is_broken:
        return None
    start = node.text.index(path)
    found = lowering.checking.moment(node, lowering.places.record(form.id), skip=start)
    if words.TRIGGER_BEFORE in written and words.TRIGGER_AFTER in written:
        _wrong_trigger(
            lowering,
            written.key_of(words.TRIGGER_AFTER),
            zh="`before` 和 `after` 只能写一个",
            en="a date has `before` or `after`, not both",
        )
        return None
    if found is None:
        return None
    return DateReached(
        form=form.id, date=found, before=written[words.TRIGGER_BEFORE], after=written[words.TRIGGER_AFTER]
    )


def _webhook(lowering: Lowering, written: Written) -> Webhook | None:
    path = written[words.TRIGGER_WEBHOOK]
    if words.TRIGGER_VERIFY not in written:
        words.TRIGGER.report_missing("verify", written.node, lowering.reading)
        return None
    node = written.value_of(words.TRIGGER_VERIFY)
    verify = read_verify(lowering, written[words.TRIGGER_VERIFY], node)
    return None if path is None or verify is None else Webhook(path=path, verify=verify)


def _place(lowering: Lowering, trigger: Trigger) -> ActionPlace:
    """Return where the actions stand before there is a loop."""
    match trigger:
        case Event(form=form) | DateReached(form=form):
            shape = lowering.compilation.shapes[form]
            return _about(lowering, shape, lowering.places.workflow(form))
        case Webhook():
            return ActionPlace(None, lowering.places.request(), Effect.AFTER_COMMIT, people=ABOUT_NOTHING)
        case Schedule():
            return ActionPlace(None, lowering.places.constant(), Effect.AFTER_COMMIT, people=ABOUT_NOTHING)


def _about(lowering: Lowering, form: FormShape, scope: Scope) -> ActionPlace:
    return ActionPlace(
        form, scope, Effect.AFTER_COMMIT, _transitions_of(lowering, form.id), ABOUT_A_RECORD - {"submitter"}
    )


def _within(lowering: Lowering, place: ActionPlace, foreach: Selection) -> ActionPlace:
    """Return the place within the loop; where there is no other record, each one of the loop is it."""
    if place.form is not None:
        return place.inside(foreach.form)
    about = _about(
        lowering, lowering.compilation.shapes[foreach.form], lowering.places.workflow(foreach.form)
    )
    received = {name: root for name, root in place.scope.roots.items() if name in ("body", "headers")}
    scope = replace(about.scope, roots={**about.scope.roots, **received})
    return replace(about, scope=inside_each(scope, foreach.form))


def _transitions_of(lowering: Lowering, form: str) -> Mapping[str, Written]:
    return {
        key.text: value
        for written in lowering.compilation.workflows_by_form.get(form, {}).values()
        for key, value in written[workflow_words.TRANSITIONS] or ()
    }
