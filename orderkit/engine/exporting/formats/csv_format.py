"""CSV in UTF-8 with a mark, as Excel opens it. No text becomes a formula there."""

import csv
import io
from decimal import Decimal
from typing import BinaryIO

from orderkit.engine.exporting.columns import Table, shown
from orderkit.engine.exporting.formats.format import Format
from orderkit.engine.runtime import Unit
from orderkit.fields.formulas import harmless
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.forms import Field


def write(table: Table, target: BinaryIO) -> int:
    """Write a table."""
    stream = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(stream)
    fields = [column.field for column in table.columns]
    writer.writerow([harmless(column.heading) for column in table.columns])
    count = 0
    for row in table.rows:
        writer.writerow([_text(table.unit, field, *cell) for field, cell in zip(fields, row, strict=True)])
        count += 1
    stream.flush()
    stream.detach()
    return count


def _text(unit: Unit, field: Field, value: Scalar, title: str | None) -> str:
    """Return a number without separators, so that programs read it; texts cannot turn into formulas."""
    if title is None and isinstance(value, Decimal | int) and not isinstance(value, bool):
        return unit.runtime.catalog.fields[field.type].edit_text(field.options, value)
    return harmless(shown(unit, field, value, title))


CSV = Format(name="csv", title="CSV", media_type="text/csv; charset=utf-8", write=write)
