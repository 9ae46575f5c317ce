"""`orderkit lsp`: the language server that editors start."""

import importlib.util

from orderkit.cli import console
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label


class EditorPartMissing(OrderkitError):
    """The language server is not installed; run `pip install "orderkit[editor]"`."""

    def __init__(self) -> None:
        super().__init__(
            label(
                zh='还没有安装语言服务器：运行 `pip install "orderkit[editor]"`',
                en='the language server is not installed: run `pip install "orderkit[editor]"`',
            )
        )


def lsp() -> None:
    """Answer an editor over standard input and output: findings while typing, completion, going to a name, renaming.

    Messages are in the editor's language, otherwise the project's, unless `--lang` says another.

    Example: `orderkit lsp`
    """
    if importlib.util.find_spec("pygls") is None:
        raise EditorPartMissing
    from orderkit.catalog import installed  # noqa: PLC0415 - `--help` does without
    from orderkit.lsp.server import make_server  # noqa: PLC0415

    make_server(installed(), console.language_if_asked_for()).start_io()
