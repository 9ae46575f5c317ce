"""An editor of the Language Server Protocol: it starts a real server as a process and asks it.

The client is a library's, so that the server is held to the protocol and not to what we think of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.client import LanguageClient

from tests.architecture.repository import ROOT

SECONDS = 30


class Editor:
    """An editor with one project open."""

    def __init__(self, root: Path, settings: dict[str, Any]) -> None:
        self.root = root
        self.settings = settings
        self.client = LanguageClient("editor", "1")
        self.found: dict[str, list[lsp.Diagnostic]] = {}
        self.told: list[str] = []
        self._news = asyncio.Event()
        # The library marks the function that it is given, which a method cannot bear.
        self.client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)(partial(Editor._published, self))
        self.client.feature(lsp.WORKSPACE_CONFIGURATION)(
            lambda params: [self.settings.get(item.section, {}) for item in params.items]
        )
        self.client.feature(lsp.CLIENT_REGISTER_CAPABILITY)(lambda params: None)
        self.client.feature(lsp.WINDOW_SHOW_MESSAGE)(lambda params: self.told.append(params.message))

    async def start(self, command: Sequence[str], encoding: lsp.PositionEncodingKind, locale: str) -> None:
        await self.client.start_io(*command, cwd=ROOT)
        general = lsp.GeneralClientCapabilities(position_encodings=[encoding])
        workspace = lsp.WorkspaceClientCapabilities(configuration=True, workspace_folders=True)
        folder = lsp.WorkspaceFolder(uri=uris.from_fs_path(str(self.root)) or "", name="shop")
        await self.client.initialize_async(
            lsp.InitializeParams(
                capabilities=lsp.ClientCapabilities(general=general, workspace=workspace),
                workspace_folders=[folder],
                locale=locale,
            )
        )
        self.client.initialized(lsp.InitializedParams())

    async def stop(self) -> None:
        await self.client.shutdown_async(None)
        self.client.exit(None)
        await self.client.stop()

    def uri(self, path: str) -> str:
        return uris.from_fs_path(str(self.root / path)) or ""

    def open(self, path: str, text: str | None = None) -> str:
        text = text if text is not None else (self.root / path).read_text(encoding="utf-8")
        item = lsp.TextDocumentItem(uri=self.uri(path), language_id="yaml", version=1, text=text)
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
        return text

    def type(self, path: str, text: str, version: int = 2) -> None:
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(version, self.uri(path)),
                [lsp.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def _published(self, params: lsp.PublishDiagnosticsParams) -> None:
        self.found[params.uri] = list(params.diagnostics)
        self._news.set()

    async def findings(
        self, path: str, holds: Callable[[list[lsp.Diagnostic]], bool]
    ) -> list[lsp.Diagnostic]:
        """Wait until what is found in a file fits."""
        async with asyncio.timeout(SECONDS):
            while self.uri(path) not in self.found or not holds(self.found[self.uri(path)]):
                self._news.clear()
                await self._news.wait()
        return self.found[self.uri(path)]


def place(text: str, marker: str, shift: int = 0) -> lsp.Position:
    """Return the place of a marker in characters of the Basic Multilingual Plane."""
    before = text[: text.index(marker) + shift]
    return lsp.Position(line=before.count("\n"), character=len(before) - (before.rfind("\n") + 1))


def with_editor(
    root: Path,
    command: Sequence[str],
    ask: Callable[[Editor], Awaitable[None]],
    *,
    encoding: lsp.PositionEncodingKind = lsp.PositionEncodingKind.Utf16,
    locale: str = "en",
    settings: dict[str, Any] | None = None,
) -> None:
    """Open a folder in an editor with a server, and ask."""

    async def run() -> None:
        editor = Editor(root, settings or {})
        await editor.start(command, encoding, locale)
        try:
            await ask(editor)
        finally:
            await editor.stop()

    # In a thread of its own: where a browser was started, this one has a running loop already.
    with ThreadPoolExecutor(max_workers=1) as pool:
        pool.submit(lambda: asyncio.run(run())).result()
