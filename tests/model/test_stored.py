"""The stored model: what is read is what was written, for every shape that the classes allow."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.source import read_directory
from orderkit.model import people
from orderkit.model.exchange.integrations import Connection, Limits
from orderkit.model.expressions import nodes
from orderkit.model.expressions import types as language_types
from orderkit.model.forms import Check, Form, ListLayout, Origin
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.model.stored import FORMAT_VERSION, WrongFormat, canonical, from_json, model_hash, to_json
from orderkit.model.workflow.workflows import Action, Policy, Workflow

FIELDS = built_in().fields
EMPTY = Project(
    id="p",
    label=label(en="P"),
    version="1",
    locale="en",
    locales=("en",),
    timezone="UTC",
    currency="CNY",
    channels=MappingProxyType({}),
    forms=(),
)

_texts = st.text(max_size=8)
_scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12),
    _texts,
    st.dates(),
    st.times().map(lambda value: value.replace(fold=0)),
    st.datetimes(timezones=st.just(UTC)).map(lambda value: value.replace(fold=0)),
    st.timedeltas(),
)
_types = st.recursive(
    st.one_of(
        st.just(language_types.Text()),
        st.builds(language_types.Number, st.integers(0, 12), st.none() | st.just("CNY"), st.booleans()),
        st.builds(language_types.Choice, st.lists(_texts, max_size=3).map(tuple)),
        st.builds(language_types.Record, _texts),
    ),
    lambda inner: st.builds(language_types.ListOf, inner),
    max_leaves=3,
)
_expressions = st.recursive(
    st.one_of(
        st.builds(nodes.Literal, _scalars, _types),
        st.builds(nodes.Root, _texts, _types),
        st.builds(nodes.Changed, _texts),
    ),
    lambda inner: st.one_of(
        st.builds(nodes.Get, inner, _texts, _types),
        st.builds(nodes.Binary, st.sampled_from(nodes.BinaryOperator), inner, inner, _types),
        st.builds(nodes.Call, _texts, st.lists(inner, max_size=3).map(tuple), _types),
        st.builds(nodes.IfElse, inner, inner, inner, _types),
        st.builds(
            nodes.Aggregate,
            st.sampled_from(nodes.AggregateFunction),
            inner,
            _texts,
            st.none() | inner,
            st.none() | inner,
            _types,
        ),
        st.builds(
            nodes.Template,
            st.lists(st.builds(nodes.TemplatePart, _texts, st.none() | inner, _texts), max_size=3).map(tuple),
        ),
        st.builds(
            nodes.Structure,
            st.lists(st.builds(nodes.Entry, _texts, inner), max_size=2).map(tuple),
            _types,
        ),
    ),
    max_leaves=8,
)
_who = st.recursive(
    st.one_of(
        st.builds(people.HasRole, _texts),
        st.builds(people.NamedPerson, _texts),
        st.builds(people.FieldUser, _expressions),
    ),
    lambda inner: st.one_of(
        st.builds(people.ManagerOf, inner, st.integers(1, 5), st.booleans(), st.none() | _texts),
        st.builds(people.AnyOf, st.lists(inner, min_size=1, max_size=2).map(tuple)),
    ),
    max_leaves=3,
)
_options = st.recursive(
    _scalars | _who | _expressions,
    lambda inner: st.lists(inner, max_size=2).map(tuple) | st.dictionaries(_texts, inner, max_size=2),
    max_leaves=4,
)


def round_trip(model: Project) -> Project:
    return from_json(json.loads(canonical(to_json(model))), FIELDS)


@given(_expressions)
@settings(max_examples=150, deadline=None)
def test_every_expression_is_read_as_it_was_written(expression: nodes.Expression) -> None:
    form = Form(
        id="f",
        label=label(en="F"),
        fields=(),
        title=nodes.Template(()),
        list=ListLayout(columns=()),
        checks=(Check(id="checks.1", that=expression, error=label(zh="错", en="wrong")),),
    )
    model = replace(EMPTY, forms=(form,))
    read = round_trip(model)
    assert read == model
    assert repr(read.forms[0].checks[0].that) == repr(expression), "types that compare equal are told apart"


@given(_who, st.dictionaries(_texts, _options, max_size=3))
@settings(max_examples=100, deadline=None)
def test_people_and_options_of_actions_are_read_as_they_were_written(
    who: people.Who, options: dict[str, object]
) -> None:
    life = Workflow(
        id="w",
        label=label(en="W"),
        form="f",
        state_field="status",
        initial="a",
        in_flight="pin",
        policy=Policy(no_approver=who),
        states=(),
        transitions=(),
    )
    sent = replace(EMPTY, workflows=(life,), integrations=())
    assert round_trip(sent) == sent
    connection = Connection(
        id="c",
        label=label(en="C"),
        connector="http",
        settings=options,
        limits=Limits(),
        origin=Origin(path="a", line=1, column=1),
    )
    model = replace(EMPTY, connections=(connection,))
    assert round_trip(model) == model


@pytest.mark.parametrize(
    "value",
    [
        Decimal("1.10"),
        date(2026, 2, 28),
        datetime(2026, 2, 28, 1, tzinfo=UTC),
        time(8, 30),
        timedelta(days=-1, microseconds=3),
        {"is": "Literal"},
        (1, ("a", None)),
        Action(kind="send", options={"to": people.HasRole("x")}),
    ],
    ids=repr,
)
def test_an_open_place_keeps_the_class_of_its_value(value: object) -> None:
    connection = Connection(
        id="c", label=label(en="C"), connector="http", settings={"v": value}, limits=Limits()
    )
    read = round_trip(replace(EMPTY, connections=(connection,)))
    assert read.connections[0].settings["v"] == value
    assert type(read.connections[0].settings["v"]) is (
        MappingProxyType if isinstance(value, dict) else type(value)
    )


def test_the_example_is_read_as_it_was_written() -> None:
    files = read_directory(Path(__file__).parents[2] / "examples" / "order-management")
    project = compile_project(files, built_in()).value
    assert project is not None
    read = round_trip(project)
    assert read == project
    assert model_hash(read) == model_hash(project)


def test_the_hash_is_of_the_meaning_not_of_the_place() -> None:
    here = Connection(id="c", label=label(en="C"), connector="http", settings={}, limits=Limits())
    moved = replace(here, origin=Origin(path="b.yaml", line=9, column=1))
    changed = replace(here, connector="smtp")
    assert model_hash(replace(EMPTY, connections=(here,))) == model_hash(replace(EMPTY, connections=(moved,)))
    assert model_hash(replace(EMPTY, connections=(here,))) != model_hash(
        replace(EMPTY, connections=(changed,))
    )


@pytest.mark.parametrize(
    "data",
    [{}, {"format": FORMAT_VERSION + 1, "project": {}}, {"format": FORMAT_VERSION, "project": {"id": "p"}}],
    ids=["nothing", "a later format", "parts are missing"],
)
def test_another_format_is_refused_with_the_remedy(data: dict[str, object]) -> None:
    with pytest.raises(WrongFormat) as refused:
        from_json(data, FIELDS)
    assert "orderkit build" in refused.value.explain["en"]


def test_what_cannot_be_stored_is_a_bug_and_says_so() -> None:
    connection = Connection(
        id="c", label=label(en="C"), connector="http", settings={"v": object()}, limits=Limits()
    )
    with pytest.raises(TypeError, match="cannot be stored"):
        to_json(replace(EMPTY, connections=(connection,)))
