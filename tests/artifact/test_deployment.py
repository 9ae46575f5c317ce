"""An artifact on an empty machine: no YAML, no Node, no checkout; installed by hash, migrated and served."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from orderkit.artifact.writing import write
from orderkit.catalog import built_in
from orderkit.database.revisions.writing import write_next_revision
from tests.support.projects import example, example_assets

PATIENCE_SECONDS = 60


@pytest.fixture(scope="module")
def machine(tmp_path_factory) -> Path:
    """A folder with nothing but a copy of the artifact and an environment made from its requirements."""
    project = tmp_path_factory.mktemp("project")
    write_next_revision(example(), built_in(), project / "migrations")
    write(
        example(),
        built_in(),
        migrations=project / "migrations",
        target=project / "build",
        assets=example_assets(),
    )
    machine = tmp_path_factory.mktemp("machine")
    shutil.copytree(project / "build", machine / "app")
    subprocess.run([sys.executable, "-m", "venv", machine / "venv"], check=True)
    pip = [machine / "venv" / "bin" / "python", "-m", "pip", "--disable-pip-version-check", "--quiet"]
    installing = [*pip, "install", "--require-hashes", "-r", machine / "app" / "requirements.txt"]
    subprocess.run(installing, check=True, capture_output=True)
    return machine


def environment(machine: Path, **more: str) -> dict[str, str]:
    """Return an environment in which only the machine's own programs are found."""
    kept = {name: value for name, value in os.environ.items() if name in {"LANG", "LC_ALL", "TMPDIR"}}
    return {
        **kept,
        "PATH": f"{machine / 'venv' / 'bin'}",
        "HOME": str(machine),
        "ORDERKIT_LANG": "en",
        **more,
    }


def run(machine: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [machine / "venv" / "bin" / words[0], *words[1:]],
        cwd=machine / "app",
        env=environment(machine, **more),
        capture_output=True,
        text=True,
        check=False,
    )


def answer(url: str, server: subprocess.Popen[bytes]) -> str:
    """Ask until the server answers or is gone."""
    until = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_SECONDS) as response:
                return response.read().decode()
        except urllib.error.URLError:
            time.sleep(0.05)
    raise AssertionError(f"no answer from {url}; the server left with {server.poll()}")


def test_it_is_migrated_and_served(machine, tmp_path):
    assert not list(machine.glob("app/**/*.yaml"))
    own = {"ORDERKIT_DATABASE_URL": f"sqlite:///{tmp_path / 'own.db'}"}
    refused = run(machine, "python", "-c", "import app", **own)
    assert "orderkit migrate" in refused.stderr
    assert "Traceback" not in refused.stderr
    migrated = run(machine, "orderkit", "migrate", **own)
    assert migrated.returncode == 0, migrated.stderr
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [machine / "venv" / "bin" / "uvicorn", "app:app", "--port", str(port), "--log-level", "warning"],
        cwd=machine / "app",
        env=environment(machine, **own),
    )
    try:
        assert answer(f"http://127.0.0.1:{port}/healthz", server) == "ok"
        assert answer(f"http://127.0.0.1:{port}/readyz", server) == "ready"
        assert "<!doctype html>" in answer(f"http://127.0.0.1:{port}/sign-in", server)
    finally:
        server.terminate()
        assert server.wait(PATIENCE_SECONDS) in (0, -15)


def test_serving_loads_neither_yaml_nor_the_compiler(machine):
    run(machine, "orderkit", "migrate")
    loaded = run(
        machine,
        "python",
        "-c",
        "import app, sys; print([n for n in sys.modules if n == 'yaml' or n.startswith('orderkit.language')])",
    )
    assert loaded.stdout.strip() == "[]", loaded.stderr
