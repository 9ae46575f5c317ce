"""All codes of the language, collected from the modules that report them."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import ModuleType

from orderkit.model.codes import Code


@cache
def all_codes() -> Mapping[str, Code]:
    """Return every code of the language by id, in order."""
    return codes_in("orderkit.language")


def codes_in(*packages: str) -> Mapping[str, Code]:
    """Return every code that the modules, or those of the packages, declare, by id, in order.

    Two codes of one id or one name are a bug.
    """
    found: dict[str, Code] = {}
    for module in (module for package in packages for module in _modules(package)):
        for value in vars(module).values():
            if isinstance(value, Code) and found.setdefault(value.id, value) is not value:
                raise AssertionError(f"two codes are {value.id}")
    names = [code.name for code in found.values()]
    assert len(set(names)) == len(names), "two codes have one name"
    return dict(sorted(found.items()))


def ledger_line(code: Code) -> str:
    """Return the line of a code in `docs/reference/codes.txt`."""
    return f"{code.id} {code.name} {code.severity.value} {code.since}"


def _modules(package_name: str) -> list[ModuleType]:
    package = importlib.import_module(package_name)
    return [
        package,
        *(
            importlib.import_module(info.name)
            for info in pkgutil.walk_packages(getattr(package, "__path__", ()), f"{package_name}.")
            if not info.name.rpartition(".")[2][0].isdigit()
        ),
    ]
