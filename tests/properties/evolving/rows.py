"""Random rows for a small project, written into a real database and read back."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.database.connections.database import Database
from tests.properties.evolving.edits import Row, Rows
from tests.properties.evolving.spec import FieldSpec, Spec, project_of

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
STAMP = {"created_at": NOW, "updated_at": NOW, "revision": 1}
WORDS = ["7", "-12", "3.5", "2.25", "2026-02-28", "007", "", "甲", "x y", "|"]


def values(field: FieldSpec, ids: list[int]) -> st.SearchStrategy[Any]:
    """Return values of a field, empty ones among them where it may be."""
    made: st.SearchStrategy[Any]
    match field.kind:
        case "text":
            made = st.sampled_from([word for word in WORDS if word])
        case "integer":
            made = st.integers(-1000, 1000)
        case "decimal" | "money":
            made = st.integers(-(10**6), 10**6).map(
                lambda n: Decimal(n).scaleb(-field.scale).quantize(Decimal(1).scaleb(-field.scale))
            )
        case "boolean":
            return st.booleans()
        case "date":
            made = st.dates(date(2020, 1, 1), date(2030, 12, 31))
        case "choice":
            made = st.sampled_from(field.options)
        case _:
            made = st.sampled_from(ids) if ids else st.none()
    return made if field.required else st.none() | made


@st.composite
def drawn_rows(draw: st.DrawFn, spec: Spec, most: int = 4) -> Rows:
    """Draw up to `most` rows a form; what is unique has no doubles."""
    counts = {form.id: draw(st.integers(0, most)) for form in spec}
    found: dict[str, dict[int, Row]] = {}
    for form in spec:
        found[form.id] = {}
        taken: dict[str, set[Any]] = {}
        for number in range(1, counts[form.id] + 1):
            row = {}
            for each in form.fields:
                value = draw(values(each, list(range(1, counts.get(each.target, 0) + 1))))
                seen = taken.setdefault(each.id, set())
                if each.unique and value in seen:
                    value = None
                seen.add(value)
                row[each.id] = value
            found[form.id][number] = row
    return found


def sow(url: str, spec: Spec, rows: Rows) -> None:
    """Write rows under their ids; references last, since forms may refer to each other."""
    database = Database.open(url, project_of(spec), built_in())
    with database.write() as connection:
        for form in spec:
            table = database.tables[form.id]
            plain = [each.id for each in form.fields if each.kind != "ref"]
            for key, row in rows[form.id].items():
                given = {name: row[name] for name in plain}
                connection.execute(table.insert().values(id=key, **given, **STAMP))
        for form in spec:
            table = database.tables[form.id]
            for key, row in rows[form.id].items():
                links = {each.id: row[each.id] for each in form.fields if each.kind == "ref"}
                if links:
                    connection.execute(table.update().where(table.c.id == key).values(**links))
    database.close()


def reap(url: str, spec: Spec) -> Rows:
    """Return every row of the forms, as the engine would read them."""
    database = Database.open(url, project_of(spec), built_in())
    with database.read() as connection:
        found = {
            form.id: {
                row["id"]: {each.id: row[each.id] for each in form.fields}
                for row in connection.execute(sa.select(database.tables[form.id])).mappings()
            }
            for form in spec
        }
    database.close()
    return found
