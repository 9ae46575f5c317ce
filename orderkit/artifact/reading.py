"""Opens an artifact: reads the model, as the server does at its start."""

import json
from dataclasses import dataclass
from pathlib import Path

from orderkit.catalog import Catalog, built_in
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.stored import from_json, model_hash
from orderkit.model.upgrades import Damaged

MODEL = "model.json"
MIGRATIONS = "migrations"
BUILD = "build"
DATA = "var"


class NoArtifact(OrderkitError):
    """There is no artifact in this folder; run `orderkit build` first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """An opened artifact. `home` is where `var/` lies: the project around `build/`, or the artifact itself."""

    folder: Path
    home: Path
    project: Project
    model_hash: str

    @property
    def files_folder(self) -> Path:
        """Where attachments lie."""
        return self.home / DATA / "files"

    @property
    def migrations(self) -> Path:
        """The folder of the project's revisions."""
        return self.folder / MIGRATIONS


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


def open_artifact(directory: Path, catalog: Catalog | None = None) -> Artifact:
    """Return the artifact in a project folder, or in the folder itself.

    Raises:
        NoArtifact: there is none.
        WrongFormat: another orderkit wrote it, or it is damaged.
    """
    folder = find_artifact(directory)
    try:
        data = json.loads((folder / MODEL).read_bytes())
    except (OSError, ValueError) as error:
        raise Damaged(f"{folder / MODEL}: {error}") from error
    project = from_json(data, (catalog or built_in()).fields)
    return Artifact(
        folder=folder,
        home=directory,
        project=project,
        model_hash=model_hash(project),
    )
