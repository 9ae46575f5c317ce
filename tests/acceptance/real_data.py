"""Short ways to import a real file and to ask a report about it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orderkit.engine import report
from orderkit.engine.importing import seeds
from orderkit.engine.importing.result import ImportResult
from orderkit.engine.importing.run import run
from orderkit.engine.report import ResultTable
from orderkit.engine.runtime import SYSTEM
from tests.support.clock import FakeClock
from tests.support.office import Office, open_office
from tests.support.projects import EXAMPLE, example

BUNDLED = EXAMPLE / "data"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"


def facts(folder: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads((folder / "facts.json").read_text("utf-8"))
    return found


def load(office: Office, mapping: str, path: Path, **more: Any) -> ImportResult:
    result = run(office.runtime, SYSTEM, mapping, path, **more)
    assert result.problems == ()
    return result


def ask(office: Office, name: str, *measures: str, by: tuple[str, ...] = (), **asked: Any) -> ResultTable:
    with office.look(None) as unit:
        return report.run(unit, name, measures=measures, by=by, **asked)


def by_text(table: ResultTable) -> dict[str, tuple[object, ...]]:
    return {row.cells[0].text: tuple(cell.value for cell in row.cells[1:]) for row in table.rows}


def stored(office: Office, form: str) -> list[tuple[object, ...]]:
    """Return every stored value of a form, to see that nothing has changed."""
    table = office.runtime.database.tables[form]
    with office.look(None) as unit:
        return [tuple(row) for row in unit.connection.execute(table.select().order_by(table.c.id))]


def opened(databases: Any, dialect: str, folder: Path) -> Office:
    office = open_office(example(), databases.make(example(), dialect), folder, FakeClock(), [])
    with office.act(None) as unit:
        seeds.apply(unit)
    return office
