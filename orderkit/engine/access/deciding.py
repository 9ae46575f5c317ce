"""The one question of access, and the rights on every field of a record."""

from collections.abc import Mapping

from orderkit.engine.access.decisions import Action, Decision, Right
from orderkit.engine.runtime import Channel, Person, Unit
from orderkit.model.evaluation import RowLike
from orderkit.model.forms import FormId


def decide(
    person: Person,
    action: Action,
    form: FormId,
    record: RowLike | None = None,
    field: str | None = None,
    channel: Channel | None = None,
    *,
    unit: Unit,
) -> Decision:
    """Return whether the person may do this, and if not, why.

    Without `record` the question is whether it may be allowed for some record. `field` is a path:
    `total`, `lines.cost`. On a record, the state of its workflows has its say.
    """
    raise NotImplementedError


def field_rights(unit: Unit, form: FormId, record: RowLike | None) -> Mapping[str, Right]:
    """Return the right on every field path (`total`, `lines`, `lines.cost`) of one record.

    `record` None stands for a record that is about to be created.
    """
    raise NotImplementedError


def may_see_report(unit: Unit, report_id: str) -> Decision:
    """Return whether the person may run this report; its rows are still cut by row rules."""
    raise NotImplementedError


def may_see_dashboard(unit: Unit, dashboard_id: str) -> Decision:
    """Return whether the person may open this dashboard."""
    raise NotImplementedError
