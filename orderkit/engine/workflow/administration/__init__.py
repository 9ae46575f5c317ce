"""What administrators see of running workflows: by which definitions records live, and which of them nobody moves on."""

from orderkit.engine.workflow.administration.stuck import Hitch, StuckRecord, stuck_records
from orderkit.engine.workflow.administration.versions import RunningVersion, running_versions

__all__ = ["Hitch", "RunningVersion", "StuckRecord", "running_versions", "stuck_records"]
