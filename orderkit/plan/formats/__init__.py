"""How a plan is written: for people on a terminal, for a pull request, for programs."""

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orderkit.plan.values import Plan

FORMATS = ("human", "json", "markdown")

Render = Callable[["Plan", str], str]


def format_named(name: str) -> Render:
    """Return the writer of a format by its name, one of `FORMATS`; its language is `zh` or `en`."""
    render: Render = importlib.import_module(f"{__name__}.{name}").render
    return render
