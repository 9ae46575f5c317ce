"""A small trade for tests of the engine: customers, products, orders with lines, receipts over many orders."""

from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from orderkit.database.connections.database import Database
from orderkit.engine import records
from orderkit.engine.records import Change
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
fields:
  code:    {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  name:    {type: text, label: {zh: 名称, en: Name}, required: true}
  phone:   {type: text, label: {zh: 电话, en: Phone}, pii: true}
  seller:  {type: user, label: {zh: 业务员, en: Seller}, default: =me}
  credit:  {type: money, label: {zh: 额度, en: Credit}, default: 0, min: 0}
  active:  {type: boolean, label: {zh: 启用, en: Active}, default: true}
  owed:    {type: money, label: {zh: 欠款, en: Owed}, compute: "sum(orders.balance)"}
list: {columns: [code, name, phone, seller, owed], sort: code}
"""
PRODUCT = """
form: product
label: {zh: 产品, en: Product}
title: "{code} {name}"
fields:
  code:   {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  name:   {type: text, label: {zh: 名称, en: Name}, required: true}
  price:  {type: money, scale: 4, label: {zh: 单价, en: Price}, default: 0}
  cost:   {type: money, scale: 4, label: {zh: 成本, en: Cost}, default: 0}
  active: {type: boolean, label: {zh: 在售, en: On sale}, default: true}
  photo:  {type: file, label: {zh: 图片, en: Picture}, accept: [image], max_size: 1KB}
"""
ORDER = """
form: order
label: {zh: 订单, en: Order}
number: "SO{ordered_on:%Y%m%d}-{seq:4}"
title: "{number} {customer.name}"
fields:
  customer:   {type: ref, to: customer, label: {zh: 客户, en: Customer}, required: true, where: active, reverse: orders, search: [code, name]}
  kind:
    type: choice
    label: {zh: 类型, en: Kind}
    options: {standard: {zh: 标准, en: Standard}, custom: {zh: 定制, en: Custom}, repair: {zh: 返修, en: Repair}}
    default: standard
  source:     {type: text, label: {zh: 来源, en: Source}}
  process:    {type: longtext, label: {zh: 工艺, en: Process}, visible_if: "kind == 'custom'", required_if: "kind == 'custom'"}
  ordered_on: {type: date, label: {zh: 下单日期, en: Ordered on}, default: =today(), required: true}
  need_by:    {type: date, label: {zh: 交货日期, en: Needed by}}
  seller:     {type: user, label: {zh: 业务员, en: Seller}, default: =me}
  external:   {type: text, label: {zh: 外部单号, en: External number}}
  contract_no: {type: text, label: {zh: 合同号, en: Contract}, set_once: true}
  secret:     {type: text, label: {zh: 密, en: Secret}, readonly_if: "kind == 'repair'"}
  original:   {type: ref, to: order, label: {zh: 原订单, en: Original}, on_delete: clear, reverse: repairs}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    min: 1
    max: 500
    fields:
      product:  {type: ref, to: product, label: {zh: 产品, en: Product}, required: true, where: active}
      qty:      {type: decimal, label: {zh: 数量, en: Quantity}, scale: 3, required: true, check: "value > 0", error: {zh: 数量必须大于 0, en: The quantity must be greater than 0}}
      price:    {type: money, scale: 4, label: {zh: 单价, en: Price}, copy: product.price, editable: true, required: true}
      discount: {type: percent, label: {zh: 折扣, en: Discount}, default: 0, min: 0, max: 1}
      amount:   {type: money, label: {zh: 金额, en: Amount}, compute: "qty * price * (1 - discount)"}
      cost:     {type: money, label: {zh: 成本, en: Cost}, copy: "qty * product.cost"}
  total:      {type: money, label: {zh: 合计, en: Total}, compute: "sum(lines.amount)"}
  received:   {type: money, label: {zh: 已收, en: Received}, compute: "sum(allocations.amount, where=allocations.receipt.confirmed)"}
  balance:    {type: money, label: {zh: 未收, en: Balance}, compute: "total - received"}
  late:       {type: boolean, label: {zh: 逾期, en: Late}, virtual: "need_by < today()"}
checks:
  - {that: "need_by >= ordered_on", error: {zh: 交货日期太早, en: Needed before it is ordered}, at: need_by}
  - {that: "balance >= -1000", error: {zh: 收得太多, en: Far too much was received}}
unique: [[external, customer]]
variants:
  by: kind
  repair: {label: {zh: 返修, en: Repair}, hide: [process], require: [original], default: {source: 老客户}}
list:
  columns: [number, customer, total, balance, need_by, late]
  filters: [customer, ordered_on]
  sort: -ordered_on
  views: {late: {label: {zh: 逾期, en: Late}, where: late}}
"""
RECEIPT = """
form: receipt
label: {zh: 收款, en: Receipt}
title: "{memo}"
fields:
  memo:      {type: text, label: {zh: 摘要, en: Memo}}
  confirmed: {type: boolean, label: {zh: 已确认, en: Confirmed}}
  allocations:
    type: lines
    label: {zh: 分摊, en: Allocations}
    fields:
      order:  {type: ref, to: order, label: {zh: 订单, en: Order}, required: true, reverse: allocations}
      amount: {type: money, label: {zh: 金额, en: Amount}, required: true}
  total:     {type: money, label: {zh: 合计, en: Total}, compute: "sum(allocations.amount)"}
"""
ROLES = (
    """
role: sales
label: {zh: 销售, en: Sales}
forms:
  order:    {create: true, read: "seller == me or seller.department == me.department", update: "seller == me", delete: "seller == me", hide: [lines.cost, secret], readonly: [source]}
  customer: {create: true, read: true, update: "seller == me", mask: [phone]}
  product:  {read: true, hide: [cost]}
""",
    """
role: manager
label: {zh: 主管, en: Manager}
forms:
  order:    {create: true, read: true, update: "total <= 1000", hide: [secret]}
  customer: {read: "owed > 0"}
  product:  {read: true, update: true}
""",
    """
role: clerk
label: {zh: 文员, en: Clerk}
forms:
  order:    {read: "ordered_on == today()", update: true, write: [need_by, lines.discount], hide: [total, received, balance]}
""",
)
STAFF = (
    Staff(login="root", roles=("admin",)),
    Staff(login="ann", roles=("sales",)),
    Staff(login="ben", roles=("sales",)),
    Staff(login="max", roles=("manager",)),
    Staff(login="kim", roles=("clerk",)),
    Staff(login="guest"),
)


@cache
def trade() -> Project:
    """Return the compiled project."""
    return project(CUSTOMER, PRODUCT, ORDER, RECEIPT, *ROLES)


def open_trade(
    database: Database, folder: Path, clock: FakeClock, *, model: Project | None = None
) -> "Trade":
    """Return a trade with people, one customer and two products; `model` is one with further settings."""
    office = open_office(model or trade(), database, folder, clock, STAFF)
    return Trade(office)


class Trade:
    """An office that trades, with short ways to make what tests need."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.customer = office.create(
            None, "customer", {"code": "C1", "name": "甲公司", "phone": "13812345678"}
        )
        self.bolt = office.create(
            None, "product", {"code": "P1", "name": "螺栓", "price": Decimal("2.5"), "cost": 1}
        )
        self.nut = office.create(None, "product", {"code": "P2", "name": "螺母", "price": 4, "cost": 2})

    def order(self, login: str | None, *lines: Mapping[str, object], **values: object) -> int:
        """Create an order of the customer; without lines it has 10 bolts."""
        rows = lines or ({"product": self.bolt, "qty": 10},)
        return self.office.create(login, "order", {"customer": self.customer, **values}, {"lines": rows})

    def receipt(self, amounts: Mapping[int, object], *, confirmed: bool = True, memo: str = "r") -> int:
        """Create a receipt spread over orders."""
        rows = [{"order": order, "amount": amount} for order, amount in amounts.items()]
        return self.office.create(
            None, "receipt", {"memo": memo, "confirmed": confirmed}, {"allocations": rows}
        )

    def values(self, form: str, record_id: int, *names: str) -> tuple[object, ...]:
        """Return stored values."""
        return tuple(self.office.value(form, record_id, name) for name in names)

    def lines(self, order: int) -> list[dict[str, object]]:
        """Return the stored lines of an order."""
        with self.office.look(None) as unit:
            row = rows_of(unit).row("order", order)
            assert row is not None
            return [dict(line.values) for line in row.rows("lines")]

    def refused(self, *changes: Change, login: str | None = "ann") -> dict[str, str]:
        """Apply changes that must be refused; return the problems: path → code."""
        try:
            with self.office.act(login) as unit:
                records.apply(unit, changes)
        except Refused as error:
            return {problem.path: problem.code for problem in error.problems}
        raise AssertionError("nothing was refused")
