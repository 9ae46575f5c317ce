"""Steps that change the workflow of orders while orders are on their way."""

import re
from typing import Any

from orderkit.model.workflow.workflows import Workflow
from tests.properties.walking.documents import Quoted
from tests.properties.walking.scene import DoesNotFit, Edit, Rows, Scene, each_value

LIFE = "order_life"


def change_workflow(scene: Scene) -> Edit | None:
    workflow = next((each for each in scene.project.workflows if each.id == LIFE), None)
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
    words["in_flight"] = "pin" if words["in_flight"] == "migrate" else "migrate"
    words.pop("migrate", None)
    return scene.edit(f"{LIFE}: in_flight {words['in_flight']}", rows=_none_stranded(scene, words, {}))


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


def _drop_state(scene: Scene, words: dict[str, Any], workflow: Workflow) -> Edit | None:
    added = [each for each in words["states"] if each[1:].isdigit()]
    if not added:
        return None
    state = scene.random.choice(added)
    del words["states"][state], words["transitions"][f"to_{state}"], words["transitions"][f"from_{state}"]
    words["migrate"] = {**words.get("migrate", {})}
    mapping = {state: scene.random.choice(["inquiry", "planning"])} if scene.random.random() < 0.7 else {}
    if words["in_flight"] == "pin":
        mapping = {}
        words.pop("migrate")
    else:
        words["migrate"] |= mapping
    return scene.edit(
        f"{LIFE}: without {state}{' that becomes ' + mapping[state] if mapping else ''}",
        rows=_none_stranded(scene, words, mapping),
        unknown=frozenset((workflow.form, name) for name in ("updated_at", "updated_by", "revision")),
    )


def _none_stranded(scene: Scene, words: dict[str, Any], mapping: dict[str, str]) -> Any:
    """Return what becomes of orders whose state is gone."""
    is_moving = words["in_flight"] == "migrate"
    left, leads = set(words["states"]), {**words.get("migrate", {}), **mapping}
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
