"""What stories have reached is what the engine did, branch by branch, and what they missed is named."""

import pytest

from orderkit.testing.scenarios.coverage import Kind, coverage_of, points_of
from orderkit.testing.scenarios.playing import play
from tests.testing.scenarios.office import ORDER, project_of, story, theatre_of

BIG = ORDER.replace("price: 50", "price: 600")
CREDIT = ORDER.replace("customer: C1", "customer: C1, term: credit")
PLACE = "{as: seller, do: place, on: a}"
APPROVE = "{as: boss, approve: a}"


def reached(tmp_path, *stories):
    project = project_of(*(story(*steps, name=f"s{number}") for number, steps in enumerate(stories)))
    theatre = theatre_of(project, tmp_path)
    results = [play(theatre, each) for each in project.scenarios]
    assert [each.failure for each in results] == [None] * len(stories)
    (found,) = coverage_of(project, [point for each in results for point in each.reached])
    return found


def test_points_are_everything_that_is_written():
    (workflow,) = project_of().workflows
    points = list(points_of(workflow))
    assert [each.id for each in points if each.kind is Kind.STATE] == ["draft", "review", "planned", "done", "dropped"]  # fmt: skip
    assert [each.id for each in points if each.kind is Kind.TRANSITION] == ["place", "finish"]
    assert [each.id for each in points if each.kind is Kind.ENDING] == [
        f"check.{ending}" for ending in ("approved", "rejected", "returned", "withdrawn")
    ]
    assert [each.id for each in points if each.kind is Kind.STEP] == [
        "check.lead",
        "check.big",
        "check.credit",
    ]
    assert [each.id for each in points if each.kind is Kind.BRANCH] == ["check.2.1", "check.2.2", "check.2.3"]
    assert len({each.key for each in points}) == len(points)


@pytest.mark.parametrize(
    ("order", "missed"),
    [
        (BIG, ["check.2.2", "check.2.3"]),
        (CREDIT, ["check.2.1", "check.2.3"]),
        (ORDER, ["check.2.1", "check.2.2"]),
    ],
    ids=["the first branch", "the second branch", "the default branch"],
)
def test_only_the_branch_that_was_taken_counts(tmp_path, order, missed):
    found = reached(tmp_path, (order, PLACE, APPROVE))
    assert [each.id for each in found.missed if each.kind is Kind.BRANCH] == missed


def test_a_branch_counts_only_once_somebody_came_to_it(tmp_path):
    """Placing a big order does not yet ask for the second step."""
    found = reached(tmp_path, (BIG, PLACE))
    assert found.counts[Kind.BRANCH] == (0, 3)
    assert found.counts[Kind.STEP] == (1, 3)


def test_all_stories_together_reach_everything(tmp_path):
    found = reached(
        tmp_path,
        (BIG, PLACE, APPROVE, "{as: other, approve: a}", "{as: seller, do: finish, on: a, with: {reason: x}}"),
        (CREDIT, PLACE, APPROVE),
        (ORDER, PLACE, "{as: boss, reject: a, comment: x}"),
        (ORDER, PLACE, "{as: boss, return: a, comment: x}", PLACE, "{as: seller, withdraw: a}", PLACE, APPROVE),
    )  # fmt: skip
    assert found.missed == ()
    assert found.percent == 100


def test_a_percentage_is_rounded_down(tmp_path):
    found = reached(tmp_path, (ORDER,))
    assert found.counts[Kind.STATE] == (1, 5)
    assert found.percent == 100 * 1 // (5 + 2 + 4 + 3 + 3)


STEPS_WITH_CONDITIONS = """# only.yaml
form: only
fields: {total: {type: money, required: true}}
# only_life.yaml
workflow: only_life
for: only
state: status
initial: draft
states: {draft: {}, review: {approval: check}, done: {final: completed}, no: {final: cancelled}}
transitions: {place: {from: draft, to: review, by: owner}}
approvals:
  check:
    approved: done
    rejected: no
    steps: [{id: one, when: "total > 10", approvers: role(seen)}]
"""


@pytest.mark.parametrize(("total", "missed"), [(10, "check.one:asked"), (11, "check.one:skipped")])
def test_a_step_with_a_condition_has_two_ways(tmp_path, total, missed):
    project = project_of(
        STEPS_WITH_CONDITIONS,
        "# seen.yaml\nrole: seen\nforms: {only: {create: true, read: true}}\n"
        "# story.yaml\nscenario: story\npeople: {a: {roles: [seen]}, b: {roles: [seen]}}\n"
        f"steps: [{{as: a, create: only, name: x, set: {{total: {total}}}}}, {{as: a, do: place, on: x}}]\n",
    )
    result = play(theatre_of(project, tmp_path), project.scenarios[0])
    assert result.failure is None
    found = next(each for each in coverage_of(project, result.reached) if each.workflow == "only_life")
    assert [each.id for each in found.missed if each.kind is Kind.BRANCH] == [missed]
