"""When a clock of a diagram goes off, as the language writes it: ISO 8601 read back, expressions as they are."""

import re

from orderkit.diagram.bpmn.elements import BPMN
from orderkit.diagram.importing.process import Plain
from orderkit.diagram.importing.tree import Element

_ISO = re.compile(r"P(?:(?P<mo>\d+)M|(?P<d>\d+)D|T(?:(?P<h>\d+)H|(?P<min>\d+)M|(?P<s>\d+)S))")


def when_of(clock: Element) -> Plain | None:
    """Return `after`, `every` or `at` of a clock; None where its moment has another form."""
    event = clock.first(BPMN, "timerEventDefinition")
    for part in event.children if event is not None else ():
        said = part.whole_text().strip()
        if part.name == "timeDuration":
            span = _span(said)
            return None if span is None else {"after": span}
        if part.name == "timeCycle" and said.startswith("R/"):
            span = _span(said[2:])
            return None if span is None else {"after": span, "every": span}
        if part.name == "timeDate" and said:
            return {"at": said}
    return None


def _span(said: str) -> str | None:
    found = _ISO.fullmatch(said)
    if found is None:
        return None
    return next(f"{count}{unit}" for unit, count in found.groupdict().items() if count is not None)
