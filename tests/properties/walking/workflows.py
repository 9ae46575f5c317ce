"""Steps that change the workflow of orders while orders are on their way."""

import re
from typing import Any

from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Workflow
from tests.properties.walking.documents import Quoted
from tests.properties.walking.scene import DoesNotFit, Edit, Rows, Scene, each_value

LIFE = "order_life"
LANDINGS = ("inquiry", "planning")


def life_of(project: Project) -> Workflow | None:
    """Return the workflow of orders, where the project has it."""
    return next((each for each in project.workflows if each.id == LIFE), None)


def change_workflow(scene: Scene) -> Edit | None:
    workflow = life_of(scene.project)
    if workflow is None:
        return None
    words = next(each for each in scene.documents.values() if each.get("workflow") == LIFE)
    change = scene.random.choice([_tier, _pin_or_migrate, _add_state, _add_state, _drop_state, _drop_state])
    return change(scene, words, workflow)


def _tier(scene: Scene, words: dict[str, Any], _: Workflow) -> Edit:
    step = words["approvals"]["order_review"]["steps"][1]
    limit = scene.random.choice([20_000, 40_000, 60_000])
    step["when"] = Quoted(re.sub("> [0-9]+", f"> {limit}", step["when"]))
    return scene.edit(f"{LIFE}: the director from {limit}")


def _pin_or_migrate(scene: Scene, words: dict[str, Any], _: Workflow) -> Edit | None:
    return _with_in_flight(
        scene, words, f"{LIFE}:", in_flight="pin" if words["in_flight"] == "migrate" else "migrate"
    )


def _add_state(scene: Scene, words: dict[str, Any], _: Workflow) -> Edit:
    state = scene.name("s")
    words["states"][state] = {"label": {"zh": "待查", "en": "To be looked at"}, "holder": "owner"}
    words["transitions"][f"to_{state}"] = {
        "label": {"zh": "去", "en": "Go"},
        "from": "inquiry",
        "to": state,
        "by": "[role(sales), owner]",
    }
    words["transitions"][f"from_{state}"] = {
        "label": {"zh": "回", "en": "Back"},
        "from": state,
        "to": "inquiry",
        "by": "owner",
    }
    for name in (f"to_{state}", f"from_{state}"):
        words["transitions"][name]["by"] = ["role(sales)", "owner"]
    return scene.edit(f"{LIFE}: a state {state}")


def _drop_state(scene: Scene, words: dict[str, Any], _: Workflow) -> Edit | None:
    added = [each for each in words["states"] if each[1:].isdigit()]
    if not added:
        return None
    state = scene.random.choice(added)
    del words["states"][state], words["transitions"][f"to_{state}"], words["transitions"][f"from_{state}"]
    in_flight = "migrate" if scene.random.random() < 0.7 else "pin"
    return _with_in_flight(scene, words, f"{LIFE}: without {state},", in_flight=in_flight, leaves=state)


def _with_in_flight(
    scene: Scene, words: dict[str, Any], said: str, *, in_flight: str, leaves: str = ""
) -> Edit:
    """Return the step; where orders are to follow, they are mostly told where to go from states that are gone."""
    words["in_flight"] = in_flight
    words.pop("migrate", None)
    if in_flight == "migrate" and scene.random.random() < 0.6:
        # By definitions of the past, orders may stand in states that are gone for long.
        here = {row[words["state"]] for row in scene.rows[words["for"]].values()}
        gone = (here | {leaves}) - {"", *words["states"]}
        words["migrate"] = {each: scene.random.choice(LANDINGS) for each in sorted(gone)}
    mapping = " ".join(f"{old} becomes {new}" for old, new in words.get("migrate", {}).items())
    return scene.edit(
        f"{said} in_flight {in_flight} {mapping}".strip(),
        rows=_none_stranded(words),
        unknown=frozenset((words["for"], name) for name in ("updated_at", "updated_by", "revision")),
        leaves=leaves,
    )


def _none_stranded(words: dict[str, Any]) -> Any:
    """Return what becomes of orders whose state is gone."""
    is_moving = words["in_flight"] == "migrate"
    left, leads = set(words["states"]), words.get("migrate", {})
    form = words["for"]

    def change(rows: Rows) -> Rows:
        def turn(value: Any) -> Any:
            if not is_moving or value in left:
                return value
            if value not in leads:
                raise DoesNotFit(f"orders stand in {value}")
            return leads[value]

        return each_value(rows, form, words["state"], turn)

    return change
