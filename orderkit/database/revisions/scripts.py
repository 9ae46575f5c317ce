"""The scripts in `migrations/versions/` as they stand there: what their heads say, without running any."""

import ast
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orderkit.database.revisions.snapshots import digest_of

VERSIONS = "versions"
_NAME = re.compile(r"(?P<number>[0-9]{4})_[a-z0-9_]+\.py")
_SEAL = "# as generated: "
# Python 3.11 makes trees of one text at a time: threads that do so at once upset a counter of the interpreter.
_PARSING = threading.Lock()
_HEADS = frozenset({"revision", "down_revision", "starts_from", "leads_to", "retires"})


class Unreadable(ValueError):
    """A script that is no Python, or whose head says nothing that can be understood."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """A script. `starts_from` and `leads_to` are hashes of models, None in those of an early orderkit."""

    number: str
    path: Path
    text: str
    starts_from: str | None
    leads_to: str | None
    retires: tuple[str, ...]

    @property
    def is_edited(self) -> bool:
        """Whether somebody changed it since it was generated; those of an early orderkit had no seal."""
        body, seal, digest = self.text.rpartition(_SEAL)
        return digest.strip() != digest_of(body) if seal else self.leads_to is not None


def sealed(text: str) -> str:
    """Return a script with a last line by which it is known whether somebody changed it.

    The snapshot knows it too; but of two branches that wrote the same number, only one snapshot is left.
    """
    body = f"{text}\n\n"
    return f"{body}{_SEAL}{digest_of(body)}\n"


def scripts_in(folder: Path) -> Sequence[Script]:
    """Return the scripts of a `migrations` folder by number, then name. Raises Unreadable, with the path in front."""
    paths = sorted((folder / VERSIONS).glob("*.py"))
    return [_script(path, match["number"]) for path in paths if (match := _NAME.fullmatch(path.name))]


def _script(path: Path, number: str) -> Script:
    try:
        text = path.read_text(encoding="utf-8")
        head = _head(text)
        return Script(
            number=number,
            path=path,
            text=text,
            starts_from=_text_or_none(head.get("starts_from")),
            leads_to=_text_or_none(head.get("leads_to")),
            retires=tuple(str(each) for each in head.get("retires", ())),
        )
    except (OSError, ValueError, SyntaxError) as error:
        raise Unreadable(f"{path}: {error}") from error


def _head(text: str) -> Mapping[str, Any]:
    """Return the constants of a script that say where it stands."""
    found = {}
    with _PARSING:
        tree = ast.parse(text)
    for node in tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name in _HEADS:
                with _PARSING:
                    found[name] = ast.literal_eval(node.value)
    return found


def _text_or_none(value: object) -> str | None:
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{value!r} is no hash")
    return value
