"""What holds of every plan: nothing between a project and itself, something after every edit that people feel."""

from dataclasses import fields, replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.generated import generated_project
from orderkit.catalog import built_in
from orderkit.cli.planning.before import side_of
from orderkit.language.compile import compile_project
from orderkit.language.source.directory import read_directory
from orderkit.model.project import Project
from orderkit.model.stored import from_json, model_hash, to_json
from orderkit.plan.formats import FORMATS, format_named
from orderkit.plan.planning import Side, plan
from orderkit.plan.values import Area
from tests.plan.edits import paths, with_edit
from tests.plan.plans import planned
from tests.support.progress import Progress
from tests.support.projects import example

WHOLE = Path(__file__).parents[1] / "language" / "whole"


@cache
def whole() -> Project:
    """Return the project that writes every word of the language."""
    found = compile_project(read_directory(WHOLE), built_in()).value
    assert found is not None
    return found


@cache
def generated() -> Project:
    found = compile_project(generated_project(10), built_in()).value
    assert found is not None
    return found


PROJECTS = {"example": example, "whole language": whole, "generated": generated}


@cache
def side(name: str) -> Side:
    return side_of(PROJECTS[name](), built_in())


@cache
def places(name: str) -> tuple[tuple[str | int, ...], ...]:
    return tuple(paths(PROJECTS[name]()))


@pytest.mark.parametrize("name", PROJECTS)
def test_a_project_and_itself_read_from_its_stored_form_have_an_empty_plan(name: str) -> None:
    project = PROJECTS[name]()
    again = from_json(to_json(project), built_in().fields)
    assert planned(again, project).entries == ()


@pytest.mark.parametrize("name", PROJECTS)
def test_where_things_are_declared_is_no_change(name: str) -> None:
    project = PROJECTS[name]()
    moved = replace(
        project,
        forms=tuple(
            replace(form, origin=None, fields=tuple(replace(each, origin=None) for each in form.fields))
            for form in project.forms
        ),
        workflows=tuple(replace(each, origin=None) for each in project.workflows),
        reports=tuple(replace(each, origin=None) for each in project.reports),
    )
    assert planned(project, moved).entries == ()


@pytest.mark.parametrize("name", PROJECTS)
def test_everything_is_new_to_nothing(name: str) -> None:
    project = PROJECTS[name]()
    assert {each.subject for each in planned(None, project).entries} >= {
        form.id for form in project.forms if form.parent is None
    }


@pytest.mark.parametrize("name", PROJECTS)
@settings(deadline=None, max_examples=20)
@given(data=st.data())
def test_every_small_edit_is_told_in_every_format_and_language(name: str, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(places(name)))
    project = PROJECTS[name]()
    changed = with_edit(project, path)
    assert model_hash(changed) != model_hash(project)
    found = plan(side(name), side_of(changed, built_in()), built_in())
    assert found.entries, path
    for form in FORMATS:
        for language in ("zh", "en"):
            assert format_named(form)(found, language)


@pytest.mark.soak
@pytest.mark.parametrize("name", PROJECTS)
def test_every_single_edit_is_told(name: str, progress: Progress) -> None:
    project = PROJECTS[name]()
    for path in places(name):
        progress.step(of=len(places(name)))
        changed = with_edit(project, path)
        assert plan(side(name), side_of(changed, built_in()), built_in()).entries, path


@settings(deadline=None, max_examples=20)
@given(st.data())
def test_there_and_back_tells_of_the_same_places(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(places("whole language")))
    project = whole()
    changed = with_edit(project, path)
    there, back = planned(project, changed), planned(changed, project)
    # What the database cannot demand of rows that are there is not the same both ways.
    assert {(each.area, each.subject) for each in there.entries if each.area is not Area.DATABASE} == {
        (each.area, each.subject) for each in back.entries if each.area is not Area.DATABASE
    }


def test_what_a_plan_leaves_out_of_a_project_is_named_here() -> None:
    # A new attribute of the project must be told somewhere, or stand here with its reason.
    from orderkit.plan.areas.objects import KINDS, OF_PROJECT

    told = {kind.attribute for kind in KINDS} | set(OF_PROJECT) | {"forms", "workflows", "roles"}
    assert {each.name for each in fields(Project)} - told == {
        "id",  # another project, whose database is refused
        "scenarios",  # tests of the project
        "awaiting",  # what `build` tells
    }
