"""The rows of a walk: read from a real database, and made where a step left room for some."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random
from typing import Any

import sqlalchemy as sa

from orderkit.database.connections.database import Database
from orderkit.database.schema.system_tables import file as files
from orderkit.database.schema.system_tables import workflow_instance as instances
from orderkit.fields.choice import ChoiceOptions
from orderkit.model.forms import Field, Form, SystemRole
from orderkit.model.project import Project
from tests.properties.walking.scene import Rows

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WORDS = ["7", "-12", "3.5", "2026-02-28", "007", "甲", "x y", "|", "'"]
COUNTED = (files, instances)


def rows_of(database: Database) -> Rows:
    """Return every row of every form, its columns as the engine would read them."""
    with database.read() as connection:
        return {
            form: {
                row["id"]: dict(row)
                for row in connection.execute(sa.select(table).order_by(table.c.id)).mappings()
            }
            for form, table in database.tables.items()
        }


def counts_of(database: Database) -> Mapping[str, int]:
    """Return how many attachments and running records there are."""
    with database.read() as connection:
        return {
            table.name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for table in COUNTED
        }


def fill(database: Database, project: Project, before: Rows, random: Random) -> None:
    """Give new fields values in some rows, and forms without any row three of them."""
    with database.write() as connection:
        _Filling(database, connection, project, before, random).fill()


class _Filling:
    """One call of `fill`. `ids` is which records there are, by form."""

    def __init__(
        self, database: Database, connection: sa.Connection, project: Project, before: Rows, random: Random
    ) -> None:
        self.tables, self.connection, self.project, self.random = database.tables, connection, project, random
        self.ids = {form: list(rows) for form, rows in before.items()}
        self.known = {form: {name for row in rows.values() for name in row} for form, rows in before.items()}

    def fill(self) -> None:
        for form in self.project.forms:
            if form.id in {"user", "department"} or form.is_built_in:
                continue
            if not self.ids.get(form.id):
                self._insert(form)
                continue
            new = [
                each for each in _writable(form) if each.id not in self.known[form.id] and not each.required
            ]
            for key in self.ids[form.id] if new else ():
                if self.random.random() < 0.7:
                    values = {each.id: self._value(each, key) for each in new if each.backfill is None}
                    if values:
                        table = self.tables[form.id]
                        self.connection.execute(table.update().where(table.c.id == key).values(values))

    def _insert(self, form: Form) -> None:
        parents = self.ids.get(form.parent or "", [])
        made: list[int] = []
        lines: Counter[int] = Counter()
        for number in range(1, 4):
            system: dict[str, Any] = {}
            for each in form.fields:
                match each.system:
                    case SystemRole.CREATED_AT | SystemRole.UPDATED_AT:
                        system[each.id] = NOW
                    case SystemRole.REVISION:
                        system[each.id] = number
                    case SystemRole.PARENT if parents:
                        system[each.id] = parent = self.random.choice(parents)
                        # As the engine numbers them, which would do it again when it writes the parent.
                        system["position"] = lines[parent]
                        lines[parent] += 1
                    case SystemRole.PARENT:
                        return
            values = {each.id: self._value(each, number) for each in _writable(form)}
            table = self.tables[form.id]
            done = self.connection.execute(table.insert().values(**values, **system))
            made.append(done.inserted_primary_key[0])
        self.ids[form.id] = made

    def _value(self, field: Field, key: int) -> Any:
        draw = self.random
        if field.id == "code":
            return f"C{key:03d}"
        if field.unique:
            return f"u{key}" if field.type != "integer" else key
        options = field.options
        match field.type:
            case "text" | "longtext" if field.required:
                # Several required fields together may be the key of a form.
                return f"{draw.choice(WORDS)}{key}"
            case "text" | "longtext":
                return draw.choice(WORDS)
            case "integer":
                return draw.randrange(-1000, 1000)
            case "decimal" | "money":
                scale = getattr(options, "scale", 2)
                return Decimal(draw.randrange(-(10**6), 10**6)).scaleb(-scale)
            case "percent":
                return Decimal(draw.randrange(0, 10**4)).scaleb(-4)
            case "boolean":
                return draw.random() < 0.5
            case "date":
                return date(2026, draw.randrange(1, 13), draw.randrange(1, 28))
            case "choice" if isinstance(options, ChoiceOptions):
                return draw.choice(options.options).value
            case "choices" if isinstance(options, ChoiceOptions):
                return tuple(each.value for each in options.options if draw.random() < 0.6) or None
            case "user" | "ref":
                return draw.choice(self.ids.get(field.target or "") or [None])
            case _:
                return None


def _writable(form: Form) -> list[Field]:
    return [each for each in form.stored_fields if each.system is SystemRole.NONE and not each.is_derived]
