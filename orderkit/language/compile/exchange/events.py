"""Events: what happens to a record, as integrations and automations name it."""

import re
from collections import ChainMap

from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.model.exchange.integrations import Event, EventKind
from orderkit.model.labels import label

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
_EVENT = re.compile(
    r"(?P<form>[a-z][a-z0-9_]*)(?:\.(?P<workflow>[a-z][a-z0-9_]*))??\.(?P<kind>[a-z]+)(?:\((?P<subject>[^()]*)\))?"
)


def read_event(lowering: Lowering, node: ScalarNode) -> Event | None:
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
        forms = compilation.top_level_forms
        report_unknown(lowering.reading, place, "form", forms, name=match["form"])
        return None
    lowering.reading.mentions.name("form", form.id, node, match.start("form"), match.end("form"))
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
        found = lowering.compilation.path(form, node, start=match.start("subject"), end=match.end("subject"))
        return None if found is None else Event(form=form.id, kind=kind, subject=subject)
    if _has_lost_workflow(lowering, form.id):
        return None
    workflows = lowering.compilation.workflows_by_form.get(form.id, {})
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
    word = "state" if kind is EventKind.ENTERED else "transition"
    having = [workflow for workflow, names in known.items() if subject in names]
    if not having:
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
    mentions = lowering.reading.mentions
    mentions.name(word, f"{having[0]}.{subject}", node, match.start("subject"), match.end("subject"))
    if named is not None:
        mentions.name("workflow", named, node, match.start("workflow"), match.end("workflow"))
    return Event(form=form.id, kind=kind, workflow=having[0], subject=subject)


def _has_lost_workflow(lowering: Lowering, form: str) -> bool:
    return any(
        (declared.written is None or declared.written[workflow_words.STATES] is None)
        and declared.facts.get("for", form) == form
        for declared in lowering.compilation.named.of("workflow").values()
    )
