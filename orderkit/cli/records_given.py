"""Records that a file gives to a simulation: a CSV with fields as headings, or JSON or YAML with a list of records."""

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

SUFFIXES = (".csv", ".json", ".yaml", ".yml")

Record = Mapping[str, str | Sequence[Mapping[str, str]]]


class WrongRecords(OrderkitError):
    """The file has no records; see the message."""


def read_records(path: Path) -> tuple[Record, ...]:
    """Return the records of a file, every value as the text that it is. Raises WrongRecords."""
    try:
        text = path.read_text("utf-8-sig")
        found = _read(path.suffix.lower(), text)
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise WrongRecords(
            label(zh=f"读不了 {path}：{error}", en=f"{path} cannot be read: {error}")
        ) from error
    if not isinstance(found, list) or not found or not all(isinstance(each, dict) for each in found):
        raise WrongRecords(
            label(
                zh=f"{path} 里应当是记录的列表", en=f"{path} should hold a list of records, and at least one"
            )
        )
    return tuple({str(name): _value(value) for name, value in each.items()} for each in found)


def _read(suffix: str, text: str) -> Any:
    if suffix == ".csv":
        return [
            {name: value for name, value in row.items() if name and value}
            for row in csv.DictReader(text.splitlines())
        ]
    if suffix == ".json":
        return json.loads(text, parse_float=str, parse_int=str)
    import yaml  # noqa: PLC0415 - only where a file is written so

    try:
        # Every scalar stays the text that it is; its field decides what it means.
        return yaml.load(text, yaml.BaseLoader)  # noqa: S506 - it makes texts, lists, maps
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _value(value: Any) -> str | Sequence[Mapping[str, str]]:
    if isinstance(value, list):
        return [
            {str(name): str(each) for name, each in row.items()} for row in value if isinstance(row, dict)
        ]
    return str(value)
