"""orderkit runs where consultants work, Windows and macOS too, and calls nobody by itself.

What is looked for stands in the code as it is written: names that only POSIX has, shells, texts in whatever
encoding the machine likes, and addresses of somebody else's servers.
"""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.repository import name_of, tracked_with

MODULES = [path for path in tracked_with(".py") if name_of(path).startswith("orderkit/")]
POSIX_MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
POSIX_NAMES = {
    f"os.{name}"
    for name in [
        "chown",
        "fork",
        "forkpty",
        "getegid",
        "geteuid",
        "getgid",
        "getuid",
        "killpg",
        "mkfifo",
        "nice",
        "pipe2",
        "setsid",
        "setuid",
        "sync",
        "wait",
        "waitpid",
        "O_CLOEXEC",
        "O_DIRECTORY",
        "O_NOFOLLOW",
    ]
} | {
    f"signal.{name}"
    for name in ("SIGKILL", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGQUIT", "alarm", "pause")
}
# Imported only after a look at which system it is.
GUARDED = {
    "orderkit/engine/importing/reading/workbook_process.py": {"resource"},
    "orderkit/web/printing/pdf_process.py": {"resource"},
}
SHELLS = {"os.system", "os.popen", "subprocess.getoutput", "subprocess.getstatusoutput"}
# Where bytes are meant, the mode says so.
TEXT_CALLS = {"read_text", "write_text"}
URL = re.compile(r"(?:https?|wss?)://[A-Za-z0-9.-]+")
# Names that lead nowhere: this machine, examples, names that never exist (RFC 2606), and what only names a format.
HARMLESS = re.compile(
    r"https?://(?:127\.0\.0\.1|localhost|0\.0\.0\.0|(?:[a-z0-9-]+\.)*example(?:\.(?:com|org|net|cn))?|(?:[a-z0-9-]+\.)+invalid"
    r"|json-schema\.org|www\.w3\.org|json\.schemastore\.org|docs\.oasis-open\.org|www\.omg\.org|www\.xes-standard\.org|raw\.githubusercontent\.com)\b"
)


def trees() -> Iterator[tuple[str, ast.AST]]:
    for path in MODULES:
        yield name_of(path), ast.parse(path.read_text(encoding="utf-8"))


def dotted(node: ast.AST) -> str:
    return f"{dotted(node.value)}.{node.attr}" if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def test_nothing_is_used_that_only_posix_has() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            imported = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            imported += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found += [
                f"{name}: import {each}"
                for each in imported
                if each in POSIX_MODULES - GUARDED.get(name, set())
            ]
            if isinstance(node, ast.Attribute) and dotted(node) in POSIX_NAMES:
                found.append(f"{name}:{node.lineno}: {dotted(node)}")
    assert found == []


def test_no_shell_is_ever_started() -> None:
    found = []
    for name, tree in trees():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call):
                continue
            has_shell = any(
                key.arg == "shell" and not (isinstance(key.value, ast.Constant) and key.value.value is False)
                for key in node.keywords
            )
            if dotted(node.func) in SHELLS or has_shell:
                found.append(f"{name}:{node.lineno}")
    assert found == []


def test_other_programs_are_only_started_where_it_is_said() -> None:
    starts = {
        name
        for name, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute)
        and dotted(node.value) == "subprocess"
        and node.attr in {"run", "Popen"}
    }
    assert starts - STARTERS == set()


STARTERS = {
    "orderkit/upkeep/backup/postgresql.py",  # pg_dump and pg_restore, for PostgreSQL alone
    "orderkit/cli/planning/git.py",  # git, for the YAML of another revision
    "orderkit/web/printing/pdf.py",  # this Python, for documents of which nobody knows what they cost
    "orderkit/engine/importing/reading/workbooks.py",  # this Python, for a file of which nobody knows what it costs
}


def test_text_is_read_and_written_in_an_encoding_that_is_said() -> None:
    found = []
    for name, tree in trees():
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        found += [f"{name}:{c.lineno}" for c in calls if _reads_text(c) and not _says_encoding(c)]
    assert found == []


def _reads_text(call: ast.Call) -> bool:
    if isinstance(call.func, ast.Attribute) and call.func.attr in TEXT_CALLS:
        return True
    is_open = isinstance(call.func, ast.Name) and call.func.id == "open"
    is_path_open = (
        isinstance(call.func, ast.Attribute)
        and call.func.attr in {"open", "fdopen"}
        and dotted(call.func.value) not in {"tarfile", "zipfile", "archive", "sqlite3", "cls", "Database"}
    )
    if not (is_open or is_path_open):
        return False
    modes = [
        each.value for each in call.args if isinstance(each, ast.Constant) and isinstance(each.value, str)
    ]
    modes += [
        key.value.value
        for key in call.keywords
        if key.arg == "mode" and isinstance(key.value, ast.Constant) and isinstance(key.value.value, str)
    ]
    takes_file = is_open or (bool(modes) and set(modes[-1]) <= set("rwxab+t"))
    return takes_file and not any("b" in mode for mode in modes)


def _says_encoding(call: ast.Call) -> bool:
    is_named = any(key.arg == "encoding" for key in call.keywords)
    is_first = isinstance(call.func, ast.Attribute) and call.func.attr == "read_text" and bool(call.args)
    return is_named or is_first


@pytest.mark.parametrize("ending", [".py", ".html", ".js", ".ts", ".css"])
def test_nothing_calls_home(ending: str) -> None:
    """No address of anybody's server stands in what runs, but the public interfaces that connectors are for."""
    found = []
    for path in tracked_with(ending):
        name = name_of(path)
        if not name.startswith(("orderkit/", "frontend/src/")) or name.startswith("orderkit/connectors/"):
            continue
        urls = URL.findall(path.read_text(encoding="utf-8"))
        found += [f"{name}: {url}" for url in urls if not HARMLESS.match(url) and "." in url]
    assert found == []


def test_these_checks_find_what_they_are_for() -> None:
    """A check that cannot fail says nothing."""
    tree = ast.parse("import os\nos.getuid()\nPath('x').read_text()\nopen('x')\nPath('x').open('w')\n")
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    assert sum(_reads_text(call) and not _says_encoding(call) for call in calls) == 3
    assert any(isinstance(node, ast.Attribute) and dotted(node) in POSIX_NAMES for node in ast.walk(tree))
    assert not HARMLESS.match("https://telemetry.orderkit.dev")
