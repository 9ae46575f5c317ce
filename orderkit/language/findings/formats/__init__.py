"""How findings are written: one module a format, found by its name.

A format is a module here with a constant `FORMAT`. Nothing else knows the list: `check --format` takes
the names of the modules, and loads only the one that was asked for.
"""

import importlib
import pkgutil

from orderkit.language.findings.formats.report import Format, Report

_PARTS = frozenset({"document", "fingerprints", "frames", "report"})
FORMATS: tuple[str, ...] = (
    "human",
    *(sorted(info.name for info in pkgutil.iter_modules(__path__) if info.name not in {*_PARTS, "human"})),
)

__all__ = ["FORMATS", "Format", "Report", "format_named"]


def format_named(name: str) -> Format:
    """Return a format by its name, one of `FORMATS`."""
    found: Format = importlib.import_module(f"{__name__}.{name}").FORMAT
    return found
