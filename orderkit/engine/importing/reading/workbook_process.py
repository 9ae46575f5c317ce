"""Reads one sheet of an Excel file in a process of its own; run by `workbooks.py`, never imported.

A file of 5 KB with one cell in the last corner makes the reader ask for 500 GB, which ends the
process. Here it is this small one, with a bound on memory and time. It imports nothing of orderkit,
so that it starts at once. Rows leave as lines of JSON, each cell a text with its kind in front.
"""

import json
import sys
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from typing import Any

from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum


def coded(cell: Any) -> str | None:
    """Return the cell as text: its kind in the first letter. Empty is None."""
    match cell:
        case "" | None:
            return None
        case str():
            return "s" + cell
        case bool():
            return "b1" if cell else "b0"
        case float() | int():
            return "n" + format(cell, ".15g")
        case datetime():
            return "t" + cell.isoformat()
        case date():
            return "d" + cell.isoformat()
        case time():
            return "c" + cell.isoformat()
        case timedelta():
            return "i" + str(cell.total_seconds())
    return "s" + str(cell)


def bound(memory_bytes: int, seconds: int) -> None:
    """Bound memory and time. Windows has no such bounds: there the caller's own limit of time must do."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows does not have it

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # macOS knows this bound and refuses to set it.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def main(  # noqa: PLR0917 - the words of a command line
    path: str, sheet: str, memory_bytes: int, seconds: int, rows: int, cells: int
) -> None:
    """Write the names of the sheets (`sheet` is ``) or the rows of one sheet; its size, if it is too large."""
    bound(memory_bytes, seconds)
    write = sys.stdout.write
    with open(path, "rb") as file:  # noqa: PTH123 - pathlib costs a third of this process's start
        workbook = CalamineWorkbook.from_filelike(file)
    if not sheet:
        tables = [s for s in workbook.sheets_metadata if s.typ == SheetTypeEnum.WorkSheet]
        tables.sort(key=lambda s: s.visible != SheetVisibleEnum.Visible)
        write(json.dumps([s.name for s in tables]) + "\n")
        return
    table = workbook.get_sheet_by_name(sheet)
    last_row, last_column = table.end or (-1, -1)
    height, width = last_row + 1, last_column + 1
    if height > rows or height * width > cells:
        write(json.dumps({"rows": height, "columns": width}) + "\n")
        return
    for row in table.to_python(skip_empty_area=False):
        write(json.dumps([coded(cell) for cell in row], ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], *(int(each) for each in sys.argv[3:]))
