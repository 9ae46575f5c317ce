"""What revisions call. Projects keep revisions for good, so what stands here keeps its meaning.

Each call is one step; `migrating.running` decides whether steps are run one by one or all at once.
"""

from orderkit.database.operations.kinds.altering import TableAlterations, alter_table
from orderkit.database.operations.kinds.balances import Floor, drop_balances, make_balances
from orderkit.database.operations.kinds.by_hand import once
from orderkit.database.operations.kinds.converting import convert
from orderkit.database.operations.kinds.indexes import create_index, drop_index
from orderkit.database.operations.kinds.moving import form_from_lines, lines_from_form, move_column, retarget
from orderkit.database.operations.kinds.options import rename_options, restore_option, retire_option
from orderkit.database.operations.kinds.retiring import (
    restore_column,
    restore_table,
    retire_column,
    retire_table,
)
from orderkit.database.operations.kinds.tables import (
    add_ring_key,
    create_table,
    drop_ring_key,
    drop_table,
    rename_form,
)
from orderkit.database.operations.kinds.updates import fill, fill_by, recompute
from orderkit.database.operations.operation import Irreversible
from orderkit.database.schema.column_types import (
    BigId,
    CodePointText,
    ExactDecimal,
    ManyIds,
    ManyTexts,
    Seconds,
    UtcDateTime,
)

__all__ = [
    "BigId",
    "CodePointText",
    "ExactDecimal",
    "Floor",
    "Irreversible",
    "ManyIds",
    "ManyTexts",
    "Seconds",
    "TableAlterations",
    "UtcDateTime",
    "add_ring_key",
    "alter_table",
    "convert",
    "create_index",
    "create_table",
    "drop_balances",
    "drop_index",
    "drop_ring_key",
    "drop_table",
    "fill",
    "fill_by",
    "form_from_lines",
    "lines_from_form",
    "make_balances",
    "move_column",
    "once",
    "recompute",
    "rename_form",
    "rename_options",
    "restore_column",
    "restore_option",
    "restore_table",
    "retarget",
    "retire_column",
    "retire_option",
    "retire_table",
]
