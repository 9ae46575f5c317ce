"""Actions on other records in the transaction of a press: all of them happen, or the press is refused and nothing is left."""

import threading
from itertools import count

import pytest
from sqlalchemy import select

from orderkit.database.schema.system_tables import record_link, sub_flow
from orderkit.engine import messages, records, workflow
from orderkit.engine.records import Delete
from orderkit.engine.rows import rows_of
from orderkit.model.errors import Refused
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

CUSTOMER = """
form: customer
title: "{name}"
fields:
  name:  {type: text}
  count: {type: integer, default: 0, max: 99}
  last:  {type: text}
  tags:  {type: refs, to: tag}
  best:  {type: ref, to: tag}
"""
TAG = """
form: tag
title: "{name}"
fields: {name: {type: text}}
"""
ORDER = """
form: order
title: "{name}"
fields:
  name:     {type: text}
  amount:   {type: integer, default: 0}
  note:     {type: text}
  customer: {type: ref, to: customer, reverse: orders}
  tags:     {type: refs, to: tag}
  best:     {type: ref, to: tag}
  lines:
    type: lines
    fields: {sku: {type: text}, qty: {type: integer}, mark: {type: text}}
  parts:    {type: integer, compute: "sum(lines.qty)"}
"""
PURCHASE = """
form: purchase
title: "{sku}"
fields:
  sku:   {type: text}
  qty:   {type: integer}
  order: {type: ref, to: order}
  rows:  {type: lines, fields: {sku: {type: text}, qty: {type: integer}}}
"""
PURCHASE_LIFE = """
workflow: buying
for: purchase
state: status
initial: asked
states: {asked: {}, bought: {final: completed}, dropped: {final: cancelled}}
transitions:
  buy:  {from: asked, to: bought, by: everyone}
  drop: {from: asked, to: dropped, by: everyone}
"""
LIFE = """
workflow: life
for: order
state: status
initial: draft
states:
  draft: {edit: [name, amount, customer, lines]}
  open:  {}
  ready: {}
  gone:  {final: cancelled}
transitions:
  touch:   {from: draft, to: open, by: everyone, do: [{update: customer, set: {count: =customer.count + 1, last: "{name}"}}]}
  mark:    {from: draft, to: open, by: everyone, do: [{update: lines, where: "item.qty > 1", set: {mark: "{item.sku}!", qty: =item.qty * 2}}]}
  lift:    {from: draft, to: open, by: everyone, do: [{update: {form: order, where: "customer == this.customer and id != this.id"}, set: {note: =this.name}}]}
  clean:   {from: draft, to: open, by: everyone, do: [{delete: lines, where: "item.qty == 0"}]}
  unhook:  {from: draft, to: open, by: everyone, do: [{delete: customer}]}
  tag:     {from: draft, to: open, by: everyone, do: [{link: tags, to: "=find(tag, name == 'vip')"}, {link: best, to: "=find(tag, name == 'vip')"}]}
  spread:
    from: draft
    to: open
    by: everyone
    do:
      - foreach: lines
        where: "item.qty > 0"
        actions:
          - {create: purchase, set: {sku: =item.sku, qty: =item.qty, order: =this}}
          - {update: {form: customer, where: "name == this.customer.name"}, set: {count: =item.count + 1}}
  sheet:   {from: draft, to: open, by: everyone, do: [{create: purchase, set: {sku: all, order: =this, rows: {each: lines, where: "item.qty > 0", set: {sku: =item.sku, qty: =item.qty}}}}]}
  weigh:
    from: draft
    to: open
    by: everyone
    do:
      - choose:
          - {when: "amount > 100", actions: [{set: {note: large}}]}
          - {when: "amount > 10", actions: [{set: {note: middle}}, {update: customer, set: {last: middle}}]}
          - {default: true, actions: []}
  softly:  {from: draft, to: open, by: everyone, do: [{run: never, if_refused: ignore}, {set: {note: on}}]}
  loudly:  {from: draft, to: open, by: everyone, do: [{run: never, if_refused: incident}, {set: {note: on}}]}
  firmly:  {from: draft, to: open, by: everyone, do: [{set: {note: on}}, {run: never}]}
  never:   {from: open, to: ready, by: system, guard: {that: "coalesce(amount, 0) > 1000", error: {zh: 金额不够, en: not enough}}, do: [{set: {note: never}}]}
  nearly:  {from: draft, to: open, by: everyone, do: [{run: half, if_refused: ignore}]}
  half:    {from: open, to: ready, by: system, do: [{create: purchase, set: {sku: half, order: =this}}, {update: customer, set: {count: =customer.count + 1000}}]}
  buy_all: {from: draft, to: open, by: everyone, do: [{foreach: lines, actions: [{call: "workflow:buying", set: {sku: =item.sku, qty: =item.qty, order: =this}, then: bought}]}]}
  bought:  {from: open, to: ready, by: system}
  leave:   {from: open, to: gone, by: everyone}
"""
LOOP = """
form: egg
title: "{name}"
fields: {name: {type: text}}
"""
LOOP_LIFE = """
workflow: hatching
for: egg
state: status
initial: laid
states: {laid: {}, hatched: {}}
transitions: {hatch: {from: laid, to: hatched, by: system, auto: true, guard: "name != null", do: [{create: egg, set: {name: "{name}"}}]}}
"""
NUMBERS = count(1)
STAFF = (Staff(login="ann"), Staff(login="root", roles=("admin",)))
ROLE = """
role: everyone
label: everyone
forms:
  order: {create: true, read: true, update: true}
  customer: {read: true}
  tag: {read: true}
  purchase: {read: true, update: true}
"""


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = project(CUSTOMER, TAG, ORDER, PURCHASE, PURCHASE_LIFE, LIFE, LOOP, LOOP_LIFE, ROLE)
    folder = tmp_path_factory.mktemp("office")
    yield open_office(made, databases.make(made, dialect), folder, FakeClock(), STAFF)
    databases.clear(mark)


@pytest.fixture
def customer(office):
    return office.create("root", "customer", {"name": f"甲{next(NUMBERS)}"})


def an_order(office, customer=None, lines=(), **values):
    rows = [dict(zip(("sku", "qty"), row, strict=True)) for row in lines]
    given = {"name": "单", "customer": customer, **values}
    return office.create("ann", "order", given, {"lines": rows})


def press(office, order, transition):
    return office.do("ann", "order", order, transition)


def field(office, form, record, *names):
    return tuple(office.value(form, record, name) for name in names)


def lines(office, order):
    with office.look(None) as unit:
        return [
            tuple(row.get(name) for name in ("sku", "qty", "mark"))
            for row in rows_of(unit).row("order", order).rows("lines")
        ]


def purchases(office, order):
    with office.look(None) as unit:
        table = office.runtime.database.tables["purchase"]
        found = unit.connection.execute(select(table.c.id).where(table.c.order == order).order_by(table.c.id))
        ids = found.scalars().all()
        rows = rows_of(unit).load("purchase", ids)
        return [
            (row.id, row.get("sku"), row.get("qty"), [(r.get("sku"), r.get("qty")) for r in row.rows("rows")])
            for row in rows
        ]


def test_the_record_behind_a_reference_is_written(office, customer):
    press(office, an_order(office, customer, name="一"), "touch")
    press(office, an_order(office, customer, name="二"), "touch")
    assert field(office, "customer", customer, "count", "last") == (2, "二")


def test_without_a_record_behind_the_reference_nothing_is_written(office):
    order = an_order(office)
    press(office, order, "touch")
    assert office.value("order", order, "status") == "open"


def test_a_rule_of_the_other_form_refuses_the_press(office, customer):
    office.update("root", "customer", customer, count=99)
    order = an_order(office, customer)
    with pytest.raises(Refused):
        press(office, order, "touch")
    assert office.value("order", order, "status") == "draft"
    assert office.value("customer", customer, "last") is None


def test_lines_are_written_each_with_its_own_values_and_what_follows_from_them_follows(office):
    order = an_order(office, lines=[("A", 1), ("B", 2), ("C", 3)])
    press(office, order, "mark")
    assert lines(office, order) == [("A", 1, None), ("B", 4, "B!"), ("C", 6, "C!")]
    assert office.value("order", order, "parts") == 11


def test_records_that_a_condition_finds_see_this_one(office, customer):
    other, stranger, order = (
        an_order(office, customer),
        an_order(office),
        an_order(office, customer, name="领"),
    )
    press(office, order, "lift")
    assert [office.value("order", each, "note") for each in (other, stranger, order)] == ["领", None, None]


def test_lines_that_match_are_deleted(office):
    order = an_order(office, lines=[("A", 0), ("B", 2), ("C", 0)])
    press(office, order, "clean")
    assert lines(office, order) == [("B", 2, None)]


def test_a_record_that_is_still_referred_to_is_not_deleted_and_the_press_refused(office, customer):
    order = an_order(office, customer)
    with pytest.raises(Refused):
        press(office, order, "unhook")
    assert field(office, "order", order, "status", "customer") == ("draft", customer)


def test_a_link_is_added_to_several_and_replaces_one(office):
    old, vip = office.create("root", "tag", {"name": "old"}), None
    order = an_order(office, tags=(old,), best=old)
    with pytest.raises(Refused) as refused:
        press(office, order, "tag")
    assert [problem.code for problem in refused.value.problems] == ["nothing_to_link"]
    assert "tags" in refused.value.problems[0].path
    vip = office.create("root", "tag", {"name": "vip"})
    press(office, order, "tag")
    assert field(office, "order", order, "tags", "best") == ((old, vip), vip)
    with office.act(None) as unit:
        records.apply(unit, [Delete(form="order", id=order), Delete(form="tag", id=vip)])


def test_for_each_row_that_matches_its_actions_are_done(office, customer):
    order = an_order(office, customer, lines=[("A", 1), ("B", 0), ("C", 3)])
    press(office, order, "spread")
    assert [each[1:3] for each in purchases(office, order)] == [("A", 1), ("C", 3)]
    assert office.value("customer", customer, "count") == 2


def test_one_row_that_is_refused_refuses_all_of_them(office, customer):
    office.update("root", "customer", customer, count=98)
    order = an_order(office, customer, lines=[("A", 1), ("C", 3)])
    with pytest.raises(Refused):
        press(office, order, "spread")
    assert purchases(office, order) == []
    assert office.value("customer", customer, "count") == 98


def test_a_record_is_made_with_rows_of_its_own(office):
    order = an_order(office, lines=[("A", 1), ("B", 0), ("C", 3)])
    press(office, order, "sheet")
    assert [each[3] for each in purchases(office, order)] == [[("A", 1), ("C", 3)]]


@pytest.mark.parametrize(
    ("amount", "note", "last"), [(500, "large", None), (50, "middle", "middle"), (5, None, None)]
)
def test_of_branches_the_first_that_holds_is_done(office, customer, amount, note, last):
    order = an_order(office, customer, amount=amount)
    press(office, order, "weigh")
    assert (office.value("order", order, "note"), office.value("customer", customer, "last")) == (note, last)


def test_a_refused_transition_may_be_ignored(office):
    order = an_order(office)
    press(office, order, "softly")
    assert field(office, "order", order, "status", "note") == ("open", "on")


def test_a_refused_transition_may_become_an_incident_that_a_person_sees(office):
    order = an_order(office, name="待查")
    press(office, order, "loudly")
    assert field(office, "order", order, "status", "note") == ("open", "on")
    with office.look("root") as unit:
        note = messages.inbox(unit)[0]
    assert (note.subject, note.record_id) == ("需要处理：待查", order)
    assert "金额不够" in note.text


def test_a_refused_transition_refuses_the_press_where_nothing_else_is_said(office):
    order = an_order(office)
    with pytest.raises(Refused, match="not enough"):
        press(office, order, "firmly")
    assert field(office, "order", order, "status", "note") == ("draft", None)


def test_what_an_ignored_transition_did_before_it_was_refused_is_taken_back(office, customer):
    order = an_order(office, customer)
    press(office, order, "nearly")
    assert purchases(office, order) == []
    assert office.value("order", order, "status") == "open"
    assert [entry[:3] for entry in office.timeline("order", order)] == [
        ("start", "ann", "draft"),
        ("do", "ann", "nearly"),
    ]


def test_rule_27_actions_that_set_each_other_off_within_one_press_are_refused_with_a_code(office):
    with pytest.raises(Refused) as refused:
        office.create("root", "egg", {"name": "x"})
    (problem,) = refused.value.problems
    assert problem.code == "too_deep"
    assert {"zh", "en"} <= problem.message.keys()
    with office.look(None) as unit:
        table = office.runtime.database.tables["egg"]
        assert unit.connection.execute(select(table.c.id)).all() == []


def flows(office, order):
    with office.look(None) as unit:
        mine = (sub_flow.c.form == "order") & (sub_flow.c.record_id == order)
        return (
            unit.connection.execute(select(sub_flow.c.state).where(mine).order_by(sub_flow.c.id))
            .scalars()
            .all()
        )


def test_a_sub_flow_presses_on_when_the_last_one_of_its_visit_has_ended(office):
    order = an_order(office, lines=[("A", 1), ("B", 2)])
    press(office, order, "buy_all")
    first, second = (each[0] for each in purchases(office, order))
    office.do("ann", "purchase", first, "buy")
    office.work()
    assert (flows(office, order), office.value("order", order, "status")) == (["ended", "running"], "open")
    office.do("ann", "purchase", second, "drop")
    assert office.value("order", order, "status") == "open"
    office.work()
    assert (flows(office, order), office.value("order", order, "status")) == (["ended", "ended"], "ready")
    assert office.timeline("order", order)[-1] == ("do", "system", "bought", "ready")


def test_a_sub_flow_whose_record_is_deleted_is_not_waited_for(office):
    order = an_order(office, lines=[("A", 1)])
    press(office, order, "buy_all")
    (made,) = purchases(office, order)
    with office.act(None) as unit:
        records.apply(unit, [Delete(form="purchase", id=made[0])])
    office.work()
    assert (flows(office, order), office.value("order", order, "status")) == (["gone"], "ready")


def test_who_has_ended_meanwhile_is_pressed_no_more(office):
    order = an_order(office, lines=[("A", 1)])
    press(office, order, "buy_all")
    (made,) = purchases(office, order)
    press(office, order, "leave")
    office.do("ann", "purchase", made[0], "buy")
    office.work()
    assert office.value("order", order, "status") == "gone"
    with office.look("root") as unit:
        assert not any(note.record_id == order for note in messages.inbox(unit))


def test_both_ends_of_a_sub_flow_know_each_other(office):
    order = an_order(office, lines=[("A", 1)])
    press(office, order, "buy_all")
    (made,) = purchases(office, order)
    with office.look(None) as unit:
        link = select(record_link.c.made_id).where(
            record_link.c.form == "order", record_link.c.record_id == order
        )
        assert unit.connection.execute(link).scalars().all() == [made[0]]


def test_two_that_count_up_one_number_at_once_both_count(office, customer):
    orders = [an_order(office, customer) for _ in range(8)]
    threads = [threading.Thread(target=press, args=(office, order, "touch")) for order in orders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert office.value("customer", customer, "count") == 8


def test_two_sub_flows_that_end_at_once_press_on_once(office):
    order = an_order(office, lines=[("A", 1), ("B", 2), ("C", 3), ("D", 4)])
    press(office, order, "buy_all")
    made = [each[0] for each in purchases(office, order)]
    threads = [threading.Thread(target=office.do, args=("ann", "purchase", each, "buy")) for each in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    office.work()
    assert office.value("order", order, "status") == "ready"
    with office.look(None) as unit:
        pressed = [each for each in workflow.timeline(unit, "order", order) if each.transition == "bought"]
    assert len(pressed) == 1
