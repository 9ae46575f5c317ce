"""What must hold after a step of a story: fields, tasks, messages."""

from orderkit.language.compile.names.references import report_unknown, report_unknown_field
from orderkit.language.compile.scenarios.cast import Cast
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import scenario as words
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import label
from orderkit.model.scenarios import Expectation, ExpectedMessage

ABOUT_NOTHING = Code(
    "OK8623",
    "expectation-about-nothing",
    ERROR,
    since="0.1",
    explain="""
    A step expects fields or tasks, but is about no record: after `wait`, `on` names the one that is meant,
    and a record that is made needs no name only if nothing is expected of it later.
    ~~~yaml bad
    scenario: one
    given: [{create: order, name: a}]
    steps: [{wait: 1d, expect: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    scenario: one
    given: [{create: order, name: a}]
    steps: [{wait: 1d, on: a, expect: {name: x}}]
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="步骤期望字段或待办，却没有说是哪条记录：`wait` 之后用 `on` 写明。",
)


def read_expectation(
    cast: Cast, written: Written | None, form: FormShape | None, *, is_about_one: bool
) -> Expectation | None:
    """Return what must hold, or None where nothing is expected.

    Where a step is about a record that is not known, that was reported.
    """
    if written is None or written.is_broken:
        return None
    tasks = written[words.TASKS]
    people = None if tasks is None else [cast.person(node) for node in tasks]
    sent = [_sent(cast, each, form) for each in written[words.SENT] or () if not each.is_broken]
    return Expectation(
        fields=_fields(cast, written, form, is_about_one=is_about_one),
        tasks=None if people is None else tuple(each for each in people if each is not None),
        sent=tuple(each for each in sent if each is not None),
    )


def _fields(
    cast: Cast, written: Written, form: FormShape | None, *, is_about_one: bool
) -> tuple[tuple[str, Expression], ...]:
    found = []
    for key, node in written.extra.values():
        if form is None:
            if not is_about_one:
                _report_nothing(cast, key)
            return ()
        value = _field(cast, key, node, form)
        if value is not None:
            found.append((key.text, value))
    return tuple(found)


def _report_nothing(cast: Cast, key: ScalarNode) -> None:
    cast.lowering.reading.report(
        ABOUT_NOTHING,
        key,
        label(
            zh=f"没有说是哪条记录的 `{key.text}`",
            en=f"it is not said of which record `{key.text}` is expected",
        ),
        label(zh="加上 `on:`", en="add `on:`"),
    )


def _field(cast: Cast, key: ScalarNode, node: Node, form: FormShape) -> Expression | None:
    field = form.fields.get(key.text)
    if field is None:
        known = {**form.fields, words.TASKS.name: None, words.SENT.name: None}
        report_unknown_field(cast.lowering.reading, key, key.text, form.id, known)
        return None
    cast.lowering.reading.mentions.name("field", f"{form.id}.{key.text}", key)
    return cast.lowering.values.of_field(node, cast.scope(), field)


def _sent(cast: Cast, written: Written, form: FormShape | None) -> ExpectedMessage | None:
    message = written[words.MESSAGE]
    if message is None or not cast.lowering.compilation.known(message, "message"):
        return None
    channel = written[words.VIA]
    channels = cast.lowering.compilation.settings.channels
    if channel is not None and channel.text not in channels:
        report_unknown(cast.lowering.reading, channel, "channel", dict.fromkeys(channels))
    to = written[words.TO]
    is_person = isinstance(to, ScalarNode) and to.text in cast.people
    scope = cast.scope() if form is None else cast.lowering.places.workflow(form.id)
    return ExpectedMessage(
        message=message.text,
        person=to.text if is_person and isinstance(to, ScalarNode) else None,
        who=None if is_person else cast.lowering.addressees.read(to, scope),
        channel=None if channel is None else channel.text,
    )
