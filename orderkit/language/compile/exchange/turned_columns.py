"""Columns of an import that are written the wrong way round: `编号: code` for `code: 编号`."""

from collections.abc import Iterable, Sequence

from orderkit.language.compile.names.references import report_unknown_field
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import Fix
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import rewritten
from orderkit.model.labels import label

Pair = tuple[ScalarNode, ScalarNode]


def turned_columns(lowering: Lowering, form: FormShape, pairs: Iterable[Pair]) -> Sequence[Pair]:
    """Return the pairs of a heading and the field that it fills; they are one slip, reported once."""
    turned = [(key, value) for key, value in pairs if _is_turned(lowering, form, key, value)]
    if turned:
        _report(lowering, form, turned)
    return turned


def _is_turned(lowering: Lowering, form: FormShape, key: ScalarNode, heading: ScalarNode) -> bool:
    """Whether a column is written the wrong way round: a heading, and the field that it fills."""
    is_field = lowering.compilation.knows_path(form, key.text)
    return not is_field and lowering.compilation.knows_path(form, heading.text)


def _report(lowering: Lowering, form: FormShape, turned: Sequence[Pair]) -> None:
    key, heading = turned[0]
    edits = [(rewritten(left, right.text), rewritten(right, left.text)) for left, right in turned]
    known = tuple(edit for pair in edits for edit in pair if edit is not None)
    report_unknown_field(
        lowering.reading,
        key,
        key.text,
        form.id,
        form.fields,
        help_=label(
            zh=f"左边写字段，右边写表头：`{heading.text}: {key.text}`",
            en=f"the field stands on the left, the heading on the right: `{heading.text}: {key.text}`",
        ),
        fix=Fix(title=label(zh="左右对调", en="turn them round"), edits=known)
        if len(known) == 2 * len(turned)
        else None,
    )
