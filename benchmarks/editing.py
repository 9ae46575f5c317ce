"""From a key pressed to the findings on the screen, over the language server's protocol.

The baseline is a server's least: the same file read and answered with PyYAML's C loader in this process.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import yaml
from lsprotocol import types as lsp

from benchmarks.measuring import Figure, Measured
from orderkit.lsp.server import PAUSE_SECONDS
from tests.support.editor import Editor

EXAMPLE = Path(__file__).parents[1] / "examples" / "order-management"
COMMAND = ("orderkit", "lsp")
ORDER = "forms/order.yaml"
ROUNDS = 40


def measure() -> Iterator[Measured]:
    """Yield the time until the findings of a changed file are published, and of a completion."""
    published, completed = asyncio.run(_asked())
    loaded = _timed_load()
    note = f"wanted: at most 150 ms; {PAUSE_SECONDS * 1e3:.0f} ms of it wait for the next key"
    yield Figure(
        name="editor: from a key to the findings, example", value=published * 1e3, unit="ms", note=note
    )
    yield Figure(
        name="editor: completion inside an expression, example",
        value=completed * 1e3,
        unit="ms",
        note=f"PyYAML's C loader takes {loaded * 1e3:.0f} ms for the same files",
    )


async def _asked() -> tuple[float, float]:
    editor = Editor(EXAMPLE, {})
    await editor.start(COMMAND, lsp.PositionEncodingKind.Utf16, "en")
    text = editor.open(ORDER)
    wrong = text.replace("sum(lines.amount)", "sum(lines.amont)")
    published, completed = [], []
    uri = lsp.TextDocumentIdentifier(editor.uri(ORDER))
    line = wrong[: wrong.index("lines.amont")].count("\n")
    character = wrong.splitlines()[line].index("lines.amont") + len("lines.am")
    for number in range(ROUNDS):
        start = time.perf_counter()
        editor.type(ORDER, wrong, 2 * number + 2)
        await editor.findings(ORDER, bool)
        published.append(time.perf_counter() - start)
        start = time.perf_counter()
        await editor.client.text_document_completion_async(
            lsp.CompletionParams(uri, lsp.Position(line=line, character=character))
        )
        completed.append(time.perf_counter() - start)
        editor.type(ORDER, text, 2 * number + 3)
        await editor.findings(ORDER, lambda found: not found)
    await editor.stop()
    return statistics.median(published), statistics.median(completed)


def _timed_load() -> float:
    texts = [path.read_bytes() for path in EXAMPLE.rglob("*.yaml")]
    start = time.perf_counter()
    for text in texts:
        yaml.load(text, Loader=yaml.CSafeLoader)
    return time.perf_counter() - start
