"""The schemas in the hands of the YAML server that most editors have: it completes, explains and complains."""

import shutil
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from orderkit import cli
from orderkit.language.spec import KINDS
from tests.architecture.repository import ROOT
from tests.support.editor import Editor, place, with_editor

SERVER = ROOT / "frontend/node_modules/yaml-language-server/bin/yaml-language-server"
ORDER = "forms/order.yaml"


def node() -> str:
    """Return the Node that built the front end: the machine's, or the pip package's."""
    return shutil.which("node") or str(Path(sys.executable).with_name("node"))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project as `orderkit new` writes it: each file names its schema."""
    folder = tmp_path_factory.mktemp("shop")
    with pytest.raises(SystemExit) as left:
        cli.main(["new", str(folder), "--template", "order-management"])
    assert left.value.code == 0
    assert subprocess.run([node(), "--version"], check=True, capture_output=True).stdout
    return folder


def asked(project: Path, ask: Callable[[Editor], Awaitable[None]]) -> None:
    with_editor(project, [node(), str(SERVER), "--stdio"], ask)


def test_every_file_of_a_project_is_right_by_its_schema(project: Path) -> None:
    files = sorted(path.relative_to(project).as_posix() for path in project.rglob("*.yaml"))
    files = [path for path in files if not path.startswith(".")]
    assert {path.split("/")[0] for path in files} >= {"forms", "workflows", "roles", "reports"}

    async def ask(editor: Editor) -> None:
        for path in files:
            text = editor.open(path)
            # Each file is spoilt at the end too, so that an empty answer is known to be an answer.
            assert await editor.findings(path, lambda found: not found) == [], path
            editor.type(path, f"{text}\nnonsense_key: 1\n")
            found = await editor.findings(path, bool)
            assert any("nonsense_key" in each.message for each in found), path

    asked(project, ask)


def test_keys_and_words_are_completed(project: Path) -> None:
    async def offered(editor: Editor, text: str, at: lsp.Position) -> set[str]:
        editor.type(ORDER, text, version=hash(text) & 0xFFFF)
        answer = await editor.client.text_document_completion_async(
            lsp.CompletionParams(lsp.TextDocumentIdentifier(editor.uri(ORDER)), at)
        )
        items = answer.items if isinstance(answer, lsp.CompletionList) else answer or []
        return {each.label for each in items}

    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        end = f"{text}\n"
        line = lsp.Position(line=end.count("\n"), character=0)
        top = await offered(editor, end, line)
        assert "variants" in top
        assert "on_delete" not in top, "a word of fields"
        field = text.replace("received:", "extra:\n    type: \n  received:")
        types = await offered(editor, field, place(field, "    type: \n", len("    type: ")))
        assert {"money", "ref", "lines"} <= types
        option = text.replace("received:", "extra:\n    type: money\n    \n  received:")
        keys = await offered(editor, option, place(option, "type: money\n    \n", len("type: money\n    ")))
        assert {"compute", "currency", "required"} <= keys
        assert "to" not in keys, "an option of `ref`"

    asked(project, ask)


def test_a_key_is_explained_in_both_languages(project: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        told = await editor.client.text_document_hover_async(
            lsp.HoverParams(lsp.TextDocumentIdentifier(editor.uri(ORDER)), place(text, "number:", 2))
        )
        assert told is not None
        assert isinstance(told.contents, lsp.MarkupContent)
        about = next(key for key in KINDS["form"].keys if key.name == "number").about
        assert about["zh"] in told.contents.value
        assert about["en"] in told.contents.value

    asked(project, ask)


def test_a_wrong_value_is_underlined(project: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        wrong = text.replace("min: 1", "min: many")
        editor.type(ORDER, wrong)
        found = await editor.findings(ORDER, bool)
        assert place(wrong, "many") in [each.range.start for each in found]

    asked(project, ask)
