"""Outputs that cannot take everything: another encoding, a closed or full output, names that are no text."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

BROKEN = {
    "orderkit.yaml": "project: shop\nlocale: zh-CN\n",
    "forms/product.yaml": "form: product\nlabel: 产品\nfields: {name: {type: txt, label: 名称}}\n",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for path, text in BROKEN.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text, encoding="utf-8")
    return tmp_path


def shell(command: str, project: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Run `orderkit check --no-cache` with redirections, as a shell does."""
    started = f"{sys.executable} -c 'from orderkit.cli import main; main()' check --no-cache {command}"
    return subprocess.run(
        ["bash", "-c", started],
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        check=False,
    )


def test_an_encoding_without_chinese_is_no_bug(project: Path) -> None:
    done = shell(". --lang zh", project, PYTHONIOENCODING="ascii")
    assert done.returncode == 1
    assert b"error[OK2101]" in done.stdout


@pytest.mark.parametrize("format_", ["json", "sarif", "gitlab"])
def test_documents_are_utf8_whatever_the_encoding(project: Path, format_: str) -> None:
    done = shell(f". --lang zh --format {format_}", project, PYTHONIOENCODING="gbk")
    assert done.returncode == 1
    assert "字段类型" in json.dumps(json.loads(done.stdout.decode("utf-8")), ensure_ascii=False)


@pytest.mark.parametrize(
    ("format_", "shown"),
    [
        *((each, "\\udcff.yaml") for each in ("human", "concise", "json", "gitlab", "github")),
        ("sarif", "%FF.yaml"),
        ("junit", "\ufffd.yaml"),
    ],
)
def test_a_file_name_that_is_no_text_is_shown_all_the_same(project: Path, format_: str, shown: str) -> None:
    Path(os.fsdecode(os.fsencode(project) + b"/forms/\xff.yaml")).write_text("form: 1\n", encoding="utf-8")
    done = shell(f". --format {format_}", project)
    assert done.returncode == 1
    assert shown in done.stdout.decode("utf-8")


@pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_output_changes_no_exit_code(project: Path, closed: str) -> None:
    assert shell(f". {closed}", project).returncode == 1
    (project / "forms/product.yaml").unlink()
    assert shell(f". {closed}", project).returncode == 0


def test_a_full_disk_behind_the_output_is_no_bug(project: Path) -> None:
    done = shell(". --lang en --format json > /dev/full", project)
    assert done.returncode == 1
    assert b"the disk is full" in done.stderr
    assert b"bug" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize("encoding", ["cp936", "ascii"])
def test_no_command_breaks_on_a_console_that_lacks_characters(tmp_path: Path, encoding: str) -> None:
    """A form is called with a character that the console of Chinese Windows lacks."""
    shop = tmp_path / "项目𠮷"
    shop.mkdir()
    (shop / "orderkit.yaml").write_text(BROKEN["orderkit.yaml"], encoding="utf-8")
    product = BROKEN["forms/product.yaml"].replace("txt", "text").replace("产品", "产品𠮷é")
    (shop / "product.yaml").write_text(product, encoding="utf-8")
    ends = {"backup": [str(shop), str(tmp_path / "备份.tar")], "--help": []}
    for command in ("plan", "build", "migrate", "doctor", "backup", "--help"):
        words = [command, *ends.get(command, [str(shop)])]
        done = subprocess.run(
            [sys.executable, "-c", "from orderkit.cli import main; main()", "--lang", "zh", *words],
            env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"},
            capture_output=True,
            check=False,
        )
        told = done.stderr.decode(encoding)
        assert (command, done.returncode, told) == (command, 0, told)
        if command != "--help":
            # The library that shows the help takes ASCII for a mistake, and writes UTF-8.
            done.stdout.decode(encoding)
