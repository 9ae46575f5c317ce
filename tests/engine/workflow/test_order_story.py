"""The story of the example: an order of 60,000 from inquiry to done, and its receipt at the finance system."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from sqlalchemy import select

from orderkit.connectors.http.fake import FakeEndpoint, Scripted, serving
from orderkit.database.schema.system_tables import job as job_table
from orderkit.database.schema.system_tables import job_attempt
from orderkit.engine import jobs, messages, workflow
from orderkit.engine.integrations import handlers
from orderkit.engine.jobs import AttemptOutcome, JobState, Worker, queue
from orderkit.model.errors import Denied, NotFound, Refused
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import example

STAFF = (
    Staff(login="boss", roles=("lead",)),
    Staff(login="dir", roles=("director",)),
    Staff(login="seller", roles=("sales",), manager="boss"),
    Staff(login="planner", roles=("planner",)),
    Staff(login="keeper", roles=("warehouse",)),
    Staff(login="cashier", roles=("finance",)),
    Staff(login="root", roles=("admin",)),
)


NUMBERS = count(1)


@pytest.fixture(scope="module")
def endpoint():
    fake = FakeEndpoint(authorization="Bearer t0ken")
    with serving(fake) as url:
        yield fake, url


@pytest.fixture
def finance(office, endpoint):
    """The finance system with nothing to remember, and no call of another test on its way."""
    office.runtime.clock.advance(days=1)
    office.work()
    for kept in (endpoint[0].requests, endpoint[0].accepted, endpoint[0].script):
        kept.clear()
    return endpoint[0]


@pytest.fixture(scope="module")
def office(databases, dialect, tmp_path_factory, endpoint):
    """One office for all stories: each has an order of its own, time only moves on."""
    mark = databases.mark()
    environment = {"FINANCE_URL": endpoint[1], "FINANCE_TOKEN": "t0ken"}
    folder = tmp_path_factory.mktemp("office")
    yield open_office(
        example(), databases.make(example(), dialect), folder, FakeClock(), STAFF, environment=environment
    )
    databases.clear(mark)


@pytest.fixture
def clock(office):
    return office.runtime.clock


def an_order(office, qty="600", price="100"):
    number = next(NUMBERS)
    customer = office.create("boss", "customer", {"code": f"C{number}", "name": "甲公司"})
    product = office.create(
        "root", "product", {"code": f"P{number}", "name": "支架", "list_price": Decimal(price)}
    )
    return office.create(
        "seller",
        "order",
        {"customer": customer, "need_by": office.today + timedelta(days=10)},
        {"lines": [{"product": product, "qty": Decimal(qty)}]},
    )


def shipped(office):
    order = an_order(office)
    office.do("seller", "order", order, "quote")
    office.do("seller", "order", order, "place")
    office.decide("boss")
    office.decide("dir")
    office.do("planner", "order", order, "release", plan_start=office.today, plan_end=office.today)
    office.do("planner", "order", order, "finish")
    office.do("keeper", "order", order, "ship", carrier="顺丰", tracking_no="SF1")
    return order


def confirmed(office):
    order = shipped(office)
    receipt = office.create("cashier", "receipt", {"order": order, "amount": Decimal(60000)})
    office.do("cashier", "receipt", receipt, "confirm")
    return order, receipt


def test_an_order_goes_all_the_way(office, finance):
    order, receipt = confirmed(office)
    assert office.value("order", order, "status") == "done"
    assert office.value("order", order, "balance") == 0
    assert office.timeline("order", order) == [
        ("start", "seller", "inquiry"),
        ("do", "seller", "quote", "quoted"),
        ("do", "seller", "place", "review"),
        ("approve", "boss", "lead"),
        ("approve", "dir", "director"),
        ("approved", "dir", "planning"),
        ("do", "planner", "release", "producing"),
        ("do", "planner", "finish", "ready"),
        ("do", "keeper", "ship", "shipped"),
        ("do", "system", "settle", "paid"),
        ("do", "system", "close", "done"),
    ]
    office.work()
    (request,) = [
        each for each in finance.requests if each.headers["idempotency-key"] == f"receipt:{receipt}"
    ]
    assert request.path == "/receipts"
    number = office.value("receipt", receipt, "number")
    assert request.body == {
        "number": number,
        "date": office.today.isoformat(),
        "customer": office.value("customer", office.value("order", order, "customer"), "code"),
        "order": office.value("order", order, "number"),
        "amount": "60000.00",
        "memo": f"收 甲公司 货款 {number}",
    }
    assert office.value("receipt", receipt, "voucher_no").startswith("V")
    assert office.work() == 0


def the_job(office, receipt):
    with office.look(None) as unit:
        found = jobs.find_jobs(unit, form="receipt", record_id=receipt)
        (job,) = [each for each in found if each.kind == "integration"]
        return job, [attempt.outcome for attempt in jobs.attempts_of(unit, job.id)]


def test_a_small_order_needs_the_lead_only(office):
    order = an_order(office, qty="100")
    office.do("seller", "order", order, "quote")
    office.do("seller", "order", order, "place")
    assert office.decide("boss").state == "planning"
    with office.look("keeper") as unit:
        note = messages.inbox(unit)[0]
    assert note.subject == f"请为订单 {office.value('order', order, 'number')} 备货"
    assert (note.form, note.record_id) == ("order", order)


def test_nothing_is_sent_when_the_press_fails(office):
    order = shipped(office)
    receipt = office.create("cashier", "receipt", {"order": order, "amount": Decimal("60000.01")})
    with pytest.raises(Refused) as refused:
        office.do("cashier", "receipt", receipt, "confirm")
    assert refused.value.problems[0].message["zh"] == "收款金额超过订单未回款金额"
    assert office.value("receipt", receipt, "status") == "draft"
    with office.look(None) as unit:
        assert jobs.find_jobs(unit, form="receipt", record_id=receipt) == ()


def test_a_failing_system_gets_the_receipt_once_by_its_key(office, finance, clock):
    finance.script.extend([Scripted(status=500, does_work=True), Scripted(status=503)])
    _, receipt = confirmed(office)
    office.work()
    assert office.value("receipt", receipt, "voucher_no") is None
    for _ in range(2):
        clock.advance(hours=1)
        office.work()
    assert office.value("receipt", receipt, "voucher_no") == "V0001"
    assert len(finance.requests) == 3
    assert list(finance.accepted) == [f"receipt:{receipt}"]
    job, outcomes = the_job(office, receipt)
    assert job.state is JobState.DONE
    assert outcomes == [AttemptOutcome.UNKNOWN_OUTCOME, AttemptOutcome.RETRY, AttemptOutcome.OK]


def test_a_worker_that_dies_after_sending_does_no_harm(office, finance, clock):
    _, receipt = confirmed(office)
    # The worker claims the job, sends the request, and is never heard of again.
    with office.runtime.database.write() as connection:
        (held,) = queue.claim(
            connection, worker="dies", now=clock.now(), lease=timedelta(seconds=60), kinds=["integration"]
        )
    handlers()["integration"].perform(office.runtime, held)
    assert office.work() == 0
    clock.advance(seconds=61)
    assert office.work() == 1
    assert len(finance.requests) == 2
    assert list(finance.accepted) == [f"receipt:{receipt}"]
    assert office.value("receipt", receipt, "voucher_no") == "V0001"
    assert the_job(office, receipt)[1] == [AttemptOutcome.LEASE_LOST, AttemptOutcome.OK]


def test_a_dead_letter_opens_a_task_and_can_be_replayed(office, finance, clock):
    finance.script.append(Scripted(status=400, body=b'{"error": "account t0ken closed"}'))
    _, receipt = confirmed(office)
    office.work()
    job, outcomes = the_job(office, receipt)
    assert (job.state, outcomes) == (JobState.DEAD, [AttemptOutcome.PERMANENT])
    with office.look("cashier") as unit:
        note = messages.inbox(unit)[0]
        (attempt,) = jobs.attempts_of(unit, job.id)
    assert (note.form, note.record_id) == ("receipt", receipt)
    assert "answered 400" in note.text
    assert "closed" in attempt.summary
    assert "t0ken" not in attempt.summary
    with office.act("root") as unit:
        jobs.replay(unit, job.id)
    office.work()
    assert office.value("receipt", receipt, "voucher_no") == "V0001"


def test_a_missing_secret_is_named_and_waits(office, clock, finance):
    _, receipt = confirmed(office)
    bare = replace(office.runtime, environment=lambda name: None)
    assert Worker(bare, handlers()).run_once() == 1
    job, _ = the_job(office, receipt)
    assert job.state is JobState.READY
    assert "FINANCE_URL" in job.error
    clock.advance(hours=1)
    office.work()
    assert finance.accepted


def test_secrets_stand_nowhere_in_the_database(office, finance):
    confirmed(office)
    office.work()
    assert finance.accepted
    with office.look(None) as unit:
        for table in (job_table, job_attempt):
            for row in unit.connection.execute(select(table)):
                assert "t0ken" not in str(row)


def test_the_buttons_are_those_of_the_state_and_grey_ones_say_why(office):
    order = an_order(office)

    def shown(login):
        with office.look(login) as unit:
            return {
                each.transition: each.why and each.why["zh"]
                for each in workflow.buttons(unit, "order", order)
            }

    assert shown("seller") == {"quote": None, "cancel": None}
    assert shown("dir") == {"quote": "只能由销售、负责人操作", "cancel": "只能由销售、管理员操作"}
    office.do("seller", "order", order, "quote")
    assert shown("seller") == {"place": None, "cancel": None}
    office.do("seller", "order", order, "place")
    assert shown("seller") == {"withdraw": None}
    assert shown("boss") == {}
    office.decide("boss")
    assert shown("seller") == {"withdraw": "已有人审批，不能再撤回"}


def test_a_guard_and_a_required_field_make_a_button_grey(office, clock):
    order = an_order(office)
    office.update("seller", "order", order, term=None)
    with office.look("seller") as unit:
        quote = workflow.buttons(unit, "order", order)[0]
    assert (quote.allowed, quote.why["zh"]) == (False, "请先填写付款方式")
    with pytest.raises(Refused) as refused:
        office.do("seller", "order", order, "quote")
    assert [(each.path, each.code) for each in refused.value.problems] == [("term", "required")]
    office.update("seller", "order", order, term="credit")
    office.do("seller", "order", order, "quote")
    clock.advance(days=30)
    with office.look("seller") as unit:
        place = workflow.buttons(unit, "order", order)[0]
    assert place.why["zh"] == "交货日期已过，请先修改"


def test_what_a_press_asks_for_is_needed_and_kept(office):
    order = an_order(office)
    with pytest.raises(Refused) as refused:
        office.do("seller", "order", order, "cancel")
    assert [(each.path, each.code) for each in refused.value.problems] == [("reason", "required")]
    with pytest.raises(Refused) as refused:
        office.do("seller", "order", order, "cancel", reason="x", total=Decimal(1))
    assert [each.code for each in refused.value.problems] == ["unknown_field"]
    office.do("seller", "order", order, "cancel", reason="客户放弃")
    with office.look(None) as unit:
        last = workflow.timeline(unit, "order", order)[-1]
    assert last.data["values"] == {"reason": "客户放弃"}


def test_a_state_locks_what_it_does_not_name(office):
    order = an_order(office)
    office.update("seller", "order", order, note="draft")
    office.do("seller", "order", order, "quote")
    office.update("seller", "order", order, term="credit")
    with pytest.raises((Denied, Refused)):
        office.update("seller", "order", order, note="too late")
    office.do("seller", "order", order, "place")
    for login in ("seller", "root"):
        with pytest.raises((Denied, Refused)):
            office.update(login, "order", order, term="prepaid")


def test_who_may_not_see_a_record_finds_no_button(office):
    order = an_order(office)
    with office.look("planner") as unit, pytest.raises(NotFound):
        workflow.buttons(unit, "order", order)
    with pytest.raises(NotFound):
        office.do("planner", "order", order, "quote")


def test_two_receipts_confirmed_at_once_cannot_both_take_the_balance(office):
    order = shipped(office)
    receipts = [
        office.create("cashier", "receipt", {"order": order, "amount": Decimal(40000)}) for _ in range(2)
    ]
    results, together = [], threading.Barrier(2)

    def confirm(receipt):
        together.wait()
        try:
            office.do("cashier", "receipt", receipt, "confirm")
            results.append("confirmed")
        except Refused as refused:
            results.append(refused.problems[0].code)

    threads = [threading.Thread(target=confirm, args=(receipt,)) for receipt in receipts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["confirmed", "guard"]
    assert office.value("order", order, "received") == 40000
