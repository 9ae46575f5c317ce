"""The root of the checked model."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from orderkit.model.analysis.alerts import Alert
from orderkit.model.analysis.matching import Matching
from orderkit.model.analysis.reports import Dashboard, Report
from orderkit.model.auditing import FOR_EVER, AuditRules
from orderkit.model.calendars import Calendar
from orderkit.model.exchange.imports import ImportMapping, Seed
from orderkit.model.exchange.integrations import Connection, Integration, Message, Pull, Reception
from orderkit.model.exchange.papers import Portal, Print
from orderkit.model.expressions.evaluation.workdays import STANDARD_WEEK, WorkingDays
from orderkit.model.forms import Form, Origin
from orderkit.model.labels import Label
from orderkit.model.ledgers import Ledger
from orderkit.model.menus import Menu
from orderkit.model.pages import ProjectPage
from orderkit.model.roles import Role
from orderkit.model.scenarios import Scenario
from orderkit.model.signing_in import STANDARD, SignIn
from orderkit.model.templates import ReplacedTemplate
from orderkit.model.workflow.automations import Automation
from orderkit.model.workflow.workflows import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting:
    """A word or an object that is checked and kept, but that no engine of this version carries out yet."""

    what: str
    origin: Origin


@dataclass(frozen=True, kw_only=True)
class Project:
    """A checked project. Tuples are sorted by id, so the same sources give the same model."""

    id: str
    label: Label
    version: str
    locale: str
    locales: tuple[str, ...]
    timezone: str
    currency: str
    channels: Mapping[str, str]
    forms: tuple[Form, ...]
    sign_in: SignIn = STANDARD
    audit: AuditRules = FOR_EVER
    workflows: tuple[Workflow, ...] = ()
    automations: tuple[Automation, ...] = ()
    ledgers: tuple[Ledger, ...] = ()
    matchings: tuple[Matching, ...] = ()
    alerts: tuple[Alert, ...] = ()
    calendar: str | None = None
    calendars: tuple[Calendar, ...] = ()
    roles: tuple[Role, ...] = ()
    reports: tuple[Report, ...] = ()
    dashboards: tuple[Dashboard, ...] = ()
    connections: tuple[Connection, ...] = ()
    integrations: tuple[Integration, ...] = ()
    pulls: tuple[Pull, ...] = ()
    receptions: tuple[Reception, ...] = ()
    messages: tuple[Message, ...] = ()
    imports: tuple[ImportMapping, ...] = ()
    prints: tuple[Print, ...] = ()
    portals: tuple[Portal, ...] = ()
    menus: tuple[Menu, ...] = ()
    pages: tuple[ProjectPage, ...] = ()
    templates: tuple[ReplacedTemplate, ...] = ()
    seeds: tuple[Seed, ...] = ()
    scenarios: tuple[Scenario, ...] = ()
    awaiting: tuple[Awaiting, ...] = ()

    @cached_property
    def form_by_id(self) -> Mapping[str, Form]:
        """Forms by id, lines forms (`order.lines`) among them."""
        return {form.id: form for form in self.forms}

    @cached_property
    def row_form_by_id(self) -> Mapping[str, Form]:
        """What rows of queries are like, by id: those of forms, and rows of balances by their ledger."""
        return {**self.form_by_id, **{ledger.id: ledger.row_form for ledger in self.ledgers}}

    @cached_property
    def workflow_by_id(self) -> Mapping[str, Workflow]:
        """Workflows by id."""
        return {workflow.id: workflow for workflow in self.workflows}

    @cached_property
    def automation_by_id(self) -> Mapping[str, Automation]:
        """Automations by id."""
        return {automation.id: automation for automation in self.automations}

    @cached_property
    def workflows_by_form(self) -> Mapping[str, tuple[Workflow, ...]]:
        """Workflows by the form whose life they are."""
        found: dict[str, tuple[Workflow, ...]] = {}
        for workflow in self.workflows:
            found[workflow.form] = (*found.get(workflow.form, ()), workflow)
        return found

    @cached_property
    def ledger_by_id(self) -> Mapping[str, Ledger]:
        """Ledgers by id."""
        return {ledger.id: ledger for ledger in self.ledgers}

    @cached_property
    def matching_by_id(self) -> Mapping[str, Matching]:
        """Matchings by id."""
        return {matching.id: matching for matching in self.matchings}

    @cached_property
    def alert_by_id(self) -> Mapping[str, Alert]:
        """Alerts by id."""
        return {alert.id: alert for alert in self.alerts}

    @cached_property
    def working_days(self) -> WorkingDays:
        """The days that are worked by the project's calendar; without one, Monday to Friday."""
        own = next((each for each in self.calendars if each.id == self.calendar), None)
        return STANDARD_WEEK if own is None else own.working_days

    @cached_property
    def role_by_id(self) -> Mapping[str, Role]:
        """Roles by id."""
        return {role.id: role for role in self.roles}

    @cached_property
    def report_by_id(self) -> Mapping[str, Report]:
        """Reports by id."""
        return {report.id: report for report in self.reports}

    @cached_property
    def dashboard_by_id(self) -> Mapping[str, Dashboard]:
        """Dashboards by id."""
        return {dashboard.id: dashboard for dashboard in self.dashboards}

    @cached_property
    def print_by_id(self) -> Mapping[str, Print]:
        """Printed documents by id."""
        return {each.id: each for each in self.prints}

    @cached_property
    def page_by_id(self) -> Mapping[str, ProjectPage]:
        """Pages of the project's own by id."""
        return {page.id: page for page in self.pages}

    @cached_property
    def connection_by_id(self) -> Mapping[str, Connection]:
        """Connections by id."""
        return {connection.id: connection for connection in self.connections}

    @cached_property
    def integration_by_id(self) -> Mapping[str, Integration]:
        """Integrations by id."""
        return {integration.id: integration for integration in self.integrations}

    @cached_property
    def message_by_id(self) -> Mapping[str, Message]:
        """Messages by id."""
        return {message.id: message for message in self.messages}

    @cached_property
    def import_by_id(self) -> Mapping[str, ImportMapping]:
        """Import mappings by id."""
        return {mapping.id: mapping for mapping in self.imports}
