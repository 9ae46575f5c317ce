"""Explores a workflow on a database that is thrown away, and plays each way that was found as a scenario."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from orderkit.catalog import Catalog
from orderkit.engine.access.people import everybody
from orderkit.engine.runtime import SYSTEM, Channel, Person, Unit
from orderkit.engine.workflow.previewing import trial
from orderkit.language.compile import compile_project
from orderkit.language.findings import has_errors
from orderkit.model.errors import OrderkitError, Refused
from orderkit.model.labels import Label, label
from orderkit.model.project import Project
from orderkit.model.roles import ADMIN, EVERYONE
from orderkit.model.workflow.workflows import Workflow
from orderkit.testing.exploring.searching import Search, Way, taken_back
from orderkit.testing.exploring.stories import Untellable, Writer
from orderkit.testing.exploring.variants import apply_variant, variants_of
from orderkit.testing.scenarios.playing import play
from orderkit.testing.scenarios.theatre import Theatre
from orderkit.testing.simulating.moves import Subject
from orderkit.testing.simulating.samples import Draft, Sampler, create
from orderkit.testing.stage import Somebody

MOST_WAYS = 100

OnWay = Callable[[int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explored:
    """One way, its title, and its scenario; `story` None: it cannot be told as one, or did not come the same again."""

    way: Way
    title: str
    name: str
    story: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exploration:
    """All ways that were found. `is_bounded`: there are more; `skipped` values led to no record that the rules accept."""

    workflow: str
    ways: tuple[Explored, ...]
    is_bounded: bool
    skipped: tuple[Mapping[str, object], ...]


class _TakenBack(Exception):
    """Ends a transaction of which nothing is to stay."""


def explore(
    sources: Mapping[str, bytes],
    project: Project,
    workflow: Workflow,
    catalog: Catalog,
    folder: Path,
    *,
    most: int = MOST_WAYS,
    on_way: OnWay = lambda *_: None,
) -> Exploration:
    """Return every distinct way through a workflow, at most `most`, each with values for which it is taken.

    Args:
        sources: the files of the project, to which each scenario is added before it is played.
        project: the model that they make.
        workflow: which of its workflows.
        catalog: what is installed.
        folder: an empty folder for databases.
        most: how many ways are enough.
        on_way: told how many of the ways were played.
    Raises: Refused when no record of the form can be made.
    """
    theatre = Theatre(project=project, catalog=catalog, folder=folder / "search")
    theatre.folder.mkdir()
    theatre.furnish()
    people = cast_of(project)
    written: list[tuple[Way, str, str | None]] = []
    skipped: list[Mapping[str, object]] = []
    with theatre.opened("search") as opened:
        opened.stage.make_people(people)
        with (
            suppress(_TakenBack),
            opened.stage.runtime.write(SYSTEM, Channel.COMMAND) as unit,
            trial(unit) as trying,
        ):
            search, sampler, is_bounded = _searched(trying.unit, workflow, most, skipped)
            writer = Writer(trying.unit, workflow, people, sampler.made)
            for number, way in enumerate(search.found.values(), start=1):
                name = f"{workflow.id}_way_{number:02}"
                story: str | None = None
                with suppress(Untellable):
                    story = writer.story(name, way)
                written.append((way, writer.title(way), story))
            raise _TakenBack
    stories = {
        f"{workflow.id}_way_{number:02}": story
        for number, (_, _, story) in enumerate(written, start=1)
        if story is not None
    }
    # Ways that were found and written before give place to those of now.
    before = {
        each.origin.path for each in project.scenarios if each.id in stories and each.origin is not None
    }
    others = {path: text for path, text in sources.items() if path not in before}
    passed = _passed(others, catalog, folder, stories, on_way)
    ways = tuple(
        Explored(way=way, title=title, name=name, story=story if name in passed else None)
        for number, (way, title, story) in enumerate(written, start=1)
        if (name := f"{workflow.id}_way_{number:02}")
    )
    return Exploration(workflow=workflow.id, ways=ways, is_bounded=is_bounded, skipped=tuple(skipped))


def cast_of(project: Project) -> tuple[Somebody, ...]:
    """Return a person for each role, called like it, with managers above them, and an administrator."""
    roles = [role.id for role in project.roles if role.id not in {ADMIN, EVERYONE}]
    boss, chief, office = _free("boss", roles), _free("chief", roles), _free("office", roles)
    people = [Somebody(login=chief, name=chief), Somebody(login=boss, name=boss, manager=chief)]
    people += [Somebody(login=role, name=role, roles=(role,), manager=boss) for role in roles]
    return (*people, Somebody(login=office, name=office, roles=(ADMIN,), manager=boss))


def _free(name: str, taken: Sequence[str]) -> str:
    while name in taken:
        name = f"{name}_"
    return name


def _searched(
    unit: Unit, workflow: Workflow, most: int, skipped: list[Mapping[str, object]]
) -> tuple[Search, Sampler, bool]:
    form = unit.project.form_by_id[workflow.form]
    sampler = Sampler(unit=unit)
    required = {name for each in workflow.transitions for name in each.require if name in form.by_id}
    draft = sampler.draft(form, besides=required)
    creator, plain = _creator(unit, draft, sampler)
    variants = variants_of(unit, workflow)
    search = Search(sampler=sampler, most=most)
    for variant in variants.each:
        changed = apply_variant(unit, creator, plain, variant, sampler)
        if changed is None:
            skipped.append(variant)
            continue
        with taken_back(unit):
            try:
                record_id = create(unit, creator, changed, sampler)
            except OrderkitError:
                skipped.append(variant)
                continue
            subject = Subject(unit=unit, workflow=workflow, record_id=record_id)
            search.look(subject, changed, variant, creator)
    return search, sampler, variants.is_bounded or search.is_bounded


def _creator(unit: Unit, draft: Draft, sampler: Sampler) -> tuple[Person, Draft]:
    """Return the first person who can make a record, and a draft that they can make. Raises Refused."""
    why: Label | None = None
    for person in sorted(everybody(unit).values(), key=lambda each: ("admin" in each.roles, each.id or 0)):
        tried = draft.copy()
        with taken_back(unit):
            try:
                create(unit, person, tried, sampler)
            except OrderkitError as error:
                why = error.explain
                continue
        return person, tried
    raise Refused(
        (), why or label(zh="没有人可以新建这张表单的记录", en="nobody may make a record of this form")
    )


def _passed(
    sources: Mapping[str, bytes],
    catalog: Catalog,
    folder: Path,
    stories: Mapping[str, str],
    on_way: OnWay,
) -> frozenset[str]:
    """Return the names of those stories that come as they are written, when the real player plays them."""
    files = {f"scenarios/{name}.yaml": text.encode() for name, text in stories.items()}
    outcome = compile_project({**sources, **files}, catalog)
    if has_errors(outcome.found):
        wrong = {each.path for each in outcome.found}
        files = {path: text for path, text in files.items() if path not in wrong}
        outcome = compile_project({**sources, **files}, catalog)
    project = outcome.value
    if project is None:
        return frozenset()
    theatre = Theatre(project=project, catalog=catalog, folder=folder / "play")
    theatre.folder.mkdir()
    theatre.furnish()
    found = set()
    scenarios = [each for each in project.scenarios if each.id in stories]
    for number, each in enumerate(scenarios, start=1):
        if play(theatre, each).is_passed:
            found.add(each.id)
        on_way(number, len(scenarios))
    return frozenset(found)
