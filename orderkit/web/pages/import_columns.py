"""The columns of a file: what each of them is to fill, proposed and put right by the person who imports."""

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from orderkit.engine import files
from orderkit.engine.importing.matching.chosen import choice_problems
from orderkit.engine.importing.matching.fillable import Fillable, Part
from orderkit.engine.importing.matching.proposing import Certainty, missing_paths
from orderkit.engine.importing.options import DateOrder, Options
from orderkit.engine.importing.proposals import Proposals, ProposedColumn, proposals_for
from orderkit.engine.importing.reading.cells import column_letters
from orderkit.engine.importing.reading.limits import UnreadableFile
from orderkit.engine.importing.saving import free_id, mapping_text
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.labels import text_of
from orderkit.web.import_choices import HiddenField, choice_fields, read_choices, with_choices
from orderkit.web.importing import import_title, navigation_key, uploaded
from orderkit.web.request.downloads import written
from orderkit.web.request.visit import Visit

_TONES = {
    Certainty.SURE: "green",
    Certainty.CHOSEN: "blue",
    Certainty.PROPOSED: "yellow",
    Certainty.NOTHING: "gray",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathOption:
    """A field that a column may fill."""

    path: str
    label: str
    is_needed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PathGroup:
    """Fields under one heading of the list: of the record, of its lines, keys of what it refers to."""

    label: str
    options: tuple[PathOption, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnAsked:
    """One column of the sheet. `mark` says how sure the path is, `why` for what reason."""

    name: str
    letters: str
    heading: str
    samples: tuple[str, ...]
    path: str
    mark: str
    tone: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportColumnsPage:
    """What every column is to fill. `missing` must be filled and is not, `problems` keep from going on.

    `orders` are offered where dates may be read in several; `kept` are the choices that are not asked for here.
    """

    label: str
    url: str
    start_url: str
    file_name: str
    sheet: str
    kept: tuple[HiddenField, ...]
    columns: tuple[ColumnAsked, ...]
    groups: tuple[PathGroup, ...]
    missing: tuple[str, ...]
    left: int
    problems: tuple[str, ...]
    dates: str
    orders: tuple[tuple[str, str], ...]


def show_columns(visit: Visit) -> Response:
    """Show what every column is to fill, as it is proposed or as it was chosen by now."""
    name = visit.name("mapping")
    options = read_choices(visit.query)
    with visit.reading() as unit:
        stored = uploaded(visit, unit)
        path = files.content_path(unit, stored)
        url = f"/imports/{name}/files/{stored.id}"
        try:
            found = proposals_for(unit, name, path, options=options, file_name=stored.name)
        except UnreadableFile:
            return visit.go(url)
        problems = [] if options.columns is None else choice_problems(unit.project, name, found.chosen)
        page = ImportColumnsPage(
            label=import_title(visit, unit, name),
            url=url,
            start_url=f"/imports/{name}",
            file_name=stored.name,
            sheet=found.sheet.name,
            kept=choice_fields(_of_sheet(options, found), dates=False, columns=False),
            columns=tuple(_asked(visit, each) for each in found.columns),
            groups=tuple(_groups(visit, found)),
            missing=_missing(visit, found),
            left=sum(
                not each.proposal.path and each.proposal.certainty is not Certainty.SURE
                for each in found.columns
            ),
            problems=tuple(text_of(each.message, visit.locale) for each in problems),
            dates="" if options.dates is None else options.dates.value,
            orders=tuple((each.value, visit.t(f"imports.dates_{each.value}")) for each in DateOrder)
            if found.asks_dates or options.dates is not None
            else (),
        )
        return visit.show(
            unit,
            "pages/import_columns.html",
            page,
            current=navigation_key(unit, name),
            back=page.start_url,
            status=422 if problems else 200,
        )


def save_mapping(visit: Visit) -> Response:
    """Return the choice as YAML for whoever looks after the project. Raises NotFound for others."""
    name = visit.name("mapping")
    options = read_choices(visit.query)
    with visit.reading() as unit:
        if not unit.person.is_administrator:
            raise NotFound
        stored = uploaded(visit, unit)
        path = files.content_path(unit, stored)
        found = proposals_for(unit, name, path, options=options, file_name=stored.name)
        mapping_id = free_id(unit.project, f"{found.plan.form.id}_import")
        text = mapping_text(unit.project, name, mapping_id, found.sheet, found.chosen)
    return written(f"{mapping_id}.yaml", text, "application/yaml")


def next_address(unit: Unit, name: str, url: str, found: Proposals) -> str:
    """Return where an upload goes on: to its columns, unless each of them is sure."""
    if found.by_headings:
        return url
    if found.is_sure and not choice_problems(unit.project, name, found.chosen):
        return with_choices(url, _of_sheet(Options(columns=found.chosen), found))
    return f"{url}/columns"


def _of_sheet(options: Options, found: Proposals) -> Options:
    """Return the choices for the sheet that was looked at."""
    return Options(
        sheet=found.sheet.name,
        keep_good=options.keep_good,
        dates=options.dates,
        columns=found.chosen,
    )


def _asked(visit: Visit, each: ProposedColumn) -> ColumnAsked:
    proposal = each.proposal
    return ColumnAsked(
        name=f"c{proposal.column}",
        letters=column_letters(proposal.column),
        heading=each.name,
        samples=each.samples,
        path=proposal.path,
        mark=visit.t(f"imports.mark_{proposal.certainty.value}"),
        tone=_TONES[proposal.certainty],
        why="" if proposal.why is None else text_of(proposal.why, visit.locale),
    )


def _missing(visit: Visit, found: Proposals) -> tuple[str, ...]:
    paths = {each.proposal.path for each in found.columns if each.proposal.path}
    return tuple(text_of(each.label, visit.locale) for each in missing_paths(found.fillable, paths))


def _groups(visit: Visit, found: Proposals) -> Iterator[PathGroup]:
    groups: dict[tuple[bool, str], list[Fillable]] = {}
    for each in found.fillable:
        groups.setdefault((each.part is Part.KEY, text_of(each.group, visit.locale)), []).append(each)
    for (is_key, title), paths in groups.items():
        yield PathGroup(
            label=visit.t("imports.keys_of", of=title) if is_key else title,
            options=tuple(
                PathOption(path=each.path, label=text_of(each.label, visit.locale), is_needed=each.is_needed)
                for each in paths
            ),
        )
