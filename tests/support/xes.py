"""What IEEE 1849-2016 demands of a log, as far as its schema and its prose can be checked on a file.

Written from what the standard states, element by element; it says with every fault where the file breaks which rule.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from xml.etree.ElementTree import Element, iterparse

ATTRIBUTES = ("string", "date", "int", "float", "boolean", "id", "list")
# What stands in which element, in this order.
ORDER = {
    "log": ("extension", "global", "classifier", ATTRIBUTES, "trace", "event"),
    "trace": (ATTRIBUTES, "event"),
    "event": (ATTRIBUTES,),
    "global": (ATTRIBUTES,),
}
NC_NAME = re.compile(r"[^\W\d][\w.\-]*")
NAME = re.compile(r"[^\W\d][\w.\-:]*|:[\w.\-:]*")
DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
LIFECYCLE = {
    "schedule", "assign", "withdraw", "reassign", "start", "suspend", "resume", "pi_abort", "ate_abort",
    "complete", "autoskip", "manualskip", "unknown",
}  # fmt: skip
STANDARD = {
    "concept": {"concept:name": "string", "concept:instance": "string"},
    "time": {"time:timestamp": "date"},
    "org": {"org:resource": "string", "org:role": "string", "org:group": "string"},
    "lifecycle": {"lifecycle:model": "string", "lifecycle:transition": "string", "lifecycle:state": "string"},
}


def faults(path: Path) -> tuple[str, ...]:
    """Return what is wrong with a log."""
    ((_, log),) = list(iterparse(path, events=["end"]))[-1:]
    return tuple(_log(log))


def _log(log: Element) -> Iterator[str]:
    if log.tag != "log":
        yield f"the root is {log.tag}"
    if not DECIMAL.fullmatch(log.get("xes.version", "")):
        yield "xes.version is no decimal number"
    prefixes = set()
    for each in log.findall("extension"):
        if not all(NC_NAME.fullmatch(each.get(name, "")) for name in ("name", "prefix")) or not each.get(
            "uri"
        ):
            yield f"extension {dict(each.attrib)}"
        prefixes.add(each.get("prefix"))
    globals_ = {
        each.get("scope"): {one.get("key"): one.tag for one in each} for each in log.findall("global")
    }
    if not globals_.keys() <= {"trace", "event"}:
        yield f"globals of {sorted(map(str, globals_))}"
    for each in log.findall("classifier"):
        scope = each.get("scope", "event")
        if not NC_NAME.fullmatch(each.get("name", "")):
            yield f"the name of a classifier: {each.get('name')}"
        if not set(each.get("keys", "").split()) <= globals_.get(scope, {}).keys():
            yield f"classifier {each.get('name')} is of keys that are not global"
    yield from _component(log, prefixes)
    for number, trace in enumerate(log.findall("trace")):
        for fault in (*_component(trace, prefixes), *_global(trace, globals_.get("trace", {}))):
            yield f"trace {number}: {fault}"
        for place, event in enumerate(trace.findall("event")):
            for fault in (*_component(event, prefixes), *_global(event, globals_.get("event", {}))):
                yield f"trace {number}, event {place}: {fault}"
    for each in log.findall("global"):
        yield from _component(each, prefixes)


def _component(element: Element, prefixes: set[str | None]) -> Iterator[str]:
    """Yield what is wrong with the order of what an element holds, and with its own attributes."""
    yield from _order(element.tag, [each.tag for each in element])
    keys = [each.get("key", "") for each in element if each.tag in ATTRIBUTES]
    if len(set(keys)) < len(keys):
        yield f"a key twice among {keys}"
    for each in element:
        if each.tag in ATTRIBUTES:
            yield from _attribute(each, prefixes)


def _order(tag: str, found: Sequence[str]) -> Iterator[str]:
    places = ORDER[tag]
    at = 0
    for each in found:
        while (
            at < len(places)
            and each != places[at]
            and each not in (places[at] if isinstance(places[at], tuple) else ())
        ):
            at += 1
        if at == len(places):
            yield f"{each} does not belong here in {tag}"
            return


def _attribute(element: Element, prefixes: set[str | None]) -> Iterator[str]:
    key, value = element.get("key", ""), element.get("value")
    if not NAME.fullmatch(key):
        yield f"key {key!r}"
    prefix = key.partition(":")[0] if ":" in key else None
    if prefix is not None and prefix not in prefixes:
        yield f"{key} is of an extension that is not declared"
    if prefix in STANDARD and STANDARD[prefix].get(key) != element.tag:
        yield f"{key} is no {element.tag} of its extension"
    if value is None or not _fits(element.tag, value):
        yield f"{key}: {value!r} is no {element.tag}"
    if key == "lifecycle:transition" and value not in LIFECYCLE:
        yield f"{value!r} is not of the standard life cycle"


def _fits(tag: str, value: str) -> bool:
    match tag:
        case "int":
            return re.fullmatch(r"[+-]?\d+", value) is not None and -(2**63) <= int(value) < 2**63
        case "date":
            return re.fullmatch(
                r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value
            ) is not None and (datetime.fromisoformat(value).tzinfo is not None)
        case "boolean":
            return value in {"true", "false", "0", "1"}
        case "float":
            return re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|INF|-INF|NaN", value) is not None
        case _:
            return tag == "string"


def _global(element: Element, expected: dict[str | None, str]) -> Iterable[str]:
    """Yield what is promised of every such component and missing in this one."""
    here = {each.get("key"): each.tag for each in element}
    return [f"{key} is missing" for key, tag in expected.items() if here.get(key) != tag]
