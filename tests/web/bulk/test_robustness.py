"""Whatever is sent to the questions about many records, and to the cells of a list: an answer, and nothing unseen."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.support.office import Office
from tests.web.conftest import enter_order
from tests.web.reader import Reader

FIELDS = st.sampled_from(
    ["id", "number", "customer", "kind", "process", "need_by", "salesperson", "carrier", "contract", "lines", "lines.qty",
     "total", "balance", "overdue", "status", "revision", "created_at", "created_by", "", "x", "__class__"]
)  # fmt: skip
TEXTS = st.text(max_size=12) | st.sampled_from(
    ["1", "-1", "true", "2035-01-31", "done", "sun", "9" * 30, "1,2", "null"]
)
IDS = st.lists(st.integers(-3, 9).map(str) | TEXTS, max_size=5).map(",".join)
MOVES = st.sampled_from(
    ["do.order_life.quote", "do.order_life.settle", "do.order_life.cancel", "do.receipt_life.confirm", "withdraw.order_life.withdraw", "do..", "x"]
)  # fmt: skip
SENT = st.fixed_dictionaries(
    {},
    optional={
        "all": st.sampled_from(["1", "0", "x"]),
        "list": st.sampled_from(
            ["", "q=x", "f.status=done", "view=late&sort=-total", "f.total.from=x", "cursor=x"]
        )
        | TEXTS,
        "set": st.lists(FIELDS, max_size=3),
        "to": MOVES | TEXTS,
        "kept": TEXTS,
        "comment": TEXTS,
        "reason": TEXTS,
        "revision": TEXTS,
        "seen": TEXTS,
    },
)
PATHS = st.sampled_from(["edit", "move", "delete", "make/receipt", "make/order"])
ROUGH = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def untouchable(office: Office, order: int) -> object:
    """Return all there is of an order that the person may not see."""
    table = office.runtime.database.tables["order"]
    with office.look(None) as unit:
        return unit.connection.execute(select(table).where(table.c.id == order)).one()


@ROUGH
@given(path=PATHS, ids=IDS, sent=SENT, values=st.dictionaries(FIELDS, TEXTS, max_size=4))
def test_any_question_and_answer_about_many(*, office: Office, as_, path, ids, sent, values) -> None:
    mine, other = enter_order(office), enter_order(office, by="li")
    before = untouchable(office, other)
    total = office.value("order", mine, "total")
    zhang: Reader = as_("zhang")
    data = {**values, **sent, "ids": f"{ids},{mine},{other}" if ids else ids}
    query = {name: value for name, value in data.items() if isinstance(value, str)}
    asked = zhang.client.get(f"/forms/order/bulk/{path}", params=query)
    assert asked.status_code < 500, asked.text
    answer = zhang.post(f"/forms/order/bulk/{path}", data, follow=False)
    assert answer.status < 500, answer.html
    assert untouchable(office, other) == before
    if path != "delete":
        assert office.value("order", mine, "total") == total


@ROUGH
@given(field=FIELDS, text=TEXTS, sent=SENT, values=st.dictionaries(FIELDS, TEXTS, max_size=3))
def test_any_value_for_a_cell(*, office: Office, as_, field, text, sent, values) -> None:
    mine, other = enter_order(office), enter_order(office, by="li")
    before = untouchable(office, other)
    with office.look(None) as unit:
        table = unit.runtime.database.tables["order"]
        row = unit.connection.execute(select(table).where(table.c.id == mine)).one()._asdict()
    zhang: Reader = as_("zhang")
    for order in (mine, other, 4711):
        path = f"/forms/order/{order}/cells/{field}"
        assert zhang.client.get(path).status_code < 500
        assert zhang.htmx(path, {**sent, **values, field or "x": text}).status < 500
    assert untouchable(office, other) == before
    with office.look(None) as unit:
        now = unit.connection.execute(select(table).where(table.c.id == mine)).one()._asdict()
    changed = {name for name in row if row[name] != now[name]}
    assert changed <= {field, "revision", "updated_at", "updated_by"}
