"""The kinds of files that records leave as. A kind is a module of this folder, named in `FORMATS`."""

from collections.abc import Mapping

from orderkit.engine.exporting.formats.csv_format import CSV
from orderkit.engine.exporting.formats.format import Format
from orderkit.engine.exporting.formats.json_format import JSON
from orderkit.engine.exporting.formats.xlsx_format import XLSX

FORMATS: Mapping[str, Format] = {each.name: each for each in (XLSX, CSV, JSON)}

__all__ = ["FORMATS", "Format"]
