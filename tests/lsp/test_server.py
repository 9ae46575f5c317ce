"""The language server over its protocol: a real process, asked by the client of another library."""

import asyncio
import shutil
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types as lsp

from tests.architecture.repository import ROOT
from tests.support import editor as editors
from tests.support.editor import Editor, place

COMMAND = [sys.executable, "-c", "from orderkit.cli import main; main(['lsp'])"]


def with_editor(
    root: Path,
    ask: Callable[[Editor], Awaitable[None]],
    encoding: lsp.PositionEncodingKind = lsp.PositionEncodingKind.Utf16,
    locale: str = "en",
) -> None:
    editors.with_editor(root, COMMAND, ask, encoding=encoding, locale=locale)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    source = ROOT / "examples" / "order-management"
    shutil.copytree(
        source, folder, ignore=shutil.ignore_patterns("build", "var", "data", "demo", "migrations")
    )
    return folder


ORDER = "forms/order.yaml"


def test_findings_come_while_typing_and_go_when_mended(example: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        editor.type(ORDER, text.replace("sum(lines.amount)", "sum(lines.amont)"))
        (found,) = await editor.findings(ORDER, bool)
        assert found.code == "OK3003"
        assert found.message == "`order.lines` has no `amont`\ndid you mean `amount`?"
        assert found.range.start == place(text.replace("lines.amount", "lines.amont"), "amont")
        editor.type(ORDER, text, 3)
        assert await editor.findings(ORDER, lambda found: not found) == []

    with_editor(example, ask)


def test_a_mistake_in_one_file_shows_in_the_files_that_it_breaks(example: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open("forms/customer.yaml")
        editor.type("forms/customer.yaml", text.replace("  short_name:", "  brief_name:"))
        found = await editor.findings(ORDER, bool)
        assert "short_name" in found[0].message

    with_editor(example, ask)


@pytest.mark.parametrize(("locale", "said"), [("zh-CN", "没有"), ("en-US", "has no"), ("fr", "没有")])
def test_it_speaks_the_language_of_the_editor_else_of_the_project(
    example: Path, locale: str, said: str
) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        editor.type(ORDER, text.replace("sum(lines.amount)", "sum(lines.amont)"))
        (found,) = await editor.findings(ORDER, bool)
        assert said in found.message

    with_editor(example, ask, locale=locale)


@pytest.mark.parametrize(
    ("encoding", "character"),
    [
        (lsp.PositionEncodingKind.Utf8, 28),
        (lsp.PositionEncodingKind.Utf16, 24),
        (lsp.PositionEncodingKind.Utf32, 23),
    ],
)
def test_places_are_counted_as_the_editor_counts(
    tmp_path: Path, encoding: lsp.PositionEncodingKind, character: int
) -> None:
    (tmp_path / "orderkit.yaml").write_text("project: shop\n", encoding="utf-8")
    text = 'form: a\nfields: {b: {type: text}}\ntitle: "件😀 of what is {nope}"\n'
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")

    async def ask(editor: Editor) -> None:
        editor.open("a.yaml")
        (found,) = await editor.findings("a.yaml", bool)
        assert found.range.start == lsp.Position(line=2, character=character)
        uri = lsp.TextDocumentIdentifier(editor.uri("a.yaml"))
        inside = lsp.Position(line=2, character=character + 2)
        answer = await editor.client.text_document_completion_async(lsp.CompletionParams(uri, inside))
        assert isinstance(answer, lsp.CompletionList)
        (item,) = [each for each in answer.items if each.label == "b"]
        assert isinstance(item.text_edit, lsp.TextEdit)
        assert item.text_edit.range == found.range

    with_editor(tmp_path, ask, encoding)


def test_a_name_leads_to_its_declaration_in_another_file_and_to_all_who_name_it(example: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        uri = lsp.TextDocumentIdentifier(editor.uri(ORDER))
        name = place(text, "short_name]", 2)
        there = await editor.client.text_document_definition_async(lsp.DefinitionParams(uri, name))
        assert isinstance(there, lsp.Location)
        customer = (example / "forms/customer.yaml").read_text(encoding="utf-8")
        assert there.uri == editor.uri("forms/customer.yaml")
        assert there.range.start == place(customer, "short_name:")
        everyone = await editor.client.text_document_references_async(
            lsp.ReferenceParams(lsp.ReferenceContext(include_declaration=False), uri, name)
        )
        assert everyone is not None
        assert editor.uri(ORDER) in {each.uri for each in everyone}
        assert there not in everyone

    with_editor(example, ask)


def test_a_field_is_renamed_everywhere_and_remembers_its_name(example: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        uri = lsp.TextDocumentIdentifier(editor.uri(ORDER))
        at = place(text, "amount:", 1)
        assert await editor.client.text_document_prepare_rename_async(lsp.PrepareRenameParams(uri, at))
        edit = await editor.client.text_document_rename_async(lsp.RenameParams(uri, at, "sum_of_line"))
        assert edit is not None
        assert edit.changes is not None
        texts = {each.new_text for edits in edit.changes.values() for each in edits}
        assert texts == {"sum_of_line", "renamed_from: amount, "}
        assert len(edit.changes) > 1
        refused = await editor.client.text_document_rename_async(lsp.RenameParams(uri, at, "qty"))
        assert refused is None
        assert "it would break" in editor.told[0]

    with_editor(example, ask)


def test_what_is_offered_and_told_at_a_place(example: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        uri = lsp.TextDocumentIdentifier(editor.uri(ORDER))
        typing = text.replace("sum(lines.amount)", "sum(lines.)")
        editor.type(ORDER, typing)
        at = place(typing, "sum(lines.)", len("sum(lines."))
        offered = await editor.client.text_document_completion_async(lsp.CompletionParams(uri, at))
        assert isinstance(offered, lsp.CompletionList)
        assert {"qty", "price", "amount"} <= {each.label for each in offered.items}
        told = await editor.client.text_document_hover_async(lsp.HoverParams(uri, place(text, "amount:", 1)))
        assert told is not None
        assert isinstance(told.contents, lsp.MarkupContent)
        assert "`order.lines.amount`" in told.contents.value
        assert "money" in told.contents.value

    with_editor(example, ask)


def test_what_is_surely_meant_is_offered_as_a_quick_fix(example: Path) -> None:
    async def ask(editor: Editor) -> None:
        text = editor.open(ORDER)
        wrong = text.replace("sum(lines.amount)", "sum(lines.amont)")
        editor.type(ORDER, wrong)
        (found,) = await editor.findings(ORDER, bool)
        actions = await editor.client.text_document_code_action_async(
            lsp.CodeActionParams(
                lsp.TextDocumentIdentifier(editor.uri(ORDER)), found.range, lsp.CodeActionContext([found])
            )
        )
        assert actions is not None
        (action,) = actions
        assert isinstance(action, lsp.CodeAction)
        assert action.edit is not None
        assert action.edit.changes is not None
        ((uri, edits),) = action.edit.changes.items()
        assert uri == editor.uri(ORDER)
        assert list(edits) == [lsp.TextEdit(found.range, "amount")]

    with_editor(example, ask)


def test_files_that_declare_nothing_and_half_written_ones_are_taken_calmly(example: Path) -> None:
    async def ask(editor: Editor) -> None:
        editor.open("notes.txt", "form: x")
        text = editor.open(ORDER)
        for cut in (0, 1, len(text) // 2, len(text) - 20):
            editor.type(ORDER, text[:cut], cut + 2)
            uri = lsp.TextDocumentIdentifier(editor.uri(ORDER))
            at = lsp.Position(line=text[:cut].count("\n"), character=1)
            await editor.client.text_document_completion_async(lsp.CompletionParams(uri, at))
            await editor.client.text_document_hover_async(lsp.HoverParams(uri, at))
        editor.type(ORDER, text, len(text))
        assert await editor.findings(ORDER, lambda found: not found) == []

    with_editor(example, ask)


def test_other_yaml_is_not_judged(tmp_path: Path) -> None:
    """Nor is its folder read, which may be somebody's home."""
    (tmp_path / "orderkit.yaml").mkdir()

    async def ask(editor: Editor) -> None:
        editor.open("compose.yaml", "services: {web: {image: x}}\n")
        uri = lsp.TextDocumentIdentifier(editor.uri("compose.yaml"))
        told = await editor.client.text_document_hover_async(lsp.HoverParams(uri, lsp.Position(0, 2)))
        assert told is None
        editor.open("new/orderkit.yaml", "projct: shop\n")
        assert await editor.findings("new/orderkit.yaml", bool)
        assert editor.uri("compose.yaml") not in editor.found

    with_editor(tmp_path, ask)


def test_a_text_that_is_no_file_belongs_to_no_project(example: Path) -> None:
    """An unsaved text, and an earlier version of a file that the editor shows beside it."""

    async def ask(editor: Editor) -> None:
        for uri in ("untitled:Untitled-1", f"git:{example}/{ORDER}", ""):
            item = lsp.TextDocumentItem(uri=uri, language_id="yaml", version=1, text="form: x")
            editor.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        editor.client.workspace_did_change_watched_files(lsp.DidChangeWatchedFilesParams([]))
        text = editor.open(ORDER)
        editor.type(ORDER, text.replace("sum(lines.amount)", "sum(lines.amont)"))
        await editor.findings(ORDER, bool)
        assert {uri for uri, found in editor.found.items() if found} == {editor.uri(ORDER)}

    with_editor(example, ask)


def impossible(line: int, character: int) -> lsp.Position:
    """Return a position that the library itself would not make."""
    at = lsp.Position(0, 0)
    object.__setattr__(at, "line", line)
    object.__setattr__(at, "character", character)
    return at


def test_a_position_that_cannot_be_is_answered_with_nothing(example: Path) -> None:
    """Every request gets its answer, or the editor waits for it."""

    async def ask(editor: Editor) -> None:
        editor.open(ORDER)
        uri, client = lsp.TextDocumentIdentifier(editor.uri(ORDER)), editor.client
        for at in (impossible(-1, 0), impossible(3, -1), impossible(2**31, 0)):
            context, near = lsp.ReferenceContext(include_declaration=True), lsp.Range(at, at)
            asked = (
                client.text_document_completion_async(lsp.CompletionParams(uri, at)),
                client.text_document_hover_async(lsp.HoverParams(uri, at)),
                client.text_document_definition_async(lsp.DefinitionParams(uri, at)),
                client.text_document_references_async(lsp.ReferenceParams(context, uri, at)),
                client.text_document_prepare_rename_async(lsp.PrepareRenameParams(uri, at)),
                client.text_document_rename_async(lsp.RenameParams(uri, at, "other")),
                client.text_document_code_action_async(
                    lsp.CodeActionParams(uri, near, lsp.CodeActionContext([]))
                ),
            )
            for answer in await asyncio.wait_for(asyncio.gather(*asked), editors.SECONDS):
                assert not getattr(answer, "items", answer)
        assert editor.told == []

    with_editor(example, ask)
