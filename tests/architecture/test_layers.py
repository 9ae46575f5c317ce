"""Who may import whom: the contracts of `pyproject.toml`, and what a command must not load."""

import subprocess
import sys

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_every_import_contract_holds(capsys: pytest.CaptureFixture[str]) -> None:
    assert lint_imports(no_cache=True) == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize(
    ("statement", "forbidden"),
    [
        ("import orderkit.cli", {"sqlalchemy", "starlette", "jinja2", "httpx", "yaml", "pydantic"}),
        ("import orderkit.cli.commands.check", {"sqlalchemy", "starlette", "httpx", "uvicorn"}),
        ("import orderkit.web.app", {"yaml", "orderkit.language"}),
    ],
    ids=["the list of commands is quick", "check needs no database and no server", "serving never sees YAML"],
)
def test_imports_stay_away(statement: str, forbidden: set[str]) -> None:
    program = f"{statement}\nimport sys\nprint(' '.join(m for m in sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    ).stdout
    assert forbidden & set(loaded.split()) == set()
