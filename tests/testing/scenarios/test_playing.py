"""A story passes when it comes as written, and says where it does not."""

from datetime import UTC, datetime, timedelta

import pytest

from orderkit.catalog import built_in
from orderkit.engine.jobs import Performed, enqueue
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.errors import Refused
from orderkit.model.values.durations import time_span
from orderkit.testing.scenarios.passing import Passing
from orderkit.testing.scenarios.playing import play
from orderkit.testing.scenarios.theatre import Theatre
from orderkit.testing.stage import Mistold, Somebody
from tests.testing.scenarios.office import OFFICE, ORDER, played, project_of, staged, story, theatre_of

PLACED = (ORDER, "{as: seller, do: place, on: a}")


def test_a_whole_story_passes(tmp_path):
    result = played(
        tmp_path,
        ORDER.replace("}}", "}, expect: {status: draft, total: 100, keeper: seller, customer: =c}}"),
        "{as: seller, do: place, on: a, expect: {status: review, tasks: [boss], sent: []}}",
        "{as: boss, return: a, comment: 再看, expect: {status: draft, tasks: []}}",
        "{as: seller, set: {note: 加急, lines: [{qty: 3}]}, on: a, expect: {total: 150, note: 加急, lines: [{what: x, qty: 3}]}}",
        "{as: seller, do: place, on: a}",
        "{as: seller, withdraw: a, expect: {status: draft}}",
        "{as: seller, do: place, on: a}",
        "{as: boss, approve: a, expect: {status: planned, tasks: []}}",
        "{wait: 2d}",
        "{as: seller, do: finish, on: a, with: {reason: 好, due: =today()}, expect: {status: done, due: 2026-03-04}}",
        "{on: a, expect: {sent: [{message: told, to: customer.mail, via: mail}, {message: told, to: boss, via: inbox}, {message: told, to: role(lead)}, {message: told}]}}",
    )
    assert result.failure is None


@pytest.mark.parametrize(
    ("steps", "number", "what", "expected", "found"),
    [
        pytest.param(
            (ORDER, "{on: a, expect: {total: 99.50}}"), 2, "total", "99.50", "100.00", id="another value"
        ),
        pytest.param((ORDER, "{on: a, expect: {note: x}}"), 2, "note", "x", "(empty)", id="an empty field"),
        pytest.param(
            (ORDER, "{on: a, expect: {keeper: boss}}"), 2, "keeper", "boss", "seller", id="another person"
        ),
        pytest.param(
            (ORDER, "{on: a, expect: {lines: [{qty: 2}, {qty: 2}]}}"), 2, "lines", "2 rows", "1 rows", id="rows"
        ),
        pytest.param(
            (ORDER, "{on: a, expect: {lines: [{qty: 3}]}}"), 2, "lines.1.qty", "3", "2", id="a value in a row"
        ),
        pytest.param(
            (*PLACED, "{on: a, expect: {tasks: [other]}}"), 3, "who has a task", "other", "boss", id="another task"
        ),
        pytest.param(
            (*PLACED, "{on: a, expect: {tasks: []}}"), 3, "who has a task", "(nobody)", "boss", id="a task too many"
        ),
        pytest.param(
            (ORDER, "{on: a, expect: {tasks: [boss]}}"), 2, "who has a task", "boss", "(nobody)", id="no task"
        ),
        pytest.param(
            (ORDER, "{on: a, expect: {sent: [{message: told}]}}"), 2, "told", "anybody", "nothing was sent", id="not sent"
        ),
        pytest.param(
            (ORDER, "{as: other, do: place, on: a}"), 2, "the step", "goes through", "only the owner", id="refused"
        ),
        pytest.param(
            (ORDER, "{as: seller, do: place, on: a, expect_refused: true}"), 2, "the step", "refused", "went through", id="not refused"
        ),
        pytest.param(
            (*PLACED, "{as: other, approve: a}"), 3, "the step", "goes through", "other has no task on `a`", id="nothing to decide"
        ),
        pytest.param(
            (ORDER, "{as: seller, do: [finish, place], on: a, with: {reason: x}, expect_refused: true}"), 2, "the step", "goes through", "`finish` was refused already", id="refused too early"
        ),
        pytest.param(
            ("{as: seller, create: order, name: a, set: {customer: C9}, expect_refused: true}",), 1, "the step", "goes through", "no customer `C9`", id="a mistake of the story is no refusal"
        ),
    ],
)  # fmt: skip
def test_a_failure_names_step_expected_and_found(tmp_path, steps, number, what, expected, found):  # noqa: PLR0917 - a row of the table
    failure = played(tmp_path, *steps).failure
    assert failure is not None
    assert failure.number == number
    assert failure.origin is not None
    assert (failure.origin.path, failure.origin.line) == ("story.yaml", 4 + number)
    (mismatch,) = failure.mismatches
    assert what in mismatch.what["en"]
    assert expected in mismatch.expected["en"]
    assert found in mismatch.found["en"]
    for text in (mismatch.what, mismatch.expected, mismatch.found):
        assert set(text) >= {"zh", "en"}


def test_every_mismatch_of_a_step_is_told(tmp_path):
    failure = played(tmp_path, *PLACED, "{on: a, expect: {total: 1, status: done, tasks: []}}").failure
    assert failure is not None
    assert len(failure.mismatches) == 3


def test_a_failure_tells_what_happened_so_far(tmp_path):
    failure = played(tmp_path, *PLACED, "{wait: 1d}", "{on: a, expect: {total: 1}}").failure
    assert failure is not None
    assert [(each.who, each.what["zh"]) for each in failure.timeline] == [
        ("seller", "新建 → 草稿"),
        ("seller", "提交 → 审批中"),
    ]


def test_what_is_given_may_fail_as_well(tmp_path):
    given = "given: [{create: customer, name: c, set: {mail: a@example.com}}]"
    failure = played(tmp_path, "{on: c, expect: {code: x}}", given=given).failure
    assert failure is not None
    assert failure.number == 0
    assert failure.what["en"] == "given: customer `c`"


def test_a_refused_step_leaves_everything_as_it_was(tmp_path):
    result = played(
        tmp_path,
        *PLACED,
        "{as: boss, reject: a, expect_refused: true, expect: {status: review, tasks: [boss]}}",
        "{as: seller, do: finish, on: a, expect_refused: true, expect: {sent: []}}",
    )
    assert result.failure is None


def test_scenarios_do_not_see_each_other(tmp_path):
    """Each makes the customer with the same unique code, and takes the first number."""
    steps = (ORDER, "{on: a, expect: {number: SO0001}}")
    theatre = theatre_of(project_of(story(*steps, name="one"), story(*steps, name="two")), tmp_path)
    assert [play(theatre, each).failure for each in theatre.project.scenarios] == [None, None]
    assert [each.name for each in tmp_path.iterdir() if each.name != "files"] == ["template.db"]


def test_what_a_project_brings_along_is_there(tmp_path):
    seed = "# seed.yaml\nseed: customers\nfor: customer\nmatch: [code]\nrows: [{code: SEEDED}]\n"
    one = story(
        "{as: seller, create: order, name: a, set: {customer: SEEDED, lines: [{qty: 1, price: 1}]}}",
        given="given: []",
    )
    theatre = theatre_of(project_of(one, seed), tmp_path)
    assert play(theatre, theatre.project.scenarios[0]).failure is None


@pytest.mark.parametrize(
    ("span", "shown"),
    [("30min", "03-02 09:30"), ("9wh", "03-03 10:00"), ("1wd", "03-03 09:00"), ("5wd", "03-09 09:00"), ("1mo", "04-02 09:00")],
)  # fmt: skip
def test_stories_begin_on_a_monday_morning_and_time_passes_by_the_calendar(tmp_path, span, shown):
    with staged(tmp_path, project_of()) as opened:
        found = time_span(span)
        assert found is not None
        opened.passing.wait(found)
        now = opened.passing.clock.now().astimezone(opened.stage.runtime.timezone)
        assert f"{now:%m-%d %H:%M}" == shown


class _Noting:
    """A handler that notes when it was called, and may set off another job."""

    def __init__(self, again: timedelta | None = None) -> None:
        self.seen: list[tuple[str, datetime]] = []
        self.again = again

    def perform(self, runtime, job):
        now = runtime.clock.now()
        self.seen.append((str(job.payload["name"]), now))

        def save(unit):
            if self.again is not None:
                enqueue(unit, "note", {"name": "again"}, run_at=now + self.again)

        return Performed(summary="noted", save=save)

    def delay_seconds(self, runtime, job):
        return 60

    def bury(self, unit, job, error):
        raise AssertionError(error)


def _waiting(opened, handler, *moments):
    passing = Passing(runtime=opened.stage.runtime, clock=opened.passing.clock, handlers={"note": handler})
    with opened.stage.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        for name, minutes in moments:
            enqueue(unit, "note", {"name": name}, run_at=unit.now + timedelta(minutes=minutes))
    return passing


def test_rule_20_everything_due_happens_at_its_time_in_due_order(tmp_path):
    with staged(tmp_path, project_of()) as opened:
        noting = _Noting()
        start = opened.passing.clock.now()
        passing = _waiting(opened, noting, ("late", 90), ("early", 5), ("tomorrow", 24 * 60))
        passing.let_due_happen(start + timedelta(hours=2))
        assert noting.seen == [
            ("early", start + timedelta(minutes=5)),
            ("late", start + timedelta(minutes=90)),
        ]
        assert passing.clock.now() == start + timedelta(hours=2)


def test_what_never_comes_to_an_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("orderkit.testing.scenarios.passing.MOST_HAPPENINGS", 20)
    with staged(tmp_path, project_of()) as opened:
        passing = _waiting(opened, _Noting(), *((str(minute), minute) for minute in range(30)))
        with pytest.raises(Mistold, match="more than 20 things became due"):
            passing.let_due_happen(passing.clock.now() + timedelta(days=1))


def test_the_clock_never_goes_back(tmp_path):
    with staged(tmp_path, project_of()) as opened:
        start = opened.passing.clock.now()
        opened.passing.clock.set(datetime(2020, 1, 1, tzinfo=UTC))
        assert opened.passing.clock.now() == start


def test_nobody_outside_is_called(tmp_path):
    """The mail of the story goes through its job, to a stand-in that needs no settings of the real one."""
    steps = (
        *PLACED,
        "{as: boss, approve: a}",
        "{as: seller, do: finish, on: a, with: {reason: x}, expect: {sent: [{message: told, via: mail}]}}",
    )
    project = project_of(story(*steps))
    theatre = theatre_of(project, tmp_path)
    with theatre.opened("look") as opened:
        connector = opened.stage.runtime.catalog.connectors["smtp"]
        assert not type(connector).__module__.startswith("orderkit.connectors")
    assert play(theatre, project.scenarios[0]).failure is None


def test_people_have_managers_and_departments(tmp_path):
    with staged(tmp_path, project_of()) as opened:
        opened.stage.make_people([Somebody(login="a", name="a", manager="b", department="销售部"), Somebody(login="b", name="b")])  # fmt: skip
        opened.stage.make_people([Somebody(login="c", name="c", manager="a", department="销售部")])
        users = opened.stage.runtime.database.tables["user"]
        departments = opened.stage.runtime.database.tables["department"]
        with opened.stage.looking() as unit:
            rows = {row.login: row for row in unit.connection.execute(users.select())}
            assert [each.name for each in unit.connection.execute(departments.select())] == ["销售部"]
        assert rows["a"].manager == rows["b"].id
        assert rows["c"].manager == rows["a"].id
        assert rows["a"].department == rows["c"].department != rows["b"].department


def test_seeds_that_do_not_fit_are_refused_before_any_story(tmp_path):
    strict = OFFICE.replace(
        "form: customer\n", 'form: customer\nchecks: [{that: "len(code) > 1", error: 太短}]\n'
    )
    seed = "# seed.yaml\nseed: customers\nfor: customer\nmatch: [code]\nrows: [{code: x}]\n"
    theatre = Theatre(project=project_of(seed, office=strict), catalog=built_in(), folder=tmp_path)
    with pytest.raises(Refused) as refused:
        theatre.furnish()
    assert refused.value.problems[0].path == "customers.1"
