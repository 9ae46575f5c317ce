"""The program `orderkit`: finds the command that was asked for, and says what went wrong.

`commands/` holds the commands, one module each, loaded only when asked for; what several of them do
stands beside it. `console.py` is the only place that prints.

Exit codes: 0 clean, 1 findings or a refusal, 2 wrong usage, 3 plan not empty, 70 a bug of ours.
"""

import importlib
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NoReturn

import typer

from orderkit import __version__
from orderkit.cli import console
from orderkit.cli.commands import COMMANDS, Command
from orderkit.cli.machine import refusal_of
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label, text_of

EXIT_FINDINGS = 1
EXIT_USAGE = 2
EXIT_BUG = 70


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run one command and leave with its exit code. No traceback ever reaches a person."""
    console.settle_streams()
    asked, words = _language_and_rest(sys.argv[1:] if arguments is None else arguments)
    asked = asked or console.language_asked_for()
    console.use_language(asked or console.language_of_machine(), is_asked_for=asked is not None)
    try:
        code = _application(words)(words, prog_name="orderkit", standalone_mode=True)
    except OrderkitError as error:
        console.refuse(error)
        sys.exit(EXIT_FINDINGS)
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(_leave_refused(error, words))
    except Exception as error:  # noqa: BLE001 - the last resort: a bug must say that it is one
        _report_bug(error, words)
        sys.exit(EXIT_BUG)
    sys.exit(code if isinstance(code, int) else 0)


def _application(words: Sequence[str]) -> typer.Typer:
    """Return the app in which only the command that `words` name is loaded; the others are names."""
    application = typer.Typer(
        name="orderkit",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        # Drawing boxes would take longer than everything else that `--help` does.
        rich_markup_mode=None,
        context_settings={"help_option_names": ["--help", "-h"]},
    )
    application.callback()(_orderkit)
    wanted = next((word for word in words if word in COMMANDS), None)
    for name, command in COMMANDS.items():
        if name == wanted:
            _load(application, name, command)
        else:
            application.command(name, help=text_of(command.summary, console.language()))(_nothing)
    return application


def _load(application: typer.Typer, name: str, command: Command) -> None:
    module = importlib.import_module(f"orderkit.cli.commands.{command.module}")
    group: typer.Typer | None = getattr(module, "app", None)
    if group is not None:
        application.add_typer(group, name=name, help=text_of(command.summary, console.language()))
        return
    function: Callable[..., Any] = getattr(module, command.module)
    application.command(name)(function)


def _nothing() -> None:
    """Stand for a command that was not asked for, in the list that `--help` shows."""


def _orderkit(
    lang: Annotated[
        str | None, typer.Option("--lang", help="Language of messages: zh or en.", metavar="zh|en")
    ] = None,
) -> None:
    """Configuration as code for order management: YAML in, a working order app out."""
    if lang is not None and lang not in console.LANGUAGES:
        raise typer.BadParameter("zh or en", param_hint="--lang")


def _language_and_rest(words: Sequence[str]) -> tuple[str | None, list[str]]:
    """Take `--lang` out of the words wherever it stands; an unknown language stays, to be refused."""
    rest = list(words)
    asked = None
    for index, word in enumerate(words):
        if word.startswith("--lang=") and word[7:] in console.LANGUAGES:
            asked, rest = word[7:], [*words[:index], *words[index + 1 :]]
        elif word == "--lang" and words[index + 1 : index + 2] and words[index + 1] in console.LANGUAGES:
            asked, rest = words[index + 1], [*words[:index], *words[index + 2 :]]
    return asked, rest


def _leave_refused(error: OSError, words: Sequence[str]) -> int:
    """Say what the machine refused, and return the exit code."""
    refusal = refusal_of(error)
    if refusal is None:
        _report_bug(error, words)
        return EXIT_BUG
    if error.filename is None:
        # Most likely the output itself, which would fail again when the program ends.
        console.give_up_output()
    console.refuse(refusal)
    return EXIT_FINDINGS


def _report_bug(error: Exception, words: Sequence[str]) -> None:
    import platform  # noqa: PLC0415 - only when something went badly wrong
    import tempfile  # noqa: PLC0415
    import traceback  # noqa: PLC0415

    with tempfile.NamedTemporaryFile(
        "w", prefix="orderkit-bug-", suffix=".txt", encoding="utf-8", delete=False
    ) as report:
        report.write(f"orderkit {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
        report.write(f"command: orderkit {' '.join(words[:1])}\n\n")
        report.writelines(traceback.format_exception(error))
    console.fail(
        label(
            zh="这是 orderkit 的缺陷（版本 {version}）：{kind}。您的数据没有被改动到一半。",
            en="This is a bug in orderkit (version {version}): {kind}. Nothing of yours was left half-done.",
        ),
        label(
            zh="请报告它，并附上此文件：{file}",
            en="Please report it and attach this file: {file}",
        ),
        version=__version__,
        kind=type(error).__name__,
        file=report.name,
    )
