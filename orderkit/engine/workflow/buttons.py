"""The buttons of a record: exactly those that this person may press now, the grey ones with why."""

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.views import Button


def buttons(unit: Unit, form_id: str, record_id: int) -> tuple[Button, ...]:
    """Return the buttons in the order of the workflow's transitions; never raises for a grey one."""
    raise NotImplementedError
