"""Plain data as a file of the language, laid out as everybody's files look: the way back from `source.plain`."""

import json
import re
from collections.abc import Mapping

from orderkit.language.format.formatting import format_file
from orderkit.language.source.nodes import EMPTY

_WIDEST = 90
_DEEPEST = 3
# A text that YAML, and the traps that our reader looks for, leave alone also within brackets.
_PLAIN = re.compile(r"[A-Za-z0-9_\u4e00-\u9fff=](?:[\w\u4e00-\u9fff().=<>+*/-]| (?! |$))*")


def file_from(path: str, value: Mapping[str, object]) -> str:
    """Return the text of a file that says this; `path` says for messages where it will stand."""
    lines = [line for key, each in value.items() for line in _entry(key, each, 0)]
    return format_file(path, ("\n".join(lines) + "\n").encode()).data.decode()


def _entry(key: str, value: object, level: int) -> list[str]:
    """Return an entry of a mapping; what is too long for a line has a line for each entry of its own."""
    space = "  " * level
    line = f"{space}{_scalar(key)}: {_flow(value)}"
    if len(line) <= _WIDEST or level >= _DEEPEST or not isinstance(value, Mapping):
        return [line]
    entries = (part for name, each in value.items() for part in _entry(name, each, level + 1))
    return [f"{space}{_scalar(key)}:", *entries]


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_flow(each) for each in value) + "]"
    return "null" if value is None else _scalar(str(value))


def _scalar(text: str) -> str:
    if text not in EMPTY and _PLAIN.fullmatch(text):
        return text
    return json.dumps(text, ensure_ascii=False)
