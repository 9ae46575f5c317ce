"""A small shop over HTTP: an app on a real database, and callers with tokens."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2
from starlette.testclient import TestClient

from orderkit.engine.accounts import make_token
from orderkit.engine.accounts.people import make_user
from orderkit.engine.runtime import SYSTEM, Channel, Runtime

YAML = """
form: customer
label: {zh: 客户, en: Customer}
title: "{name}"
fields:
  code:  {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  name:  {type: text, label: {zh: 名称, en: Name}, required: true}
  phone: {type: text, label: {zh: 电话, en: Phone}, mask: middle}
---
form: order
label: {zh: 订单, en: Order}
number: "SO{seq:4}"
title: "{number} {customer.name}"
fields:
  customer:   {type: ref, to: customer, label: {zh: 客户, en: Customer}, required: true}
  kind:       {type: choice, label: {zh: 类型, en: Kind}, options: {standard: {zh: 标准, en: Standard}, custom: {zh: 定制, en: Custom}}, default: standard}
  ordered_on: {type: date, label: {zh: 日期, en: Date}, default: =today(), required: true}
  placed_at:  {type: datetime, label: {zh: 时间, en: Time}}
  person:     {type: user, label: {zh: 业务员, en: Salesperson}, default: =me}
  discount:   {type: percent, label: {zh: 折扣, en: Discount}, default: 0, min: 0, max: 1}
  urgent:     {type: boolean, label: {zh: 加急, en: Urgent}}
  carrier:    {type: text, label: {zh: 承运商, en: Carrier}}
  secret:     {type: money, label: {zh: 成本, en: Cost}}
  contract:   {type: file, label: {zh: 合同, en: Contract}, accept: [pdf], max_size: 10KB}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    min: 1
    fields:
      goods:  {type: text, label: {zh: 品名, en: Goods}, required: true}
      qty:    {type: decimal, label: {zh: 数量, en: Quantity}, scale: 3, required: true, check: "value > 0", error: {zh: 数量必须大于 0, en: The quantity must be greater than 0}}
      price:  {type: money, label: {zh: 单价, en: Price}, required: true}
      amount: {type: money, label: {zh: 金额, en: Amount}, compute: "qty * price"}
  total:      {type: money, label: {zh: 合计, en: Total}, compute: "sum(lines.amount)"}
  past:       {type: boolean, label: {zh: 旧单, en: Old}, virtual: "ordered_on < today()"}
list:
  columns: [number, customer, total, status]
  filters: [status, customer, ordered_on, total]
  sort: number
  views: {big: {label: {zh: 大单, en: Big}, where: "total > 1000"}}
---
workflow: order_life
label: {zh: 流程, en: Life}
for: order
state: status
initial: draft
states:
  draft:     {label: {zh: 草稿, en: Draft}}
  review:    {label: {zh: 审批中, en: In approval}, approval: review}
  confirmed: {label: {zh: 已确认, en: Confirmed}}
  shipped:   {label: {zh: 已发货, en: Shipped}, final: completed}
  cancelled: {label: {zh: 已取消, en: Cancelled}, final: cancelled}
transitions:
  place:
    label: {zh: 下单, en: Place}
    from: draft
    to: review
    by: [role(clerk), role(admin)]
    guard: [{that: "coalesce(total, 0) > 0", error: {zh: 订单没有金额, en: The order has no amount}}]
  ship:
    label: {zh: 发货, en: Ship}
    from: confirmed
    to: shipped
    by: [role(clerk), role(admin)]
    ask: [{field: carrier, required: true}]
approvals:
  review:
    sla: {due: 8wh}
    approved:  {to: confirmed}
    rejected:  {to: cancelled}
    returned:  {to: draft}
    withdrawn: {to: draft, until: first_decision}
    steps: [{id: boss, label: {zh: 老板, en: Boss}, approvers: role(boss)}]
    if_empty: approve
    may: {return: [submitter]}
---
role: clerk
label: {zh: 文员, en: Clerk}
forms:
  customer: {create: true, read: true, update: true}
  order:    {create: true, read: "person == me", update: "person == me", delete: "person == me", hide: [secret]}
reports: [sales]
---
role: boss
label: {zh: 老板, en: Boss}
forms:
  order: {read: true}
---
role: writer
label: {zh: 只录入, en: Writer}
forms:
  customer: {create: true}
---
report: sales
label: {zh: 销售, en: Sales}
from: order.lines
time: order.ordered_on
dimensions:
  customer: {expr: order.customer, label: {zh: 客户, en: Customer}}
measures:
  revenue: {agg: sum, expr: amount, format: money, label: {zh: 销售额, en: Revenue}}
  orders:  {agg: count_distinct, expr: order, label: {zh: 订单数, en: Orders}}
"""

Body = Mapping[str, Any] | bytes | None


@dataclass(frozen=True)
class Caller:
    """Somebody with a token. Speaks English unless told otherwise."""

    client: TestClient
    token: str
    user_id: int
    language: str = "en"
    headers: dict[str, str] = field(default_factory=dict)

    def call(self, method: str, path: str, body: Body = None, **headers: str) -> httpx2.Response:
        """Send a request; keyword `If_Match` is the header `If-Match`."""
        sent = {
            "Authorization": f"Bearer {self.token}",
            "Accept-Language": self.language,
            **self.headers,
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        content = None
        if body is not None:
            content = body if isinstance(body, bytes) else json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        return self.client.request(method, f"/api/v1{path}", content=content, headers=sent)

    def get(self, path: str) -> Any:
        """Return the document at `path`, which must be there."""
        answer = self.call("GET", path)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Body = None, **headers: str) -> Any:
        """Return what a POST that must succeed answered."""
        answer = self.call("POST", path, body, **headers)
        assert answer.status_code in {200, 201}, answer.text
        return answer.json()

    def refused(self, status: int, method: str, path: str, body: Body = None, **headers: str) -> Any:
        """Return the problem document of a request that must be refused with `status`."""
        answer = self.call(method, path, body, **headers)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        document = answer.json()
        assert document["status"] == status
        return document


def caller(client: TestClient, runtime: Runtime, login: str, *roles: str) -> Caller:
    """Make a user with these roles and a token."""
    with runtime.write(SYSTEM, Channel.COMMAND) as unit:
        user_id = make_user(unit, login=login, name=login.title(), roles=roles)
        token = make_token(unit, user_id, "test")
    return Caller(client, token, user_id)


def order(customer: int, *lines: tuple[str, str, str], **values: object) -> dict[str, Any]:
    """Return the body of an order; a line is item, quantity, price."""
    rows = lines or (("bolt", "2", "10.00"),)
    return {
        "customer": customer,
        "lines": [{"goods": item, "qty": qty, "price": price} for item, qty, price in rows],
        **values,
    }


def paths(document: Mapping[str, Any]) -> dict[str, str]:
    """Return the codes of a problem document's errors by path."""
    return {error["path"]: error["code"] for error in document["errors"]}
