"""Pressing a transition: one transaction that checks, changes, acts and enters the next state."""

from collections.abc import Mapping

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.views import Done


def do(
    unit: Unit,
    form_id: str,
    record_id: int,
    transition: str,
    values: Mapping[str, object] | None = None,
    comment: str | None = None,
    *,
    expected_revision: int | None = None,
    workflow: str | None = None,
) -> Done:
    """Press `transition`; `values` are what its `ask` asks for, as values of their field types.

    `workflow` is needed only where two workflows of a form share a transition id.
    Raises: NotFound, Denied, Refused (problems at fields), Stale (revision), Conflict (done by another).
    """
    raise NotImplementedError


def withdraw(unit: Unit, form_id: str, record_id: int, comment: str | None = None) -> Done:
    """Take a record back from its approval, as its submitter, while that is still allowed."""
    raise NotImplementedError
