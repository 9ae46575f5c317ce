"""Running records when their workflow has changed: kept definitions, renames in them, and moves."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, insert, select, update

from orderkit.catalog import built_in
from orderkit.database.definitions.names import Renaming
from orderkit.database.definitions.refusing import problems_of_drops
from orderkit.database.definitions.states import is_to_be_moved, problems_of_states
from orderkit.database.definitions.stored import apply_renaming, followed, needed_by
from orderkit.database.schema.system_tables import (
    counter,
    file,
    renaming,
    workflow_definition,
    workflow_instance,
)
from orderkit.engine import workflow
from orderkit.engine.workflow.in_flight import BroughtForward, bring_forward
from orderkit.model.errors import Refused
from tests.engine.workflow.reviewing import (
    FORM,
    LEAD,
    NAMES,
    POLICY,
    ROLES,
    WORKFLOW,
    outcomes,
    status,
    submitted,
    under,
)
from tests.support.projects import project

MOVED = (
    ("in_flight: migrate\n", "in_flight: migrate\nmigrate: {review: checking}\n"),
    ("  review:  {", "  checking: {"),
    ("to: review", "to: checking"),
    ("from: review", "from: checking"),
)
STEPS = "      - {id: lead, approvers: role(lead)}\n"
MIGRATING = WORKFLOW.format(policy=POLICY, until="first_decision", more="if_empty: approve").replace(
    "initial: draft\n", "initial: draft\nin_flight: migrate\n"
)


def migrating(*replacing: tuple[str, str], steps: str = STEPS, form: str = FORM):
    """Return a project whose records follow the newest definition, with texts in its workflow replaced."""
    text = MIGRATING
    for old, new in replacing:
        assert old in text
        text = text.replace(old, new)
    return project(form, ROLES, *NAMES, text + steps)


@pytest.fixture
def office(office_with):
    """An office where there are no requests yet."""
    made = under(office_with(LEAD), migrating())
    with made.act(None) as unit:
        unit.connection.execute(delete(made.runtime.database.tables["request"]))
        unit.connection.execute(delete(workflow_instance))
        unit.connection.execute(delete(workflow_definition))
        unit.connection.execute(delete(renaming))
    return made


def states_of(office, record):
    with office.look(None) as unit:
        return unit.connection.execute(
            select(workflow_instance.c.state, workflow_instance.c.definition_hash).where(
                workflow_instance.c.record_id == record
            )
        ).one()


def verbs(office, record):
    with office.look("root") as unit:
        return [(each.verb, each.source, each.target) for each in workflow.timeline(unit, "request", record)]


def without_review(office):
    """Return the workflow without the state `review`, and no word about its records."""
    (life,) = office.runtime.project.workflows
    return replace(life, states=tuple(each for each in life.states if each.id != "review"))


def forward(office, project_):
    new = under(office, project_)
    return new, bring_forward(new.runtime, batch=2)


class TestMigrate:
    def test_records_leave_a_state_that_is_gone(self, office):
        old = office
        waiting = [submitted(old) for _ in range(3)]
        resting = old.create("ann", "request", {"title": "draft"})
        new, result = forward(old, migrating(*MOVED))
        assert (result.moved, result.restarted) == (3, 0)
        assert result.followed >= 1
        assert {states_of(new, each).state for each in waiting} == {"checking"}
        assert {status(new, each) for each in waiting} == {"checking"}
        assert status(new, resting) == "draft"
        assert outcomes(new, waiting[0]) == {"boss": ("open", None), "chief": ("open", None)}
        assert ("migrate", "review", "checking") in verbs(new, waiting[0])
        new.decide("boss")
        assert "done" in {status(new, each) for each in waiting}

    def test_doing_it_again_does_nothing(self, office):
        old = office
        submitted(old)
        new, first = forward(old, migrating(*MOVED))
        _, again = forward(new, migrating(*MOVED))
        assert first.moved == 1
        assert again == BroughtForward()

    def test_a_record_older_than_its_workflow_begins_its_life_with_the_move(self, office):
        old = office
        older = [old.create("ann", "request", {"title": "old"}) for _ in range(3)]
        kept = old.create("ann", "request", {"title": "kept"})
        table = old.runtime.database.tables["request"]
        with old.act(None) as unit:
            unit.connection.execute(delete(workflow_instance))
            unit.connection.execute(update(table).where(table.c.id.in_(older)).values(status="review"))
        begun = submitted(old)
        with old.look(None) as unit:
            gone = replace(migrating(*MOVED), workflows=(without_review(old),))
            (problem,) = problems_of_states(unit.connection, gone)
            assert f"4 records of request stand in it (ids {', '.join(map(str, [*older, begun]))})" in str(
                problem.message["en"]
            )
            assert problems_of_states(unit.connection, migrating(*MOVED)) == ()
            assert is_to_be_moved(unit.connection, migrating(*MOVED))
        new, result = forward(old, migrating(*MOVED))
        assert result == BroughtForward(moved=4)
        assert {status(new, each) for each in [*older, begun]} == {"checking"}
        assert {states_of(new, each).state for each in older} == {"checking"}
        assert status(new, kept) == "draft"
        assert verbs(new, older[0])[-1] == ("migrate", "review", "checking")
        assert set(outcomes(new, older[0])) == {"boss", "chief"}
        with new.look(None) as unit:
            assert not is_to_be_moved(unit.connection, new.runtime.project)
        assert bring_forward(new.runtime) == BroughtForward()

    def test_records_deleted_by_hand_are_passed_over_and_forgotten(self, office):
        old = office
        gone = [submitted(old) for _ in range(4)]
        kept = submitted(old)
        table = old.runtime.database.tables["request"]
        with old.act(None) as unit:
            unit.connection.execute(delete(table).where(table.c.id.in_(gone)))
        batches = []

        def count(done, total):
            batches.append((done, total))
            assert len(batches) < 10, "it goes round and round"

        new = under(old, migrating(*MOVED))
        assert bring_forward(new.runtime, count, batch=2) == BroughtForward(moved=1)
        assert batches[-1] == (5, 5)
        assert status(new, kept) == "checking"
        with new.look(None) as unit:
            left = unit.connection.execute(select(workflow_instance.c.record_id)).scalars().all()
            assert not is_to_be_moved(unit.connection, new.runtime.project)
        assert left == [kept]

    def test_a_state_that_was_entered_after_migrate_had_looked_is_refused_and_not_guessed(self, office):
        old = office
        submitted(old)
        with pytest.raises(Refused) as refused:
            bring_forward(under(old, replace(old.runtime.project, workflows=(without_review(old),))).runtime)
        assert [each.path for each in refused.value.problems] == ["life.review"]

    def test_an_approval_that_lost_its_open_step_begins_again(self, office):
        old = office
        running = submitted(old)
        new, result = forward(old, migrating(steps="      - {id: other, approvers: user(eve)}\n"))
        assert (result.moved, result.restarted) == (0, 1)
        assert outcomes(new, running)["eve"] == ("open", None)
        assert [verb for verb, _, _ in verbs(new, running)][-1] != "start"
        assert "rebuild" in [verb for verb, _, _ in verbs(new, running)]
        new.decide("eve")
        assert status(new, running) == "done"

    def test_an_approval_that_keeps_its_step_goes_on_as_it_was(self, office):
        old = office
        running = submitted(old)
        more = STEPS + "      - {id: more, approvers: user(eve)}\n"
        new, result = forward(old, migrating(steps=more))
        assert result.restarted == 0
        new.decide("boss")
        assert outcomes(new, running)["eve"] == ("open", None)

    @pytest.mark.parametrize(
        ("block", "became", "asked"),
        [
            (
                "parallel: {branches: [{steps: [LEAD]}, {steps: [{id: new, approvers: user(cid)}]}]}",
                "followed",
                2,
            ),
            ("{foreach: parts, steps: [LEAD]}", "restarted", 0),
        ],
        ids=["into a branch: it goes on there", "into a loop: it stood for no row, so it begins again"],
    )
    def test_an_open_step_that_moved_into_a_block(self, office, block, became, asked):
        request = submitted(office)
        step = block.replace("LEAD", "{id: lead, approvers: role(lead)}")
        later, brought = forward(office, migrating(steps=f"      - {step}\n"))
        assert getattr(brought, became) == 1
        assert len([each for each, _ in outcomes(later, request).values() if each == "open"]) == asked
        if asked:
            later.decide("boss")
        assert status(later, request) == "done"

    def test_a_state_without_a_successor_is_refused_with_its_records(self, office):
        old = office
        running = submitted(old)
        gone = without_review(old)
        with old.look(None) as unit:
            (problem,) = problems_of_states(unit.connection, replace(old.runtime.project, workflows=(gone,)))
            assert problems_of_states(unit.connection, old.runtime.project) == ()
            assert is_to_be_moved(unit.connection, replace(old.runtime.project, workflows=(gone,)))
            assert not is_to_be_moved(unit.connection, old.runtime.project)
            mapped = replace(gone, migrate={"review": "draft"})
            assert (
                problems_of_states(unit.connection, replace(old.runtime.project, workflows=(mapped,))) == ()
            )
        assert problem.path == "life.review"
        assert problem.known_as is not None
        assert problem.known_as.id == "OK6401"
        assert str(running) in problem.message["en"]
        assert problem.help is not None
        assert "migrate: {review: …}" in problem.help["en"]


class TestPinned:
    def test_a_renamed_field_carries_over_into_the_definition_that_a_record_follows(
        self, office, office_with
    ):
        old = office_with(
            "{id: s, when: 'coalesce(count, 0) > 3', approvers: user(eve)}", "{id: t, approvers: user(boss)}"
        )
        many, few = submitted(old, count=5), submitted(old, count=1)
        made = Renaming(kind="field", place="request", old="count", new="pieces")
        with old.act(None) as unit:
            before = states_of(old, many).definition_hash
            apply_renaming(unit.connection, made, built_in(), number="0002")
            renamed = {each.hash: each for each in followed(unit.connection, built_in())}
            stored = unit.connection.execute(select(workflow_definition.c.hash)).scalars().all()
        after = states_of(old, many).definition_hash
        assert after != before
        assert before not in stored
        assert "request.pieces" in renamed[after].needs
        assert "request.count" not in renamed[after].needs
        assert states_of(old, few).definition_hash == after

    def test_what_a_running_record_needs_is_known_and_what_it_has_behind_it_is_not(self, office, office_with):
        old = office_with("{id: s, when: 'coalesce(count, 0) > 3', approvers: user(eve)}")
        running = submitted(old, count=5)
        with old.act(None) as unit:
            mine = [
                each for each in followed(unit.connection, built_in())
                if each.hash == states_of(old, running).definition_hash
            ]  # fmt: skip
            ((found, missing),) = needed_by(mine, ["request.count", "request.title", "order"])
        assert found.definition.id == "life"
        assert missing == ("request.count",)
        assert running in found.first_ids
        assert needed_by(mine, ["request.count"], migrating=frozenset({"life"})) == ()
        old.decide("eve")
        with old.act(None) as unit:
            ended = [
                each for each in followed(unit.connection, built_in())
                if set(each.counts) == {"done"} and each.definition.id == "life"
            ]  # fmt: skip
            assert needed_by(ended, ["request.count"]) == ()

    def test_dropping_what_running_records_need_is_refused_with_records_and_remedy(self, office, office_with):
        old = office_with("{id: s, when: 'coalesce(count, 0) > 3', approvers: user(eve)}")
        running = submitted(old, count=5)
        (life,) = old.runtime.project.workflows
        migrating_now = replace(old.runtime.project, workflows=(replace(life, in_flight="migrate"),))
        with old.look(None) as unit:
            asked = unit.connection, old.runtime.project
            (problem,) = problems_of_drops(*asked, ["request.count", "request.secret"], built_in())
            assert problems_of_drops(*asked, ["request.secret"], built_in()) == ()
            assert problems_of_drops(unit.connection, migrating_now, ["request.count"], built_in()) == ()
        assert problem.known_as is not None
        assert problem.known_as.id == "OK6402"
        assert problem.path == "request.count"
        assert "review (1)" in problem.message["en"]
        assert f"ids {running}" in problem.message["en"]
        assert problem.help is not None
        assert "in_flight: migrate" in problem.help["zh"]

    def test_a_rename_is_remembered_and_reaches_attachments_and_counters(self, office):
        with office.act(None) as unit:
            unit.connection.execute(insert(counter).values(name="request:R-#", value=7))
            unit.connection.execute(insert(counter).values(name="requested:R-#", value=8))
            unit.connection.execute(
                insert(file).values(
                    digest="0" * 64, name="a.pdf", media_type="application/pdf", size=1, form="demand", field="scan",
                    created_at=unit.now,
                )
            )  # fmt: skip
            for made in (
                Renaming(kind="form", old="request", new="demand"),
                Renaming(kind="field", place="demand", old="scan", new="proof"),
            ):
                apply_renaming(unit.connection, made, built_in(), number="0003")
            names = unit.connection.execute(select(counter.c.name)).scalars().all()
            fields = (
                unit.connection.execute(select(file.c.field).where(file.c.form == "demand")).scalars().all()
            )
            kept = unit.connection.execute(
                select(renaming.c.kind, renaming.c.place, renaming.c.old, renaming.c.new).order_by(
                    renaming.c.id
                )
            ).all()
        assert {"demand:R-#", "requested:R-#"} <= set(names)
        assert fields == ["proof"]
        assert [tuple(each) for each in kept] == [
            ("form", None, "request", "demand"),
            ("field", "demand", "scan", "proof"),
        ]
