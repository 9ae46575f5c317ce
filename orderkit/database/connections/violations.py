"""What it means when a database refuses a row: a key taken twice, or a record that others refer to.

The engine looks before it writes and names the field; this is for what happens between the look and the
write, when two people are as fast as each other.
"""

import re

from sqlalchemy.exc import IntegrityError

from orderkit.database.schema.tables import Tables
from orderkit.model.errors import Conflict
from orderkit.model.labels import Label, label, text_of
from orderkit.model.project import Project

_UNIQUE = frozenset({"23505", "SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY"})
_REFERENCE = frozenset({"23503", "23001", "SQLITE_CONSTRAINT_FOREIGNKEY", "SQLITE_CONSTRAINT_TRIGGER"})
# The only ones of a project's tables are the bounds of balances.
_BOUND = frozenset({"23514", "SQLITE_CONSTRAINT_CHECK"})
_SQLITE_COLUMNS = re.compile(r"UNIQUE constraint failed: (?P<columns>.+)")


class Violations:
    """Explains violations in the words of a project."""

    def __init__(self, project: Project, tables: Tables) -> None:
        self._project = project
        self._tables = tables

    def conflict(self, error: IntegrityError) -> Conflict | None:
        """Return what a person should read; None for a violation that only a bug can cause."""
        code = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "sqlite_errorname", None)
        if code in _UNIQUE:
            return Conflict(self._taken(error))
        if code in _REFERENCE:
            return Conflict(
                label(
                    zh="这条记录仍被其他记录引用，或引用了刚被删除的记录；请刷新后重试",
                    en="other records still refer to this one, or it refers to one that was just deleted; "
                    "load it again",
                )
            )
        if code in _BOUND:
            return Conflict(
                label(
                    zh="余额刚刚已被别人用掉；请刷新后重试",
                    en="somebody has just used up what there was of a balance; load it again",
                )
            )
        return None

    def _taken(self, error: IntegrityError) -> Label:
        found = self._unique_columns(error)
        if found is None:
            return label(
                zh="同样的内容刚刚已被保存；请刷新后重试", en="the same was saved just now; load it again"
            )
        form = self._project.form_by_id[self._tables[found[0]].form]
        fields = [form.by_id[name].label for name in found[1]]
        return label(
            zh=f"{text_of(form.label, 'zh')}的{'、'.join(text_of(each, 'zh') for each in fields)}与已有记录重复",
            en=f"another {text_of(form.label, 'en')} has the same {', '.join(text_of(each, 'en') for each in fields)}",
        )

    def _unique_columns(self, error: IntegrityError) -> tuple[str, tuple[str, ...]] | None:
        """Return table and columns of the key that was taken, if it is one of the project."""
        by_sqlite = _SQLITE_COLUMNS.search(str(error.orig))
        if by_sqlite:
            places = [place.split(".", 1) for place in by_sqlite["columns"].split(", ")]
            table, columns = places[0][0], tuple(place[-1] for place in places)
            return (table, columns) if table in self._tables else None
        name = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
        return next(
            (
                (table.name, index.columns)
                for table in self._tables.values()
                for index in table.indexes
                if index.name == name
            ),
            None,
        )
