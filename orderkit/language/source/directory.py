"""Where the files of a project lie. The only module of the language that reads a disk."""

from collections.abc import Mapping
from pathlib import Path

_NOT_SOURCE = frozenset({"build", "migrations", "var", "node_modules"})


def read_directory(directory: Path) -> Mapping[str, bytes]:
    """Return the YAML files below a directory by relative path, sorted; hidden and generated folders left out."""
    found = {}
    for path in sorted(directory.rglob("*")):
        relative = path.relative_to(directory)
        if path.suffix not in (".yaml", ".yml") or not path.is_file():
            continue
        if relative.parts[0] in _NOT_SOURCE or any(part.startswith(".") for part in relative.parts):
            continue
        found[relative.as_posix()] = path.read_bytes()
    return found
