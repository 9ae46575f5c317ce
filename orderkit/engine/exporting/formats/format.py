"""What a kind of file says of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from orderkit.engine.exporting.columns import Table

Write = Callable[[Table, BinaryIO], int]
"""Writes a table and returns how many rows it has below its headings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A kind of file; `name` is also its ending."""

    name: str
    title: str
    media_type: str
    write: Write
