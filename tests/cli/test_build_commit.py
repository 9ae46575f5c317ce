"""The commit that an artifact says it was built from."""

import subprocess
from pathlib import Path

from orderkit.cli.planning.git import commit_of_work_tree


def test_the_commit_is_told_and_whether_files_differ_from_it(tmp_path: Path) -> None:
    assert commit_of_work_tree(tmp_path, besides=("build",)) is None
    _git(tmp_path, "init", "-q")
    assert commit_of_work_tree(tmp_path, besides=("build",)) is None
    (tmp_path / "project.yaml").write_text("project: a\n", encoding="utf-8")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "Begin")
    commit = _git(tmp_path, "rev-parse", "HEAD")[:12]
    assert commit_of_work_tree(tmp_path, besides=("build",)) == commit
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "model.json").write_text("{}", encoding="utf-8")
    assert commit_of_work_tree(tmp_path, besides=("build",)) == commit
    (tmp_path / "forms.yaml").write_text("form: b\n", encoding="utf-8")
    assert commit_of_work_tree(tmp_path, besides=("build",)) == f"{commit}-dirty"


def test_what_lies_beside_a_project_in_its_repository_does_not_count(tmp_path: Path) -> None:
    project = tmp_path / "shop"
    project.mkdir()
    _git(tmp_path, "init", "-q")
    (project / "project.yaml").write_text("project: a\n", encoding="utf-8")
    _git(tmp_path, "add", ".")
    _git(tmp_path, "commit", "-q", "-m", "Begin")
    (tmp_path / "notes.txt").write_text("not of the project", encoding="utf-8")
    found = commit_of_work_tree(project, besides=("build",))
    assert found is not None
    assert not found.endswith("-dirty")


def _git(folder: Path, *words: str) -> str:
    who = ("-c", "user.name=a", "-c", "user.email=a@example.com")
    return subprocess.run(
        ["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout.strip()
