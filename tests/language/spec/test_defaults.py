"""Writing a default out changes nothing: the reference does not say what the compiler does not do."""

import pytest

from orderkit.language.spec.kinds import form, integration, project, report, workflow
from orderkit.language.spec.parts import approval
from orderkit.language.spec.words import Key
from orderkit.model.project import Project
from tests.language.examples import compiled, files_of

# A project in which `[name]` is a place where the key of that default may be written, in a flow map.
FILES = """# orderkit.yaml
{project: shop, locales: [zh-CN, en][project]}
# order.yaml
form: order
fields: {name: {type: text}, day: {type: date}}
layout: [{section: One, fields: [name][section]}]
# life.yaml
{workflow: life, for: order, state: status, initial: draft,
 states: {draft: {}, review: {approval: check}, done: {final: completed}},
 transitions: {place: {from: draft, to: review, by: owner}},
 policy: {comment_on: [reject, return][policy]},
 approvals: {check: {steps: [{id: one, approvers: everyone[step]}], approved: done, rejected: draft[approval]}}[life]}
# mail.yaml
connection: mail
connector: smtp
settings: {host: smtp.example.com, from: orders@example.com}
limits: {rate: 60/min[limits], retry: {times: 6[retry]}}
# tell.yaml
integration: tell
event: order.created
call: mail.send
key: "order:{id}"
with: {to: sales@example.com, text: "{name}"}
# overview.yaml
dashboard: overview
tiles: [{list: order[tile]}]
"""
# In the files above `comment_on` and `times` stand written, so that no map is empty.
DEFAULTS: list[tuple[str, Key[object]]] = [
    ("project", project.VERSION),
    ("project", project.LOCALE),
    ("project", project.TIMEZONE),
    ("project", project.CURRENCY),
    ("project", project.CHANNELS),
    ("section", form.SECTION_COLUMNS),
    ("life", workflow.IN_FLIGHT),
    ("policy", workflow.POLICY_SELF),
    ("policy", workflow.POLICY_DUPLICATE),
    ("policy", workflow.POLICY_NOBODY),
    ("step", approval.STEP_MODE),
    ("step", approval.STEP_VETO),
    ("approval", approval.IF_EMPTY),
    ("limits", integration.LIMIT_TIMEOUT),
    ("retry", integration.RETRY_BACKOFF),
    ("tile", report.TILE_LIMIT),
]
PLACES = {place for place, _ in DEFAULTS}


def model(place: str = "", entry: str = "") -> Project:
    text = FILES
    for each in PLACES:
        text = text.replace(f"[{each}]", f", {entry}" if each == place else "")
    outcome = compiled(files_of(text))
    assert [str(dict(finding.headline)) for finding in outcome.found] == []
    assert outcome.value is not None
    return outcome.value


@pytest.mark.parametrize(("place", "key"), DEFAULTS, ids=lambda each: getattr(each, "name", each))
def test_a_default_written_out_is_the_same_project(place: str, key: Key[object]) -> None:
    assert key.default
    assert model(place, f"{key.name}: {key.default}") == model()


@pytest.mark.parametrize(
    ("place", "key"),
    [each for each in DEFAULTS if each[1].example != each[1].default and each[1] is not project.CHANNELS],
    ids=lambda each: getattr(each, "name", each),
)
def test_another_value_is_another_project(place: str, key: Key[object]) -> None:
    assert model(place, f"{key.name}: {key.example.replace('director', 'everyone')}") != model()
