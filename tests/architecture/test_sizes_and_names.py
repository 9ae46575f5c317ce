"""A module is one thing and small; nothing is named after having no name."""

from datetime import UTC, date, datetime

from tests.architecture.repository import name_of, tracked, tracked_with

HARD_LIMIT = 600

# A module over the limit stands here with the day by which it is split; after that day it fails.
ALLOWED: dict[str, date] = {}

NAMELESS = {"utils", "util", "common", "helpers", "helper", "core", "base", "misc"}


def test_no_module_is_longer_than_the_limit() -> None:
    too_long = {}
    for path in tracked_with(".py", ".ts"):
        name = name_of(path)
        lines = path.read_text(encoding="utf-8").count("\n")
        until = ALLOWED.get(name)
        if lines > HARD_LIMIT and (until is None or datetime.now(UTC).date() > until):
            too_long[name] = lines
    assert too_long == {}


def test_the_list_of_exceptions_names_only_modules_that_still_need_it() -> None:
    needed = {
        name_of(path)
        for path in tracked_with(".py", ".ts")
        if path.read_text(encoding="utf-8").count("\n") > HARD_LIMIT
    }
    assert set(ALLOWED) - needed == set()


def test_nothing_is_named_after_having_no_name() -> None:
    nameless = [
        name_of(path)
        for path in tracked()
        if path.suffix in {".py", ".ts"}
        and NAMELESS & {part.removesuffix(path.suffix) for part in path.parts[-3:]}
    ]
    assert nameless == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        name_of(path)
        for path in tracked_with(".py")
        if path.read_text(encoding="utf-8").strip()
        and not path.read_text(encoding="utf-8").lstrip().startswith(('"""', "#!", 'r"""'))
        and name_of(path).startswith("orderkit/")
    ]
    assert silent == []
