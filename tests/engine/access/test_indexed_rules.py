"""The index that `check` proposes for a row rule: pasted into the form, it is where the reader's list begins."""

import re
from datetime import timedelta

import sqlalchemy as sa

from orderkit.catalog import built_in
from orderkit.engine import records
from orderkit.engine.opening import runtime_over
from orderkit.engine.records import Create, Query
from orderkit.language.compile import compile_project
from tests.support.office import Office, Staff
from tests.support.projects import project

NOTE = """
form: note
fields: {seller: {type: user}, day: {type: date, required: true}, text: {type: text}}
list: {columns: [seller, day, text], sort: -day}
"""
ROLE = """
role: clerk
forms: {note: {read: seller == me}}
"""


def test_the_list_begins_in_the_proposed_index(make_database, clock, tmp_path):
    """First and later pages read this person's rows alone, in order: nothing is sorted, nobody else's row looked at."""
    files = {"note.yaml": NOTE.encode(), "clerk.yaml": ROLE.encode()}
    (found,) = (
        each
        for each in compile_project(files, built_in()).found
        if each.code.name == "row-rule-without-index"
    )
    assert found.help is not None
    proposed = re.search(r"`(indexes: .*?)`", found.help["zh"])
    assert proposed is not None

    mended = project(note=NOTE + proposed[1], clerk=ROLE)
    database = make_database(mended)
    office = Office(
        runtime_over(mended, database, files_folder=tmp_path, clock=clock),
        [Staff(login="ann", roles=("clerk",)), Staff(login="bob")],
    )
    with office.act(None) as unit:
        rows = [
            Create(
                form="note",
                values={
                    "seller": office.ids[("ann", "bob")[each % 2]],
                    "day": office.today + timedelta(each % 7),
                },
            )
            for each in range(40)
        ]
        records.apply(unit, rows)

    asked = []
    sa.event.listen(database.engine, "before_cursor_execute", lambda *given: asked.append(given[2:4]))
    with office.look("ann") as unit:
        first = records.page(unit, Query(form="note", limit=5))
        later = records.page(unit, Query(form="note", limit=5, cursor=first.next))
        pages = [each for each in asked if "ORDER BY note.day" in each[0]]
        plans = [plan_of(unit.connection, *each) for each in pages]
    assert [len(page.rows) for page in (first, later)] == [5, 5]
    assert len(plans) == 2
    for plan in plans:
        assert "note__seller__day__id_idx" in plan, plan
        assert not re.search(r"sort|temp b-tree|seq scan|\bscan note", plan, re.IGNORECASE), plan


def plan_of(connection: sa.Connection, statement: str, parameters: object) -> str:
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
        return "\n".join(row[3] for row in rows)
    # A table so short would be read whole.
    for way in ("seqscan", "bitmapscan"):
        connection.exec_driver_sql(f"SET LOCAL enable_{way} = off")
    return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).all())
