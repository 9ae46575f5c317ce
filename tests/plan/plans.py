"""Plans between compiled projects, made as `orderkit plan` makes them."""

from orderkit.catalog import built_in
from orderkit.cli.planning.before import side_of
from orderkit.model.project import Project
from orderkit.plan.planning import plan
from orderkit.plan.values import Plan


def planned(old: Project | None, new: Project) -> Plan:
    """Return the plan from one project to another; None stands for nothing at all."""
    catalog = built_in()
    return plan(None if old is None else side_of(old, catalog), side_of(new, catalog), catalog)
