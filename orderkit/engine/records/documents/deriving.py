"""What follows by itself: defaults of new rows, copies when their inputs change, computed values always.

Field by field in the order of the plan, each over all documents of the batch, so that what they read
elsewhere is loaded in one statement however many records there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import select

from orderkit.database.expressions import compile_value
from orderkit.engine.access.row_rules import scope_of
from orderkit.engine.records.documents.before import Before
from orderkit.engine.records.documents.document import Document, Part, is_same
from orderkit.engine.records.documents.plans import Derivation, Node
from orderkit.engine.records.documents.values import stored_value
from orderkit.engine.rows import RowsOfUnit, environment_of, rows_of
from orderkit.engine.runtime import Unit
from orderkit.fields.field_type import Invalid
from orderkit.model.expressions.evaluation import Environment, EvaluationError, evaluate
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.forms import Variant

# Databases take a limited number of parameters in a statement.
IDS_AT_ONCE = 10_000


def derive(unit: Unit, documents: Sequence[Document]) -> None:
    """Fill every document. What has no value is noted as a problem at its field."""
    rows = rows_of(unit)
    before, environments = Before(rows, documents), _Environments(unit)
    for same_form in by_form(documents):
        for node in same_form[0].plan.nodes:
            _derive_node(unit, rows, (before, environments), node, same_form)


def by_form(documents: Sequence[Document]) -> Iterator[list[Document]]:
    """Yield the documents of each form together, forms in the order of the model."""
    ordered = sorted(documents, key=lambda document: document.form.id)
    for _, some in groupby(ordered, key=lambda document: document.form.id):
        yield list(some)


def variant_of(part: Part) -> Variant | None:
    """Return the variant that a row's choice field asks for."""
    form = part.form
    if form.variant_field is None:
        return None
    chosen = part.row.values.get(form.variant_field)
    return next((variant for variant in form.variants if variant.value == chosen), None)


def _derive_node(
    unit: Unit,
    rows: RowsOfUnit,
    known: tuple[Before, "_Environments"],
    node: Node,
    documents: Sequence[Document],
) -> None:
    before, environments = known
    due = list(_due(node, documents))
    if node.is_gathered:
        due = _gather(unit, node, due)
    rows.prefetch([part.row for _, part in due], node.steps)
    name = node.field.id
    may_be_overwritten = node.derivation is Derivation.COPY and node.field.editable
    # Only a default differs from row to row: by their variants.
    common = None if node.derivation is Derivation.DEFAULT or not due else _expression(due[0][1], node)
    for document, part in due:
        expression = common or _expression(part, node)
        if expression is None or (
            may_be_overwritten and _is_overwritten(unit, before, part, node, expression)
        ):
            continue
        value = _value(unit, document, part, node, (expression, environments.of(part)))
        if not isinstance(value, Invalid):
            part.put(name, value)


def _gather(unit: Unit, node: Node, due: list[tuple[Document, Part]]) -> list[tuple[Document, Part]]:
    """Let the database compute what hangs on stored records only; return the rest."""
    stored = {
        part.row.id: (document, part)
        for document, part in due
        if node.field.id in part.forced and not document.is_touched(part, node.inputs)
    }
    expression = node.field.compute
    if not stored or expression is None:
        return due
    table = unit.runtime.database.tables[node.form]
    computed = compile_value(expression, scope_of(unit, node.form, table))
    ids = sorted(stored)
    for start in range(0, len(ids), IDS_AT_ONCE):
        query = select(table.c.id, computed).where(table.c.id.in_(ids[start : start + IDS_AT_ONCE]))
        for record_id, found in unit.connection.execute(query):
            document, part = stored[record_id]
            value = stored_value(unit.runtime.catalog, node.field, found)
            if isinstance(value, Invalid):
                document.refuse(part.path + node.field.id, "cannot_compute", value.message, value.expected)
            else:
                part.put(node.field.id, value)
    return [(document, part) for document, part in due if part.row.id not in stored]


def _due(node: Node, documents: Iterable[Document]) -> Iterator[tuple[Document, Part]]:
    """Yield the rows on which a field is to be filled."""
    name, form = node.field.id, node.form
    match node.derivation:
        case Derivation.DEFAULT:
            for document in documents:
                for part in document.parts_of(form):
                    if part.old is None and name not in part.given:
                        yield document, part
        case Derivation.COPY:
            for document in documents:
                for part in document.parts_of(form):
                    if name not in part.given and (
                        part.old is None or document.is_touched(part, node.inputs)
                    ):
                        yield document, part
        case Derivation.COMPUTE:
            for document in documents:
                for part in document.parts_of(form):
                    if part.old is None or name in part.forced or document.is_touched(part, node.inputs):
                        yield document, part


def _expression(part: Part, node: Node) -> Expression | None:
    field = node.field
    match node.derivation:
        case Derivation.COMPUTE:
            return field.compute
        case Derivation.COPY:
            return field.copy
        case Derivation.DEFAULT:
            variant = variant_of(part)
            special = dict(variant.default).get(field.id) if variant is not None else None
            return special or field.default


def _is_overwritten(unit: Unit, before: Before, part: Part, node: Node, expression: Expression) -> bool:
    """Return whether a person wrote over an editable copy: it is not what the copy would have been."""
    if part.old is None:
        return False
    held = part.old.values.get(node.field.id)
    if held is None:
        return False
    environment = environment_of(unit, part.old, store=before)
    try:
        value = stored_value(unit.runtime.catalog, node.field, evaluate(expression, environment))
    except EvaluationError:
        return True
    return isinstance(value, Invalid) or not is_same(value, held)


class _Environments:
    """What names mean for each row. Of a new one everything has changed, so that it is said once for all fields."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._of_new: dict[int, Environment] = {}

    def of(self, part: Part) -> Environment:
        """Return the environment of a row as it stands now."""
        if not part.is_new:
            return self._made(part, frozenset(part.changed))
        found = self._of_new.get(id(part))
        if found is None:
            found = self._of_new[id(part)] = self._made(part, frozenset(part.form.by_id))
        return found

    def _made(self, part: Part, changed: frozenset[str]) -> Environment:
        return environment_of(self._unit, part.row, roots={"old": part.old}, changed=changed)


def _value(
    unit: Unit, document: Document, part: Part, node: Node, asked: tuple[Expression, Environment]
) -> Scalar | Invalid:
    try:
        value = stored_value(unit.runtime.catalog, node.field, evaluate(*asked))
    except EvaluationError as error:
        value = Invalid(error.explain)
    if isinstance(value, Invalid):
        document.refuse(part.path + node.field.id, "cannot_compute", value.message, value.expected)
    return value
