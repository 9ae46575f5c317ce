"""What stands in the model where the YAML leaves something out, and how scalars are read by their places."""

from decimal import Decimal

import pytest

from orderkit.language.findings import render_concise
from orderkit.model.expressions.nodes import Expression, Find, Items, Literal, Structure
from orderkit.model.expressions.types import Number, Record
from orderkit.model.people import (
    AnyOf,
    ChosenBy,
    FieldUser,
    HasRole,
    HeadOf,
    ManagerOf,
    NamedPerson,
    NamedUser,
    Who,
)
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import EditGrant, Mode, Step
from tests.language.examples import compiled, files_of


def project(text: str) -> Project:
    outcome = compiled(files_of(text))
    assert outcome.value is not None, render_concise(outcome.found)
    return outcome.value


def test_a_form_with_nothing_but_fields_has_everything() -> None:
    form = project(
        """
form: order
fields:
  name: {type: text}
  note: {type: longtext}
  lines: {type: lines, fields: {qty: {type: integer}}}
"""
    ).form_by_id["order"]
    assert form.label == {"en": "Order"}
    assert [section.fields for section in form.layout] == [("name", "note"), ("lines",)]
    assert form.list.columns == ("name",)
    assert [part.expression.field for part in form.title.parts if hasattr(part.expression, "field")] == [
        "name"
    ]


def test_a_numbered_form_is_called_by_its_number() -> None:
    form = project('form: order\nnumber: "A{seq:4}"\nfields: {name: {type: text}}').form_by_id["order"]
    assert [getattr(part.expression, "field", None) for part in form.title.parts] == ["number"]
    assert form.list.columns == ("number", "name")


def test_a_single_text_is_in_the_main_language() -> None:
    text = "form: order\nlabel: Bestellung\nfields: {name: {type: text}}\n# orderkit.yaml\nproject: p\nlocale: de-DE\n"
    assert project(text).form_by_id["order"].label == {"de": "Bestellung"}


def test_settings_have_defaults() -> None:
    made = project("project: p")
    assert (made.locale, made.timezone, made.currency) == ("zh-CN", "Asia/Shanghai", "CNY")
    assert dict(made.channels) == {"inbox": "built_in"}
    assert [form.id for form in made.forms] == ["department", "user"]


def default(field: str) -> Expression | None:
    return project(f"form: f\nfields: {{x: {{{field}}}}}").form_by_id["f"].by_id["x"].default


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("type: text, default: 0012", "0012"),
        ("type: text, default: on", "on"),
        ("type: text, default: 1.10", "1.10"),
        ("type: money, default: 1.1", Decimal("1.10")),
        ("type: decimal, scale: 3, default: 1", Decimal("1.000")),
        ("type: percent, default: 15%", Decimal("0.1500")),
        ("type: percent, default: 0.15", Decimal("0.1500")),
        ("type: percent, default: 0", Decimal("0.0000")),
        ("type: integer, default: 12", 12),
        ("type: boolean, default: true", True),
        ("type: choice, options: [微信, 电话], default: 电话", "电话"),
        ("type: text, default: null", None),
    ],
)
def test_a_literal_is_read_by_the_type_of_its_place(field: str, value: object) -> None:
    found = default(field)
    assert isinstance(found, Literal)
    assert found.value == value
    assert type(found.value) is type(value)
    if isinstance(value, Decimal):
        assert str(found.value) == str(value)


def test_a_text_for_a_reference_finds_the_record_by_its_key() -> None:
    made = project(
        """
form: order
fields: {a: {type: ref, to: place, default: It's}, b: {type: ref, to: department, default: 销售部}}
# place.yaml
form: place
fields: {name: {type: text}, code: {type: text, unique: true}}
"""
    )
    for field, form in (("a", "place"), ("b", "department")):
        found = made.form_by_id["order"].by_id[field].default
        assert isinstance(found, Find)
        assert found.type == Record(form)


def test_values_without_a_target_keep_what_was_meant() -> None:
    made = project(
        """
form: order
fields: {name: {type: text}}
# c.yaml
connection: erp
connector: http
settings: {base_url: "https://example.com"}
# i.yaml
integration: tell
event: order.created
call: erp.post
key: "{id}"
with:
  path: 0012
  body: {code: 0012, quoted: "7", count: 7, price: 1.10, flag: true, none: null, list: [1, a]}
"""
    ).integration_by_id["tell"]
    assert isinstance(made.arguments, Structure)
    path, body = (entry.value for entry in made.arguments.entries)
    assert isinstance(path, Literal)
    assert path.value == "0012"
    assert isinstance(body, Structure)
    read = {entry.name: getattr(entry.value, "value", None) for entry in body.entries}
    assert read == {
        "code": "0012",
        "quoted": "7",
        "count": 7,
        "price": Decimal("1.10"),
        "flag": True,
        "none": None,
        "list": None,
    }
    price = next(entry.value for entry in body.entries if entry.name == "price")
    assert price == Literal(Decimal("1.10"), Number(scale=2))
    assert isinstance(next(entry.value for entry in body.entries if entry.name == "list"), Items)


LIFE = """
form: order
fields: {name: {type: text}, seller: {type: user}, unit: {type: ref, to: department}, mail: {type: text}}
# role.yaml
role: planner
# hello.yaml
message: hello
for: order
text: Hello
# life.yaml
workflow: life
for: order
state: status
initial: a
states: {a: {edit: EDIT}, b: {approval: check}, c: {final: completed}}
transitions: {go: {from: a, to: b, by: BY, after: [{send: hello, to: TO}]}}
approvals: {check: {approved: c, rejected: a, steps: [{id: one, approvers: CHOSEN, mode: MODE}]}}
"""


def life(**words: str) -> Project:
    text = LIFE
    for word, value in {
        "EDIT": "[name]",
        "BY": "owner",
        "TO": "owner",
        "MODE": "any",
        "CHOSEN": "everyone",
        **words,
    }.items():
        text = text.replace(word, value)
    return project(text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("owner", NamedPerson("owner")),
        ("role(planner)", HasRole("planner")),
        ("role(admin)", HasRole("admin")),
        ("user(bot)", NamedUser("bot")),
        ("manager_of(owner)", ManagerOf(NamedPerson("owner"))),
        ('"manager_of( seller , 2 )"', ManagerOf(FieldUser, 2)),
        ('"managers_of(owner, 3)"', ManagerOf(NamedPerson("owner"), is_chain=True, until="3")),
        ("head_of(unit)", HeadOf),
        ("seller", FieldUser),
        ("unit.head", FieldUser),
        ("[owner, role(planner)]", AnyOf((NamedPerson("owner"), HasRole("planner")))),
        ("system", None),
    ],
)
def test_people_are_named_in_one_grammar(written: str, meant: object) -> None:
    by = life(BY=written).workflow_by_id["life"].transition_by_id["go"].by
    assert _alike(by, meant)


def test_approvers_may_be_chosen() -> None:
    approval = life(MODE="any", CHOSEN="chosen_by(submitter)").workflow_by_id["life"].approvals[0]
    (step,) = approval.steps
    assert isinstance(step, Step)
    assert step.approvers == ChosenBy(NamedPerson("submitter"))


def _alike(who: Who | None, meant: object) -> bool:
    if isinstance(meant, type):
        return isinstance(who, meant)
    if isinstance(meant, ManagerOf) and isinstance(meant.who, type):
        return isinstance(who, ManagerOf) and isinstance(who.who, meant.who) and who.level == meant.level
    return who == meant


def test_a_message_may_go_to_an_address() -> None:
    sent = life(TO="mail").workflow_by_id["life"].transition_by_id["go"].after[0]
    assert isinstance(sent.options["to"], FieldUser)
    outcome = compiled(
        files_of(
            LIFE.replace("EDIT", "[]")
            .replace("BY", "mail")
            .replace("TO", "owner")
            .replace("MODE", "any")
            .replace("CHOSEN", "everyone")
        )
    )
    assert [finding.code.id for finding in outcome.found] == ["OK4001"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("[name, seller]", (EditGrant(who=None, fields=("name", "seller")),)),
        ("[]", (EditGrant(who=None, fields=()),)),
        ("{role(planner): [name]}", (EditGrant(who=HasRole("planner"), fields=("name",)),)),
        (
            "[{who: owner, fields: [name]}, {fields: [seller]}]",
            (EditGrant(who=NamedPerson("owner"), fields=("name",)), EditGrant(who=None, fields=("seller",))),
        ),
    ],
)
def test_what_may_be_written_in_a_state(written: str, meant: object) -> None:
    assert life(EDIT=written).workflow_by_id["life"].state_by_id["a"].edit == meant


@pytest.mark.parametrize(
    ("written", "mode", "vote"),
    [
        ("all", Mode.ALL, None),
        ("sequence", Mode.SEQUENCE, None),
        ('{vote: ">= 60%"}', Mode.VOTE, (">=", "0.6")),
        ('{vote: "> 66.7%"}', Mode.VOTE, (">", "0.667")),
        ('{vote: ">= 100%"}', Mode.VOTE, (">=", "1")),
    ],
)
def test_how_people_decide_together(written: str, mode: Mode, vote: object) -> None:
    step = life(MODE=written).workflow_by_id["life"].approvals[0].steps[0]
    assert isinstance(step, Step)
    assert (step.mode, step.vote) == (mode, vote)


def test_an_extension_adds_fields_to_users() -> None:
    user = project("extend: user\nfields: {badge: {type: text, unique: true}}").form_by_id["user"]
    assert user.fields[-1].id == "badge"
    assert user.is_built_in
