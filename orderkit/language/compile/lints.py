"""Lints: what is right in each part, but not in the whole."""

from orderkit.language.compile.lowering import Lowering
from orderkit.model.project import Project


def run_lints(lowering: Lowering, project: Project) -> None:
    """Report what is doubtful in a model whose parts are right."""
