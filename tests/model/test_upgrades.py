"""Stored models of earlier releases: read through the chain of steps, and refused when they are newer.

There is no step yet, so the chain is proved with two that only exist here: in the first format a role had
no `label` but a `title`, in the second its `everyone` was called `for_all`.
"""

import copy
import json
from dataclasses import replace

import pytest

from orderkit.catalog import built_in
from orderkit.model.labels import label
from orderkit.model.roles import Role
from orderkit.model.stored import FORMAT_VERSION, from_json, model_hash, part_from_json, part_to_json, to_json
from orderkit.model.upgrades import CHAIN, STEPS, Chain, Damaged, NewerFormat, Step
from tests.support.projects import project

FIELDS = built_in().fields
SHOP = project("role: clerk\nlabel: {zh: 文员, en: Clerk}\n")


def _renamed(role, old, new):
    return {new if key == old else key: value for key, value in role.items()}


def _step(old: str, new: str) -> Step:
    def part(data):
        return _renamed(data, old, new) if data["is"] == "Role" else data

    def whole(data):
        return {**data, "roles": [_renamed(role, old, new) for role in data["roles"]]}

    return Step(title=f"{old} is called {new}", project=whole, part=part)


TWO = Chain((_step("title", "name_of_role"), _step("name_of_role", "label")))


def written_in(format_version: int) -> dict:
    """Return the model of the shop as that format wrote it."""
    data = json.loads(json.dumps(to_json(SHOP)))
    word = {1: "title", 2: "name_of_role", 3: "label"}[format_version]
    data["project"]["roles"] = [_renamed(role, "label", word) for role in data["project"]["roles"]]
    return {**data, "format": format_version}


def test_the_format_is_counted_by_the_steps():
    assert FORMAT_VERSION == CHAIN.format == len(STEPS) + 1
    assert TWO.format == 3


@pytest.mark.parametrize("format_version", [1, 2, 3])
def test_a_model_of_any_earlier_format_means_the_same_today(format_version):
    stored = written_in(format_version)
    before = copy.deepcopy(stored)
    read = from_json(stored, FIELDS, chain=TWO)
    assert read == SHOP
    assert model_hash(read) == model_hash(SHOP)
    assert stored == before, "what is stored is never changed by reading it"


@pytest.mark.parametrize(("format_version", "word"), [(1, "title"), (2, "name_of_role"), (3, "label")])
def test_a_part_of_any_earlier_format_means_the_same_today(format_version, word):
    role = Role(id="clerk", label=label(en="Clerk"), forms=())
    stored = _renamed(part_to_json(role), "label", word)
    assert part_from_json(stored, FIELDS, written_in=format_version, chain=TWO) == role


def test_parts_that_a_step_does_not_touch_pass_through_it():
    life = replace(SHOP, roles=()).forms[0].fields[0]
    assert part_from_json(part_to_json(life), FIELDS, written_in=1, chain=TWO) == life


@pytest.mark.parametrize("chain", [CHAIN, TWO], ids=["today's", "a longer one"])
def test_a_newer_format_is_refused_with_the_remedy(chain):
    newer = {**to_json(SHOP), "format": chain.format + 1}
    with pytest.raises(NewerFormat) as refused:
        from_json(newer, FIELDS, chain=chain)
    assert "pip install" in refused.value.explain["en"]
    assert refused.value.explain.keys() == {"zh", "en"}
    assert refused.value.known_as is not None
    with pytest.raises(NewerFormat):
        part_from_json({"is": "Role"}, FIELDS, written_in=chain.format + 1, chain=chain)


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"format": 1},
        {"format": "1", "project": {}},
        {"format": True, "project": {}},
        {"format": 0, "project": {}},
        {"format": 1, "project": {"roles": [7]}},
        {"format": 1, "project": None},
        {"format": 3, "project": {"id": "p"}},
    ],
    ids=json.dumps,
)
def test_what_no_release_wrote_is_damaged_and_not_a_bug(damaged):
    with pytest.raises(Damaged) as refused:
        from_json(damaged, FIELDS, chain=TWO)
    assert "orderkit build" in refused.value.explain["en"]


def test_the_hash_does_not_change_with_the_number_of_the_format():
    before = project("role: clerk\nlabel: {zh: 文员, en: Clerk}\n")
    assert model_hash(from_json(written_in(1), FIELDS, chain=TWO)) == model_hash(before)
