"""Titles put together from texts are the same as those that the template gives, and only such are."""

import pytest

from orderkit.engine.records import Create, apply
from orderkit.engine.rows import rows_of
from orderkit.engine.rows.environments import evaluate_on
from orderkit.engine.rows.plain_titles import parts_of
from tests.support.office import Office, open_office
from tests.support.projects import project

FORMS = (
    "form: region\ntitle: '{name}'\nfields: {name: {type: text}}",
    "form: customer\ntitle: '{code} ({region.name})'\nfields: {code: {type: text}, region: {type: ref, to: region}}",
    """
form: order
title: "{number} {customer.code}/{customer.region.name}"
number: "SO-{seq:4}"
fields:
  customer: {type: ref, to: customer}
  said: {type: text}
""",
    "form: shown\ntitle: '{order}'\nfields: {order: {type: ref, to: order}}",
    "form: counted\ntitle: '{said} {times}'\nfields: {said: {type: text}, times: {type: integer}}",
    "form: chosen\ntitle: '{kind}'\nfields: {kind: {type: choice, options: {a: 甲, b: 乙}}}",
    "form: worked\ntitle: '{both} {name}'\nfields: {name: {type: text}, both: {type: text, compute: \"concat(name, '!')\"}}",
)
FROM_TEXTS = ("region", "customer", "order", "worked")
EVALUATED = ("shown", "counted", "chosen")


@pytest.fixture
def filled(make_database, tmp_path, clock) -> Office:
    model = project(*FORMS)
    office = open_office(model, make_database(model), tmp_path, clock, [])
    with office.act(None) as unit:

        def made(form: str, **values: object) -> int:
            (result,) = apply(unit, [Create(form=form, values=values)])
            return int(result.id)

        north = made("region", name="华北")
        known = made("customer", code="C1", region=north)
        elsewhere = made("customer", code="C2")
        for customer in (known, elsewhere, None):
            order = made("order", customer=customer)
            made("shown", order=order)
        made("counted", said="x", times=3)
        made("chosen", kind="a")
        made("worked", name="n")
        made("worked")
        made("region")
    return office


def test_what_is_read_is_what_would_be_evaluated(filled: Office) -> None:
    with filled.look(None) as unit:
        for form in unit.project.forms:
            if form.id not in {*FROM_TEXTS, *EVALUATED}:
                continue
            table = unit.runtime.database.tables[form.id]
            ids = [row.id for row in unit.connection.execute(table.select())]
            titles = rows_of(unit).titles(form.id, ids)
            rows = rows_of(unit).load(form.id, ids)
            assert titles == {row.id: str(evaluate_on(unit, form.title, row) or "") for row in rows}
            assert len(titles) == len(ids) > 0


def test_orders_are_called_by_number_customer_and_region(filled: Office) -> None:
    with filled.look(None) as unit:
        assert list(rows_of(unit).titles("order", [1, 2, 3]).values()) == [
            "SO-0001 C1/华北",
            "SO-0002 C2/",
            "SO-0003 /",
        ]


@pytest.mark.parametrize("form", FROM_TEXTS)
def test_texts_are_put_together(filled: Office, form: str) -> None:
    assert parts_of(filled.runtime, filled.runtime.project.form_by_id[form]) is not None


@pytest.mark.parametrize("form", EVALUATED)
def test_what_is_no_text_is_left_to_the_template(filled: Office, form: str) -> None:
    assert parts_of(filled.runtime, filled.runtime.project.form_by_id[form]) is None
