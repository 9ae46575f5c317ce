"""Lints: what is right in each part, but doubtful in the whole."""

from orderkit.language.compile.lints.data.keys import check_keys
from orderkit.language.compile.lints.data.titles import check_referred
from orderkit.language.compile.lints.expressions.comparisons import check_comparisons
from orderkit.language.compile.lints.expressions.derivations import check_derivations
from orderkit.language.compile.lints.expressions.divisions import check_divisions
from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.grants import check_grants
from orderkit.language.compile.lints.permissions.numbers import check_numbers
from orderkit.language.compile.lints.permissions.prints import check_prints
from orderkit.language.compile.lints.permissions.required import check_required
from orderkit.language.compile.lints.permissions.row_rules import check_row_rules
from orderkit.language.compile.lints.permissions.secrets import check_secrets_anywhere
from orderkit.language.compile.lints.permissions.titles import check_titles
from orderkit.language.compile.lints.unused.fields import check_unused_fields
from orderkit.language.compile.lints.unused.objects import check_unused_objects
from orderkit.language.compile.lints.usage import Usage
from orderkit.language.compile.lints.workflows.checking import check_workflows
from orderkit.language.compile.places.lowering import Lowering
from orderkit.model.project import Project

_OVER_ALL = (
    check_secrets_anywhere,
    check_titles,
    check_comparisons,
    check_divisions,
    check_workflows,
    check_required,
    check_grants,
    check_numbers,
    check_prints,
    check_row_rules,
    check_keys,
    check_referred,
    check_unused_objects,
    check_unused_fields,
)


def run_lints(lowering: Lowering, project: Project) -> None:
    """Report what is doubtful in a model whose parts are right."""
    linting = Linting(lowering, project, Usage(lowering.reading.mentions))
    check_derivations(lowering)
    for check in _OVER_ALL:
        check(linting)
