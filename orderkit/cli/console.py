"""What the commands say to people: the only place that prints.

Results that a program may read go to standard output untouched (`data`); everything meant for
people goes through rich, which leaves colours out where nobody sees them. The language is set
once, by `main`.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from orderkit.model.errors import OrderkitError, Problem, Refused
from orderkit.model.labels import Label, label, text_of

if TYPE_CHECKING:
    from rich.console import Console

    from orderkit.model.codes import Code

LANGUAGES = ("zh", "en")

# What a finding consists of: its title, its place, the margin, the marked characters, help and notes.
_STYLES = (
    (r"(?m)^error\[OK\d{4}\] [a-z0-9-]+", "bold red"),
    (r"(?m)^warning\[OK\d{4}\] [a-z0-9-]+", "bold yellow"),
    (r"(?m)^hint\[OK\d{4}\] [a-z0-9-]+", "bold cyan"),
    (r"(?m)^  (-->|:::) [^\s]+", "blue"),
    (r"(?m)^ +\d* \|", "blue"),
    (r"(?m)(?<=\| )\s*\^.*$", "red"),
    (r"(?m)^  (help|note):", "bold green"),
)

_language: ContextVar[str] = ContextVar("language", default="en")
_is_asked_for: ContextVar[bool] = ContextVar("is_asked_for", default=False)


class Progress(Protocol):
    """Told how far a long task has come."""

    def __call__(self, done: int, total: int) -> None:
        """Show `done` of `total`; a total of 0 is not known yet."""


def settle_streams() -> None:
    """Make both outputs take every text: what an encoding lacks is escaped, and a closed output swallows all."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            _discard(name)
        elif isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def give_up_output() -> None:
    """Write no more to standard output, which takes nothing; what waits to be written is lost."""
    _discard("stdout")


def _discard(name: str) -> None:
    setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - open until the end


def language_asked_for() -> str | None:
    """Return the language that ORDERKIT_LANG asks for."""
    wanted = os.environ.get("ORDERKIT_LANG")
    return _known(wanted) if wanted else None


def language_of_machine() -> str:
    """Return the language of the machine's locale."""
    return _known(os.environ.get("LC_ALL") or os.environ.get("LANG") or "")


def _known(locale: str) -> str:
    return "zh" if locale.lower().startswith("zh") else "en"


def use_language(language: str, *, is_asked_for: bool = True) -> None:
    """Speak this language from now on. One that nobody asked for gives way to that of the project."""
    _language.set(language)
    _is_asked_for.set(is_asked_for)


def speak_as_project(locale: str | None) -> None:
    """Speak the language of a project, unless `--lang` or ORDERKIT_LANG asked for another."""
    if locale is not None and not _is_asked_for.get():
        _language.set(_known(locale))


def language() -> str:
    """Return the language in force, `zh` or `en`."""
    return _language.get()


def language_if_asked_for() -> str | None:
    """Return the language that `--lang` or ORDERKIT_LANG asked for."""
    return _language.get() if _is_asked_for.get() else None


def say(message: Label | str, **facts: object) -> None:
    """Print a line for people on standard output. `facts` fill the message's `{names}`."""
    if not sys.stdout.isatty():
        # Nobody sees colours there, and loading rich takes longer than a migration that finds nothing to do.
        data(_filled(message, facts) + "\n")
        return
    _rich().print(_filled(message, facts), markup=False, highlight=False, soft_wrap=True)


def note(message: Label | str, **facts: object) -> None:
    """Print a line for people on standard error: progress, hints, anything that is not the result."""
    if not sys.stderr.isatty():
        # Nobody sees colours there, and loading rich takes longer than a check that is remembered.
        sys.stderr.write(_filled(message, facts) + "\n")
        return
    _rich(stderr=True).print(
        _filled(message, facts), markup=False, highlight=False, soft_wrap=True, style="dim"
    )


def fail(message: Label | str, help_: Label | str | None = None, **facts: object) -> None:
    """Print on standard error what is wrong and, if known, what to do about it."""
    rich = _rich(stderr=True)
    rich.print(_filled(message, facts), markup=False, highlight=False, soft_wrap=True, style="red")
    if help_ is not None:
        rich.print("  " + _filled(help_, facts), markup=False, highlight=False, soft_wrap=True)


def refuse(error: OrderkitError) -> None:
    """Print why the engine refused: the message, then every problem with its place and what to do about it."""
    problems = error.problems if isinstance(error, Refused) else ()
    # An error without words of its own speaks in those of its first problem.
    is_headed = not any(each.message is error.explain for each in problems)
    if is_headed:
        fail(_known_by(error.known_as, error.explain))
    rich = _rich(stderr=True)
    for problem in problems:
        place = f"{problem.path}: " if problem.path else ""
        message: Label = {key: f"{place}{text}" for key, text in problem.message.items()}
        # The headline has said the code already where they share it.
        code = None if is_headed and problem.known_as is error.known_as else problem.known_as
        rich.print(text_of(_known_by(code, message), language()), markup=False, soft_wrap=True, style="red")
        if problem.help is not None:
            rich.print(f"  {text_of(problem.help, language())}", markup=False, soft_wrap=True)


def show_problem(problem: Problem) -> None:
    """Print one thing that is wrong, under its code, and what to do about it."""
    fail(_known_by(problem.known_as, problem.message), problem.help)


def _known_by(code: "Code | None", message: Label) -> Label:
    if code is None:
        return message
    return {key: f"{code.severity.value}[{code.id}] {code.name}: {text}" for key, text in message.items()}


def data(text: str) -> None:
    """Write a result exactly as it is, with a line end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")
    sys.stdout.flush()


def document(text: str) -> None:
    """Write a result in a format of programs: in UTF-8, whatever the machine's encoding is."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
    data(text)


def report(text: str) -> None:
    """Write findings as `render_human` made them; in colours on a terminal, as they are elsewhere."""
    rich = _rich()
    if not rich.is_terminal:
        data(text)
        return
    from rich.text import Text  # noqa: PLC0415 - belongs to `report`

    coloured = Text(text.rstrip("\n"))
    for pattern, style in _STYLES:
        coloured.highlight_regex(pattern, style)
    rich.print(coloured, soft_wrap=True)


def table(headings: Sequence[Label | str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings, in columns."""
    from rich.table import Table  # noqa: PLC0415 - only commands that print tables pay for it

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        drawn.add_column(_filled(heading, {}), overflow="fold")
    for row in rows:
        drawn.add_row(*(_escaped(cell) for cell in row))
    _rich().print(drawn)


@contextmanager
def progress(message: Label | str) -> Iterator[Progress]:
    """Show a bar on standard error while the block runs; nothing where nobody watches."""
    from rich.progress import Progress as Bar  # noqa: PLC0415 - only long commands pay for it

    with Bar(console=_rich(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        task = bar.add_task(_filled(message, {}), total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)


def is_watched() -> bool:
    """Return whether somebody sees standard error as it is written."""
    return sys.stderr.isatty()


def ask_password(message: Label | str) -> str:
    """Ask twice for a password without showing it. Raises Refused when the answers differ."""
    import getpass  # noqa: PLC0415 - needs a terminal, which most commands do not

    first = getpass.getpass(_filled(message, {}) + " ")
    again = getpass.getpass(_filled(label(zh="再输入一次：", en="Once more:"), {}) + " ")
    if first != again:
        raise Refused((), label(zh="两次输入不一致", en="The two entries differ"))
    return first


def _filled(message: Label | str, facts: dict[str, object]) -> str:
    text = message if isinstance(message, str) else text_of(message, language())
    return text.format(**facts) if facts else text


def _escaped(cell: str) -> str:
    from rich.markup import escape  # noqa: PLC0415 - belongs to `table`

    return escape(cell)


def _rich(*, stderr: bool = False) -> "Console":
    from rich.console import Console  # noqa: PLC0415 - `orderkit check --format json` never needs it

    return Console(stderr=stderr)
