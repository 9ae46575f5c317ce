"""Makes `docs/reference/commands.md` from the commands themselves: `python -m tests.architecture.commands_page`."""

import importlib
import inspect
from collections.abc import Callable, Iterator
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import typer

from orderkit.cli.commands import COMMANDS
from tests.architecture.repository import ROOT

PAGE = ROOT / "docs" / "reference" / "commands.md"
HEAD = """\
# Commands

Made from the commands themselves by `make generate`.

Every command takes `--help`, and `--lang zh` or `--lang en` for the language of its messages (otherwise `ORDERKIT_LANG`, otherwise the machine's).
It leaves with 0 when all is well, 1 with findings or a refusal, 2 for wrong usage, and 70 for a bug of orderkit, which it says in so many words.
Results go to standard output, everything else that is said to people to standard error where a program may read the result.
"""


def page() -> str:
    """Return the page."""
    parts = [HEAD]
    for name, command in COMMANDS.items():
        module = importlib.import_module(f"orderkit.cli.commands.{command.module}")
        group: typer.Typer | None = getattr(module, "app", None)
        parts.append(f"## orderkit {name}\n\n{command.summary['zh']}。\n")
        if group is None:
            parts += section(name, getattr(module, command.module), level=None)
            continue
        for called, callback in called_in(group):
            parts += section(f"{name} {called}", callback, level="###")
    return "\n".join(parts)


def called_in(group: typer.Typer) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the commands of a group, and of the groups in it, each with what it is called by."""
    for each in group.registered_commands:
        assert each.callback is not None
        yield each.name or each.callback.__name__, each.callback
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        for called, callback in called_in(inner.typer_instance):
            yield f"{inner.name} {called}", callback


def section(name: str, function: Callable[..., Any], *, level: str | None) -> Iterator[str]:
    """Yield what the page says about one command."""
    text = inspect.getdoc(function) or ""
    prose, _, example = text.partition("Example:")
    if level is not None:
        yield f"{level} orderkit {name}\n"
    yield "\n".join(sentences(prose)) + "\n"
    yield f"```sh\n{example.strip().strip('`')}\n```\n"
    rows = list(parameters(function))
    if rows:
        yield "| argument | means | default |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def parameters(function: Callable[..., Any]) -> Iterator[str]:
    """Yield a table row for each argument and option."""
    hints = get_type_hints(function, include_extras=True)
    for name, parameter in inspect.signature(function).parameters.items():
        hint = hints[name]
        assert get_origin(hint) is Annotated, f"{function.__module__}.{name} is not annotated for typer"
        kind, info = get_args(hint)[:2]
        is_option = isinstance(info, typer.models.OptionInfo)
        words = [word for word in (info.param_decls or ()) if word.startswith("-")]
        shown = ", ".join(words) if is_option else (info.metavar or name.upper())
        if is_option and not words:
            shown = "--" + name.rstrip("_").replace("_", "-")
        if is_option and kind is not bool:
            shown += f" {info.metavar or 'VALUE'}"
        default = parameter.default
        is_plain = default not in {inspect.Parameter.empty, None, False} and str(default)
        value = "on" if default is True else f"`{default}`" if is_plain else ""
        yield f"| `{shown.replace('|', chr(92) + '|')}` | {info.help or ''} | {value} |"


def sentences(prose: str) -> Iterator[str]:
    """Yield the prose, one sentence a line, as all documents here are written."""
    for paragraph in prose.strip().split("\n\n"):
        yield from " ".join(paragraph.split()).replace(". ", ".\n").splitlines()


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
