"""The server: one answer for each request of an editor. It says nothing on its own but diagnostics."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from lsprotocol import types as lsp
from pygls import uris
from pygls.lsp.server import LanguageServer

from orderkit import __version__
from orderkit.catalog import Catalog
from orderkit.language import editing
from orderkit.language.spec.mentions import Target
from orderkit.lsp.projects import OpenProject, Projects
from orderkit.lsp.protocol import CalmProtocol
from orderkit.lsp.translating import SOURCE, Translator
from orderkit.model.labels import text_of

# Somebody types faster than this; the pause between two keys is when the compiler runs.
PAUSE_SECONDS = 0.04
LANGUAGES = ("zh", "en")
_KINDS = {"form": lsp.SymbolKind.Class, "field": lsp.SymbolKind.Field, "role": lsp.SymbolKind.Interface}


class Server(LanguageServer):
    """A language server with the projects of one editor."""

    def __init__(self, catalog: Catalog, lang: str | None = None) -> None:
        super().__init__(
            "orderkit",
            __version__,
            text_document_sync_kind=lsp.TextDocumentSyncKind.Incremental,
            protocol_cls=CalmProtocol,
        )
        self.projects = Projects(catalog)
        self.asked_lang = lang
        self.client_lang: str | None = None
        self._waiting: dict[Path, asyncio.TimerHandle] = {}

    def project(self, uri: str) -> tuple[OpenProject, str] | None:
        """Return the project of a file, and its path there; None where the file declares nothing."""
        file = Path(uris.to_fs_path(uri) or "") if uri.startswith("file:") else Path()
        found = self.projects.of(file)
        path = None if found is None else found.path_of(file)
        return None if found is None or path is None else (found, path)

    def translator(self, project: OpenProject) -> Translator:
        """Return who translates for a project now."""
        lang = self.asked_lang or self.client_lang or project.analysis.language
        return Translator(project.root, project.files, self.workspace.position_codec, lang)

    def changed(self, project: OpenProject) -> None:
        """Publish what is found once nothing more was typed for a moment."""
        waiting = self._waiting.pop(project.root, None)
        if waiting is not None:
            waiting.cancel()
        loop = asyncio.get_running_loop()
        self._waiting[project.root] = loop.call_later(PAUSE_SECONDS, self.publish, project)

    def publish(self, project: OpenProject) -> None:
        """Publish what is found in every file, and that nothing is found where something was."""
        self._waiting.pop(project.root, None)
        translator = self.translator(project)
        by_path: dict[str, list[lsp.Diagnostic]] = {path: [] for path in project.published}
        for finding in project.analysis.found:
            by_path.setdefault(finding.path, []).append(translator.diagnostic(finding))
        for path, diagnostics in by_path.items():
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(uri=translator.uri(path), diagnostics=diagnostics)
            )
        project.published = frozenset(path for path, found in by_path.items() if found)


def make_server(catalog: Catalog, lang: str | None = None) -> Server:
    """Return a server that has not been started. `lang` None: the editor's language, else the project's."""
    server = Server(catalog, lang)
    server.feature(lsp.INITIALIZE)(_initialize)
    server.feature(lsp.TEXT_DOCUMENT_DID_OPEN)(_opened)
    server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    server.feature(lsp.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    server.feature(lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_disk_changed)
    server.feature(
        lsp.TEXT_DOCUMENT_COMPLETION, lsp.CompletionOptions(trigger_characters=[".", "(", "{", "[", "'", '"'])
    )(_complete)
    server.feature(lsp.TEXT_DOCUMENT_HOVER)(_hover)
    server.feature(lsp.TEXT_DOCUMENT_DEFINITION)(_definition)
    server.feature(lsp.TEXT_DOCUMENT_REFERENCES)(_references)
    server.feature(lsp.TEXT_DOCUMENT_PREPARE_RENAME)(_prepare_rename)
    server.feature(lsp.TEXT_DOCUMENT_RENAME, lsp.RenameOptions(prepare_provider=True))(_rename)
    server.feature(
        lsp.TEXT_DOCUMENT_CODE_ACTION, lsp.CodeActionOptions(code_action_kinds=[lsp.CodeActionKind.QuickFix])
    )(_code_actions)
    server.feature(lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL)(_symbols)
    return server


def _initialize(server: Server, params: lsp.InitializeParams) -> None:
    lang = (params.locale or "").split("-")[0]
    server.client_lang = lang if lang in LANGUAGES else None


def _opened(server: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    _write(server, params.text_document.uri)


def _changed(server: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    _write(server, params.text_document.uri)


def _write(server: Server, uri: str) -> None:
    opened = server.project(uri)
    if opened is not None:
        project, path = opened
        project.write(path, server.workspace.get_text_document(uri).source)
        server.changed(project)


def _closed(server: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    opened = server.project(params.text_document.uri)
    if opened is not None:
        project, path = opened
        project.close(path)
        server.changed(project)


def _disk_changed(server: Server, _: lsp.DidChangeWatchedFilesParams) -> None:
    for project in server.projects.all():
        project.refresh()
        server.changed(project)


def _complete(server: Server, params: lsp.CompletionParams) -> lsp.CompletionList | None:
    opened = server.project(params.text_document.uri)
    if opened is None:
        return None
    project, path = opened
    translator = server.translator(project)
    line, column = translator.place(path, params.position)
    found = editing.complete(project.files, server.projects.catalog, path, line, column)
    return lsp.CompletionList(
        is_incomplete=False,
        items=[
            lsp.CompletionItem(
                label=each.name,
                kind=lsp.CompletionItemKind.Field,
                text_edit=lsp.TextEdit(
                    range=lsp.Range(
                        start=translator.position(path, line, each.start),
                        end=translator.position(path, line, each.end),
                    ),
                    new_text=each.name,
                ),
            )
            for each in found
        ],
    )


def _hover(server: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    opened = server.project(params.text_document.uri)
    if opened is None:
        return None
    project, path = opened
    translator = server.translator(project)
    line, column = translator.place(path, params.position)
    text = editing.hover_text(project.analysis, path, line, column, translator.lang)
    return None if text is None else lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, text))


def _target(
    server: Server, uri: str, position: lsp.Position
) -> tuple[OpenProject, Translator, Target] | None:
    opened = server.project(uri)
    if opened is None:
        return None
    project, path = opened
    translator = server.translator(project)
    mention = editing.mention_at(project.analysis, path, *translator.place(path, position))
    return None if mention is None else (project, translator, mention.target)


def _definition(server: Server, params: lsp.DefinitionParams) -> lsp.Location | None:
    found = _target(server, params.text_document.uri, params.position)
    if found is None:
        return None
    project, translator, target = found
    declared = editing.declaration_of(project.analysis, target)
    return None if declared is None else translator.location(declared.span)


def _references(server: Server, params: lsp.ReferenceParams) -> list[lsp.Location]:
    found = _target(server, params.text_document.uri, params.position)
    if found is None:
        return []
    project, translator, target = found
    return [
        translator.location(each.span)
        for each in editing.mentions_of(project.analysis, target)
        if params.context.include_declaration or not each.is_declaration
    ]


def _prepare_rename(server: Server, params: lsp.PrepareRenameParams) -> lsp.Range | None:
    opened = server.project(params.text_document.uri)
    if opened is None:
        return None
    project, path = opened
    translator = server.translator(project)
    mention = editing.mention_at(project.analysis, path, *translator.place(path, params.position))
    if mention is None or editing.renameable(project.analysis, mention.target) is not None:
        return None
    return translator.range(mention.span)


def _rename(server: Server, params: lsp.RenameParams) -> lsp.WorkspaceEdit | None:
    found = _target(server, params.text_document.uri, params.position)
    if found is None:
        return None
    project, translator, target = found
    done = editing.rename(project.files, server.projects.catalog, project.analysis, target, params.new_name)
    if isinstance(done, editing.NotRenamed):
        server.window_show_message(
            lsp.ShowMessageParams(lsp.MessageType.Warning, text_of(done.why, translator.lang))
        )
        return None
    return translator.workspace_edit(done)


def _code_actions(server: Server, params: lsp.CodeActionParams) -> Sequence[lsp.CodeAction]:
    opened = server.project(params.text_document.uri)
    if opened is None:
        return []
    project, path = opened
    translator = server.translator(project)
    first, last = params.range.start.line + 1, params.range.end.line + 1
    return [
        lsp.CodeAction(
            title=text_of(each.fix.title, translator.lang),
            kind=lsp.CodeActionKind.QuickFix,
            is_preferred=each.fix.is_safe,
            diagnostics=[translator.diagnostic(each)],
            edit=translator.workspace_edit(each.fix.edits),
        )
        for each in project.analysis.found
        if each.fix is not None and each.path == path and first <= each.span.line <= last
    ]


def _symbols(server: Server, params: lsp.DocumentSymbolParams) -> list[lsp.DocumentSymbol]:
    opened = server.project(params.text_document.uri)
    if opened is None:
        return []
    project, path = opened
    translator = server.translator(project)
    return [
        lsp.DocumentSymbol(
            name=each.target.name,
            detail=each.target.kind,
            kind=_KINDS.get(each.target.kind, lsp.SymbolKind.Object),
            range=translator.range(each.span),
            selection_range=translator.range(each.span),
        )
        for each in project.analysis.mentions
        if each.is_declaration and each.span.path == path
    ]


__all__ = ["SOURCE", "Server", "make_server"]
