"""What a file would become, and the start of its dry run or import with the choices made so far."""

from dataclasses import dataclass, replace

from starlette.responses import Response

from orderkit.engine import files
from orderkit.engine.importing.job import enqueue_import
from orderkit.engine.importing.matching.chosen import choice_problems
from orderkit.engine.importing.options import DateOrder
from orderkit.engine.importing.preparing import allowed_plan
from orderkit.engine.importing.preview import Preview, preview
from orderkit.web.import_choices import HiddenField, choice_fields, read_choices, with_choices
from orderkit.web.importing import PreviewView, import_title, navigation_key, preview_view, uploaded
from orderkit.web.request.visit import Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class DateChoice:
    """An order of day, month and year."""

    value: str
    label: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreviewPage:
    """What a file would become. `orders` are offered where its dates may be read in several.

    `kept` are the choices made so far, `columns_url` is where they are made. `save_url` has them as YAML.
    """

    label: str
    url: str
    start_url: str
    columns_url: str
    save_url: str
    file_name: str
    kept: tuple[HiddenField, ...]
    dates: str
    orders: tuple[DateChoice, ...]
    preview: PreviewView


def show_preview(visit: Visit) -> Response:
    """Show how the columns were understood and what the first rows would become."""
    name = visit.name("mapping")
    options = read_choices(visit.query)
    with visit.reading() as unit:
        stored = uploaded(visit, unit)
        allowed_plan(unit, name)
        url = f"/imports/{name}/files/{stored.id}"
        if options.columns is not None and choice_problems(unit.project, name, options.columns):
            return visit.go(with_choices(f"{url}/columns", options))
        path = files.content_path(unit, stored)
        found: Preview = preview(unit, name, path, options=options, file_name=stored.name)
        chosen = replace(options, columns=found.chosen)
        page = ImportPreviewPage(
            label=import_title(visit, unit, name),
            url=url,
            start_url=f"/imports/{name}",
            columns_url=with_choices(f"{url}/columns", options) if found.sheet else "",
            save_url=with_choices(f"{url}/mapping", options)
            if found.sheet and unit.person.is_administrator
            else "",
            file_name=stored.name,
            kept=choice_fields(chosen),
            dates="" if options.dates is None else options.dates.value,
            orders=tuple(
                DateChoice(
                    value=each.value,
                    label=visit.t(f"imports.dates_{each.value}"),
                    url=with_choices(url, replace(options, dates=each)),
                )
                for each in DateOrder
            )
            if options.dates is not None or any(each.code == "ambiguous_date" for each in found.problems)
            else (),
            preview=preview_view(visit, found),
        )
        return visit.show(
            unit, "pages/import_preview.html", page, current=navigation_key(unit, name), back=page.start_url
        )


def start(visit: Visit) -> Response:
    """Queue the import, or a dry run of it, and go on to watch it."""
    name = visit.name("mapping")
    options = read_choices(visit.form)
    with visit.writing() as unit:
        stored = uploaded(visit, unit)
        run_id = enqueue_import(unit, name, stored, dry_run=visit.field("dry_run") == "1", options=options)
        unit.after_commit.append(visit.runtime.wake_worker)
    return visit.go(f"/imports/runs/{run_id}?file={stored.id}")
