"""Every way through a workflow is found once, with values for which it is taken, and comes true when it is played."""

from decimal import Decimal

import pytest

from orderkit.catalog import built_in
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.testing.exploring.exploring import cast_of, explore
from orderkit.testing.exploring.formats import as_json, as_text
from orderkit.testing.exploring.variants import variants_of
from orderkit.testing.scenarios.coverage import coverage_of
from orderkit.testing.scenarios.playing import play
from tests.language.examples import compiled, files_of
from tests.testing.scenarios.office import OFFICE, project_of, staged, theatre_of

SOURCES = {path: text.encode() for path, text in files_of(OFFICE).items()}


def explored(folder, *, office=OFFICE, workflow="life", most=100):
    project = project_of(office=office)
    sources = {path: text.encode() for path, text in files_of(office).items()}
    return explore(sources, project, project.workflow_by_id[workflow], built_in(), folder, most=most)


def acts(explored_way):
    return [f"{act.verb} {act.name}" for act in explored_way.way.acts]


@pytest.fixture(scope="module")
def found(tmp_path_factory):
    return explored(tmp_path_factory.mktemp("explored"))


def test_every_way_is_found_once(found):
    """Up to the end or to a state where it was before; which steps are asked makes another way."""
    ways = {tuple(each.way.signature) for each in found.ways}
    assert len(ways) == len(found.ways)
    assert sorted(acts(each) for each in found.ways) == sorted(
        [
            ["do place", "approve lead", "do finish"],
            ["do place", "reject lead"],
            ["do place", "return lead"],
            ["do place", "withdraw lead"],
            ["do place", "approve lead", "approve big", "do finish"],
            ["do place", "approve lead", "reject big"],
            ["do place", "approve lead", "return big"],
            ["do place", "approve lead", "approve credit", "do finish"],
            ["do place", "approve lead", "reject credit"],
            ["do place", "approve lead", "return credit"],
        ]
    )
    assert not found.is_bounded


def test_each_way_has_values_for_which_it_is_taken(found):
    for each in found.ways:
        names = {act.name for act in each.way.acts}
        total, term = each.way.variant.get("total"), each.way.variant.get("term")
        assert ("big" in names) == (total == Decimal("1000.01"))
        if "credit" in names:
            assert (term, total) == ("credit", 1000)


def test_where_a_way_ends_is_told(found):
    ends = {(each.way.ends, each.way.is_final, each.way.again) for each in found.ways}
    assert ends == {("done", True, None), ("dropped", True, None), ("draft", False, "draft")}


def test_what_is_written_passes_and_reaches_everything(found, tmp_path):
    """The real player plays the files as they are written, in a project without any other story."""
    files = {f"{each.name}.yaml": each.story.encode() for each in found.ways if each.story is not None}
    assert len(files) == len(found.ways)
    outcome = compiled({**SOURCES, **files})
    assert [dict(each.headline) for each in outcome.found] == []
    assert outcome.value is not None
    theatre = theatre_of(outcome.value, tmp_path)
    results = [play(theatre, each) for each in outcome.value.scenarios]
    assert [each.scenario for each in results if not each.is_passed] == []
    (coverage,) = coverage_of(outcome.value, [point for each in results for point in each.reached])
    assert coverage.missed == ()


def test_a_story_that_did_not_come_the_same_is_not_handed_on(tmp_path, monkeypatch):
    from orderkit.testing.exploring import stories

    monkeypatch.setattr(stories.Writer, "title", lambda self, way: "x")
    real = stories.Writer.story
    monkeypatch.setattr(
        stories.Writer, "story", lambda self, name, way: real(self, name, way).replace("status: dropped", "status: done")
    )  # fmt: skip
    found = explored(tmp_path)
    assert {each.way.ends for each in found.ways if each.story is None} == {"dropped"}
    assert "(cannot be told as a scenario)" in as_text(found, "en")


def test_a_limit_is_kept_and_told(tmp_path):
    found = explored(tmp_path, most=3)
    assert len(found.ways) == 3
    assert found.is_bounded
    assert "these are not all" in as_text(found, "en")
    assert '"is_bounded": true' in as_json(found)


BLOCKED = OFFICE.replace('guard: [{that: "coalesce(total, 0) > 0", error: 没有金额}]', 'guard: [{that: "due >= today()", error: 晚了}]').replace("due: {type: date}", "due: {type: date, required: true}")  # fmt: skip


def test_values_that_a_guard_refuses_make_another_way(tmp_path):
    """The order of yesterday rests where it is, and says why."""
    found = explored(tmp_path, office=BLOCKED)
    (waits,) = [each for each in found.ways if each.way.waits is not None]
    assert waits.way.acts == ()
    assert dict(waits.way.waits) == {"zh": "晚了"}


def test_variants_cover_both_sides_of_every_condition_together(tmp_path):
    project = project_of()
    with staged(tmp_path, project) as opened, opened.stage.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        found = variants_of(unit, project.workflow_by_id["life"])
    totals = {each.get("total") for each in found.each}
    assert {Decimal(1000), Decimal("1000.01"), 0, Decimal("0.01")} & totals >= {Decimal("1000.01")}
    pairs = {(each["total"], each["term"]) for each in found.each if {"total", "term"} <= each.keys()}
    assert pairs >= {(1000, "credit"), (1000, "prepaid"), (Decimal("1000.01"), "credit")}
    assert found.each[0] == {}


def test_too_many_combinations_are_told(tmp_path):
    flags = ", ".join(f"flag{number}: {{type: boolean, required: true}}" for number in range(8))
    steps = ", ".join(f"{{id: s{number}, when: flag{number}, approvers: role(lead)}}" for number in range(8))
    many = OFFICE.replace(
        "  note: {type: text}", f"  note: {{type: text}}\n  {flags.replace(', flag', chr(10) + '  flag')}"
    )
    many = many[: many.index("    steps:\n")] + f"    steps: [{steps}]\n"
    project = project_of(office=many)
    with staged(tmp_path, project) as opened, opened.stage.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        found = variants_of(unit, project.workflow_by_id["life"])
    assert found.is_bounded
    assert len(found.each) == 64


def test_there_is_somebody_for_every_role():
    people = {each.login: each for each in cast_of(project_of())}
    assert {"sales", "lead", "boss", "chief", "office"} == people.keys()
    assert people["sales"].roles == ("sales",)
    assert people["sales"].manager == "boss"


SHAPES = {
    "all decide": "- {id: all, label: 全, approvers: role(lead), mode: all}",
    "one after the other": "- {id: row, label: 序, approvers: [role(sales), role(lead)], mode: sequence}",
    "a vote without veto": '- {id: vote, label: 票, approvers: [role(sales), role(lead)], mode: {vote: ">= 50%"}, veto: false}',
    "choices within choices": """- choose:
          - when: "coalesce(total, 0) > 100"
            steps:
              - choose:
                  - {when: "term != null and term == 'credit'", steps: [{id: both, label: 甲, approvers: role(lead)}]}
                  - {default: true, steps: [{id: big, label: 乙, approvers: role(lead)}]}
          - {default: true, steps: [{id: small, label: 丙, approvers: manager_of(owner)}]}""",
    "steps with conditions": """- {id: one, label: 一, when: "coalesce(total, 0) > 100", approvers: role(lead)}
      - {id: two, label: 二, when: "note != null", approvers: role(lead)}""",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_way_of_every_shape_comes_true(tmp_path, shape):
    """Whatever an approval is made of, each way is told as a story that passes, and together they reach all of it."""
    office = OFFICE[: OFFICE.index("    steps:\n")] + f"    steps:\n      {SHAPES[shape]}\n"
    found = explored(tmp_path, office=office)
    assert [each.title for each in found.ways if each.story is None] == []
    sources = {path: text.encode() for path, text in files_of(office).items()}
    files = {f"{each.name}.yaml": each.story.encode() for each in found.ways if each.story is not None}
    project = compiled({**sources, **files}).value
    assert project is not None
    folder = tmp_path / "again"
    folder.mkdir()
    theatre = theatre_of(project, folder)
    reached = [point for each in project.scenarios for point in play(theatre, each).reached]
    assert [each.key for part in coverage_of(project, reached) for each in part.missed] == []
