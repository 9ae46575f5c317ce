"""On which clock a person reads and types instants: their own.

In lists, groups and calendars an instant is on the day that this clock shows. What the project itself counts
(reports, deadlines, `today()`) goes by the project's zone, for all alike.
"""

from zoneinfo import ZoneInfo

from orderkit.fields.datetime import DateTimeOptions
from orderkit.model.forms import Field
from orderkit.model.options import OptionModel
from orderkit.model.project import Project


def options_seen(field: Field, project: Project, zone: ZoneInfo) -> OptionModel:
    """Return the options by which a person sees a field: an instant without a zone of its own is on their clock."""
    options = field.options
    if not isinstance(options, DateTimeOptions) or options.timezone != project.timezone:
        return options
    return options if options.timezone == zone.key else options.model_copy(update={"timezone": zone.key})


def zone_seen(field: Field, project: Project, zone: ZoneInfo) -> ZoneInfo:
    """Return the zone of the clock by which a person sees a field; days that have no time are the project's."""
    options = options_seen(field, project, zone)
    return ZoneInfo(options.timezone if isinstance(options, DateTimeOptions) else project.timezone)
