"""What has changed since somebody last looked: by others, of what they may see, as long as they are still reading."""

import pytest
from sqlalchemy import func, select

from orderkit.database.schema.system_tables import record_look
from orderkit.engine import records
from orderkit.engine.bin.emptying import purge
from orderkit.engine.following.looks import changes_since_look, is_look_due, news_of, note_look
from orderkit.engine.records import LineChange, Update
from orderkit.model.errors import NotFound
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

PROJECT = project(
    """
form: note
label: {zh: 便笺, en: Note}
title: "{title}"
fields:
  title:  {type: text}
  price:  {type: integer}
  secret: {type: text}
  parts:  {type: lines, fields: {name: {type: text}, qty: {type: integer}}}
""",
    """
role: everyone
label: everyone
forms: {note: {create: true, read: "title != 'hidden'", update: true, hide: [secret]}}
""",
)
STAFF = (Staff(login="ann"), Staff(login="bob"), Staff(login="root", roles=("admin",)))


@pytest.fixture
def office(make_database, tmp_path):
    return open_office(PROJECT, make_database(PROJECT), tmp_path, FakeClock(), STAFF)


@pytest.fixture
def note(office):
    return office.create("bob", "note", {"title": "a", "price": 1}, {"parts": [{"name": "bolt", "qty": 5}]})


def look(office, login, note):
    with office.act(login) as unit:
        note_look(unit, "note", note)


def news(office, login, note):
    with office.look(login) as unit:
        found = changes_since_look(unit, "note", note)
    return None if found is None else [(each.path, each.before, each.after, each.by) for each in found.news]


def test_who_has_not_looked_before_is_told_nothing(office, note):
    office.update("bob", "note", note, price=2)
    assert news(office, "ann", note) is None
    look(office, "ann", note)
    assert news(office, "ann", note) is None


def test_changes_since_the_last_look(office, note):
    look(office, "ann", note)
    clock = office.runtime.clock
    clock.advance(hours=1)
    office.update("bob", "note", note, price=2)
    clock.advance(hours=1)
    office.update("root", "note", note, price=3, title="b")
    assert news(office, "ann", note) == [("price", "1", "3", "root"), ("title", "a", "b", "root")]


def test_what_was_marked_stays_marked_while_the_look_lasts(office, note):
    """A page that is loaded again, or looks anew because something else changed, marks the same."""
    clock = office.runtime.clock
    look(office, "ann", note)
    clock.advance(hours=1)
    office.update("bob", "note", note, price=2)
    for _ in range(3):
        clock.advance(minutes=9)
        look(office, "ann", note)
        assert news(office, "ann", note) == [("price", "1", "2", "bob")]
    clock.advance(minutes=31)
    assert news(office, "ann", note) == []


def test_what_changed_during_a_look_is_news_in_it_and_in_the_next(office, note):
    clock = office.runtime.clock
    look(office, "ann", note)
    clock.advance(hours=1)
    look(office, "ann", note)
    clock.advance(minutes=5)
    office.update("bob", "note", note, price=9)
    assert news(office, "ann", note) == [("price", "1", "9", "bob")]
    clock.advance(hours=2)
    assert news(office, "ann", note) == [("price", "1", "9", "bob")]


@pytest.mark.parametrize(
    ("login", "changes"),
    [("ann", [{"price": 2}]), ("bob", [{"price": 2}, {"price": 1}]), ("root", [{"secret": "x"}])],
    ids=["one's own", "there and back", "what one may not see"],
)
def test_what_is_no_news(office, note, login, changes):
    look(office, "ann", note)
    office.runtime.clock.advance(hours=1)
    for values in changes:
        office.update(login, "note", note, **values)
    assert news(office, "ann", note) == []
    with office.look("ann") as unit:
        assert news_of(unit, [("note", note)]) == {}


def test_rows_and_their_cells(office, note):
    with office.look(None) as unit:
        (row,) = records.get(unit, "note", note).lines["parts"]
    look(office, "ann", note)
    office.runtime.clock.advance(hours=1)
    with office.act("bob") as unit:
        parts = [LineChange(id=row.id, values={"qty": 6}), LineChange(values={"name": "nut"})]
        records.apply(unit, [Update(form="note", id=note, values={}, lines={"parts": parts})])
    found = news(office, "ann", note)
    assert (f"parts.{row.id}.qty", "5", "6", "bob") in found
    assert any(path.count(".") == 1 and path != f"parts.{row.id}" for path, *_ in found)


def test_the_inbox_counts_news_of_many_records(office, note):
    other = office.create("bob", "note", {"title": "other"})
    third = office.create("bob", "note", {"title": "third"})
    for each in (note, other):
        look(office, "ann", each)
    office.runtime.clock.advance(hours=1)
    for each in (note, third):
        office.update("bob", "note", each, price=7, title="new")
    with office.look("ann") as unit:
        assert news_of(unit, [("note", each) for each in (note, other, third)]) == {("note", note): 2}
        assert news_of(unit, []) == {}


def test_who_may_not_see_a_record_looks_at_nothing(office, note):
    look(office, "ann", note)
    office.runtime.clock.advance(hours=1)
    office.update("root", "note", note, title="hidden")
    with pytest.raises(NotFound):
        look(office, "ann", note)
    with pytest.raises(NotFound):
        news(office, "ann", note)
    with office.look("ann") as unit:
        assert news_of(unit, [("note", note)]) == {}


def test_a_look_is_written_once(office, note):
    with office.look("ann") as unit:
        assert is_look_due(unit, "note", note)
    look(office, "ann", note)
    with office.look("ann") as unit:
        assert not is_look_due(unit, "note", note)
    office.runtime.clock.advance(hours=1)
    with office.look("ann") as unit:
        assert is_look_due(unit, "note", note)
    with office.look(None) as unit:
        assert not is_look_due(unit, "note", note), "the system looks at nothing"


def test_looks_go_with_the_record(office, note):
    look(office, "ann", note)
    with office.act("root") as unit:
        records.apply(unit, [records.Delete(form="note", id=note)])
    with office.act("root") as unit:
        purge(unit, "note", note)
        assert unit.connection.execute(select(func.count()).select_from(record_look)).scalar_one() == 0
