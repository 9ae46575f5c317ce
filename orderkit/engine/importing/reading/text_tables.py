"""Text tables (CSV and its cousins): the encoding and the delimiter are found, not asked for."""

import csv
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path

from orderkit.engine.importing.reading.cells import Row
from orderkit.engine.importing.reading.limits import Limits, UnreadableFile
from orderkit.fields.formulas import original
from orderkit.model.labels import label

_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE_CHARACTERS = 65_536
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST_CELL = 1_000_000


def read_text_table(path: Path, limits: Limits) -> tuple[Row, ...]:
    """Return the rows of a text table; every cell is text as it stands there. Raises UnreadableFile."""
    text = _decoded(path.read_bytes())
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    rows: list[Row] = []
    known: dict[str, str] = {}
    try:
        for cells in reader:
            if len(cells) > limits.columns:
                raise UnreadableFile(
                    "too_many_columns",
                    label(
                        zh=f"第 {len(rows) + 1} 行有 {len(cells)} 列，最多 {limits.columns} 列",
                        en=f"row {len(rows) + 1} has {len(cells)} columns, at most {limits.columns} are read",
                    ),
                )
            if len(rows) == limits.rows:
                raise UnreadableFile(
                    "too_many_rows",
                    label(zh=f"超过 {limits.rows} 行", en=f"the file has more than {limits.rows} rows"),
                    label(zh="请拆成几个文件", en="split it into several files"),
                )
            # The same texts stand in many rows; keeping one of each saves most of the memory.
            rows.append(tuple(known.setdefault(text, text) for text in map(original, cells)))
    except csv.Error as error:
        raise UnreadableFile(
            "broken_table",
            label(
                zh=f"第 {reader.line_num} 行附近的格式有误（引号或过长的单元格）",
                en=f"the table is broken near line {reader.line_num}: {error}",
            ),
        ) from error
    return tuple(rows)


def _decoded(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ["utf-16"]
    else:
        candidates = ["utf-8-sig", "gb18030"]
    for encoding in candidates:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.search(text, 0, _SAMPLE_CHARACTERS):
            break
        return text
    raise UnreadableFile(
        "not_a_table",
        label(zh="这不是表格文件", en="the file is not a table"),
        label(
            zh="请上传 .xlsx、.xls，或 UTF-8、GB18030 编码的 .csv",
            en="give an .xlsx or .xls file, or a .csv in UTF-8 or GB18030",
        ),
    )


def _delimiter(text: str) -> str:
    """Return the delimiter under which most of the first rows have the same number of cells."""
    lines = list(islice(io.StringIO(text[:_SAMPLE_CHARACTERS], newline=""), 200))

    def fit(delimiter: str) -> tuple[int, int]:
        try:
            widths = Counter(len(row) for row in csv.reader(lines, delimiter=delimiter) if row)
        except csv.Error:
            return (0, 0)
        several = {width: rows for width, rows in widths.items() if width > 1}
        if not several:
            return (0, 0)
        width = max(several, key=lambda each: several[each])
        return (several[width], width)

    return max(_DELIMITERS, key=fit)
