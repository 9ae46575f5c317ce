"""Writes the pages of `docs/reference/` that are made from the language: `python -m tests.architecture.reference_pages`."""

from collections.abc import Mapping
from pathlib import Path

from orderkit.cli.ledger import every_code
from orderkit.language.expressions import GLOSSARY
from tests.architecture import catalog_pages, codes_page, language_pages
from tests.architecture.repository import ROOT

FOLDER = ROOT / "docs" / "reference" / "language"
CODES = ROOT / "docs" / "reference" / "codes.md"
CODE_PAGES = ROOT / "docs" / "reference" / "codes"


def reference_pages() -> Mapping[Path, str]:
    """Return every page by path."""
    made = {**language_pages.pages(), **catalog_pages.pages(), "functions.md": functions_page()}
    return {
        CODES: codes_page.index(),
        **{CODE_PAGES / f"{code.id}.md": codes_page.page_of(code) for code in every_code().values()},
        **{FOLDER / name: text.rstrip() + "\n" for name, text in made.items()},
    }


def functions_page() -> str:
    """Return the page with every function of expressions, in both languages."""
    parts = [
        "# Functions of expressions · 表达式函数\n",
        "Made from the language by `make generate`.",
        "What each does in every corner is in [expressions](../expressions.md).\n",
    ]
    for chapter, words in GLOSSARY.items():
        rows = [f"| `{word.call}` | {word.about['en']} | {word.about['zh']} |" for word in words]
        parts.append(f"## {chapter}\n\n| function | gives | 得到 |\n|---|---|---|\n" + "\n".join(rows) + "\n")
    return "\n".join(parts)


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    CODE_PAGES.mkdir(parents=True, exist_ok=True)
    pages = reference_pages()
    for path, text in pages.items():
        path.write_text(text, encoding="utf-8")
    for path in set(CODE_PAGES.glob("*.md")) - pages.keys():
        path.unlink()
