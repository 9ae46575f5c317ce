"""Options of choices as written: the value, or reported with what was probably meant."""

from orderkit.language.compile.names.references import UNKNOWN_REFERENCE
from orderkit.language.compile.shapes.shape import FieldShape
from orderkit.language.findings import did_you_mean
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec import Reading
from orderkit.model.expressions.types import Choice
from orderkit.model.labels import label


def report_unknown_option(reading: Reading, node: ScalarNode, field: FieldShape) -> None:
    """Report a value that a choice does not have; whoever wrote its label is told the value."""
    known = field.type.options if isinstance(field.type, Choice) else ()
    reading.report(
        UNKNOWN_REFERENCE,
        node,
        label(zh=f"没有选项 `{node.text}`", en=f"there is no option `{node.text}`"),
        did_you_mean(node.text, known, field.option_labels),
        fix=correction(node, node.text, known, field.option_labels),
        candidates=known,
    )
