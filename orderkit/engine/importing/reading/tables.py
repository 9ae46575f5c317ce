"""A file as sheets of rows: the one way in for text tables and workbooks alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from orderkit.engine.importing.reading.cells import Row
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.engine.importing.reading.text_tables import read_text_table
from orderkit.engine.importing.reading.workbooks import read_sheet, sheet_names
from orderkit.model.labels import label

_ZIP = b"PK\x03\x04"
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table: row `n` of the sheet is `rows[n - 1]`."""

    name: str
    rows: tuple[Row, ...]


def read_sheets(
    path: Path, *, sheet: str | None, limits: Limits, file_name: str | None = None
) -> Iterator[Sheet]:
    """Yield the sheet of that name, or every sheet in the order of the file until one fits.

    A text table is one sheet with the name of the file, as people call it. Raises UnreadableFile.
    """
    size = path.stat().st_size
    if size == 0:
        raise UnreadableFile("empty", label(zh="文件是空的", en="the file is empty"))
    if size > limits.file_bytes:
        raise UnreadableFile(
            "too_large",
            label(
                zh=f"文件有 {size // 2**20} MB，最多 {limits.file_bytes // 2**20} MB",
                en=f"the file has {size // 2**20} MB, at most {limits.file_bytes // 2**20} MB are read",
            ),
            label(zh="请拆成几个文件", en="split it into several files"),
        )
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith((_ZIP, _COMPOUND)):
        yield from _workbook(path, sheet, limits)
    else:
        yield Sheet(file_name or path.name, read_text_table(path, limits))


def _workbook(path: Path, wanted: str | None, limits: Limits) -> Iterator[Sheet]:
    names = sheet_names(path, limits)
    if wanted is not None and wanted not in names:
        listed = "、".join(names)
        raise UnreadableFile(
            "no_sheet",
            label(zh=f"文件里没有工作表“{wanted}”", en=f"the file has no sheet `{wanted}`"),
            label(zh=f"现有工作表：{listed}", en=f"its sheets are: {', '.join(names)}"),
        )
    for name in names if wanted is None else [wanted]:
        yield Sheet(name, read_sheet(path, name, limits))
