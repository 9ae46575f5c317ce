"""While a story waits, everything comes due in its time: reminders, deadlines, timers, schedules and dates."""

from orderkit.testing.scenarios.playing import play
from tests.testing.scenarios.office import OFFICE, PEOPLE, project_of, theatre_of

STOCK = """# stock.yaml
ledger: stock
label: 库存
keys: {customer: ref(customer)}
measures: {on_hand: decimal(3)}
never: ["on_hand < 0"]
postings:
  opening: {on_hand: +qty, by: role(admin)}
  sale: {on_hand: -qty}
"""
SEED = "# seed.yaml\nseed: customers\nfor: customer\nmatch: [code]\nrows: [{code: C1}]\n"
ORDER = (
    "{as: seller, create: order, name: a, set: {customer: C1, due: 2026-03-12, lines: [{qty: 2, price: 50}]}}"
)
PLACE = "{as: seller, do: place, on: a}"
OPENING = "{post: stock.opening, keys: {customer: C1}, qty: 10}"

SLA = "    sla: {due: 8wh, remind: [{before_due: 2wh, message: told, via: [inbox]}], overdue: [{after_due: 0wh, auto: approve}]}\n"
TIMERS = "timers:\n  late: {in: planned, after: 2wd, do: [{set: {note: late}}]}\n"
WEEKLY = """# weekly.yaml
automation: weekly
label: 每周
trigger: {schedule: "0 10 * * 1"}
foreach: {form: order, where: "status == 'draft'"}
do: [{update: item, set: {note: weekly}}]
"""
NEAR = """# near.yaml
automation: near
label: 快到期
trigger: {date: order.due, before: 1d}
do: [{set: {term: credit}}]
"""


def failure_of(folder, *steps, given=(), office=OFFICE, more=""):
    listed = "\n".join(f"  - {each}" for each in steps)
    story = f"# story.yaml\nscenario: story\n{PEOPLE}\ngiven: [{', '.join(given)}]\nsteps:\n{listed}\n"
    project = project_of(SEED, more, story, office=office)
    return play(theatre_of(project, folder), project.scenarios[0]).failure


def test_rule_09_and_22_a_deadline_reminds_and_then_decides_by_working_hours(tmp_path):
    office = OFFICE.replace("    steps:\n", f"{SLA}    steps:\n", 1)
    assert office != OFFICE
    failure = failure_of(
        tmp_path,
        ORDER,
        PLACE,
        "{wait: 5wh, on: a, expect: {status: review, sent: [], tasks: [boss]}}",
        "{wait: 1wh, on: a, expect: {sent: [{message: told, to: boss, via: inbox}], tasks: [boss]}}",
        "{wait: 119min, on: a, expect: {status: review}}",
        "{wait: 1min, on: a, expect: {status: planned, tasks: []}}",
        office=office,
    )
    assert failure is None


def test_a_timer_on_a_state_fires_by_working_days(tmp_path):
    office = OFFICE.replace("transitions:\n", f"{TIMERS}transitions:\n", 1)
    failure = failure_of(
        tmp_path,
        ORDER,
        PLACE,
        "{as: boss, approve: a}",
        "{wait: 1wd, on: a, expect: {note: null}}",
        "{wait: 1wd, on: a, expect: {note: late}}",
        office=office,
    )
    assert failure is None


def test_a_schedule_fires_from_the_beginning_of_the_story_on(tmp_path):
    """The story begins on a Monday at nine: at ten it is due, and again a week later."""
    failure = failure_of(
        tmp_path,
        ORDER,
        "{wait: 59min, on: a, expect: {note: null}}",
        "{wait: 1min, on: a, expect: {note: weekly}}",
        "{as: seller, set: {note: mine}, on: a}",
        "{wait: 6d, on: a, expect: {note: mine}}",
        "{wait: 1d, on: a, expect: {note: weekly}}",
        more=WEEKLY,
    )
    assert failure is None


def test_a_date_of_a_record_is_reached_within_the_hour(tmp_path):
    failure = failure_of(
        tmp_path,
        ORDER,
        "{wait: 8d, on: a, expect: {term: prepaid}}",
        "{wait: 16h, on: a, expect: {term: credit}}",
        more=NEAR,
    )
    assert failure is None


def test_what_a_ledger_has_at_first_can_be_used_up(tmp_path):
    office = OFFICE.replace('guard: [{that: "coalesce(total, 0) > 0", error: 没有金额}]}', "do: [{post: stock.sale, qty: 2, keys: {customer: =customer}}]}", 1)  # fmt: skip
    assert office != OFFICE
    assert failure_of(tmp_path / "a", ORDER, PLACE, given=[OPENING], office=office, more=STOCK) is None
    refused = f"{PLACE[:-1]}, expect_refused: true, expect: {{status: draft}}}}"
    assert failure_of(tmp_path / "b", ORDER, refused, office=office, more=STOCK) is None


def test_a_posting_without_its_record_is_a_mistake_of_the_story(tmp_path):
    failure = failure_of(tmp_path, ORDER, given=[OPENING.replace("C1", "C9")], more=STOCK)
    assert failure is not None
    assert failure.number == 0
    assert failure.what["en"] == "given: a posting stock.opening"
    assert "there is no record `C9`" in failure.mismatches[0].found["en"]
