"""Where something stands in the files of a project."""

from typing import NamedTuple


class Span(NamedTuple):
    """A stretch of a file: lines and columns from 1, columns in characters, the end just behind the last one."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int
