"""The log of a workflow as a file, of any size: what was done with each record, when, by whom and for whom."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO

from orderkit.engine import audit
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.analytics.asking import Asked, Question
from orderkit.engine.workflow.analytics.logs.csv_log import write_csv
from orderkit.engine.workflow.analytics.logs.reading import LogEvent, Trace, traces
from orderkit.engine.workflow.analytics.logs.xes import write_xes
from orderkit.model.labels import text_of

__all__ = ["LOG_FORMATS", "LogEvent", "LogFormat", "Trace", "note_log", "traces", "write_log"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFormat:
    """A kind of file. `write` takes the name of the log, its lives and a file, and returns how many events there are."""

    name: str
    title: str
    media_type: str
    write: Callable[[str, Iterable[Trace], BinaryIO], int]


LOG_FORMATS: Mapping[str, LogFormat] = {
    each.name: each
    for each in (
        LogFormat(name="csv", title="CSV", media_type="text/csv; charset=utf-8", write=write_csv),
        LogFormat(name="xes", title="XES", media_type="application/xml", write=write_xes),
    )
}


def write_log(
    unit: Unit,
    question: Question,
    format_: LogFormat,
    target: BinaryIO,
    *,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write what the person may see of a workflow and take along, and return how many events that is.

    Raises: NotFound, Denied.
    """
    asked = Asked(unit, question, is_leaving=True)
    found = traces(asked)
    if on_progress is not None:
        found = _told(found, on_progress)
    return format_.write(text_of(asked.workflow.label, unit.locale), found, target)


def note_log(unit: Unit, question: Question, format_: LogFormat, *, rows: int) -> None:
    """Note in the audit that a log left the house."""
    workflow = unit.project.workflow_by_id[question.workflow]
    facts = {
        "form": workflow.form,
        "workflow": workflow.id,
        "format": format_.name,
        "rows": rows,
        "filter": [
            name
            for name, is_asked in (
                ("period", question.period.start is not None or question.period.end is not None),
                ("department", question.department_id is not None),
                ("owner", question.owner_id is not None),
            )
            if is_asked
        ],
    }
    audit.note(unit, audit.EXPORT, "exported", facts)


def _told(found: Iterator[Trace], on_progress: Callable[[int], None]) -> Iterator[Trace]:
    for number, trace in enumerate(found, start=1):
        yield trace
        on_progress(number)
