"""Writes the pages of `docs/reference/` that are made from the language: `python -m tests.architecture.reference_pages`."""

from collections.abc import Mapping
from pathlib import Path

from orderkit.language.expressions import GLOSSARY
from orderkit.language.findings.ledger import all_codes
from tests.architecture import catalog_pages, language_pages
from tests.architecture.repository import ROOT

FOLDER = ROOT / "docs" / "reference" / "language"
CODES = ROOT / "docs" / "reference" / "codes.md"
AREAS = {
    "1": "Reading YAML",
    "2": "Names and references",
    "3": "Types and expressions",
    "4": "Workflow",
    "5": "Access",
    "6": "Safety of the schema",
    "7": "Integrations",
    "8": "Pages and reports",
    "9": "Lints",
}


def reference_pages() -> Mapping[Path, str]:
    """Return every page by path."""
    made = {**language_pages.pages(), **catalog_pages.pages(), "functions.md": functions_page()}
    return {CODES: codes_page(), **{FOLDER / name: text.rstrip() + "\n" for name, text in made.items()}}


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


def codes_page() -> str:
    """Return the page with a section for each code."""
    parts = [
        "# What `check` says\n",
        "Made from the declarations of the codes by `make generate`; `orderkit explain CODE` prints the same.",
        "Codes are permanent: the [ledger](codes.txt) only ever grows.",
        "A line `# path` in an example begins another file.\n",
    ]
    area = ""
    for code in all_codes().values():
        if code.id[2] != area:
            area = code.id[2]
            parts.append(f"## {AREAS[area]}\n")
        parts.append(f"### {code.id} {code.name}\n")
        parts.append(f"{code.zh}\n")
        parts.append(f"{code.explanation}\n")
        parts.append(f"{code.severity.value.capitalize()}, since {code.since}.\n")
        for heading, example in (("Wrong:", code.bad), ("Right:", code.good)):
            if example:
                parts.append(f"{heading}\n\n```yaml\n{example.rstrip()}\n```\n")
    return "\n".join(parts).rstrip() + "\n"


if __name__ == "__main__":
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path, text in reference_pages().items():
        path.write_text(text, encoding="utf-8")
