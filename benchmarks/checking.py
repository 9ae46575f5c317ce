"""`orderkit check` as a whole command, against a process that only loads the same files with PyYAML's C loader.

Each is taken net of what it does before it sees a project: `orderkit --help`, and importing PyYAML.
"""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

from benchmarks.generated import form_name, generated_project
from benchmarks.measuring import Figure, Measured, Result
from benchmarks.processes import ORDERKIT, Command, Cost, costs

EXAMPLE = Path(__file__).parents[1] / "examples" / "order-management"
SIZES = (10, 100, 1000)
LARGEST = SIZES[-1]

LOAD = """
import sys
from pathlib import Path
import yaml
for path in sorted(Path(sys.argv[1]).rglob("*.yaml")):
    with open(path, "rb") as file:
        yaml.load(file.read(), Loader=yaml.CSafeLoader)
"""


def measure() -> Iterator[Measured]:
    """Yield the start of the command, then check cold and warm on projects of each size."""
    yield from _starts()
    cold: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        # Set before the commands start, which take it from here.
        os.environ["ORDERKIT_CACHE"] = str(Path(folder, "cache"))
        for size in SIZES:
            yield from _sized(Path(folder, str(size)), size, cold)
    for small, large in pairwise(SIZES):
        yield Figure(
            name=f"check: growth from {small} to {large} forms",
            value=cold[large] / cold[small],
            unit="times",
            note=f"wanted: at most {large // small * 1.1:.0f}; what every check does at all counts too",
        )


def _starts() -> Iterator[Measured]:
    found = costs(
        {
            "typer": Command(words=(sys.executable, "-c", "import typer")),
            "help": Command(words=(*ORDERKIT, "--help")),
            "check": Command(words=(*ORDERKIT, "check", str(EXAMPLE), "--no-cache")),
        },
        rounds=15,
    )
    for name, about, wanted in (("help", "--help", 1.5), ("check", "check the example", None)):
        yield Result(
            name=f"start: {about}",
            ours="orderkit",
            baseline="import typer",
            our_seconds=found[name].seconds,
            baseline_seconds=found["typer"].seconds,
            rounds=15,
            wanted=wanted,
        )


class _Edits:
    """Changes of one file of a project on disk, another one each time."""

    def __init__(self, project: Path, path: str, text: bytes) -> None:
        self._file = project / path
        self._text = text
        self._turns = count(1)

    def restore(self) -> None:
        self._file.write_bytes(self._text)

    def label(self) -> None:
        text = self._text.decode().replace("主题", f"主题 {next(self._turns)}", 1)
        self._file.write_text(f"# changed\n{text}", encoding="utf-8")

    def rule(self) -> None:
        text = self._text.decode().replace("value > 0", f"value > {next(self._turns)}", 1)
        self._file.write_text(text, encoding="utf-8")

    def formula(self) -> None:
        text = self._text.decode().replace(
            '"sum(lines.amount)"', f'"sum(lines.amount) + {next(self._turns)}"', 1
        )
        self._file.write_text(text, encoding="utf-8")


def _sized(project: Path, size: int, cold: dict[int, float]) -> Iterator[Measured]:
    files = generated_project(size)
    for path, text in files.items():
        file = project / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text)
    path = f"forms/{form_name(size // 2)}.yaml"
    edits = _Edits(project, path, files[path])
    check = (*ORDERKIT, "check", str(project))
    rounds = 7 if size == LARGEST else 11
    found = costs(
        {
            "help": Command(words=(*ORDERKIT, "--help")),
            "import": Command(words=(sys.executable, "-c", "import yaml, pathlib")),
            "load": Command(words=(sys.executable, "-c", LOAD, str(project))),
            "cold": Command(words=check, before=_forget),
            "same": Command(words=check),
            "label": Command(words=check, before=edits.label),
            "rule": Command(words=check, before=edits.rule),
            "formula": Command(words=check, before=edits.formula),
            "back": Command(words=check, before=edits.restore),
        },
        rounds=rounds,
    )
    lines = sum(text.count(b"\n") for text in files.values())
    for name, about, wanted in (
        ("cold", "cold", 3.0),
        ("same", "warm, nothing changed", None),
        ("label", "warm, a label and a comment changed in one file", 0.3),
        ("rule", "warm, a rule of a form changed", 0.3),
        ("formula", "warm, a computed field changed in one file", 0.3),
    ):
        yield Result(
            name=f"check: {size} forms, {about}",
            ours="orderkit",
            baseline="PyYAML CSafeLoader",
            our_seconds=_net(found[name], found["help"]),
            baseline_seconds=_net(found["load"], found["import"]),
            rounds=rounds,
            note=f"{len(files)} files, {lines:,} lines",
            wanted=wanted if size == LARGEST else None,
        )
    cold[size] = _net(found["cold"], found["help"])
    if size == LARGEST:
        peak = max(found[name].peak_megabytes for name in ("cold", "same", "label", "rule"))
        yield Figure(
            name=f"check: {size} forms, peak memory", value=peak, unit="MB", note="wanted: at most 600"
        )


def _forget() -> None:
    shutil.rmtree(os.environ["ORDERKIT_CACHE"], ignore_errors=True)


def _net(cost: Cost, of: Cost) -> float:
    return max(cost.seconds - of.seconds, 1e-6)
