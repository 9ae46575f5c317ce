"""Operations of connections, as integrations and actions call them: `finance.save_voucher`."""

from orderkit.connectors.connector_type import Operation
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.source import ScalarNode
from orderkit.language.spec.kinds import integration as words


def read_operation(lowering: Lowering, node: ScalarNode | None) -> tuple[str, str, Operation] | None:
    """Return connection and operation of `connection.operation`."""
    if node is None:
        return None
    compilation = lowering.compilation
    name, _, operation = node.text.partition(".")
    declared = compilation.named.of("connection").get(name)
    if declared is None:
        known = compilation.named.of("connection")
        report_unknown(lowering.reading, node.part(0, len(name)), "connection", known, name=name)
        return None
    lowering.reading.mentions.name("connection", name, node, 0, len(name))
    connector = None if declared.written is None else declared.written[words.CONNECTOR]
    kind = None if connector is None else compilation.catalog.connectors.get(connector.text)
    if kind is None:
        return None
    if operation not in kind.operations:
        place = node.part(len(name) + 1, len(node.text)) if operation else node.span
        report_unknown(lowering.reading, place, "operation", kind.operations, name=operation or name)
        return None
    return name, operation, kind.operations[operation]
