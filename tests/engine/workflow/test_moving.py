"""What a move brings with it: actions before and after the commit, automatic transitions, messages, other records."""

import pytest
from sqlalchemy import select

from orderkit.connectors.smtp.fake import FakeMailServer
from orderkit.database.schema.system_tables import inbox_message, workflow_event
from orderkit.engine import jobs, messages, records, workflow
from orderkit.engine.jobs import JobState
from orderkit.engine.records import Create, LineChange, Update
from orderkit.model.errors import Denied, NotFound, Refused
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

ROOT = """
project: works
label: {zh: 工坊, en: Works}
version: 1.0.0
locale: zh-CN
locales: [zh-CN, en]
timezone: Asia/Shanghai
currency: CNY
channels: {inbox: built_in, email: mail}
"""
PIECE = """
form: piece
label: {zh: 工件, en: Piece}
title: "{name}"
fields:
  name:  {type: text, required: true}
  kind:  {type: choice, label: {zh: 类别, en: Kind}, options: {raw: {zh: 毛坯, en: Raw}, fine: {zh: 精品, en: Fine}}, default: raw}
  count: {type: integer, default: 0, check: "value < 100", error: {zh: 最多 99, en: at most 99}}
  memo:  {type: text}
  worker: {type: user}
  parts: {type: lines, fields: {size: {type: integer, default: 1}}}
  total: {type: integer, compute: "sum(parts.size)"}
  checked: {type: integer, compute: "count(notes, where=notes.state == 'read')"}
"""
NOTE = """
form: note
title: "{text}"
fields:
  text:  {type: text}
  piece: {type: ref, to: piece, reverse: notes, on_delete: clear}
"""
NOTE_LIFE = """
workflow: note_life
for: note
state: state
initial: unread
states: {unread: {}, read: {final: completed}}
transitions:
  read: {from: unread, to: read, by: everyone}
"""
LIFE = """
workflow: life
for: piece
label: {zh: 工序, en: Life}
state: status
initial: draft
states:
  draft:  {label: {zh: 草稿, en: Draft}, holder: owner}
  open:   {label: {zh: 加工, en: Open}, holder: worker, edit: {role(worker): [memo, count], owner: [name]}}
  packed: {edit: [memo]}
  left:   {}
  right:  {}
  done:   {final: completed}
transitions:
  start:
    from: draft
    to: open
    by: [owner, user(root)]
    do:
      - {set: {count: =count + 1, memo: "go {name}"}}
      - {create: note, set: {text: "{name} 开工", piece: =this}}
    after:
      - {send: hello, to: [owner, worker], key: "{id}:hello"}
  pack:   {from: open, to: packed, by: holder, do: [{set: {count: =count * 10}}]}
  skip:   {from: draft, to: packed, by: owner, do: [{run: close}]}
  follow: {from: draft, to: open, by: owner, after: [{create: note, set: {text: later, piece: =this}}, {run: pack}]}
  mail:   {from: draft, to: open, by: owner, after: [{send: hello, to: owner, via: [email], key: "{id}:mail", on_dead: [{task: user(root)}]}]}
  spin:   {from: draft, to: left, by: owner}
  turn:   {from: left, to: right, by: system, auto: true}
  back:   {from: right, to: left, by: system, auto: true}
  close:  {from: packed, to: done, by: system, auto: true, guard: "coalesce(total, 0) > 2 or coalesce(checked, 0) > 0"}
"""
HELLO = """
message: hello
for: piece
subject: {zh: "{name}（{kind}）", en: "{name} ({kind})"}
text: {zh: "第 {count} 次，{owner}", en: "time {count}, {owner}"}
"""
MAIL = """
connection: mail
connector: smtp
settings: {host: 127.0.0.1, port: "${MAIL_PORT}", starttls: false, from: works@example.com}
limits: {retry: {times: 2, backoff: "1min..1h"}}
"""
ROLES = (
    "role: worker\nlabel: worker\nforms: {piece: {read: true}, note: {read: true}}\n",
    "role: everyone\nlabel: everyone\nforms: {piece: {create: true, read: 'owner == me', update: 'owner == me'}}\n",
)
STAFF = (
    Staff(login="ann", values={"email": "ann@example.com"}),
    Staff(login="bob", roles=("worker",), values={"locale": "en"}),
    Staff(login="root", roles=("admin",)),
)


@pytest.fixture(scope="module")
def mail_server():
    with FakeMailServer().serving() as server:
        yield server


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory, mail_server):
    mark = databases.mark()
    works = project(ROOT, PIECE, NOTE, NOTE_LIFE, LIFE, HELLO, MAIL, *ROLES)
    environment = {"MAIL_PORT": str(mail_server.port)}
    folder = tmp_path_factory.mktemp("office")
    yield open_office(
        works, databases.make(works, dialect), folder, FakeClock(), STAFF, environment=environment
    )
    databases.clear(mark)


def a_piece(office, name="轴", **values):
    return office.create("ann", "piece", {"name": name, "worker": office.ids["bob"], **values})


def value(office, piece, field="status"):
    return office.value("piece", piece, field)


def notes_of(office, piece):
    note = office.runtime.database.tables["note"]
    with office.look(None) as unit:
        return unit.connection.execute(select(note.c.text).where(note.c.piece == piece)).scalars().all()


def test_do_happens_in_the_transaction_of_the_press(office):
    piece = a_piece(office)
    office.do("ann", "piece", piece, "start")
    assert (value(office, piece), value(office, piece, "count"), value(office, piece, "memo")) == (
        "open",
        1,
        "go 轴",
    )
    assert notes_of(office, piece) == ["轴 开工"]


def test_a_failing_action_refuses_the_press_and_nothing_is_left_of_it(office):
    piece = a_piece(office, count=99)
    with pytest.raises(Refused) as refused:
        office.do("ann", "piece", piece, "start")
    assert refused.value.problems[0].message["zh"] == "最多 99"
    assert (value(office, piece), value(office, piece, "count"), notes_of(office, piece)) == ("draft", 99, [])
    assert [entry[0] for entry in office.timeline("piece", piece)] == ["start"]


def test_a_message_is_written_for_each_reader_in_their_language(office):
    piece = a_piece(office)
    office.do("ann", "piece", piece, "start")
    shown = {}
    for login in ("ann", "bob"):
        with office.look(login) as unit:
            note = messages.inbox(unit, unread_only=True)[0]
            shown[login] = (note.subject, note.text, note.record_id == piece)
    assert shown == {
        "ann": ("轴（毛坯）", "第 1 次，ann", True),
        "bob": ("轴 (Raw)", "time 1, ann", True),
    }
    with office.act("ann") as unit:
        unread = messages.count_unread(unit)
        messages.mark_read(unit, [note.id for note in messages.inbox(unit)[:1]])
        assert messages.count_unread(unit) == unread - 1


def test_a_message_of_one_key_reaches_a_reader_once(office):
    piece = a_piece(office)
    office.do("ann", "piece", piece, "start")
    with office.act(None) as unit:
        records.apply(unit, [Update(form="piece", id=piece, values={"status": "draft"})], by_rule=True)
    office.do("ann", "piece", piece, "start")
    with office.look(None) as unit:
        sent = select(inbox_message.c.user_id).where(
            inbox_message.c.form == "piece", inbox_message.c.record_id == piece
        )
        assert sorted(unit.connection.execute(sent).scalars()) == sorted(
            [office.ids["ann"], office.ids["bob"]]
        )


def test_a_mail_leaves_through_the_outbox(office, mail_server):
    office.work()
    mail_server.delivered.clear()
    piece = a_piece(office, name="邮件")
    office.do("ann", "piece", piece, "mail")
    assert mail_server.delivered == []
    office.work()
    (mail,) = mail_server.delivered
    assert mail.message["Subject"] == "邮件（毛坯）"
    assert mail.recipients == ("ann@example.com",)
    assert mail.message.get_content().strip() == "第 0 次，ann"


def test_a_mail_that_is_refused_for_good_opens_a_task(office, mail_server):
    office.work()
    piece = a_piece(office, name="退信")
    office.do("ann", "piece", piece, "mail")
    mail_server.answers["RCPT"] = "550 no such mailbox"
    office.work()
    with office.look("root") as unit:
        note = messages.inbox(unit)[0]
        (job,) = jobs.find_jobs(unit, form="piece", record_id=piece)
    assert job.state is JobState.DEAD
    assert (note.subject, note.record_id) == ("需要处理：退信", piece)


def test_after_actions_that_change_records_run_in_a_transaction_of_their_own(office):
    piece = a_piece(office)
    office.do("ann", "piece", piece, "follow")
    assert (value(office, piece), notes_of(office, piece)) == ("open", [])
    office.work()
    assert (value(office, piece), notes_of(office, piece)) == ("packed", ["later"])
    assert office.timeline("piece", piece)[-1] == ("do", "system", "pack", "packed")


def test_an_action_may_press_on(office):
    piece = a_piece(office)
    with pytest.raises(Refused):
        office.do("ann", "piece", piece, "skip")
    office.runtime.clock.advance(minutes=1)
    with office.act("ann") as unit:
        records.apply(
            unit, [Update(form="piece", id=piece, lines={"parts": [LineChange(values={"size": 3})]})]
        )
    done = office.do("ann", "piece", piece, "skip")
    assert done.state == value(office, piece) == "done"
    assert [entry[:3] for entry in office.timeline("piece", piece)][1:] == [
        ("do", "ann", "skip"),
        ("do", "system", "close"),
    ]


def packed(office, **values):
    piece = a_piece(office, **values)
    office.do("ann", "piece", piece, "start")
    office.do("bob", "piece", piece, "pack")
    assert value(office, piece) == "packed"
    return piece


def test_an_automatic_transition_is_tried_when_its_inputs_change(office):
    piece = packed(office)
    office.update("ann", "piece", piece, memo="nothing to do with it")
    assert value(office, piece) == "packed"
    with office.act(None) as unit:
        rows = [LineChange(values={"size": size}) for size in (1, 2)]
        records.apply(unit, [Update(form="piece", id=piece, lines={"parts": rows})], by_rule=True)
    assert value(office, piece) == "done"
    assert office.timeline("piece", piece)[-1] == ("do", "system", "close", "done")


def test_an_automatic_transition_follows_a_change_of_another_record(office):
    piece = packed(office)
    note = office.create("root", "note", {"text": "x", "piece": piece})
    assert value(office, piece) == "packed"
    office.do("bob", "note", note, "read")
    assert value(office, piece) == "done"


def test_automatic_transitions_that_set_each_other_off_come_to_rest(office):
    piece = a_piece(office)
    with pytest.raises(Refused) as refused:
        office.do("ann", "piece", piece, "spin")
    assert refused.value.problems[0].code == "loop"
    assert value(office, piece) == "draft"


def test_a_state_grants_fields_to_those_it_names(office):
    piece = a_piece(office)
    office.do("ann", "piece", piece, "start")
    office.update("bob", "piece", piece, memo="from the worker")
    office.update("ann", "piece", piece, name="from the owner")
    for login, field in (("bob", "name"), ("ann", "memo")):
        with pytest.raises((Denied, Refused)):
            office.update(login, "piece", piece, **{field: "no"})
    office.do("bob", "piece", piece, "pack")
    office.update("ann", "piece", piece, memo="open to who may update")
    with pytest.raises((Denied, Refused)):
        office.update("bob", "piece", piece, memo="no")


def test_nobody_writes_the_state_but_the_workflow(office):
    piece = a_piece(office)
    for login in ("ann", "root"):
        with pytest.raises((Denied, Refused)):
            office.update(login, "piece", piece, status="done")
    with pytest.raises((Denied, Refused)), office.act("ann") as unit:
        records.apply(unit, [Create(form="piece", values={"name": "x", "status": "done"})])


def test_a_holder_presses_and_others_are_told_who_may(office):
    piece = a_piece(office)
    office.do("ann", "piece", piece, "start")
    with office.look("ann") as unit:
        (button,) = workflow.buttons(unit, "piece", piece)
    assert (button.allowed, button.why["zh"], button.why["en"]) == (
        False,
        "只能由当前处理人操作",
        "only the holder may do this",
    )
    with pytest.raises(Denied):
        office.do("ann", "piece", piece, "pack")


def test_a_button_that_does_not_exist_is_not_found(office):
    piece = a_piece(office)
    with pytest.raises(NotFound):
        office.do("ann", "piece", piece, "fly")
    with pytest.raises(NotFound):
        office.do("ann", "piece", 10**9, "start")
    with office.act("ann") as unit, pytest.raises(NotFound):
        workflow.do(unit, "piece", piece, "start", workflow="note_life")


def test_everything_a_person_did_stands_in_the_timeline_with_its_channel(office):
    piece = a_piece(office)
    office.do("ann", "piece", piece, "start")
    with office.look(None) as unit:
        columns = [workflow_event.c[name] for name in ("verb", "source", "target", "visit", "channel")]
        rows = unit.connection.execute(
            select(*columns)
            .where(workflow_event.c.form == "piece", workflow_event.c.record_id == piece)
            .order_by(workflow_event.c.id)
        ).all()
        entries = workflow.timeline(unit, "piece", piece)
    assert [tuple(row) for row in rows] == [
        ("start", None, "draft", 1, "page"),
        ("do", "draft", "open", 2, "page"),
    ]
    assert (entries[1].source_label["zh"], entries[1].target_label["en"]) == ("草稿", "Open")
