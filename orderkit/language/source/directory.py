"""Where the files of a project lie. The only module of the language that reads a disk."""

import os
from collections.abc import Mapping
from pathlib import Path

# Folders that orderkit and others write; what lies there is nobody's source.
_NOT_SOURCE = frozenset({"build", "migrations", "var", "node_modules", "__pycache__"})
# What people do in the project, for its demo; it declares nothing.
STORY = ".story.yaml"


def read_directory(directory: Path) -> Mapping[str, bytes]:
    """Return the YAML files below a directory by relative path, sorted; hidden and generated folders left out.

    Raises:
        OSError: a file or folder cannot be read.
    """
    found = {}
    for folder, folders, files in os.walk(directory, onerror=_give_up):
        folders[:] = sorted(name for name in folders if name not in _NOT_SOURCE and not name.startswith("."))
        for name in files:
            path = Path(folder, name)
            if not name.endswith((".yaml", ".yml")) or name.startswith(".") or name.endswith(STORY):
                continue
            if path.is_file():
                found[path.relative_to(directory).as_posix()] = path.read_bytes()
    return dict(sorted(found.items()))


def _give_up(error: OSError) -> None:
    raise error
