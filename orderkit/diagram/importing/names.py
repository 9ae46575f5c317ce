"""Ids of the language for elements that were named elsewhere: from our own ids, or from what they are called."""

import re
from collections.abc import Container

_ID = re.compile(r"[a-z][a-z0-9_]*")


def id_from(written: str, name: str, taken: Container[str], *, otherwise: str) -> str:
    """Return an id: the element's own if it is one, else from its name, else `otherwise` with a number."""
    for candidate in (written, re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")):
        if _ID.fullmatch(candidate) and candidate not in taken:
            return candidate
    number = 1
    while f"{otherwise}_{number}" in taken:
        number += 1
    return f"{otherwise}_{number}"


def without_prefix(written: str, *prefixes: str) -> str:
    """Return an id without the part that we put before it, in the given order of trial."""
    for prefix in prefixes:
        if written.startswith(prefix):
            return written[len(prefix) :]
    return written
