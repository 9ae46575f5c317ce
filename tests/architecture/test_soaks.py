"""A long proof says how far it is: whoever waits for an hour must see that it lives."""

import ast

from tests.architecture.repository import name_of, tracked_with
from tests.support.progress import Progress


def test_every_long_proof_tells_its_progress() -> None:
    told = {
        f"{name_of(path)}::{node.name}": "progress" in {each.arg for each in _arguments(node)}
        for path in tracked_with(".py")
        if name_of(path).startswith("tests/")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and "pytest.mark.soak" in map(ast.unparse, node.decorator_list)
    }
    assert len(told) > 5
    assert [name for name, is_told in told.items() if not is_told] == []


def test_progress_is_told_every_ten_seconds_and_at_the_end() -> None:
    seconds = iter([0, 4, 11, 12, 25, 26])
    said: list[str] = []
    progress = Progress(said.append, clock=lambda: next(seconds))
    for _ in range(3):
        progress.step(of=5000)
    progress.reach(1200)
    progress.end()
    assert [each.strip() for each in said] == [
        "2 in 11 s, 5,000 wanted",
        "1,200 in 25 s",
        "1,200 in 26 s, done",
    ]


def _arguments(node: ast.FunctionDef) -> list[ast.arg]:
    return [*node.args.args, *node.args.kwonlyargs]
