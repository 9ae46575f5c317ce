"""From files to the checked model, in passes: names, shapes, then each kind, then lints.

Every pass does what it can with what is right and stays silent about what an earlier one reported, so
one slip gives one finding. The words are declared in `spec`, expressions are checked in `expressions`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from orderkit.catalog import Catalog
from orderkit.language.compile.allowances import apply_allowances
from orderkit.language.compile.analysis.alerts import lower_alerts
from orderkit.language.compile.analysis.dashboards import lower_dashboards
from orderkit.language.compile.analysis.matchings import lower_matchings
from orderkit.language.compile.analysis.reports import lower_reports
from orderkit.language.compile.analysis.sources import history_scopes
from orderkit.language.compile.automations import lower_automations
from orderkit.language.compile.calendars.calendars import lower_calendars
from orderkit.language.compile.exchange.connections import lower_connections
from orderkit.language.compile.exchange.inbound import lower_pulls, lower_receptions
from orderkit.language.compile.exchange.integrations import lower_integrations
from orderkit.language.compile.exchange.messages import lower_messages
from orderkit.language.compile.exchange.sheets import lower_imports, lower_seeds
from orderkit.language.compile.forms.forms import lower_forms
from orderkit.language.compile.ledgers.ledgers import lower_ledgers
from orderkit.language.compile.ledgers.shaping import ledger_shapes
from orderkit.language.compile.lints.lints import run_lints
from orderkit.language.compile.lints.usage import Usage
from orderkit.language.compile.menus import lower_menus
from orderkit.language.compile.names.collecting import Named, collect_names
from orderkit.language.compile.names.declarations import mentions_of
from orderkit.language.compile.names.settings import Settings, read_settings
from orderkit.language.compile.papers.portals import lower_portals
from orderkit.language.compile.papers.prints import lower_prints
from orderkit.language.compile.places.context import Compilation
from orderkit.language.compile.places.lowering import Lowering, make_lowering
from orderkit.language.compile.places.scopes import form_scopes
from orderkit.language.compile.replacing.pages import lower_pages
from orderkit.language.compile.replacing.templates import lower_templates
from orderkit.language.compile.roles import lower_roles
from orderkit.language.compile.scenarios.scenarios import lower_scenarios
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.compile.shapes.shaping import build_shapes
from orderkit.language.compile.workflows.workflows import lower_workflows
from orderkit.language.findings import Finding, Outcome, has_errors, in_order
from orderkit.language.spec import Reading
from orderkit.language.spec.mentions import Mention
from orderkit.model.forms import Origin
from orderkit.model.project import Awaiting, Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """A project as an editor sees it. `project` is None where there are errors, `language` that of its labels."""

    project: Project | None
    found: tuple[Finding, ...]
    mentions: tuple[Mention, ...]
    shapes: Mapping[str, FormShape]
    usage: Usage
    language: str


def compile_project(files: Mapping[str, bytes], catalog: Catalog) -> Outcome[Project | None]:
    """Return the model of a project, and every finding in order.

    Args:
        files: the YAML files and templates by path relative to the project; their order does not matter.
        catalog: field types, actions and connectors to be used.

    Returns:
        the model, or None where there is an error; warnings do not prevent it.
    """
    reading = Reading()
    _, project = _run_passes(files, catalog, reading)
    found = in_order(apply_allowances(reading.found, files))
    return Outcome(None if has_errors(found) else project, found)


def analyse_project(files: Mapping[str, bytes], catalog: Catalog) -> Analysis:
    """Return what `compile_project` does, and where everything is declared and named: what an editor asks for."""
    reading = Reading()
    lowering, project = _run_passes(files, catalog, reading)
    found = in_order(apply_allowances(reading.found, files))
    return Analysis(
        project=None if has_errors(found) else project,
        found=found,
        mentions=tuple(
            sorted(
                {each for each in mentions_of(lowering) if each.span.path in files},
                key=lambda each: (each.span, each.target),
            )
        ),
        shapes=lowering.compilation.shapes,
        usage=Usage(reading.mentions),
        language=reading.language,
    )


def _run_passes(files: Mapping[str, bytes], catalog: Catalog, reading: Reading) -> tuple[Lowering, Project]:
    named = collect_names(files, reading)
    lowering = _prepare(named, catalog, reading)
    lowering = replace(lowering, forms={form.id: form for form in lower_forms(lowering)})
    project = _lower(lowering)
    run_lints(lowering, project)
    return lowering, replace(project, awaiting=_awaiting(reading))


def _prepare(named: Named, catalog: Catalog, reading: Reading) -> Lowering:
    settings = read_settings(named, reading)
    shapes = build_shapes(named, settings, catalog, reading)
    ledgers = ledger_shapes(named, settings, shapes, reading)
    scopes = form_scopes(shapes)
    rows = dict(row for ledger in ledgers.values() for row in ledger.row_scopes())
    rows |= dict(history_scopes(named, shapes))
    return make_lowering(
        Compilation(
            named=named,
            settings=settings,
            catalog=catalog,
            reading=reading,
            shapes=shapes,
            ledgers=ledgers,
            scopes={**rows, **scopes},
        )
    )


def _lower(lowering: Lowering) -> Project:
    settings: Settings = lowering.compilation.settings
    reports = lower_reports(lowering)
    by_id = {report.id: report for report in reports}
    workflows = lower_workflows(lowering)
    return Project(
        id=settings.id,
        label=settings.label,
        version=settings.version,
        locale=settings.locale,
        locales=settings.locales,
        timezone=settings.timezone,
        currency=settings.currency,
        channels=settings.channels,
        sign_in=settings.sign_in,
        audit=settings.audit,
        forms=tuple(lowering.forms.values()),
        workflows=workflows,
        automations=lower_automations(lowering),
        ledgers=lower_ledgers(lowering),
        matchings=lower_matchings(lowering),
        alerts=lower_alerts(lowering, by_id),
        calendar=settings.calendar,
        calendars=lower_calendars(lowering),
        roles=lower_roles(lowering),
        reports=reports,
        dashboards=lower_dashboards(lowering, reports),
        connections=lower_connections(lowering),
        integrations=lower_integrations(lowering),
        pulls=lower_pulls(lowering),
        receptions=lower_receptions(lowering),
        messages=lower_messages(lowering, by_id),
        imports=lower_imports(lowering),
        prints=lower_prints(lowering),
        portals=lower_portals(lowering, workflows),
        menus=lower_menus(lowering),
        pages=lower_pages(lowering),
        templates=lower_templates(lowering),
        seeds=lower_seeds(lowering),
        scenarios=lower_scenarios(lowering, workflows),
    )


def _awaiting(reading: Reading) -> tuple[Awaiting, ...]:
    """Return what no engine carries out yet, by place."""
    return tuple(
        Awaiting(what=what, origin=Origin(path=span.path, line=span.line, column=span.column))
        for span, what in sorted(reading.awaiting.items())
    )
