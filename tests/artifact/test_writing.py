"""Writing build/ and opening it again."""

import json
import re
import resource
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from orderkit.artifact.folders import NoArtifact
from orderkit.artifact.reading import open_artifact
from orderkit.artifact.writing import NotAnArtifact, write
from orderkit.catalog import built_in
from orderkit.database.revisions.writing import write_next_revision
from orderkit.model.stored import WrongFormat, model_hash
from tests.database.models import shop

SHOP = shop()


def built(folder: Path, project=SHOP) -> Path:
    write_next_revision(project, built_in(), folder / "migrations")
    write(project, built_in(), migrations=folder / "migrations", target=folder / "build")
    return folder / "build"


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_what_it_holds(tmp_path):
    build = built(tmp_path)
    assert sorted(files(build)) == [
        ".dockerignore",
        "Dockerfile",
        "app.py",
        "migrations/versions/0001_initial.py",
        "model.json",
        "openapi.json",
        "orderkit-0.1.0-py3-none-any.whl",
        "requirements.txt",
    ]
    assert json.loads((build / "model.json").read_text())["format"] == 1
    assert "/api/v1/customer" in json.loads((build / "openapi.json").read_text())["paths"]


def test_the_same_project_gives_the_same_bytes(tmp_path):
    first = files(built(tmp_path / "one"))
    assert files(built(tmp_path / "two")) == first
    assert files(built(tmp_path / "one")) == first


def test_what_was_written_is_opened(tmp_path):
    built(tmp_path)
    artifact = open_artifact(tmp_path)
    assert artifact.project == SHOP
    assert artifact.model_hash == model_hash(SHOP)
    assert (artifact.folder, artifact.home) == (tmp_path / "build", tmp_path)
    deployed = open_artifact(tmp_path / "build")
    assert (deployed.folder, deployed.home) == (tmp_path / "build", tmp_path / "build")


def test_an_old_artifact_gives_way_as_a_whole(tmp_path):
    build = built(tmp_path)
    (build / "migrations" / "versions" / "0009_left_over.py").write_text("")
    built(tmp_path, replace(SHOP, version="2.0.0"))
    assert not (build / "migrations" / "versions" / "0009_left_over.py").exists()
    assert open_artifact(tmp_path).project.version == "2.0.0"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "migrations"]


def test_a_database_inside_an_old_artifact_survives(tmp_path):
    build = built(tmp_path)
    (build / "var").mkdir()
    (build / "var" / "app.db").write_text("orders")
    built(tmp_path)
    assert (build / "var" / "app.db").read_text() == "orders"


@pytest.mark.parametrize("held", ["build", ".build.new"])
def test_what_cannot_be_replaced_stays_with_its_database(tmp_path, monkeypatch, held):
    """Windows refuses to move a folder while a program has a file in it open."""
    build = built(tmp_path)
    (build / "var").mkdir()
    (build / "var" / "app.db").write_text("orders")
    before, rename = files(build), Path.rename

    def refusing(path: Path, target: Path) -> Path:
        if path.name == held:
            raise PermissionError(13, "in use", str(path))
        return rename(path, target)

    with monkeypatch.context() as windows:
        windows.setattr(Path, "rename", refusing)
        with pytest.raises(PermissionError):
            built(tmp_path, replace(SHOP, version="2.0.0"))
    assert files(build) == before
    built(tmp_path, replace(SHOP, version="2.0.0"))
    assert (build / "var" / "app.db").read_text() == "orders"
    assert open_artifact(tmp_path).project.version == "2.0.0"


@pytest.mark.parametrize("is_old_still_there", [True, False])
def test_a_kill_while_the_old_gives_way_loses_no_database(tmp_path, is_old_still_there):
    build = built(tmp_path)
    # As the exchange leaves it between two of its three renames.
    fresh = tmp_path / ".build.new"
    shutil.copytree(build, fresh)
    (fresh / "var").mkdir()
    (fresh / "var" / "app.db").write_text("orders")
    if not is_old_still_there:
        build.rename(tmp_path / ".build.old")
    built(tmp_path)
    assert (build / "var" / "app.db").read_text() == "orders"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "migrations"]


def test_of_two_databases_none_is_deleted_after_a_kill(tmp_path):
    build = built(tmp_path)
    for folder in (build, tmp_path / ".build.new"):
        (folder / "var").mkdir(parents=True)
        (folder / "var" / "app.db").write_text(folder.name)
    with pytest.raises(NotAnArtifact, match="data in both") as caught:
        built(tmp_path)
    assert caught.value.known_as.id == "OK6470"
    assert (build / "var" / "app.db").read_text() == "build"
    assert (tmp_path / ".build.new" / "var" / "app.db").read_text() == ".build.new"


def test_a_full_disk_leaves_the_old_artifact_and_nothing_half_written(tmp_path):
    before = files(built(tmp_path))
    limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(before["openapi.json"]) // 2, limit[1]))
    try:
        with pytest.raises(OSError, match="too large") as caught:
            write(SHOP, built_in(), migrations=tmp_path / "migrations", target=tmp_path / "build")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limit)
    assert Path(caught.value.filename).parent.name == ".build.new"
    assert files(tmp_path / "build") == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["build", "migrations"]


def test_a_folder_with_other_files_is_not_touched(tmp_path):
    target = tmp_path / "build"
    target.mkdir()
    (target / "thesis.txt").write_text("months of work")
    with pytest.raises(NotAnArtifact):
        write(SHOP, built_in(), migrations=tmp_path / "migrations", target=target)
    assert files(target) == {"thesis.txt": b"months of work"}


def test_a_folder_without_an_artifact_is_refused_with_the_remedy(tmp_path):
    with pytest.raises(NoArtifact, match="orderkit build"):
        open_artifact(tmp_path)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"format": 99}', '{"format": 1}', '{"format": 1, "project": {}}']
)
def test_a_damaged_model_is_refused_with_the_remedy(tmp_path, text):
    (built(tmp_path) / "model.json").write_text(text)
    with pytest.raises(WrongFormat, match="build"):
        open_artifact(tmp_path)


def test_every_requirement_is_pinned_with_a_hash_and_names_no_server(tmp_path):
    text = (built(tmp_path) / "requirements.txt").read_text()
    options, *requirements = [line for line in text.splitlines() if not line.startswith((" ", "#"))]
    assert options == "--find-links ."
    assert all("==" in line for line in requirements)
    assert requirements[-1].startswith("orderkit==")
    assert text.count("--hash=sha256:") >= len(requirements)
    assert not re.search(r"://|--index", text)
