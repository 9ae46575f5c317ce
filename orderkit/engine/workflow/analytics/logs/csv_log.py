"""The log as CSV, a row for each event: in UTF-8 with a mark, as Excel opens it. No text becomes a formula there."""

import csv
from collections.abc import Iterable
from datetime import UTC
from io import TextIOWrapper
from typing import BinaryIO

from orderkit.engine.workflow.analytics.logs.reading import Trace
from orderkit.fields.formulas import harmless

# The first three are what tools for process mining ask for; the names are for programs and stay as they are.
COLUMNS = (
    "case",
    "activity",
    "timestamp",
    "resource",
    "title",
    "verb",
    "transition",
    "step",
    "source",
    "target",
    "visit",
    "on_behalf_of",
    "comment",
    "channel",
)


def write_csv(name: str, traces: Iterable[Trace], target: BinaryIO) -> int:  # noqa: ARG001 - every format is given one
    """Write a log and return how many events it has."""
    stream = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    count = 0
    for trace in traces:
        for event in trace.events:
            cells = (
                trace.name,
                event.activity,
                event.at.astimezone(UTC).isoformat(timespec="milliseconds"),
                event.who,
                trace.title,
                event.verb,
                event.transition,
                event.step,
                event.source,
                event.target,
                str(event.visit),
                event.on_behalf_of,
                event.comment,
                event.channel,
            )
            writer.writerow([harmless(each) for each in cells])
            count += 1
    stream.flush()
    stream.detach()
    return count
