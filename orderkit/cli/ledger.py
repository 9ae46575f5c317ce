"""Every code that any command reports, and the ledger in `docs/reference/codes.txt`.

The language knows its own codes (`check` and its allowances need no others); changes, migrations and
what operates a database declare theirs beside the code that reports them.
"""

import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from orderkit.language.findings.ledger import codes_in, ledger_line
from orderkit.model.codes import Code

PACKAGES = (
    "orderkit.language",
    "orderkit.model",
    "orderkit.catalog",
    "orderkit.database",
    "orderkit.engine",
    "orderkit.plan",
    "orderkit.artifact",
    "orderkit.upkeep",
    "orderkit.cli.planning",
    "orderkit.cli.machine",
)

_HEADER = (
    "# Every code that orderkit may report: id, name, severity, version in which it came.",
    "# Written by `python -m orderkit.cli.ledger docs/reference/codes.txt`. A line is never deleted:",
    "# a code that is no longer reported is marked `retired`, and its id is never used again.",
)


@cache
def every_code() -> Mapping[str, Code]:
    """Return every code by id, in order."""
    return codes_in(*PACKAGES)


def write_ledger(path: Path) -> None:
    """Write the ledger anew: what is known now, and what was retired before."""
    old = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    codes = every_code()
    lines = {code.id: ledger_line(code) for code in codes.values()}
    for line in old:
        if line and not line.startswith("#") and line.split()[0] not in codes:
            lines[line.split()[0]] = line if line.endswith(" retired") else f"{line} retired"
    path.write_text(
        "\n".join([*_HEADER, *(lines[key] for key in sorted(lines))]) + "\n", encoding="utf-8", newline="\n"
    )


if __name__ == "__main__":
    write_ledger(Path(sys.argv[1]))
