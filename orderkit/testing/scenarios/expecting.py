"""Whether it came as a step expects: fields, who has a task, what was sent."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from orderkit.database.schema.system_tables import inbox_message, workflow_task
from orderkit.database.schema.system_tables import job as jobs
from orderkit.engine.importing.cell_values import same
from orderkit.engine.messages import JOB_KIND
from orderkit.engine.messages.sending import BUILT_IN
from orderkit.engine.rows import RecordRow, rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow import TaskState
from orderkit.engine.workflow.people import Circumstances, addresses_of, resolve
from orderkit.engine.workflow.wording import listed, named, who_is
from orderkit.model.expressions.nodes import Expression, Items, Scalar, Structure
from orderkit.model.forms import Field
from orderkit.model.labels import Label, label, text_of
from orderkit.model.scenarios import Expectation, ExpectedMessage
from orderkit.testing.scenarios.results import Mismatch, texts
from orderkit.testing.scenarios.values import value_of
from orderkit.testing.stage import Stage, field_of

_NOTHING = label(zh="（空）", en="(empty)")
_NOBODY = label(zh="（没有人）", en="(nobody)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message that went to a user or to an address."""

    message: str
    channel: str | None
    user_id: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How much had been sent at some moment."""

    inbox_id: int = 0
    job_id: int = 0


def mark_of(unit: Unit) -> Mark:
    """Return how much has been sent so far."""
    last = [
        unit.connection.execute(sa.select(sa.func.max(table.c.id))).scalar_one() or 0
        for table in (inbox_message, jobs)
    ]
    return Mark(inbox_id=last[0], job_id=last[1])


def mismatches_in(
    stage: Stage, unit: Unit, record: tuple[str, int] | None, expected: Expectation, since: Mark
) -> tuple[Mismatch, ...]:
    """Return everything that is not as expected; `record` is what the step is about, `since` when it began."""
    found: list[Mismatch] = []
    row = None if record is None else rows_of(unit).row(*record)
    if record is not None and (expected.fields or expected.tasks is not None):
        if row is None:
            return (_gone(unit, record),)
        for name, expression in expected.fields:
            found += _field(stage, unit, row, name, expression)
        if expected.tasks is not None:
            found += _tasks(unit, record, expected.tasks)
    if expected.sent:
        sent = tuple(_sent(unit, since))
        for each in expected.sent:
            found += _message(unit, row, each, sent)
    return tuple(found)


def _gone(unit: Unit, record: tuple[str, int]) -> Mismatch:
    form = unit.project.form_by_id[record[0]]
    return Mismatch(
        what=texts(form.label),
        expected=texts(label(zh="记录还在", en="the record is there")),
        found=texts(label(zh="记录已被删除", en="the record is gone")),
    )


def _field(stage: Stage, unit: Unit, row: RecordRow, name: str, expression: Expression) -> Iterator[Mismatch]:
    if isinstance(expression, Items) and name in row.shape.collection_by_id:
        yield from _rows(stage, unit, row, name, expression)
        return
    field = field_of(row.shape, name)
    expected, found = value_of(stage, unit, field, expression), row.get(name)
    if not same(expected, found):
        yield Mismatch(
            what=_name(field, name),
            expected=texts(_shown(unit, field, expected)),
            found=texts(_shown(unit, field, found)),
        )


def _rows(stage: Stage, unit: Unit, row: RecordRow, name: str, expected: Items) -> Iterator[Mismatch]:
    rows = row.rows(name)
    if len(rows) != len(expected.items):
        yield Mismatch(
            what=texts(named(name)),
            expected=texts(label(zh=f"{len(expected.items)} 行", en=f"{len(expected.items)} rows")),
            found=texts(label(zh=f"{len(rows)} 行", en=f"{len(rows)} rows")),
        )
        return
    for number, (each, item) in enumerate(zip(rows, expected.items, strict=True), start=1):
        assert isinstance(item, Structure), "the compiler takes only rows here"
        for entry in item.entries:
            field = field_of(each.shape, entry.name)
            wanted, found = value_of(stage, unit, field, entry.value), each.get(entry.name)
            if not same(wanted, found):
                yield Mismatch(
                    what=_name(field, f"{name}.{number}.{entry.name}"),
                    expected=texts(_shown(unit, field, wanted)),
                    found=texts(_shown(unit, field, found)),
                )


def _name(field: Field, path: str) -> Mapping[str, str]:
    return {language: f"{text_of(field.label, language)} ({path})" for language in ("zh", "en")}


def _shown(unit: Unit, field: Field, value: Scalar) -> Label:
    if value is None or value == "":
        return _NOTHING
    if field.target is not None and isinstance(value, int):
        title = rows_of(unit).titles(field.target, [value]).get(value, "")
        return named(f"{title} (#{value})")
    kind = unit.runtime.catalog.fields[field.type]
    shown = {language: kind.show(field.options, value, language) for language in ("zh", "en")}
    raw = str(value)
    return {language: text if text == raw else f"{text} ({raw})" for language, text in shown.items()}


def _tasks(unit: Unit, record: tuple[str, int], expected: Sequence[str]) -> Iterator[Mismatch]:
    form, record_id = record
    holders = unit.connection.execute(
        sa.select(workflow_task.c.assignee_id).where(
            workflow_task.c.form == form,
            workflow_task.c.record_id == record_id,
            workflow_task.c.state == TaskState.OPEN,
        )
    )
    found = {login_of(unit, user_id) for user_id in holders.scalars()}
    if found != set(expected):
        yield Mismatch(
            what=texts(label(zh="谁有待办", en="who has a task")),
            expected=texts(_people(expected)),
            found=texts(_people(sorted(found))),
        )


def _people(logins: Sequence[str]) -> Label:
    return listed(named(each) for each in logins) if logins else _NOBODY


def login_of(unit: Unit, user_id: int) -> str:
    """Return the login name of a user."""
    row = rows_of(unit).row("user", user_id)
    return str(user_id if row is None else row.get("login"))


def _sent(unit: Unit, since: Mark) -> Iterator[Sent]:
    inside = next((name for name, kind in unit.project.channels.items() if kind == BUILT_IN), None)
    rows = unit.connection.execute(
        sa.select(inbox_message.c.message, inbox_message.c.user_id).where(
            inbox_message.c.id > since.inbox_id, inbox_message.c.message.is_not(None)
        )
    )
    for row in rows:
        yield Sent(message=row.message, channel=inside, user_id=row.user_id)
    channels = {connection: name for name, connection in unit.project.channels.items()}
    queued = sa.select(jobs.c.payload).where(jobs.c.id > since.job_id, jobs.c.kind == JOB_KIND)
    for payload in unit.connection.execute(queued).scalars():
        yield Sent(
            message=str(payload["message"]),
            channel=channels.get(str(payload["connection"])),
            address=str(payload["to"]),
        )


def _message(
    unit: Unit, row: RecordRow | None, expected: ExpectedMessage, sent: Sequence[Sent]
) -> Iterator[Mismatch]:
    fitting = [
        each for each in sent if each.message == expected.message and expected.channel in {None, each.channel}
    ]
    wanted = _readers(unit, row, expected)
    # Where nobody in particular is named, somebody must have got it.
    is_right = (
        bool(fitting)
        if wanted is None
        else bool(wanted) and all(any(_reached(each, one) for each in fitting) for one in wanted)
    )
    if is_right:
        return
    yield Mismatch(
        what=texts(label(zh=f"已发的消息 {expected.message}", en=f"the message {expected.message}")),
        expected=texts(_to(unit, expected, wanted)),
        found=texts(_sent_words(unit, sent)),
    )


def _readers(
    unit: Unit, row: RecordRow | None, expected: ExpectedMessage
) -> frozenset[tuple[int | None, str | None]] | None:
    """Return users with their addresses, and addresses outside, that must each have got it; None for anybody."""
    if expected.person is not None:
        user = unit.runtime.database.tables["user"]
        found = unit.connection.execute(sa.select(user.c.id).where(user.c.login == expected.person)).scalars()
        ids: Sequence[int] = found.all()
    elif expected.who is not None and row is not None:
        circumstances = Circumstances(row=row)
        ids = [each.user_id for each in resolve(unit, expected.who, circumstances)]
        outside = addresses_of(unit, expected.who, circumstances)
        return frozenset({*((each, _email(unit, each)) for each in ids), *((None, each) for each in outside)})
    else:
        return None
    return frozenset((each, _email(unit, each)) for each in ids)


def _email(unit: Unit, user_id: int) -> str | None:
    row = rows_of(unit).row("user", user_id)
    email = None if row is None else row.get("email")
    return email if isinstance(email, str) else None


def _reached(sent: Sent, reader: tuple[int | None, str | None]) -> bool:
    user_id, address = reader
    return (sent.user_id is not None and sent.user_id == user_id) or (
        sent.address is not None and sent.address == address
    )


def _to(
    unit: Unit, expected: ExpectedMessage, wanted: frozenset[tuple[int | None, str | None]] | None
) -> Label:
    who: Label = label(zh="任何人", en="anybody")
    if expected.person is not None:
        who = named(expected.person)
    elif expected.who is not None:
        who = who_is(unit.project, expected.who)
    if wanted is not None and not wanted:
        who = label(
            zh=f"{text_of(who, 'zh')}（找不到这样的人）", en=f"{text_of(who, 'en')} (nobody is found)"
        )
    over = "" if expected.channel is None else f" ({expected.channel})"
    return label(zh=f"发给{text_of(who, 'zh')}{over}", en=f"to {text_of(who, 'en')}{over}")


def _sent_words(unit: Unit, sent: Sequence[Sent]) -> Label:
    if not sent:
        return label(zh="没有发出任何消息", en="nothing was sent")
    words = [
        f"{each.message} → {login_of(unit, each.user_id) if each.user_id is not None else each.address}"
        + ("" if each.channel is None else f" ({each.channel})")
        for each in sent
    ]
    return listed(named(each) for each in words)
