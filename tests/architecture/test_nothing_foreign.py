"""What must never be in git: places of one machine, addresses of registries, secrets, stubs."""

import re

import pytest

from tests.architecture.repository import ROOT, name_of, text_files, tracked_with

PATTERNS = {
    # Written in pieces, so that this file does not find itself.
    "a folder of one machine": r"(?<![\w.])/(?:"
    "home/"
    r"[a-z]|"
    "Users/"
    r"[A-Za-z]|"
    "work/"
    r"main|root/\.)",
    "a package registry's address": r"https?://[^\s\"'<>]*(?:files\.pythonhosted|registry\.npm|/simp"
    r"le\b|\.whl\b|\.tgz\b)",
    "an npm download address": r"\"resolved\":\s*\"http",
    "a private key": "-----BEGIN [A-Z ]*" + "PRIVATE KEY",
    "an access key": r"\b(?:AKIA|LTAI)[0-9A-Za-z]{12,}\b|\bsk_live_[0-9a-zA-Z]{10,}",
}
STUBS = re.compile(
    r"\bNotImplemented" + r"Error\b|\bTO" + r"DO\b|\bFIX" + r"ME\b|assert " + "True$", re.MULTILINE
)


@pytest.mark.parametrize("what", PATTERNS)
def test_no_tracked_file_holds(what: str) -> None:
    pattern = re.compile(PATTERNS[what])
    found = [
        f"{name_of(path)}: {match.group(0)}"
        for path, text in text_files()
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_nothing_is_left_for_later() -> None:
    found = [
        f"{name_of(path)}: {match.group(0)}"
        for path in tracked_with(".py", ".ts")
        for match in STUBS.finditer(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_test_is_skipped_in_silence() -> None:
    """The one place that may skip is the root `conftest.py`, and only for what ORDERKIT_SKIP names."""
    skipping = re.compile(r"pytest\.mark\.(?:skip|xfail)|pytest\.skip\(|importorskip")
    found = [
        name_of(path)
        for path in tracked_with(".py")
        if path not in {ROOT / "tests/conftest.py", ROOT / "tests/architecture/test_nothing_foreign.py"}
        and skipping.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_pinned_versions_hold_no_download_addresses() -> None:
    for name in ("constraints.txt", "orderkit/artifact/requirements.lock"):
        text = (ROOT / name).read_text(encoding="utf-8")
        assert "://" not in text
        assert "--index-url" not in text
