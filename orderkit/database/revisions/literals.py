"""Columns, types and values as Python text: what stands between the brackets of a call in a revision."""

import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import assert_never

from orderkit.database.schema.tables import Backfill, Column, ForeignKey
from orderkit.fields.field_type import ColumnKind

WIDTH = 100
INDENT = "    "


def call(function: str, arguments: Sequence[str]) -> list[str]:
    """Return a call on one line, or one argument a line where that is too long."""
    line = f"{function}({', '.join(arguments)})"
    if len(line) <= WIDTH and not any(each.startswith("sa.Column(") for each in arguments[1:]):
        return [line]
    return [f"{function}(", *(f"{INDENT}{each}," for each in arguments), ")"]


def text(value: str) -> str:
    """Return a Python string in double quotes; JSON's escapes are Python's."""
    return json.dumps(value, ensure_ascii=False)


def texts(values: Sequence[str]) -> str:
    """Return a tuple of strings."""
    return f"({', '.join(map(text, values))}{',' if len(values) == 1 else ''})"


def column_text(column: Column) -> str:
    """Return the column as SQLAlchemy has it."""
    parts = [text(column.name), type_text(column)]
    if column.is_id:
        return f"sa.Column({', '.join([*parts, 'sa.Identity()', 'primary_key=True'])})"
    if not column.is_nullable:
        parts.append("nullable=False")
    if column.kind is ColumnKind.BOOLEAN:
        parts.append("server_default=sa.false()")
    return f"sa.Column({', '.join(parts)})"


def key_text(key: ForeignKey, *, is_later: bool) -> str:
    """Return the reference as SQLAlchemy has it."""
    parts = [
        f"[{text(key.column)}]",
        f"[{text(f'{key.target}.id')}]",
        f"name={text(key.name)}",
        f"ondelete={text(key.on_delete)}",
    ]
    if is_later:
        parts.append("use_alter=True")
    return f"sa.ForeignKeyConstraint({', '.join(parts)})"


def type_text(column: Column) -> str:
    """Return the type of a column."""
    match column.kind:
        case ColumnKind.TEXT | ColumnKind.JSON:
            return "ok.CodePointText"
        case ColumnKind.INTEGER | ColumnKind.REFERENCE | ColumnKind.FILE:
            return "ok.BigId" if column.is_id else "sa.BigInteger()"
        case ColumnKind.DECIMAL:
            return f"ok.ExactDecimal({column.scale or 0})"
        case ColumnKind.BOOLEAN:
            return "sa.Boolean()"
        case ColumnKind.DATE:
            return "sa.Date()"
        case ColumnKind.TIME:
            return "sa.Time()"
        case ColumnKind.DATETIME:
            return "ok.UtcDateTime()"
        case ColumnKind.DURATION:
            return "ok.Seconds()"
        case ColumnKind.TEXTS:
            return "ok.ManyTexts()"
        case ColumnKind.REFERENCES | ColumnKind.FILES:
            return "ok.ManyIds()"
        case ColumnKind.NONE:
            raise AssertionError(f"column {column.name} has no kind")


def value_text(value: Backfill, column: Column) -> str:
    """Return a value that a column of this type takes."""
    match value:
        case bool() | int() if column.kind is not ColumnKind.DECIMAL:
            return repr(value)
        case int() | Decimal():
            return f"Decimal({text(str(value))})"
        case str():
            return text(value)
        case datetime():
            return f"datetime.fromisoformat({text(value.isoformat())})"
        case date():
            return f"date.fromisoformat({text(value.isoformat())})"
        case time():
            return f"time.fromisoformat({text(value.isoformat())})"
        case timedelta():
            return f"timedelta(seconds={int(value.total_seconds())})"
        case tuple():
            return f"({', '.join(text(each) if isinstance(each, str) else repr(each) for each in value)},)"
        case _:
            assert_never(value)


def imports_of(script: str) -> str:
    """Return the imports that the functions of a revision need."""
    moments = [name for name in ("date", "datetime", "time", "timedelta") if _uses(script, name)]
    lines = [f"from datetime import {', '.join(moments)}"] if moments else []
    lines += ["from decimal import Decimal"] if "Decimal(" in script.replace("ExactDecimal(", "") else []
    lines += ["", "import sqlalchemy as sa"] if lines else ["import sqlalchemy as sa"]
    if "sa." not in script:
        lines = [line for line in lines if not line.endswith(" as sa")]
    lines += ["", "from orderkit.database import operations as ok"] if any(lines) else []
    return "\n".join(lines or ["from orderkit.database import operations as ok"]).strip("\n") + "\n"


def _uses(script: str, name: str) -> bool:
    call_ = f"{name}(" if name == "timedelta" else f"{name}.fromisoformat("
    return any(f"{before}{call_}" in script for before in (" ", "(", "="))
