"""Whatever is sent, the API answers with a document and never with a fault of its own."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.api.shop import Caller

SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3), max_leaves=6)  # fmt: skip
FIELDS = st.sampled_from(
    ["id", "number", "customer", "kind", "ordered_on", "placed_at", "person", "discount", "urgent", "carrier",
     "secret", "contract", "total", "past", "status", "revision", "created_at", "owner", "lines", "x"]
)  # fmt: skip
ROWS = st.lists(
    st.dictionaries(
        st.sampled_from(["id", "goods", "qty", "price", "amount", "order", "position"]), VALUES, max_size=4
    ),
    max_size=3,
)
BODIES = st.dictionaries(FIELDS, VALUES | ROWS, max_size=6)
WORDS = st.sampled_from(["q", "sort", "limit", "cursor", "fields", "view", "count"])
OPERATORS = st.sampled_from(["", ".from", ".to", ".in", ".contains", ".empty", ".eq", ".x"])
PARAMETERS = st.lists(
    st.tuples(st.builds(str.__add__, FIELDS, OPERATORS) | WORDS, st.text(max_size=12)), max_size=4
)
ROUGH = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@ROUGH
@given(body=BODIES)
def test_any_body_is_taken_or_refused(clerk: Caller, body: dict[str, Any]) -> None:
    answer = clerk.call("POST", "/order", json.dumps(body).encode())
    assert answer.status_code < 500, answer.text
    answer.json()


@ROUGH
@given(parameters=PARAMETERS)
def test_any_query_is_answered_or_refused(clerk: Caller, parameters: list[tuple[str, str]]) -> None:
    query = "&".join(f"{quote(name)}={quote(value.encode('utf-8', 'replace'))}" for name, value in parameters)
    answer = clerk.call("GET", f"/order?{query}")
    assert answer.status_code < 500, answer.text
    answer.json()


@ROUGH
@given(body=st.binary(max_size=60))
def test_any_bytes_are_refused_or_taken(clerk: Caller, body: bytes) -> None:
    assert clerk.call("POST", "/order", body).status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(rb'{"kind": "\ud800"}', id="in a value"),
        pytest.param(rb'{"\ud800": 1}', id="in a key"),
        pytest.param(rb'{"lines": [{"goods": "\uDFFF"}]}', id="in a row"),
    ],
)
def test_half_a_character_is_refused_by_name(clerk: Caller, body: bytes) -> None:
    assert clerk.refused(400, "POST", "/order", body)["type"].endswith("not_text")


def test_a_whole_character_in_two_halves_is_text(clerk: Caller) -> None:
    assert clerk.post("/customer", rb'{"code": "c", "name": "\ud83d\ude00"}')["name"] == "\N{GRINNING FACE}"


def test_a_body_of_mistakes_is_told_the_first_ones_at_once(clerk: Caller) -> None:
    body = {f"customer{n}": 1 for n in range(50_000)}
    assert len(clerk.refused(422, "POST", "/order", body)["errors"]) == 100
    (error,) = clerk.refused(422, "POST", "/order", {"c" * 1_000_000: 1})["errors"]
    assert len(error["path"]) < 100


def test_a_key_given_twice_is_found_among_many(clerk: Caller) -> None:
    keys = ", ".join(f'"k{n}": 1' for n in range(100_000))
    document = clerk.refused(400, "POST", "/order", f'{{{keys}, "k99999": 2}}'.encode())
    assert "k99999" in document["detail"]


@pytest.mark.parametrize(
    "query",
    [
        f"where=customer:{'9' * 30}",
        "where=customer:%D9%A3",
        "where=customer:1_0",
        "where=customer:1%0D2",
        "&".join(["where=time:2026"] * 2000),
        f"by={','.join(['month'] * 300)}",
        f"measures={','.join(['revenue'] * 300)}",
        f"sort={','.join(['revenue'] * 300)}",
    ],
)
def test_a_report_refuses_what_is_no_question(clerk: Caller, query: str) -> None:
    clerk.refused(422, "GET", f"/reports/sales?{query}")
