"""All lints over workflows, in order."""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.bypasses import check_bypasses
from orderkit.language.compile.lints.workflows.deadlocks import check_deadlocks
from orderkit.language.compile.lints.workflows.deciders import check_deciders
from orderkit.language.compile.lints.workflows.endings import check_endings
from orderkit.language.compile.lints.workflows.filling import check_filling
from orderkit.language.compile.lints.workflows.graph import Graph, graph_of
from orderkit.language.compile.lints.workflows.life_cycles import check_life_cycle
from orderkit.language.compile.lints.workflows.naming import check_naming
from orderkit.language.compile.lints.workflows.options import check_options
from orderkit.language.compile.lints.workflows.people import check_people
from orderkit.language.compile.lints.workflows.rewriting import check_rewriting
from orderkit.language.compile.lints.workflows.tiers import check_tiers
from orderkit.language.compile.lints.workflows.undecided import check_undecided

_EACH = (
    check_life_cycle,
    check_endings,
    check_people,
    check_undecided,
    check_deciders,
    check_tiers,
    check_options,
    check_bypasses,
    check_rewriting,
    check_filling,
)


def check_workflows(linting: Linting) -> None:
    """Report what is doubtful in workflows whose parts are right."""
    found = (graph_of(linting, workflow) for workflow in linting.project.workflows)
    graphs: list[Graph] = [graph for graph in found if graph is not None]
    for graph in graphs:
        for check in _EACH:
            check(linting, graph)
    check_deadlocks(linting, graphs)
    check_naming(linting, graphs)
