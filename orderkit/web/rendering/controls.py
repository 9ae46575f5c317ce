"""The controls that plugins bring: `control.js` beside the class of a field type, an ES module that was built before.

What orderkit ships stands in the bundles instead, built from `control.ts`. A file is read once, when the server begins:
its address carries the hash of what is served there.
"""

import gzip
import hashlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from orderkit.catalog import Catalog


@dataclass(frozen=True, slots=True)
class Script:
    """A module as it is served; `name` is what it is called there."""

    name: str
    content: bytes
    compressed: bytes


def controls_of(catalog: Catalog) -> Mapping[str, Script]:
    """Return the controls that field types bring, by the name of the type."""
    found = {}
    for name, field_type in catalog.fields.items():
        path = Path(inspect.getfile(type(field_type))).parent / "control.js"
        if path.is_file():
            content = path.read_bytes()
            digest = hashlib.sha256(content).hexdigest()[:10]
            found[name] = Script(f"field-{name}.{digest}.js", content, gzip.compress(content, mtime=0))
    return found
