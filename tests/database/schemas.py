"""What a database really holds, as plain values to compare."""

from typing import Any

import sqlalchemy as sa


def schema_of(connection: sa.Connection, *, own: bool = False) -> dict[str, Any]:
    """Return columns, keys and indexes by table; orderkit's own tables only with `own`."""
    inspector = sa.inspect(connection)
    return {
        name: _table(inspector, name)
        for name in sorted(inspector.get_table_names())
        if name.startswith("ok_") == own and not name.endswith("_version")
    }


def _table(inspector: sa.Inspector, name: str) -> dict[str, Any]:
    return {
        "columns": {
            column["name"]: (
                str(column["type"]),
                column["nullable"],
                column["default"] is not None and column["name"] != "id",
            )
            for column in inspector.get_columns(name)
        },
        "primary": inspector.get_pk_constraint(name)["constrained_columns"],
        "keys": sorted(
            (
                key["name"],
                key["constrained_columns"],
                key["referred_table"],
                key["referred_columns"],
                key["options"].get("ondelete", "NO ACTION"),
            )
            for key in inspector.get_foreign_keys(name)
        ),
        "indexes": sorted(
            (index["name"], index["column_names"], bool(index["unique"]))
            for index in inspector.get_indexes(name)
            if index["name"]
        ),
        "unique": sorted(
            (key["name"] or "", key["column_names"]) for key in inspector.get_unique_constraints(name)
        ),
    }
