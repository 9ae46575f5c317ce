"""Whatever a program sends to any address of the API, for any form and field, it is answered with a document."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from starlette.routing import Route
from starlette.testclient import TestClient

from orderkit.engine.accounts import make_token
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.model.forms import Form
from orderkit.web.api.serving import Address
from tests.support.office import Office
from tests.web.attacks.test_any_form import TEXTS

ROUGH = settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | TEXTS
    | st.sampled_from([10**40, -1, "1", "é" * 999])
)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXTS, SCALARS, max_size=2)
WORDS = [
    "values",
    "comment",
    "text",
    "ids",
    "rows",
    "lines",
    "revision",
    "seen",
    "chosen",
    "attached",
    "records",
    "qty",
    "x",
]
QUERY = ["q", "sort", "limit", "cursor", "fields", "view", "count", "where", "by", "measures", "state", "ids"]
OPERATORS = ["", ".eq", ".in", ".not", ".from", ".to", ".contains", ".empty", ".during", ".mine", ".x"]
IDS = st.sampled_from(["1", "0", "-1", "9" * 30, "x", "%00", "1e3", "١"])


@pytest.fixture
def token(office: Office) -> str:
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        return make_token(unit, office.ids["root"], "test")


def calls(client: TestClient) -> list[tuple[str, str]]:
    """Return every address of the API with every method that it takes: also one that is added tomorrow."""
    return [
        (method, route.path)
        for route in client.app.routes  # type: ignore[attr-defined]  # an ASGI app to the client, Starlette to us
        if isinstance(route, Route) and isinstance(route.endpoint, Address)
        for method in route.endpoint.handlers
    ]


def bodies(form: Form, forms: Mapping[str, Form]) -> st.SearchStrategy[Any]:
    """Return documents of a form's own fields, with rows of its lines, and of what stands beside records."""
    names = st.sampled_from([*form.by_id, *WORDS])
    rows = {
        each.id: st.lists(
            st.dictionaries(st.sampled_from(sorted(forms[each.form].by_id)), VALUES, max_size=4), max_size=3
        )
        for each in form.lines
    }
    plain = st.dictionaries(names, VALUES, max_size=5)
    return st.one_of(plain, st.builds(dict.__or__, plain, st.fixed_dictionaries({}, optional=rows)), VALUES)


@ROUGH
@given(data=st.data())
def test_any_call_is_answered_with_a_document(
    client: TestClient, office: Office, token: str, order: int, data: st.DataObject
) -> None:
    project = office.runtime.project
    method, path = data.draw(st.sampled_from(calls(client)))
    form = data.draw(st.sampled_from([each for each in project.forms if each.parent is None]))
    parts = {
        "form": form.id,
        "target": "receipt",
        "report": "sales",
        "verb": "approve",
        "transition": "quote",
    }
    field = data.draw(st.sampled_from(sorted(form.by_id)))
    while "{" in path:
        before, _, rest = path.partition("{")
        name, _, after = rest.partition("}")
        part = parts.get(name.partition(":")[0]) or (
            field if name == "field" else data.draw(IDS | st.just(str(order)))
        )
        path = before + part + after
    asked = st.builds("{}{}".format, st.sampled_from(sorted(form.by_id)), st.sampled_from(OPERATORS))
    query = data.draw(st.lists(st.tuples(st.sampled_from(QUERY) | asked, TEXTS), max_size=4))
    body = data.draw(bodies(form, project.form_by_id))
    answer = client.request(
        method,
        f"{path}?{'&'.join(f'{quote(name)}={quote(text)}' for name, text in query)}",
        content=b"" if method == "GET" else json.dumps(body).encode(),
        headers={"authorization": f"Bearer {token}", "content-type": "application/json"},
    )
    assert answer.status_code < 500, (method, path, query, body, answer.text[:300])
    assert answer.headers["x-content-type-options"] == "nosniff"
    if answer.status_code != 204 and "json" in answer.headers["content-type"]:
        answer.json()
