"""Orders that become deliveries, and deliveries that become statements: what making one document from another needs.

`open_qty` of an order's line falls with what was delivered; a pickup instead counts against the whole `qty`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from orderkit.database.connections.database import Database
from orderkit.engine import records
from orderkit.engine.records import Applied
from orderkit.engine.rows import rows_of
from orderkit.model.errors import Refused
from orderkit.model.project import Project
from tests.support.clock import FakeClock
from tests.support.office import Office, Staff, open_office
from tests.support.projects import project

CUSTOMER = """
form: customer
label: {zh: 客户, en: Customer}
title: "{name}"
fields: {name: {type: text, label: {zh: 名称, en: Name}, required: true}, region: {type: text, label: {zh: 区域, en: Region}}, code: {type: text, label: {zh: 编号, en: Code}, unique: true}}
"""
ORDER = """
form: order
label: {zh: 订单, en: Order}
number: "SO-{seq:3}"
title: "{number}"
fields:
  customer: {type: ref, to: customer, label: {zh: 客户, en: Customer}, required: true}
  ready:    {type: boolean, label: {zh: 可发货, en: Ready}, default: true}
  seller:   {type: user, label: {zh: 业务员, en: Seller}, default: =me}
  origin:   {type: ref, to: order, label: {zh: 拆自, en: Split from}, reverse: parts}
  secret:   {type: text, label: {zh: 内部备注, en: Internal note}}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    min: 1
    fields:
      product:  {type: text, label: {zh: 产品, en: Product}, required: true}
      qty:      {type: decimal, label: {zh: 数量, en: Quantity}, scale: 2, required: true, check: "value > 0"}
      price:    {type: money, label: {zh: 单价, en: Price}, default: 2}
      cost:     {type: money, label: {zh: 成本, en: Cost}, default: 1}
      amount:   {type: money, label: {zh: 金额, en: Amount}, compute: "qty * price"}
      shipped:  {type: decimal, label: {zh: 已发, en: Shipped}, scale: 2, compute: "sum(deliveries.qty, where=deliveries.delivery.status != 'void')"}
      open_qty: {type: decimal, label: {zh: 未发, en: Open}, scale: 2, compute: "qty - shipped"}
  total: {type: money, label: {zh: 合计, en: Total}, compute: "sum(lines.amount)"}
split: {quantity: lines.qty, where: ready, set: {origin: =this}}
merge: {same: [customer], where: ready, rows: [product, price], add: [qty]}
"""
DELIVERY = """
form: delivery
label: {zh: 发货单, en: Delivery}
number: "DN-{seq:3}"
title: "{number}"
fields:
  order:    {type: ref, to: order, label: {zh: 订单, en: Order}}
  customer: {type: ref, to: customer, label: {zh: 客户, en: Customer}, required: true}
  note:     {type: text, label: {zh: 备注, en: Note}}
  hidden_note: {type: text, label: {zh: 内部, en: Internal}}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    fields:
      order_line: {type: ref, to: order.lines, label: {zh: 订单行, en: Order line}, reverse: deliveries}
      product:    {type: text, label: {zh: 产品, en: Product}}
      qty:        {type: decimal, label: {zh: 数量, en: Quantity}, scale: 2, required: true}
      cost:       {type: money, label: {zh: 成本, en: Cost}}
  total: {type: decimal, label: {zh: 合计, en: Total}, scale: 2, compute: "sum(lines.qty)"}
create_from:
  order:
    label: {zh: 发货, en: Ship}
    where: ready
    many: true
    group_by: customer
    set: {customer: =customer, note: =secret, hidden_note: =secret}
    lines:
      each: lines
      where: "open_qty > 0"
      set: {order_line: =item, product: =item.product, qty: =item.open_qty, cost: =item.cost}
      limit: {qty: item.open_qty}
      tolerance: 10%
"""
DELIVERY_LIFE = """
workflow: delivery_life
for: delivery
state: status
initial: draft
states:
  draft: {label: {zh: 草稿, en: Draft}, edit: [order, customer, note, lines]}
  void:  {label: {zh: 作废, en: Void}, final: cancelled}
transitions:
  cancel: {label: {zh: 作废, en: Cancel}, from: draft, to: void, by: everyone}
"""
PICKUP = """
form: pickup
label: {zh: 自提单, en: Pickup}
title: "{order}"
fields:
  order: {type: ref, to: order, label: {zh: 订单, en: Order}, required: true}
  rows:
    type: lines
    label: {zh: 明细, en: Rows}
    fields:
      source: {type: ref, to: order.lines, label: {zh: 订单行, en: Order line}}
      qty:    {type: integer, label: {zh: 数量, en: Quantity}, required: true}
create_from:
  order: {label: {zh: 自提, en: Pick up}, lines: {each: lines, set: {source: =item, qty: =item.qty}, limit: {qty: item.qty}}}
"""
STATEMENT = """
form: statement
label: {zh: 对账单, en: Statement}
title: "{customer.name}"
fields:
  customer: {type: ref, to: customer, label: {zh: 客户, en: Customer}, required: true}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    fields:
      delivery_line: {type: ref, to: delivery.lines, label: {zh: 发货行, en: Delivery line}, unique: true}
      qty:           {type: decimal, label: {zh: 数量, en: Quantity}, scale: 2}
create_from:
  delivery:
    label: {zh: 对账, en: Bill}
    many: true
    group_by: [customer]
    set: {customer: =customer}
    lines: {each: lines, set: {delivery_line: =item, qty: =item.qty}, limit: {qty: item.qty}}
"""
CLAIM = """
form: claim
label: {zh: 投诉, en: Claim}
fields: {order: {type: ref, to: order, label: {zh: 订单, en: Order}}, note: {type: text, label: {zh: 备注, en: Note}, required: true, default: 待查}}
create_from: {order: {label: {zh: 登记投诉, en: File a claim}}}
"""
ROLES = (
    """
role: sales
label: {zh: 销售, en: Sales}
forms:
  customer: {read: true}
  order:    {create: true, read: "seller == me", update: "seller == me"}
""",
    """
role: warehouse
label: {zh: 仓库, en: Warehouse}
forms:
  customer: {read: true}
  order:    {read: "ready or seller == me", hide: [secret, lines.cost]}
  delivery: {create: true, read: true, update: true, hide: [hidden_note, lines.cost]}
""",
    """
role: clerk
label: {zh: 文员, en: Clerk}
forms:
  order:    {read: true, hide: [lines]}
  delivery: {create: true, read: true}
  pickup:   {create: true, read: true, readonly: [rows.qty]}
""",
)
STAFF = (
    Staff(login="root", roles=("admin",)),
    Staff(login="sam", roles=("sales",)),
    Staff(login="wei", roles=("warehouse",)),
    Staff(login="kim", roles=("clerk",)),
    Staff(login="guest"),
)


@cache
def shipping() -> Project:
    """Return the compiled project."""
    return project(CUSTOMER, ORDER, DELIVERY, DELIVERY_LIFE, PICKUP, STATEMENT, CLAIM, *ROLES)


def open_yard(database: Database, folder: Path, clock: FakeClock) -> "Yard":
    """Return a yard with people and two customers."""
    return Yard(open_office(shipping(), database, folder, clock, STAFF))


class Yard:
    """An office that ships, with short ways to make what tests need."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.customer = office.create(None, "customer", {"name": "甲公司"})
        self.other = office.create(None, "customer", {"name": "乙公司"})

    def order(self, *quantities: object, login: str | None = "root", **values: object) -> int:
        """Create an order with a line of each quantity: products A, B, C …"""
        rows = [
            {"product": chr(65 + i), "qty": Decimal(str(qty))} for i, qty in enumerate(quantities or (10,))
        ]
        return self.office.create(login, "order", {"customer": self.customer, **values}, {"lines": rows})

    def rows(self, form: str, record_id: int, collection: str = "lines") -> list[dict[str, object]]:
        """Return the stored lines of a record."""
        with self.office.look(None) as unit:
            row = rows_of(unit).row(form, record_id)
            assert row is not None
            return [dict(line.values) for line in row.rows(collection)]

    def row_ids(self, order: int) -> list[int]:
        """Return the ids of an order's lines."""
        return [int(str(row["id"])) for row in self.rows("order", order)]

    def make(
        self,
        target: str,
        *ids: int,
        source: str = "order",
        picks: Mapping[int, object] | None = None,
        login: str | None = "root",
    ) -> tuple[Applied, ...]:
        """Make records; `picks` gives the `qty` of rows."""
        chosen = None if picks is None else {row: {"qty": Decimal(str(qty))} for row, qty in picks.items()}
        with self.office.act(login) as unit:
            return records.make(unit, source, target, ids, chosen)

    def ship(self, order: int, *quantities: object, login: str | None = "root") -> int:
        """Deliver these quantities of an order's lines, in their order; return the delivery."""
        picks = dict(zip(self.row_ids(order), quantities, strict=False))
        (made,) = self.make("delivery", order, picks=picks, login=login)
        return made.id

    def quantities(self, form: str, record_id: int, name: str = "qty") -> list[object]:
        """Return one number of each line."""
        return [row[name] for row in self.rows(form, record_id)]


def problems(caught: Refused) -> dict[str, str]:
    """Return the problems of a refusal: place → code."""
    return {each.path: each.code for each in caught.problems}


def numbers(*values: object) -> list[Decimal]:
    """Return exact numbers."""
    return [Decimal(str(each)) for each in values]


@dataclass(frozen=True, slots=True)
class Sums:
    """What must be the same however records were divided and put together: by product, and in money."""

    quantities: Mapping[object, Decimal]
    total: Decimal

    @classmethod
    def of(cls, yard: Yard, *orders: int) -> "Sums":
        """Return the sums of several orders."""
        found: dict[object, Decimal] = {}
        for order in orders:
            for row in yard.rows("order", order):
                found[row["product"]] = found.get(row["product"], Decimal(0)) + Decimal(str(row["qty"]))
        totals = (Decimal(str(yard.office.value("order", order, "total"))) for order in orders)
        return cls(found, sum(totals, Decimal(0)))
