"""An exploration for people and for programs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from orderkit.model.labels import label, text_of
from orderkit.testing.exploring.exploring import Exploration, Explored
from orderkit.testing.exploring.stories import shown


def as_text(exploration: Exploration, language: str) -> str:
    """Return each way in a line or two, and what is to be known of all of them."""
    return "\n".join(_lines(exploration, language)) + "\n"


def _lines(exploration: Exploration, language: str) -> Iterator[str]:
    for each in exploration.ways:
        yield f"{each.name}  {each.title}"
        yield from _notes(each, language)
    count, told = len(exploration.ways), sum(each.story is not None for each in exploration.ways)
    yield label(
        zh=f"{count} 条不同的路径，其中 {told} 条可作为场景运行并通过",
        en=f"{count} distinct {'way' if count == 1 else 'ways'}, {told} of them pass as scenarios",
    )[language]
    for values in exploration.skipped:
        given = ", ".join(f"{name} = {shown(value)}" for name, value in _plain(values).items())
        yield label(zh=f"没有这样的记录：{given}", en=f"no record can have: {given}")[language]
    if exploration.is_bounded:
        yield label(
            zh="不是全部：路径或取值的组合太多，请用 --limit 放宽",
            en="these are not all: there are more ways, or combinations of values, than were tried; raise --limit",
        )[language]


def _notes(explored: Explored, language: str) -> Iterator[str]:
    way = explored.way
    if way.again is not None:
        yield label(zh="    然后重新开始", en="    and begins again")[language]
    if way.waits is not None:
        yield "    " + text_of(way.waits, language)
    if explored.story is None:
        yield label(zh="    （不能写成场景）", en="    (cannot be told as a scenario)")[language]


def as_json(exploration: Exploration) -> str:
    """Return the exploration as one JSON document."""
    document = {
        "workflow": exploration.workflow,
        "is_bounded": exploration.is_bounded,
        "skipped": [
            {name: shown(value) for name, value in _plain(values).items()} for values in exploration.skipped
        ],
        "ways": [
            {
                "name": each.name,
                "title": each.title,
                "values": {name: shown(value) for name, value in each.way.variant.items()},
                "acts": [
                    {"who": act.login, "verb": str(act.verb), "name": act.name, "state": act.state}
                    for act in each.way.acts
                ],
                "ends": each.way.ends,
                "is_final": each.way.is_final,
                "again": each.way.again,
                "waits": None if each.way.waits is None else dict(each.way.waits),
                "scenario": each.story,
            }
            for each in exploration.ways
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _plain(values: Mapping[str, object]) -> Mapping[str, Any]:
    return values
