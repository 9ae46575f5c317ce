"""`orderkit worker` beside an app: it does what is due, and stops when asked."""

import signal
import subprocess
import sys

import pytest

from orderkit.cli import main

FILES = {
    "orderkit.yaml": "project: shop\nlabel: 商店\nversion: 1.0.0\nlocale: zh-CN\ntimezone: Asia/Shanghai\ncurrency: CNY\n",
    "customer.yaml": "form: customer\nfields:\n  name: {type: text, required: true}\n",
}


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.delenv("ORDERKIT_DATABASE_URL", raising=False)
    for name, text in FILES.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def run(*words):
    with pytest.raises(SystemExit) as left:
        main(["--lang", "en", *map(str, words)])
    return left.value.code


def test_a_project_that_is_not_built_is_refused_with_the_remedy(project, capsys):
    assert run("worker", project) == 1
    assert "orderkit build" in capsys.readouterr().err


def test_it_does_what_is_due_and_stops_when_asked(project, capsys):
    assert run("build", project) == 0
    assert run("migrate", project) == 0
    capsys.readouterr()
    assert run("worker", project, "--once") == 0
    assert capsys.readouterr().out.strip() == "made 0 attempts"
    command = [
        sys.executable,
        "-c",
        "from orderkit.cli import main; main()",
        "--lang",
        "en",
        "worker",
        str(project),
    ]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert "Ctrl+C" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=60) == 0
        assert "stopped" in process.stderr.read()
