"""What the action `post` does for a record: which rows it goes over, by which keys and amounts."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from orderkit.engine import ledger
from orderkit.engine.ledger import Posting, Source
from orderkit.engine.records.making.choosing import chosen_rows
from orderkit.engine.rows import RecordRow
from orderkit.engine.rows.row import LazyRow
from orderkit.engine.workflow.undoing.noting import note_postings
from orderkit.model.expressions.nodes import Expression, Scalar
from orderkit.model.workflow.actions import Selection

if TYPE_CHECKING:
    from orderkit.engine.workflow.acting import RecordContext


def post_for(  # noqa: PLR0917 - the words of one action
    context: "RecordContext",
    target: str,
    each: Selection | None,
    where: Expression | None,
    keys: Sequence[tuple[str, Expression]],
    amounts: Sequence[tuple[str, Expression]],
    against: str | None,
    reason: Expression | None,
) -> None:
    """Post once, or once for each row. Raises Refused where a key or an amount is empty."""
    postings = [
        Posting(
            target=target,
            keys={name: _plain(context.value_with(expression, roots)) for name, expression in keys},
            amounts={name: _number(context.value_with(expression, roots)) for name, expression in amounts},
            source=_source(context, row),
            against=against,
            reason=None if reason is None else str(context.value_with(reason, roots) or "") or None,
        )
        for row, roots in _rows(context, each, where)
    ]
    note_postings(context.unit, ledger.post(context.unit, postings))


def _rows(
    context: "RecordContext", each: Selection | None, where: Expression | None
) -> Iterator[tuple[RecordRow | None, Mapping[str, RecordRow]]]:
    if each is None:
        if where is None or context.value_with(where, {}) is True:
            yield None, {}
        return
    for row in chosen_rows(context.unit, context.row, each):
        roots = {"item": row} if each.is_several else {}
        if where is None or context.value_with(where, roots) is True:
            yield row, roots


def _source(context: "RecordContext", row: RecordRow | None) -> Source:
    instance = context.instance
    return Source(
        form=context.form,
        record_id=context.record_id,
        row_form=None if row is None else row.form,
        row_id=None if row is None else row.id,
        workflow=None if instance is None else instance.workflow,
        instance_id=None if instance is None else instance.id,
        visit=None if instance is None else instance.visit,
        transition=context.transition,
    )


def _plain(value: object) -> Scalar:
    """Return a key as it is kept: a record by its id."""
    return value.id if isinstance(value, RecordRow | LazyRow) else cast("Scalar", value)


def _number(value: object) -> Decimal | int | None:
    assert value is None or isinstance(value, int | Decimal), "the compiler lets numbers through alone"
    return value
