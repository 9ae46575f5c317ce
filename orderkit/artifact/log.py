"""How a process that serves writes its log: one line an event, tracebacks with code and never with values.

What stands in variables and statements are people's data, passwords and tokens; none of it belongs in
a log. On a terminal the lines are for people, elsewhere they are JSON.
"""

import sys
from contextlib import suppress
from typing import TextIO

import structlog


def write_log(target: TextIO | None = None) -> None:
    """Let everything in this process that logs write to `target`, by default the standard error output."""
    stream = target if target is not None else sys.stderr
    processors: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if stream.isatty():
        # The renderer's own tracebacks show every local variable, and take a minute for a deep one.
        processors.append(structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback))
    else:
        processors.append(structlog.processors.format_exc_info)
        processors.append(structlog.processors.JSONRenderer(ensure_ascii=False, default=str))
    structlog.configure(processors=processors, logger_factory=lambda *_: _Enduring(stream))


class _Enduring(structlog.PrintLogger):
    """Prints lines. One that cannot be written (a full disk, a pipe nobody reads) takes no answer with it."""

    def msg(self, message: str) -> None:
        """Print a line."""
        with suppress(OSError, ValueError):
            super().msg(message)

    log = debug = info = warn = warning = fatal = failure = err = error = critical = exception = msg
