"""The types hold on every system that orderkit runs on: what only one of them has is asked for only there."""

import subprocess
import sys

import pytest

from tests.architecture.repository import ROOT

PLATFORMS = ("win32", "darwin")


@pytest.mark.soak
def test_types_hold_on_every_system(progress) -> None:
    for platform in PLATFORMS:
        words = [
            sys.executable,
            "-m",
            "mypy",
            "--platform",
            platform,
            "--cache-dir",
            f".cache/mypy/{platform}",
        ]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
        assert done.returncode == 0, done.stdout
        progress.step(of=len(PLATFORMS))
