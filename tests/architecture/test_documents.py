"""Commands, links and paths that documents name must exist."""

import re
from pathlib import Path

import pytest

from orderkit.cli.commands import COMMANDS
from tests.acceptance.example_history import STAGES
from tests.architecture import commands_page, migrations_page, review_page
from tests.architecture.reference_pages import CODE_PAGES, FOLDER, reference_pages
from tests.architecture.repository import ROOT, name_of, tracked_with

DOCUMENTS = tracked_with(".md")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
MAKE = re.compile(r"(?:`|^\s*|&& )make ([a-z][a-z-]*)", re.MULTILINE)
INLINE_COMMAND = re.compile(r"`orderkit ([a-z][a-z-]*)")
FENCED_COMMAND = re.compile(r"^(?:\$ |\S+/bin/)?orderkit ([a-z][a-z-]*)", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")
TARGET = re.compile(r"^([a-z][a-z-]*):", re.MULTILINE)


def targets() -> set[str]:
    return set(TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_make_targets_named_in_documents_exist(document: Path) -> None:
    assert set(MAKE.findall(document.read_text(encoding="utf-8"))) - targets() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_commands_named_in_documents_exist(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    named = {name for fence in FENCE.findall(text) for name in FENCED_COMMAND.findall(fence)}
    named |= set(INLINE_COMMAND.findall(FENCE.sub("", text)))
    assert named - COMMANDS.keys() == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = FENCE.sub("", document.read_text(encoding="utf-8"))
    dead = [link for link in LINK.findall(text) if not (document.parent / link).exists()]
    assert dead == []


def test_every_make_target_says_what_it_does() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    silent = [
        match.group(1)
        for match in re.finditer(r"^\.PHONY: ([a-z-]+)$", makefile, re.MULTILINE)
        if not re.search(rf"^{match.group(1)}:.*## .", makefile, re.MULTILINE)
        and match.group(1) != "test-tools"
    ]
    assert silent == []


def test_every_command_module_gives_an_example() -> None:
    silent = []
    for name, command in COMMANDS.items():
        module = ROOT / "orderkit" / "cli" / "commands" / f"{command.module}.py"
        if "Example" not in module.read_text(encoding="utf-8"):
            silent.append(name)
    assert silent == []


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert commands_page.PAGE.read_text(encoding="utf-8") == commands_page.page(), "run `make generate`"


def test_the_page_of_migrations_is_what_the_judgement_says() -> None:
    assert migrations_page.PAGE.read_text(encoding="utf-8") == migrations_page.page(), "run `make generate`"


def test_the_story_of_plans_is_what_plan_says() -> None:
    text = review_page.PAGE.read_text(encoding="utf-8")
    assert len(review_page.PLAN.findall(text)) == len(STAGES) - 1
    assert text == review_page.page(text), "run `make generate`"


def test_the_pages_of_the_language_are_what_the_language_says() -> None:
    made = reference_pages()
    stale = [
        name_of(path) for path, text in made.items() if not path.exists() or path.read_text("utf-8") != text
    ]
    assert stale == [], "run `make generate`"
    left = [path for folder in (FOLDER, CODE_PAGES) for path in folder.iterdir() if path not in made]
    assert left == [], "nothing makes these pages"
