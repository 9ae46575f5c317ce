"""One row of a report as expressions see it: its measures, and what it is grouped by."""

from collections.abc import Iterable
from dataclasses import replace

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.expressions.scope import FieldScope, FormScope, Scope
from orderkit.model.analysis.reports import Aggregation, Measure, Report
from orderkit.model.expressions.nodes import Root
from orderkit.model.expressions.types import Record, Text

_NEVER_EMPTY = frozenset({Aggregation.SUM, Aggregation.COUNT, Aggregation.COUNT_DISTINCT})


def row_form(report: str) -> str:
    """Return the name under which the rows of a report stand among forms."""
    return f"report:{report}"


def report_row(lowering: Lowering, report: Report, by: Iterable[str], *, has_previous: bool = False) -> Scope:
    """Return the scope of a row.

    Args:
        lowering: the tools.
        report: the report.
        by: the dimensions and grains that make a row.
        has_previous: whether `previous` is the same row of an earlier period, with its measures.
    """
    name = row_form(report.id)
    measures = {
        each.id: FieldScope(
            each.type, is_required=isinstance(each, Measure) and each.aggregation in _NEVER_EMPTY
        )
        for each in report.measures
    }
    keys = {}
    for dimension in by:
        found = report.dimension_by_id.get(dimension)
        keys[dimension] = FieldScope(Text() if found is None else found.expression.type)
    base = lowering.places.constant()
    row = FormScope(fields={**measures, **keys}, label=report.label, is_found=False)
    forms = {**base.forms, name: row}
    roots = {**base.roots, "this": Root("record", Record(name))}
    if has_previous:
        forms[f"{name}:previous"] = FormScope(fields=measures, label=report.label, is_found=False)
        roots["previous"] = Root("previous", Record(f"{name}:previous"))
    return replace(base, forms=forms, implicit=Root("record", Record(name)), roots=roots)
