"""The log as XES (IEEE 1849-2016), which tools for process mining read, written as it is read.

What the standard has words for is said in them: who in `org:resource`, when in `time:timestamp`, and how far an
activity has come in `lifecycle:transition`. The rest stands under names of ours without a prefix.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from io import TextIOWrapper
from typing import BinaryIO
from xml.sax.saxutils import quoteattr

from orderkit.engine.workflow.analytics.logs.reading import LogEvent, Trace

VERSION = "1849.2016"
EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)
# How far the activity has come by what was done; everything else is complete.
LIFECYCLE = {
    "assign": "assign",
    "hand_over": "reassign",
    "reassign": "reassign",
    "skip": "autoskip",
    "withdrawn": "withdraw",
}
COMPLETE = "complete"

# XML has no way to write these, which people paste from elsewhere.
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_xes(name: str, traces: Iterable[Trace], target: BinaryIO) -> int:
    """Write a log under a name and return how many events it has."""
    stream = TextIOWrapper(target, encoding="utf-8", newline="\n")
    stream.write('<?xml version="1.0" encoding="UTF-8"?>\n')
    stream.write(f'<log xes.version="{VERSION}" xes.features="">\n')
    for each in _head(name):
        stream.write(f"  {each}\n")
    count = 0
    for trace in traces:
        stream.write("  <trace>\n")
        for each in _trace(trace):
            stream.write(f"    {each}\n")
        for event in trace.events:
            stream.write("    <event>\n")
            for each in _event(event):
                stream.write(f"      {each}\n")
            stream.write("    </event>\n")
            count += 1
        stream.write("  </trace>\n")
    stream.write("</log>\n")
    stream.flush()
    stream.detach()
    return count


def _head(name: str) -> Iterator[str]:
    for title, prefix, uri in EXTENSIONS:
        yield f'<extension name="{title}" prefix="{prefix}" uri="{uri}"/>'
    yield '<global scope="trace">' + _string("concept:name", "") + "</global>"
    yield (
        '<global scope="event">'
        + _string("concept:name", "")
        + _date("time:timestamp", datetime(1970, 1, 1, tzinfo=UTC))
        + _string("org:resource", "")
        + _string("lifecycle:transition", COMPLETE)
        + "</global>"
    )
    yield '<classifier name="Activity" scope="event" keys="concept:name"/>'
    yield '<classifier name="ActivityAndLifecycle" scope="event" keys="concept:name lifecycle:transition"/>'
    yield '<classifier name="Resource" scope="event" keys="org:resource"/>'
    yield _string("concept:name", name)
    yield _string("lifecycle:model", "standard")


def _trace(trace: Trace) -> Iterator[str]:
    yield _string("concept:name", trace.name)
    yield f'<int key="record" value="{trace.record_id}"/>'
    yield _string("title", trace.title)
    yield _string("state", trace.state)
    yield _string("state_label", trace.state_label)
    yield _string("definition", trace.definition)


def _event(event: LogEvent) -> Iterator[str]:
    yield _string("concept:name", event.activity)
    yield _date("time:timestamp", event.at)
    yield _string("org:resource", event.who)
    yield _string("lifecycle:transition", LIFECYCLE.get(event.verb, COMPLETE))
    yield _string("verb", event.verb)
    for key in ("transition", "step", "source", "target", "on_behalf_of", "comment", "channel"):
        value = getattr(event, key)
        if value:
            yield _string(key, value)
    yield f'<int key="visit" value="{event.visit}"/>'


def _string(key: str, value: str) -> str:
    return f'<string key="{key}" value={_quoted(value)}/>'


def _date(key: str, moment: datetime) -> str:
    shown = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return f'<date key="{key}" value="{shown}"/>'


def _quoted(text: str) -> str:
    """Return a text as the value of an attribute, with breaks of lines that stay."""
    return quoteattr(_NOT_IN_XML.sub("\ufffd", text), {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
