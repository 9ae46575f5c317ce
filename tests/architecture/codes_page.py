"""Makes the pages of codes from their declarations: an index, and a page for each."""

from orderkit.cli.ledger import every_code
from orderkit.language.findings import ERROR, Code
from tests.architecture.repository import ROOT
from tests.language.examples import compiled, files_of

LEDGER = ROOT / "docs" / "reference" / "codes.txt"
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


def index() -> str:
    """Return the page that lists every code."""
    parts = [
        "# What orderkit finds wrong\n",
        "Made from the declarations of the codes by `make generate`; `orderkit explain CODE` prints what a code's page says, `orderkit explain --list` this list.",
        "Codes are permanent: the [ledger](codes.txt) only ever grows.",
        "How findings are read, mended and allowed stands in [findings](findings.md).\n",
    ]
    area = ""
    for code in every_code().values():
        if code.id[2] != area:
            area = code.id[2]
            parts.append(f"\n## {AREAS[area]}\n\n| code | | 说明 | what it means |\n|---|---|---|---|")
        parts.append(
            f"| [{code.id}](codes/{code.id}.md) `{code.name}` | {code.severity.value} | "
            f"{_cell(_first(code.zh, '。'))} | {_cell(_first(code.explanation, '. '))} |"
        )
    retired = [
        line.split() for line in LEDGER.read_text(encoding="utf-8").splitlines() if line.endswith(" retired")
    ]
    if retired:
        parts.append("\n## No longer reported\n")
        parts += [f"- {words[0]} `{words[1]}`" for words in retired]
    return "\n".join(parts).rstrip() + "\n"


def page_of(code: Code) -> str:
    """Return the page of one code."""
    parts = [f"# {code.id} {code.name}\n", f"{code.zh}\n", f"{code.explanation}\n", f"{_facts(code)}\n"]
    if code.bad:
        parts.append("A line `# path` in an example begins another file.\n")
    for heading, example in (("Wrong 错误", code.bad), ("Right 正确", code.good)):
        if example:
            parts.append(f"## {heading}\n\n```yaml\n{example.rstrip()}\n```\n")
    return "\n".join([*parts, "[All codes](../codes.md)\n"])


def _facts(code: Code) -> str:
    facts = [f"{code.severity.value.capitalize()}, since {code.since}."]
    if code.severity is not ERROR and not code.id.startswith("OK99"):
        facts.append(f"It can be allowed: `# orderkit: allow {code.id} reason`.")
    if code.bad and any(
        each.fix is not None and each.fix.is_safe for each in compiled(files_of(code.bad)).found
    ):
        facts.append("`orderkit check --fix` mends it where it is clear what was meant.")
    return "\n".join(facts)


def _first(text: str, end: str) -> str:
    """Return the first sentence of a text."""
    sentence, found, _ = " ".join(text.split()).partition(end)
    return sentence + found.strip()


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
