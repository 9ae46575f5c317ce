"""All codes of the language, collected from the modules that report them."""

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import ModuleType

from orderkit.language.findings.code import Code

_HEADER = (
    "# Every code that `orderkit check` may report: id, name, severity, version in which it came.",
    "# Written by `python -m orderkit.language.findings.ledger docs/reference/codes.txt`. A line is never deleted:",
    "# a code that is no longer reported is marked `retired`, and its id is never used again.",
)


@cache
def all_codes() -> Mapping[str, Code]:
    """Return every code by id, in order. Two codes of one id or one name are a bug."""
    found: dict[str, Code] = {}
    for module in _modules("orderkit.language"):
        for value in vars(module).values():
            if isinstance(value, Code) and found.setdefault(value.id, value) is not value:
                raise AssertionError(f"two codes are {value.id}")
    names = [code.name for code in found.values()]
    assert len(set(names)) == len(names), "two codes have one name"
    return dict(sorted(found.items()))


def ledger_line(code: Code) -> str:
    """Return the line of a code in `docs/reference/codes.txt`."""
    return f"{code.id} {code.name} {code.severity.value} {code.since}"


def write_ledger(path: Path) -> None:
    """Write the ledger anew: what is known now, and what was retired before."""
    old = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    codes = all_codes()
    lines = {code.id: ledger_line(code) for code in codes.values()}
    for line in old:
        if line and not line.startswith("#") and line.split()[0] not in codes:
            lines[line.split()[0]] = line if line.endswith(" retired") else f"{line} retired"
    path.write_text("\n".join([*_HEADER, *(lines[key] for key in sorted(lines))]) + "\n", encoding="utf-8")


def _modules(package_name: str) -> list[ModuleType]:
    package = importlib.import_module(package_name)
    return [
        package,
        *(
            importlib.import_module(info.name)
            for info in pkgutil.walk_packages(package.__path__, f"{package_name}.")
        ),
    ]


if __name__ == "__main__":
    write_ledger(Path(sys.argv[1]))
