"""Walks and explorations for people and for programs."""

import json
from collections.abc import Iterator, Mapping, Sequence
from zoneinfo import ZoneInfo

from orderkit.model.labels import Label, label, text_of
from orderkit.model.workflow.workflows import Workflow
from orderkit.testing.simulating.views import Walk, WalkedStep

_SYSTEM = label(zh="系统", en="the system")


def walks_as_text(walks: Sequence[Walk], workflow: Workflow, zone: ZoneInfo, language: str) -> str:
    """Return walks, a step a line."""
    return "\n".join(line for walk in walks for line in _walk_lines(walk, workflow, zone, language)) + "\n"


def _walk_lines(walk: Walk, workflow: Workflow, zone: ZoneInfo, language: str) -> Iterator[str]:
    states = {each.id: text_of(each.label, language) for each in workflow.states}
    forced = ", ".join(walk.forced)
    as_if = label(zh=f"（假设 {forced}）", en=f" (as if {forced} were so)")[language] if forced else ""
    yield f"{walk.record or workflow.form}{as_if}"
    for step in walk.steps:
        who = _SYSTEM[language] if step.who is None else step.who
        place = states.get(step.state, step.state)
        if step.target is not None and step.target != step.state:
            place += f" → {states.get(step.target, step.target)}"
        why = "" if step.why is None else label(zh=f"（{text_of(step.why, 'zh')}）", en=f" ({text_of(step.why, 'en')})")[language]  # fmt: skip
        due = "" if step.due is None else label(zh="  限 ", en="  due ")[language] + f"{step.due.astimezone(zone):%Y-%m-%d %H:%M}"  # fmt: skip
        yield f"  {step.at.astimezone(zone):%Y-%m-%d %H:%M}  {who}  {text_of(step.what, language)}{why}  {place}{due}"
        yield from _condition_lines(step, language)
    end = states.get(walk.ends, walk.ends)
    if walk.is_final:
        yield label(zh=f"  结束：{end}", en=f"  ends: {end}")[language]
    else:
        why = "" if walk.stopped is None else f" — {text_of(walk.stopped, language)}"
        yield label(zh=f"  停在：{end}{why}", en=f"  rests: {end}{why}")[language]


def _condition_lines(step: WalkedStep, language: str) -> Iterator[str]:
    outcomes: Mapping[bool | None, Label] = {
        True: label(zh="满足", en="holds"),
        False: label(zh="不满足", en="does not hold"),
        None: label(zh="未判断", en="not weighed"),
    }
    for each in step.conditions:
        values = ", ".join(
            f"{text_of(name, language)} {text_of(value, language)}" for name, value in each.values
        )
        yield f"      {each.text}: {outcomes[each.holds][language]}" + (f" ({values})" if values else "")


def walks_as_json(walks: Sequence[Walk], workflow: Workflow) -> str:
    """Return walks as one JSON document."""
    return _json({"workflow": workflow.id, "records": [_walk(each) for each in walks]})


def _walk(walk: Walk) -> dict[str, object]:
    return {
        "record": walk.record,
        "begins": walk.begins,
        "ends": walk.ends,
        "is_final": walk.is_final,
        "as_if": list(walk.forced),
        "stopped": None if walk.stopped is None else dict(walk.stopped),
        "steps": [
            {
                "at": each.at.isoformat(),
                "state": each.state,
                "target": each.target,
                "what": dict(each.what),
                "who": each.who,
                "why": None if each.why is None else dict(each.why),
                "due": None if each.due is None else each.due.isoformat(),
                "conditions": [
                    {
                        "text": condition.text,
                        "holds": condition.holds,
                        "values": [
                            {"field": dict(name), "value": dict(value)} for name, value in condition.values
                        ],
                    }
                    for condition in each.conditions
                ],
            }
            for each in walk.steps
        ],
    }


def _json(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
