"""Where the files of a project lie. The only module of the language that reads a disk."""

import os
from collections.abc import Mapping
from pathlib import Path

# Folders that orderkit and others write; what lies there is nobody's source.
_NOT_SOURCE = frozenset({"build", "migrations", "var", "node_modules", "__pycache__"})
# What prints are made from.
TEMPLATE_SUFFIX = ".html"
_READ = (".yaml", ".yml", TEMPLATE_SUFFIX)
# What people do in the project, for its demo; it declares nothing.
STORY = ".story.yaml"


def read_directory(directory: Path) -> Mapping[str, bytes]:
    """Return the YAML files and templates below a directory by relative path, sorted.

    Hidden and generated folders are left out.

    Raises:
        OSError: a file or folder cannot be read.
    """
    found = {}
    for folder, folders, files in os.walk(directory, onerror=_give_up):
        folders[:] = sorted(name for name in folders if name not in _NOT_SOURCE and not name.startswith("."))
        inside = Path(folder).relative_to(directory).as_posix()
        place = "" if inside == "." else f"{inside}/"
        for name in files:
            if not name.endswith(_READ) or name.startswith(".") or name.endswith(STORY):
                continue
            path = f"{folder}{os.sep}{name}"
            # With `Path`, reading would take half the time of a check that is remembered.
            if os.path.isfile(path):  # noqa: PTH113
                with open(path, "rb") as file:  # noqa: PTH123
                    found[f"{place}{name}"] = file.read()
    return dict(sorted(found.items()))


def is_source(path: str) -> bool:
    """Return whether a file of this path, relative to its project and with `/`, is one that is read."""
    *folders, name = path.split("/")
    return (
        name.endswith(_READ)
        and not name.startswith(".")
        and not name.endswith(STORY)
        and not any(folder in _NOT_SOURCE or folder.startswith(".") for folder in folders)
    )


def _give_up(error: OSError) -> None:
    raise error
