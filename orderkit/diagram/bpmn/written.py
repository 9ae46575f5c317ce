"""What a project wrote about each part of a workflow, to be kept in the extension elements.

A workflow as written is plain data: mappings, lists, texts, and None for nothing. It is kept piece by
piece with the element that it belongs to, so that a diagram that was changed elsewhere keeps the rest.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import cast

Plain = Mapping[str, object]
NOT_OF_PROCESS = ("workflow", "states", "transitions", "approvals", "timers")
BLOCKS = ("choose", "parallel", "inclusive", "foreach")


@dataclass(frozen=True, slots=True)
class AsWritten:
    """A workflow as its file says it; of one without a file nothing is known."""

    workflow: Plain

    def process(self) -> Plain:
        """Return what is said about the workflow itself, the order of its parts, and approvals of no state."""
        rest = {key: value for key, value in self.workflow.items() if key not in NOT_OF_PROCESS}
        asked = {_plain(state).get("approval") for state in self._map("states").values()}
        unused = {name: value for name, value in self._map("approvals").items() if name not in asked}
        rest |= {"approvals": unused} if unused else {}
        return rest | {"order": {key: list(self._map(key)) for key in NOT_OF_PROCESS[1:] if self._map(key)}}

    def state(self, name: str) -> Plain:
        """Return what is said about a state."""
        return _plain(self._map("states").get(name))

    def transition(self, name: str) -> Plain:
        """Return what is said about a transition."""
        return _plain(self._map("transitions").get(name))

    def approval(self, name: str) -> Plain:
        """Return what is said about an approval, but its steps."""
        return _without(_plain(self._map("approvals").get(name)), "steps")

    def timer(self, name: str) -> Plain:
        """Return what is said about a timer, but its state."""
        return _without(_plain(self._map("timers").get(name)), "in")

    def step(self, approval: str, name: str) -> Plain:
        """Return what is said about a step."""
        return next((each for each in self._parts(approval) if each.get("id") == name), {})

    def blocks(self, approval: str) -> tuple[Plain, ...]:
        """Return the blocks of an approval in the order in which they begin, without what is in them."""
        return tuple(each for each in self._parts(approval) if any(key in each for key in BLOCKS))

    def _parts(self, approval: str) -> tuple[Plain, ...]:
        return tuple(_all_parts(_plain(self._map("approvals").get(approval)).get("steps")))

    def _map(self, key: str) -> Plain:
        return _plain(self.workflow.get(key))


def as_json(value: object) -> str:
    """Return plain data as one line of JSON, which is YAML too."""
    return json.dumps(value, ensure_ascii=False)


def branches_of(block: Plain) -> list[object]:
    """Return the branches of a block."""
    for key in ("choose", "parallel", "inclusive"):
        inner = block.get(key)
        branches = inner.get("branches") if isinstance(inner, Mapping) else inner
        if isinstance(branches, list):
            return branches
    return []


def branch_of(block: Plain, index: int) -> Plain:
    """Return what is said about a branch, but its steps."""
    branches = branches_of(block)
    return _without(_plain(branches[index]), "steps") if index < len(branches) else {}


def without_branches(block: Plain) -> Plain:
    """Return what is said about a block, but its branches and steps."""
    found: dict[str, object] = {}
    for key, value in block.items():
        if key in {"choose", "parallel", "inclusive"}:
            found[key] = _without(_plain(value), "branches")
        elif key != "steps":
            found[key] = value
    return found


def _all_parts(parts: object) -> Iterable[Plain]:
    for part in parts if isinstance(parts, list) else ():
        if not isinstance(part, Mapping):
            continue
        yield part
        if "foreach" in part:
            yield from _all_parts(part.get("steps"))
        for branch in branches_of(part):
            yield from _all_parts(_plain(branch).get("steps"))


def _plain(value: object) -> Plain:
    return cast("Plain", value) if isinstance(value, Mapping) else {}


def _without(value: Plain, *keys: str) -> Plain:
    return {key: each for key, each in value.items() if key not in keys}
