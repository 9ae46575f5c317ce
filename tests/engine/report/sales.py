"""A shop with a report over its sales: the project, and orders whose numbers can be worked out by hand."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

from orderkit.engine import report
from orderkit.engine.report import Filter, ResultTable
from tests.support.office import Office, Staff
from tests.support.projects import project

PROJECT = project(
    """
form: customer
label: {zh: 客户, en: Customer}
title: "{name}"
fields:
  code: {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  name: {type: text, label: {zh: 名称, en: Name}, required: true}
  province: {type: text, label: {zh: 省份, en: Province}}
""",
    """
form: product
label: {zh: 产品, en: Product}
title: "{code}"
fields:
  code: {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
""",
    """
form: order
label: {zh: 订单, en: Order}
title: "{id}"
fields:
  customer: {type: ref, to: customer, reverse: orders, label: {zh: 客户, en: Customer}, required: true}
  ordered_at: {type: datetime, label: {zh: 下单时间, en: Ordered at}}
  status:
    type: choice
    label: {zh: 状态, en: Status}
    options: {open: {zh: 进行中, en: Open}, done: {zh: 完成, en: Done}, cancelled: {zh: 取消, en: Cancelled}}
    required: true
  seller: {type: user, label: {zh: 业务员, en: Seller}}
  urgent: {type: boolean, label: {zh: 加急, en: Urgent}}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    fields:
      product: {type: ref, to: product, label: {zh: 产品, en: Product}}
      qty: {type: decimal, scale: 3, label: {zh: 数量, en: Quantity}}
      price: {type: money, scale: 4, label: {zh: 单价, en: Price}}
      amount: {type: money, label: {zh: 金额, en: Amount}, compute: "qty * price"}
      cost: {type: money, label: {zh: 成本, en: Cost}}
  total: {type: money, label: {zh: 合计, en: Total}, compute: "sum(lines.amount)"}
list: {columns: [id, customer, total, status], views: {open: {label: {zh: 进行中, en: Open}, where: "status == 'open'"}}}
""",
    """
report: sales
label: {zh: 销售, en: Sales}
from: order.lines
where: "order.status != 'cancelled'"
time: order.ordered_at
dimensions:
  customer: {expr: order.customer, label: {zh: 客户, en: Customer}}
  region: {expr: order.customer.province, label: {zh: 省份, en: Province}}
  product: {expr: product, label: {zh: 产品, en: Product}}
  seller: {expr: order.seller, label: {zh: 业务员, en: Seller}}
  status: {expr: order.status, label: {zh: 状态, en: Status}}
  urgent: {expr: order.urgent, label: {zh: 加急, en: Urgent}}
measures:
  revenue: {agg: sum, expr: amount, format: money, label: {zh: 销售额, en: Revenue}}
  orders: {agg: count_distinct, expr: order, label: {zh: 订单数, en: Orders}}
  lines: {agg: count, label: {zh: 行数, en: Lines}}
  priced: {agg: count, expr: cost, label: {zh: 有成本的行, en: Lines with a cost}}
  average: {agg: avg, expr: amount, format: money, label: {zh: 平均, en: Average}}
  largest: {agg: max, expr: amount, format: money, label: {zh: 最大, en: Largest}}
  first: {agg: min, expr: order.ordered_at, label: {zh: 最早, en: First}}
  big: {agg: sum, expr: amount, where: "amount >= 100", format: money, label: {zh: 大额, en: Big}}
  cost: {agg: sum, expr: cost, format: money, label: {zh: 成本, en: Cost}}
  margin: {ratio: "(revenue - cost) / revenue", format: percent, label: {zh: 毛利率, en: Margin}}
""",
    """
report: orders
label: {zh: 订单, en: Orders}
from: order
dimensions: {status: {expr: status, label: {zh: 状态, en: Status}}}
measures:
  total: {agg: sum, expr: total, format: money, label: {zh: 合计, en: Total}}
  pieces: {agg: sum, expr: sum(lines.qty), label: {zh: 件数, en: Pieces}}
""",
    """
report: customers
label: {zh: 客户, en: Customers}
from: customer
dimensions: {province: {expr: province, label: {zh: 省份, en: Province}}}
measures:
  owed: {agg: sum, expr: sum(orders.total), format: money, label: {zh: 应收, en: Owed}}
  sold: {agg: sum, expr: sum(orders.total), where: "count(orders) > 0", format: money, label: {zh: 已售, en: Sold}}
""",
    """
dashboard: overview
label: {zh: 看板, en: Overview}
filters:
  period: {label: {zh: 期间, en: Period}, default: this_year, on: {sales: time}}
  region: {label: {zh: 省份, en: Province}, on: {sales: region}}
tiles:
  - {kpi: sales.revenue, compare: previous_period, label: {zh: 销售额, en: Revenue}}
  - {kpi: sales.cost, label: {zh: 成本, en: Cost}}
  - {chart: line, measure: sales.revenue, by: month, label: {zh: 月度, en: By month}}
  - {chart: pie, measure: sales.revenue, by: customer, top: 1, label: {zh: 客户, en: Customers}}
  - {pivot: sales.revenue, rows: customer, columns: month, label: {zh: 透视, en: Pivot}}
  - {list: order.open, limit: 2, label: {zh: 订单, en: Orders}}
""",
    """
role: seller
label: {zh: 销售, en: Seller}
forms:
  order: {read: "seller == me", hide: [lines.cost]}
  customer: {read: true, hide: [province]}
  product: {read: true}
reports: [sales, orders, customers]
dashboards: [overview]
""",
    """
role: auditor
label: {zh: 审计, en: Auditor}
forms: {order: {read: "status == 'done'"}}
reports: [sales]
""",
    """
role: guest
label: {zh: 访客, en: Guest}
reports: [sales]
""",
)
STAFF = (
    Staff(login="ann", roles=("seller",)),
    Staff(login="both", roles=("seller", "auditor")),
    Staff(login="guest", roles=("guest",)),
    Staff(login="nobody"),
)


@dataclass(frozen=True, kw_only=True)
class Order:
    """An order: lines are product, quantity, price, cost."""

    customer: str
    at: datetime | None
    status: str
    seller: str
    urgent: bool
    lines: tuple[tuple[str, str, str, str | None], ...]

    @property
    def day(self) -> date | None:
        return None if self.at is None else self.at.astimezone(ZoneInfo("Asia/Shanghai")).date()

    @property
    def amounts(self) -> list[Decimal]:
        return [
            (Decimal(q) * Decimal(p)).quantize(Decimal("0.01"), ROUND_HALF_UP) for _, q, p, _ in self.lines
        ]


def order(
    customer: str,
    at: tuple[int, ...] | None,
    status: str,
    seller: str,
    *lines: tuple[str, str, str, str | None],
) -> Order:
    moment = None if at is None else datetime(*at, tzinfo=UTC)
    return Order(
        customer=customer, at=moment, status=status, seller=seller, urgent=status == "open", lines=lines
    )


ORDERS = (
    # In Shanghai it is the first of April, of March, of January already.
    order("A", (2025, 3, 31, 17, 30), "done", "ann", ("bolt", "10", "1.25", "5")),
    order(
        "A", (2026, 2, 28, 16, 0), "done", "ann", ("bolt", "3.333", "0.1", None), ("nut", "2", "60", "100")
    ),
    order(
        "B", (2025, 12, 31, 16, 0), "open", "both", ("nut", "0.005", "1", "0"), ("nut", "1", "99.995", "50")
    ),
    order("B", (2026, 1, 11, 15, 59, 59), "done", "both", ("bolt", "-1", "7.5", None)),
    order("C", (2026, 1, 11, 16, 0), "open", "ann", ("bolt", "1000000", "999.9999", "1")),
    order("A", (2026, 3, 1, 0, 0), "cancelled", "ann", ("bolt", "5", "5", "5")),
    order("C", None, "done", "both", ("bolt", "1", "1", None)),
)


@dataclass(frozen=True)
class Sales:
    """The opened shop."""

    office: Office
    customers: dict[str, int]
    products: dict[str, int]

    def ask(
        self, *measures: str, login: str | None = None, name: str = "sales", **asked: object
    ) -> ResultTable:
        with self.office.look(login) as unit:
            return report.run(unit, name, measures=measures, **asked)  # type: ignore[arg-type]

    def filters(self, *conditions: str) -> tuple[Filter, ...]:
        with self.office.look(None) as unit:
            return report.parse_filters(unit, PROJECT.report_by_id["sales"], conditions)


def texts(table: ResultTable) -> list[tuple[str, ...]]:
    return [tuple(cell.text for cell in row.cells) for row in table.rows]


def values(table: ResultTable) -> list[tuple[object, ...]]:
    return [tuple(cell.value for cell in row.cells) for row in table.rows]


def totals(table: ResultTable) -> list[object]:
    return [cell.value for cell in table.totals]
