"""The example with each of its roles: whoever looks, no channel tells them another thing than the oracle."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from orderkit.engine import records
from orderkit.engine.records import Create, LineChange, Update
from orderkit.engine.runtime import Unit
from tests.support.clock import FakeClock
from tests.support.databases import Databases
from tests.support.office import Staff, open_office
from tests.support.projects import example
from tests.web.permissions import addresses, decisions, reading, trying, writing
from tests.web.permissions.filling import Filler
from tests.web.permissions.markers import Mint
from tests.web.permissions.walk import Walk, walking

STAFF = (
    Staff(login="li", roles=("lead",)),
    Staff(login="wang", roles=("director",)),
    Staff(login="zhang", roles=("sales",), manager="li"),
    Staff(login="zhou", roles=("sales",), manager="li"),
    Staff(login="zhao", roles=("planner",)),
    Staff(login="qian", roles=("warehouse",)),
    Staff(login="sun", roles=("finance",)),
    Staff(login="both", roles=("sales", "warehouse")),
    Staff(login="guest"),
    Staff(login="root", roles=("admin",)),
)
STATES = ("inquiry", "quoted", "planning", "producing", "ready", "shipped", "done", "cancelled")
LOOKING = {"zhang", "zhao", "qian", "sun", "both"}
"""Who looks at every kind of address: one of each role that something is hidden from."""
SELLERS = ("zhang", "zhou", "both", "zhang", "zhou", "both", "zhang", "li")


@pytest.fixture(scope="module")
def filled(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Walk]:
    """The example, full of markers. Nothing that is asked of it changes it."""
    mark, folder = databases.mark(), tmp_path_factory.mktemp("files")
    office = open_office(
        example(), databases.make(example(), "sqlite", threads=8), folder, FakeClock(), STAFF
    )
    filler = _Example(office, Mint(), Random(1))
    filler.fill()
    with walking(office, filler, most=3) as walk:
        yield walk
    databases.clear(mark)


@pytest.fixture
def walk(filled: Walk) -> Walk:
    """The same, with nothing found yet."""
    filled.differences.clear()
    filled.counted.clear()
    return filled


class _Example(Filler):
    """Fills the example: an order in each state, of three sellers, two of whom are of one department."""

    def fill(self) -> None:
        office, mint = self.office, self.mint
        team = office.create(None, "department", {"name": "华东"})
        with office.act(None) as unit:
            user = unit.runtime.database.tables["user"]
            ids = [office.ids["zhang"], office.ids["zhou"]]
            unit.connection.execute(sa.update(user).where(user.c.id.in_(ids)).values(department=team))
        for seller in ("zhang", "zhou", "li"):
            self._one("customer", self._texts("customer") | {
                "phone": f"139{mint.integer()}00",
                "salesperson": office.ids[seller],
                "credit_limit": mint.number(),
            })  # fmt: skip
        for _ in range(3):
            product = self._texts("product") | {"list_price": mint.number(), "cost": mint.number()}
            self._one("product", product | {"photo": None})
        for number, (state, seller) in enumerate(zip(STATES, SELLERS, strict=True)):
            self._order(number, state, seller)
        for number in (1, 2, 3):
            self._one(
                "receipt",
                {"order": self.made["order"][number + 2], "amount": mint.number(), "memo": mint.word()},
            )
        for _ in range(2):
            line = {"row_no": 1, "ordered_on": mint.day(), "amount": mint.number(3), "profit": mint.number(3)}
            line |= {name: mint.word() for name in ("city", "region", "product_name", "category")}
            texts = {name: mint.word() for name in ("order_no", "customer_no", "customer_name")}
            self._one("history_order", texts, [line])
        forms = [example().form_by_id[each] for each in ("customer", "product", "order", "receipt")]
        self._remember(forms)
        for record_id in self.made["order"][:4]:
            self._write("order", record_id, note=mint.word(), external_no=mint.word())
        self._write("customer", 1, note=mint.word(), credit_limit=mint.number())
        self._approvals()
        for form in ("order", "customer", "receipt"):
            for record_id in self.made[form][:3]:
                self.talk(form, record_id)
        self.traces.deleted.append(("order", self._order(9, "inquiry", "zhang")))
        self.traces.deleted.append(("receipt", self._one("receipt", {
            "order": self.made["order"][0], "amount": mint.number(), "memo": mint.word()})))  # fmt: skip

    def _approvals(self) -> None:
        """Leave an order in approval, with open tasks, and approve another, of which the warehouse is told."""
        office = self.office
        waiting = self.made["order"][0]
        approved = self._order(10, "inquiry", "zhang")
        for record_id in (approved, waiting):
            office.do("zhang", "order", record_id, "quote", quote_valid_until=self.mint.day())
            office.do("zhang", "order", record_id, "place")
            while record_id == approved and office.value("order", approved, "status") == "review":
                office.decide(next(login for login, count in office.tasks(*office.ids).items() if count))

    def _texts(self, form: str) -> dict[str, Any]:
        shape = example().form_by_id[form]
        return {
            each.id: self.mint.word()
            for each in shape.fields
            if each.type in {"text", "longtext"} and not each.system and not each.readonly
        }

    def _order(self, number: int, state: str, seller: str) -> int:
        mint, office = self.mint, self.office
        shape = example().form_by_id["order"]
        values = self._texts("order") | {
            "customer": self.made["customer"][number % 3],
            "need_by": mint.day(),
            "ordered_on": office.today - timedelta(days=number),
            "plan_start": mint.day(),
            "plan_end": mint.day(),
            "salesperson": office.ids[seller],
            "contract": self.upload(shape, shape.by_id["contract"]),
            "status": state,
        }
        lines = [
            {
                "product": self.made["product"][(number + each) % 3],
                "spec": mint.word(),
                "qty": Decimal(each + 1),
                "price": mint.number(4),
            }
            for each in range(2)
        ]
        return self._one("order", values, lines)

    def _one(self, form: str, values: dict[str, Any], lines: list[dict[str, Any]] | None = None) -> int:
        given = {"lines": [LineChange(values=each) for each in lines]} if lines else {}
        given_values = {name: value for name, value in values.items() if value is not None}
        with self.office.act(None) as unit:
            change = Create(form=form, values=given_values, lines=given)
            (made,) = records.apply(unit, [change], history=True)
            self._number(unit, form, made.id)
        self.made.setdefault(form, []).append(made.id)
        return made.id

    def _number(self, unit: Unit, form: str, record_id: int) -> None:
        """Give a record a number that is like no other: what arrives as history is not numbered."""
        table = unit.runtime.database.tables[form]
        if "number" in table.c:
            named = sa.update(table).where(table.c.id == record_id).values(number=self.mint.word())
            unit.connection.execute(named)

    def _write(self, form: str, record_id: int, **values: Any) -> None:
        with self.office.act(None) as unit:
            records.apply(unit, [Update(form=form, id=record_id, values=values)], by_rule=True)


CHANNELS = (
    decisions.decisions,
    decisions.row_rules,
    decisions.news,
    decisions.matrix,
    reading.records,
    reading.lists,
    reading.sums,
    reading.files,
    reading.prints,
    trying.trials,
    writing.changes,
    writing.calls,
    addresses.addresses,
)


@pytest.mark.parametrize("channel", CHANNELS, ids=[each.__name__ for each in CHANNELS])
def test_no_role_of_the_example_is_told_another_thing_than_the_oracle(walk: Walk, channel: Any) -> None:
    for sight in walk.people:
        if channel is not addresses.addresses or sight.login in LOOKING:
            channel(walk, sight)
    walk.end()
    assert walk.counted.total() > len(walk.people)
