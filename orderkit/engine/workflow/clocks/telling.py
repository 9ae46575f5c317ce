"""Telling people of deadlines: by a message of the project, or in words of orderkit's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from orderkit.engine import messages
from orderkit.engine.access.people import people_of
from orderkit.engine.messages import Recipients, Subject
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.wording import named, of_both
from orderkit.fields.moments import shown_moment
from orderkit.model.exchange.integrations import Message
from orderkit.model.expressions.nodes import Template, TemplatePart
from orderkit.model.labels import Label, label, text_of

DEFAULT_VIA = ("inbox",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is said where the project names no message. `kind` begins with `~`, which no message of a project does.

    `heading` may hold `{title}`, `text` `{what}`, `{when}` and `{who}`.
    """

    kind: str
    heading: Label
    text: Label


DUE_SOON = Wording(
    kind="~due",
    heading=label(zh="即将到期：{title}", en="Due soon: {title}"),
    text=label(zh="“{what}”应在 {when} 之前完成。", en="“{what}” is due by {when}."),
)
OVERDUE = Wording(
    kind="~overdue",
    heading=label(zh="已超期：{title}", en="Overdue: {title}"),
    text=label(
        zh="“{what}”应在 {when} 之前完成，{who}还没有处理。",
        en="“{what}” was due by {when}; {who} has not acted yet.",
    ),
)
ESCALATED = Wording(
    kind="~escalated",
    heading=label(zh="已升级给您：{title}", en="Now yours: {title}"),
    text=label(
        zh="“{what}”应在 {when} 之前完成，{who}还没有处理，现在请您处理。",
        en="“{what}” was due by {when}; {who} has not acted, and now you are asked.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """What a message is about: the record, what is due on it and when, and who had to act.

    `key` is the same for the same occasion, so that each reader gets one.
    """

    row: RecordRow
    what: Label
    due_at: datetime
    who: Label
    key: str


def tell(
    unit: Unit,
    occasion: Occasion,
    to: Recipients,
    wording: Wording,
    *,
    message: str | None,
    via: Sequence[str],
) -> None:
    """Send the project's `message`, or else our own words with the times of each reader's own clock."""
    channels = tuple(via) or DEFAULT_VIA
    if message is not None:
        found = unit.project.message_by_id[message]
        messages.send(unit, Subject(message=found, row=occasion.row, key=occasion.key), to, channels)
        return
    for person in people_of(unit, to.user_ids).values():
        zone = unit.runtime.zone_of(person).key
        own = Subject(message=_message(unit, occasion, wording, zone), row=occasion.row, key=occasion.key)
        messages.send(unit, own, Recipients(user_ids=() if person.id is None else (person.id,)), channels)
    if to.addresses:
        own = Subject(
            message=_message(unit, occasion, wording, unit.project.timezone),
            row=occasion.row,
            key=occasion.key,
        )
        messages.send(unit, own, Recipients(addresses=to.addresses), channels)


def _message(unit: Unit, occasion: Occasion, wording: Wording, zone: str) -> Message:
    title = named(rows_of(unit).title(occasion.row.form, occasion.row.id))
    when = label(
        zh=shown_moment(occasion.due_at, zone, "zh-CN"), en=shown_moment(occasion.due_at, zone, "en")
    )
    heading = of_both(text_of(wording.heading, "zh"), text_of(wording.heading, "en"), title=title)
    text = of_both(
        text_of(wording.text, "zh"),
        text_of(wording.text, "en"),
        what=occasion.what,
        when=when,
        who=occasion.who,
    )
    return Message(
        id=wording.kind,
        label=heading,
        form=occasion.row.form,
        subject={language: _plain(each) for language, each in heading.items()},
        text={language: _plain(each) for language, each in text.items()},
    )


def _plain(text: str) -> Template:
    return Template(parts=(TemplatePart(text=text),))
