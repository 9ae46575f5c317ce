"""Expressions as SQL, with the same answers as `orderkit.model.expressions.evaluation` on both databases.

`compile_value` and `compile_condition` are the entry points, `SqlScope` says what the names mean.
Numbers are NUMERIC on PostgreSQL and scaled integers on SQLite (`numbers`); what SQLite lacks is
registered on each of its connections (`sqlite_functions`).
"""

from orderkit.database.expressions.compiler import compile_balance, compile_condition, compile_value
from orderkit.database.expressions.moments import local_day
from orderkit.database.expressions.scope import SqlScope, TableRow
from orderkit.database.expressions.sqlite_functions import register_functions

__all__ = [
    "SqlScope",
    "TableRow",
    "compile_balance",
    "compile_condition",
    "compile_value",
    "local_day",
    "register_functions",
]
