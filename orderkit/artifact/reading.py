"""Opens an artifact: reads the model, as the server does at its start."""

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from orderkit.artifact.folders import ASSETS, COMMIT, DATA, MIGRATIONS, MODEL, PLUGINS, find_artifact
from orderkit.catalog import Catalog, installed, installed_plugins
from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.stored import from_json, model_hash
from orderkit.model.upgrades import Damaged

PLUGIN_MISSING = Code(
    "OK6723",
    "plugin-missing",
    ERROR,
    since="0.1",
    explain="""
        The artifact was built with a plugin that is not installed here, so nobody knows what its fields, actions or
        connectors are. `plugins.txt` in the artifact names it with its version:
        `pip install -r build/plugins.txt`.
    """,
    zh="部署包构建时用到的插件在这里没有安装，其中的字段、动作或连接器无从解释。部署包里的 `plugins.txt` 写明了插件和版本：`pip install -r build/plugins.txt`。",
)


class PluginMissing(OrderkitError):
    """The artifact needs a plugin that is not installed; install what its plugins.txt names."""

    known_as = PLUGIN_MISSING


@dataclass(frozen=True, slots=True, kw_only=True)
class Artifact:
    """An opened artifact. `home` is where `var/` lies: the project around `build/`, or the artifact itself."""

    folder: Path
    home: Path
    project: Project
    model_hash: str
    commit: str | None = None

    @property
    def files_folder(self) -> Path:
        """Where attachments lie."""
        return self.home / DATA / "files"

    def asset(self, digest: str) -> bytes | None:
        """Return a file that documents show, by its SHA-256; None where it is not there, or is another."""
        path = self.folder / ASSETS / digest
        data = path.read_bytes() if path.is_file() else b""
        return data if sha256(data).hexdigest() == digest else None

    @property
    def migrations(self) -> Path:
        """The folder of the project's revisions."""
        return self.folder / MIGRATIONS


def open_artifact(directory: Path, catalog: Catalog | None = None) -> Artifact:
    """Return the artifact in a project folder, or in the folder itself.

    Raises:
        NoArtifact: there is none.
        WrongFormat: another orderkit wrote it, or it is damaged.
        PluginMissing, PluginRefused: a plugin that it needs is not here, or cannot be used.
    """
    folder = find_artifact(directory)
    _require_plugins(folder)
    try:
        data = json.loads((folder / MODEL).read_bytes())
    except (OSError, ValueError) as error:
        raise Damaged(f"{folder / MODEL}: {error}") from error
    project = from_json(data, (catalog or installed()).fields)
    return Artifact(
        folder=folder,
        home=directory,
        project=project,
        model_hash=model_hash(project),
        commit=_commit(folder),
    )


def _commit(folder: Path) -> str | None:
    path = folder / COMMIT
    return path.read_text(encoding="utf-8").strip() if path.is_file() else None


def _require_plugins(folder: Path) -> None:
    """Refuse an artifact whose plugins are not installed; another version of one is its author's promise."""
    path = folder / PLUGINS
    if not path.is_file():
        return
    here = {each.distribution for each in installed_plugins()}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.partition("==")[0] not in here:
            raise PluginMissing(
                label(
                    zh=f"这个部署包需要插件 {line}，这里没有安装：请运行 `pip install -r {path}`",
                    en=f"this artifact needs the plugin {line}, which is not installed: run `pip install -r {path}`",
                )
            )
