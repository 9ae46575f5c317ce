"""What can still be known of a file that cannot be read: its kind, its id, and what it is about.

Nothing is made of it but silence: whoever refers to such an object does not hear that it is missing.
"""

import re
from collections.abc import Mapping

from orderkit.language.findings import nearest
from orderkit.language.source import ScalarNode, SourceText
from orderkit.language.spec import KINDS, kinds_among

_TOP_LEVEL = re.compile(
    r"""^(?P<key>[A-Za-z_]+)[ \t]*[:：][ \t]*(?P<quote>["']?)(?P<value>[\w.]+)""", re.MULTILINE
)
_REVERSE = re.compile(r"\breverse:[ \t]*([a-z][a-z0-9_]*)")


def facts_of(text: str) -> Mapping[str, re.Match[str]]:
    """Return the plain values that stand at the beginning of lines, by key."""
    found: dict[str, re.Match[str]] = {}
    for match in _TOP_LEVEL.finditer(text):
        found.setdefault(match["key"], match)
    return found


def identity(path: str, data: bytes) -> tuple[str, ScalarNode, Mapping[str, str]] | None:
    """Return kind, id and further facts of a file that could not be read, or None where nothing is known.

    `reverse` lists the names that its references give to other forms.
    """
    text = _text(data)
    facts = facts_of(text)
    kinds = [(key, facts[key]) for key in kinds_among(facts) if key in KINDS]
    if not kinds:
        kinds = [(meant, match) for key, match in facts.items() if (meant := nearest(key, KINDS)) is not None]
    if not kinds:
        return None
    kind, match = kinds[0]
    node = ScalarNode(SourceText(path, text), match.start("value"), match.end("value"), match["value"])
    known = {key: fact["value"] for key, fact in facts.items()}
    return kind, node, {**known, "reverse": " ".join(_REVERSE.findall(text))}


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("utf-8", errors="replace")
