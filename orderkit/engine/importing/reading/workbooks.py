"""Excel workbooks (`.xlsx`, `.xls`), opened by a bounded process; see `workbook_process.py`."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import chain
from pathlib import Path

from orderkit.engine.files.media_types import is_encrypted
from orderkit.engine.importing.reading.cells import Cell, Row
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.model.labels import label

_PROCESS = Path(__file__).with_name("workbook_process.py")


def sheet_names(path: Path, limits: Limits) -> list[str]:
    """Return the names of the sheets with tables, visible ones first. Raises UnreadableFile."""
    names: list[str] = json.loads("".join(_lines(path, "", limits)))
    return names


def read_sheet(path: Path, sheet: str, limits: Limits) -> tuple[Row, ...]:
    """Return the rows of a sheet from its first row on. Raises UnreadableFile."""
    known: dict[str | None, Cell] = {None: None}
    rows: list[Row] = []
    size: Mapping[str, int] | None = None
    for line in _lines(path, sheet, limits):
        codes: Sequence[str | None] | Mapping[str, int] = json.loads(line)
        if isinstance(codes, Mapping):
            size = codes
            continue
        rows.append(tuple(known[code] if code in known else _remember(known, code) for code in codes))
    if size is not None:
        count, width = size["rows"], size["columns"]
        raise UnreadableFile(
            "too_many_rows",
            label(
                zh=f"工作表“{sheet}”有 {count} 行 {width} 列，最多 {limits.rows} 行、{limits.cells} 个单元格",
                en=f"sheet `{sheet}` has {count} rows and {width} columns, "
                f"at most {limits.rows} rows and {limits.cells} cells are read",
            ),
            label(
                zh="请删去空行和空列，或拆成几个文件",
                en="delete blank rows and columns, or split it into several files",
            ),
        )
    if rows and len(rows[0]) > limits.columns:
        raise UnreadableFile(
            "too_many_columns",
            label(
                zh=f"工作表“{sheet}”有 {len(rows[0])} 列，最多 {limits.columns} 列",
                en=f"sheet `{sheet}` has {len(rows[0])} columns, at most {limits.columns} are read",
            ),
        )
    return tuple(rows)


def _lines(path: Path, sheet: str, limits: Limits) -> Iterator[str]:
    """Yield what the process writes, while it writes. Raises UnreadableFile, at the end if it fails on its way."""
    bounds = (limits.memory_bytes, limits.seconds, limits.rows, limits.cells)
    # -P: the folder of the script must not shadow modules of the standard library.
    python = [sys.executable, "-P", "-X", "utf8"]
    command = [*python, str(_PROCESS), str(path), sheet, *(str(each) for each in bounds)]
    with subprocess.Popen(  # noqa: S603 - our own program, our own interpreter
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        ending = threading.Timer(limits.seconds, process.kill)
        ending.start()
        try:
            first = process.stdout.readline()
            # It has opened the file by now; how long the rest takes is up to who reads it, and it waits for them.
            ending.cancel()
            for line in chain((first,), process.stdout):
                # What is killed may leave half a line.
                if line.endswith(b"\n"):
                    yield line.decode("utf-8")
            process.wait()
        except BaseException:
            process.kill()
            raise
        finally:
            ending.cancel()
    if process.returncode != 0:
        raise _unreadable(path)


def _unreadable(path: Path) -> UnreadableFile:
    if is_encrypted(path):
        return UnreadableFile(
            "protected",
            label(zh="这个 Excel 文件有打开密码", en="this Excel file is protected by a password"),
            label(
                zh="请在 Excel 中打开，去掉密码后另存，再试一次",
                en="open it in Excel, save it without the password and try again",
            ),
        )
    return UnreadableFile(
        "broken_workbook",
        label(
            zh="无法打开这个 Excel 文件：已损坏、有密码，或展开后过大",
            en="this Excel file cannot be opened: it is damaged, protected by a password, or much too large",
        ),
        label(
            zh="请在 Excel 中打开，另存为 .xlsx 或 .csv 后重试",
            en="open it in Excel, save it as .xlsx or .csv and try again",
        ),
    )


def _remember(known: dict[str | None, Cell], code: str | None) -> Cell:
    cell = _decoded(code or "s")
    known[code] = cell
    return cell


def _decoded(code: str) -> Cell:
    kind, text = code[0], code[1:]
    match kind:
        case "n":
            return Decimal(text)
        case "b":
            return text == "1"
        case "t":
            return datetime.fromisoformat(text)
        case "d":
            return date.fromisoformat(text)
        case "c":
            return time.fromisoformat(text)
        case "i":
            return timedelta(seconds=float(text))
    return text
