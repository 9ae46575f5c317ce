"""`orderkit version`: what is installed here."""

import platform
from typing import Annotated

import typer

from orderkit import __version__
from orderkit.cli import console


def version(
    *,
    full: Annotated[bool, typer.Option("--full", help="Add Python and the operating system.")] = False,
) -> None:
    """Show the version.

    Example: `orderkit version --full`
    """
    console.data(f"orderkit {__version__}")
    if full:
        console.data(f"Python {platform.python_version()}")
        console.data(platform.platform())
