"""Where the files of a project lie. The only module of the language that reads a disk."""

import os
from collections.abc import Mapping
from pathlib import Path

# Folders that orderkit and others write; what lies there is nobody's source.
_NOT_SOURCE = frozenset({"build", "migrations", "var", "node_modules", "__pycache__"})
# What prints are made from.
TEMPLATE_SUFFIX = ".html"
_READ = (".yaml", ".yml", TEMPLATE_SUFFIX)
# What documents show besides: pictures and fonts, in a folder of their own, so that no other picture is read.
ASSETS = "assets/"
ASSET_SUFFIXES = (".png", ".jpg", ".jpeg", ".ttf", ".otf")
MOST_ASSET_BYTES = 24_000_000
"""No more than a byte beyond is read of a larger one; what names it is told that it is too large."""
# What people do in the project, for its demo; it declares nothing.
STORY = ".story.yaml"


def read_directory(directory: Path) -> Mapping[str, bytes]:
    """Return the YAML files, templates and assets below a directory by relative path, sorted.

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
            is_asset_ = is_asset(f"{place}{name}")
            if not (name.endswith(_READ) or is_asset_) or name.startswith(".") or name.endswith(STORY):
                continue
            path = f"{folder}{os.sep}{name}"
            # With `Path`, reading would take half the time of a check that is remembered.
            if os.path.isfile(path):  # noqa: PTH113
                with open(path, "rb") as file:  # noqa: PTH123
                    found[f"{place}{name}"] = file.read(MOST_ASSET_BYTES + 1 if is_asset_ else -1)
    return dict(sorted(found.items()))


def is_asset(path: str) -> bool:
    """Return whether a file of this path, relative to its project, is no text: a picture or a font."""
    return path.startswith(ASSETS) and path.endswith(ASSET_SUFFIXES)


def is_source(path: str) -> bool:
    """Return whether a file of this path, relative to its project and with `/`, is one that is read."""
    *folders, name = path.split("/")
    return (
        (name.endswith(_READ) or is_asset(path))
        and not name.startswith(".")
        and not name.endswith(STORY)
        and not any(folder in _NOT_SOURCE or folder.startswith(".") for folder in folders)
    )


def _give_up(error: OSError) -> None:
    raise error
