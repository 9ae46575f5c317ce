"""Sending: into the inbox at once, to systems outside through the outbox; nothing leaves before the commit.

A channel of the project is either `built_in` (the inbox) or a connection, called by `mailing`.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import structlog
from sqlalchemy.dialects import postgresql, sqlite

from orderkit.database.schema.system_tables import inbox_message
from orderkit.engine import jobs
from orderkit.engine.access.people import people_of
from orderkit.engine.messages.rendering import Rendered, render
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.rows.environments import NO_ROOTS
from orderkit.engine.runtime import Person, Unit
from orderkit.model.exchange.integrations import Message
from orderkit.model.expressions.evaluation import Value
from orderkit.model.expressions.nodes import Expression, Template, TemplatePart
from orderkit.model.labels import label
from orderkit.model.stored import FORMAT_VERSION, part_to_json
from orderkit.model.workflow.workflows import Action

log = structlog.get_logger(__name__)

BUILT_IN = "built_in"
JOB_KIND = "message"
# Where the job of a message says what takes the place of a mark.
HELD_BACK = "held_back"
MAX_KEY = 200
# What a message is called that the project has not named.
WORDS = "~words"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """Users, each in their own language, and addresses outside, in the project's."""

    user_ids: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBack:
    """A secret that must not wait in the queue: of the link with this id, put in place of `mark` as a mail leaves."""

    link: int
    mark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is sent about a record, or about none. Of messages with one `key`, each reader gets one.

    `roots` are what its texts may name besides.
    """

    message: Message
    row: RecordRow | None
    key: str | None = None
    on_dead: tuple[Action, ...] = ()
    roots: Mapping[str, Value] = field(default_factory=lambda: NO_ROOTS)
    held_back: HeldBack | None = None


def words(
    unit: Unit,
    text: Expression,
    row: RecordRow | None,
    *,
    roots: Mapping[str, Value] = NO_ROOTS,
    key: str | None = None,
) -> Subject:
    """Return a few words about a record, or about none, as what is sent, without a message of the project."""
    about = unit.project.label if row is None else {"en": rows_of(unit).title(row.form, row.id)}
    message = Message(
        id=WORDS,
        label=label(zh="通知", en="Notice"),
        form="" if row is None else row.form,
        subject={locale: Template((TemplatePart(text=shown),)) for locale, shown in about.items()},
        text={"": text if isinstance(text, Template) else Template((TemplatePart(expression=text),))},
    )
    return Subject(message=message, row=row, key=key, roots=roots)


def send(unit: Unit, subject: Subject, to: Recipients, via: Sequence[str]) -> None:
    """Write a message for its readers and queue it on every channel."""
    people = people_of(unit, to.user_ids)
    if not people and not to.addresses:
        log.warning(
            "message_to_nobody",
            action="messages.send",
            message=subject.message.id,
            record=None if subject.row is None else subject.row.id,
        )
    for channel in via:
        if unit.project.channels.get(channel, BUILT_IN) == BUILT_IN:
            _send_inside(unit, subject, people.values(), channel)
        else:
            _send_outside(unit, subject, _mailboxes(unit, people.values(), to.addresses), channel)


def open_task(unit: Unit, row: RecordRow | None, user_ids: Iterable[int], text: str) -> None:
    """Put into people's inbox that a record needs them, or without one what the text says."""
    title = "" if row is None else rows_of(unit).title(row.form, row.id)
    for person in people_of(unit, user_ids).values():
        is_chinese = (person.locale or unit.project.locale).startswith("zh")
        heading = "需要处理" if is_chinese else "Needs attention"
        if title:
            heading += f"：{title}" if is_chinese else f": {title}"
        _insert(unit, person, row, Rendered(subject=heading, text=text))


def job_key(*parts: str) -> str:
    """Return a unique key for a job that fits its column, however long the parts are."""
    joined = "/".join(parts)
    if len(joined) <= MAX_KEY:
        return joined
    return f"{joined[:100]}#{hashlib.sha256(joined.encode()).hexdigest()}"


def _send_inside(unit: Unit, subject: Subject, people: Iterable[Person], channel: str) -> None:
    for person in people:
        locale = person.locale or unit.project.locale
        text = render(unit, subject.message, subject.row, locale, subject.roots)
        key = (
            None if subject.key is None else job_key(subject.message.id, channel, str(person.id), subject.key)
        )
        _insert(unit, person, subject.row, text, message=subject.message.id, key=key)


def _insert(
    unit: Unit,
    person: Person,
    row: RecordRow | None,
    text: Rendered,
    *,
    message: str | None = None,
    key: str | None = None,
) -> None:
    insert_into = postgresql.insert if unit.runtime.database.dialect == "postgresql" else sqlite.insert
    values = {
        "user_id": person.id,
        "message": message,
        "key": key,
        "subject": text.subject,
        "text": text.text,
        "form": None if row is None else row.form,
        "record_id": None if row is None else row.id,
        "created_at": unit.now,
    }
    unit.connection.execute(
        insert_into(inbox_message).values(**values).on_conflict_do_nothing(index_elements=["key"])
    )


def _send_outside(unit: Unit, subject: Subject, boxes: Iterable[tuple[str, str]], channel: str) -> None:
    connection = unit.project.connection_by_id[unit.project.channels[channel]]
    for address, locale in boxes:
        text = render(unit, subject.message, subject.row, locale, subject.roots)
        key = None if subject.key is None else job_key(subject.message.id, channel, address, subject.key)
        jobs.enqueue(
            unit,
            JOB_KIND,
            {
                "connection": connection.id,
                "message": subject.message.id,
                "to": address,
                "subject": text.subject,
                "text": text.text,
                "on_dead": part_to_json(subject.on_dead),
                "format": FORMAT_VERSION,
                **_held_back(subject),
            },
            key=key,
            max_attempts=connection.limits.retry_times + 1,
            form=None if subject.row is None else subject.row.form,
            record_id=None if subject.row is None else subject.row.id,
        )


def _held_back(subject: Subject) -> dict[str, object]:
    found = subject.held_back
    return {} if found is None else {HELD_BACK: {"link": found.link, "mark": found.mark}}


def _mailboxes(unit: Unit, people: Iterable[Person], addresses: Iterable[str]) -> list[tuple[str, str]]:
    """Return addresses with the language of who reads them; a person without one is logged."""
    boxes = [(address, unit.project.locale) for address in addresses]
    for person in people:
        row = None if person.id is None else rows_of(unit).row("user", person.id)
        email = None if row is None else row.get("email")
        if isinstance(email, str) and email:
            boxes.append((email, person.locale or unit.project.locale))
        else:
            log.warning("person_without_address", action="messages.send", user=person.id)
    return boxes
