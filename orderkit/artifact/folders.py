"""Where the parts of an artifact lie, and whether two artifacts are the same, without reading what is in them."""

import hashlib
from pathlib import Path

from orderkit import __version__
from orderkit.database.connections.defaults import BUILD_FOLDER
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label

MODEL = "model.json"
PLUGINS = "plugins.txt"
COMMIT = "commit.txt"
ASSETS = "assets"
MIGRATIONS = "migrations"
VERSIONS = "versions"
BUILD = BUILD_FOLDER
DATA = "var"


class NoArtifact(OrderkitError):
    """There is no artifact in this folder; run `orderkit build` first."""


def find_artifact(directory: Path) -> Path:
    """Return the artifact of a project folder (`build/` in it), or the folder itself if it is one.

    Raises:
        NoArtifact: there is none.
    """
    for folder in (directory / BUILD, directory):
        if (folder / MODEL).is_file():
            return folder
    raise NoArtifact(
        label(
            zh=f"{directory} 里没有构建结果：请先运行 `orderkit build {directory}`",
            en=f"there is no artifact in {directory}: run `orderkit build {directory}` first",
        )
    )


def fingerprint(folder: Path) -> str | None:
    """Return the SHA-256 of what `migrate` reads of an artifact, and of which orderkit reads it.

    None with plugins: they are installed beside the artifact, so it does not say all that is read.
    """
    if (folder / PLUGINS).exists():
        return None
    found = hashlib.sha256(f"orderkit {__version__}\n".encode())
    for path in (folder / MODEL, *sorted((folder / MIGRATIONS / VERSIONS).glob("*.py"))):
        data = path.read_bytes()
        found.update(f"{path.name} {len(data)}\n".encode())
        found.update(data)
    return found.hexdigest()
