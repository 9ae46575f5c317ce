"""On which clock a person reads and types instants: their own. Days begin and end in the project's zone for all."""

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
