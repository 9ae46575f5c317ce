"""Writes the next revision of orderkit's own tables: `python -m tests.support.system_revision "words"`.

Run it after a change of `orderkit.database.schema.system_tables` and read what it wrote: autogeneration sees
tables, columns and indexes, but knows nothing of renames or of data.
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from orderkit.catalog import built_in
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.urls import database_url
from orderkit.database.migrating.migrate import migrate
from orderkit.database.migrating.stamp import SYSTEM_REVISIONS, SYSTEM_VERSION_TABLE
from orderkit.database.revisions.history import head_of
from orderkit.database.schema import column_types, system_tables
from tests.database.models import shop


def compare(connection: sa.Connection) -> MigrationContext:
    """Return a context that compares orderkit's own tables, and only these, with the database."""
    return MigrationContext.configure(
        connection,
        opts={
            "compare_type": False,
            "version_table": SYSTEM_VERSION_TABLE,
            "target_metadata": system_tables.metadata,
            "include_name": lambda name, kind, parents: _is_ours(name or "", kind),
        },
    )


def _is_ours(name: str, kind: str) -> bool:
    # Tokens of the search are kept otherwise by each database, and made by statements.
    return not name.startswith(system_tables.SEARCH_TOKENS) and (kind != "table" or name.startswith("ok_"))


def _item(kind: str, item: Any, context: Any) -> str | bool:
    if kind == "type" and item is column_types.BigId:
        return "BigId"
    if kind == "type" and isinstance(item, column_types.UtcDateTime):
        return "UtcDateTime()"
    return False


def main(words: str) -> None:
    previous = head_of(SYSTEM_REVISIONS)
    number = f"{int(previous or 0) + 1:04d}"
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/scratch.db"
        # The beginning of a project's line: its own tables are not there yet, orderkit's are.
        migrate(url, shop(), built_in(), Path(folder), model_hash="", target="0000")
        engine = open_engine(database_url(url))
        with engine.connect() as connection:
            produced = produce_migrations(compare(connection), system_tables.metadata)
        engine.dispose()
    options = {"render_as_batch": number != "0001", "render_item": _item}
    up, down = (
        "".join(
            line
            for line in render_python_code(ops, **options).splitlines(keepends=True)
            if "# ###" not in line
        )
        for ops in (produced.upgrade_ops, produced.downgrade_ops)
    )
    path = SYSTEM_REVISIONS / "versions" / f"{number}_{words.lower().replace(' ', '_')}.py"
    path.write_text(
        f'"""{words[0].upper()}{words[1:]}."""\n\nimport sqlalchemy as sa\nfrom alembic import op\n\n'
        "from orderkit.database.schema.column_types import BigId, UtcDateTime\n\n"
        f'revision = "{number}"\ndown_revision = {previous!r}\nbranch_labels = None\ndepends_on = None\n'
        # Whoever writes a revision judges it: may a program that knows only the tables before go on with these?
        "is_safe_for_older = False\n\n\n"
        f'def upgrade() -> None:\n    """Make the tables."""\n    {up}\n\n\n'
        f'def downgrade() -> None:\n    """Take them away."""\n    {down}\n'
    )
    sys.stdout.write(f"{path}\n")


if __name__ == "__main__":
    main(sys.argv[1])
