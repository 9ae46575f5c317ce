"""A shop with a stock and a credit ledger: an order reserves when it is placed, and issues when it is shipped."""

from decimal import Decimal

from orderkit.engine import ledger
from tests.support.office import Office, Staff
from tests.support.projects import project

STAFF = (
    Staff(login="ann", roles=("clerk",)),
    Staff(login="bob", roles=("clerk",)),
    Staff(login="root", roles=("admin",)),
)
FORMS = (
    """
form: product
label: {zh: 产品, en: Product}
title: "{name}"
fields: {name: {type: text}, stocked: {type: boolean, default: true}}
""",
    "form: place\nfields: {name: {type: text}}\nlabel: {zh: 仓库, en: Place}\ntitle: '{name}'\n",
    "form: customer\nfields: {name: {type: text}}\nlabel: {zh: 客户, en: Customer}\ntitle: '{name}'\n",
    """
form: order
label: {zh: 订单, en: Order}
fields:
  customer: {type: ref, to: customer}
  ship_from: {type: ref, to: place}
  memo: {type: text}
  count: {type: integer, default: 0}
  free: {type: decimal, scale: 3, virtual: "balance(stock.available, place=ship_from)"}
  lines:
    type: lines
    fields:
      product: {type: ref, to: product}
      qty: {type: decimal, scale: 3}
      now: {type: decimal, scale: 3}
  total: {type: decimal, scale: 3, compute: "sum(lines.qty)"}
""",
    "form: note\nlabel: {zh: 便签, en: Note}\nfields: {text: {type: text}}\n",
    """
role: clerk
label: 员工
forms:
  order: {create: true, read: true, update: true}
  note: {read: true}
  product: {read: true}
  place: {read: true}
  customer: {read: true}
""",
    """
role: everyone
label: 所有人
forms: {order: {read: true}}
""",
)
STOCK = """
ledger: stock
label: {zh: 库存, en: Stock}
keys: {product: ref(product), place: ref(place)}
defaults: {place: order.ship_from}
measures: {on_hand: {type: decimal(3), label: {zh: 在库, en: On hand}}, reserved: {type: decimal(3), label: {zh: 已占, en: Reserved}}}
balance: {available: {expr: "on_hand - reserved", label: {zh: 可用, en: Available}}}
never: ["available < 0", "on_hand < 0", "reserved < 0"]
postings:
  opening: {on_hand: +qty, by: role(admin)}
  receive: {on_hand: +qty}
  reserve: {reserved: +qty}
  issue: {on_hand: -qty, reserved: -against}
"""
CREDIT = """
ledger: credit
label: {zh: 信用, en: Credit}
keys: {customer: ref(customer)}
measures: {open: {type: decimal(3), label: {zh: 占用, en: Open}}, limit: {type: decimal(3), label: {zh: 额度, en: Limit}}}
never: ["open > limit"]
postings:
  grant: {limit: +qty, by: role(admin)}
  use: {open: +qty}
"""
LIFE = """
workflow: life
for: order
state: status
initial: draft
states:
  draft: {label: 草稿}
  review: {label: 审批, approval: check}
  placed: {label: 已下单}
  shipped: {label: 已发货}
  gone: {label: 取消, final: cancelled}
transitions:
  place:
    from: draft
    to: placed
    by: everyone
    do:
      - {set: {memo: placed, count: 7}}
      - {post: stock.reserve, each: lines, where: "item.product.stocked", qty: =item.qty}
      - {post: credit.use, qty: =total}
      - {create: note, set: {text: made}}
  ask: {from: draft, to: review, by: everyone, do: [{set: {memo: asked}}, {post: stock.reserve, each: lines, qty: =item.qty}]}
  part: {from: placed, to: placed, by: everyone, do: [{post: stock.issue, each: lines, qty: =item.now, against: place}]}
  ship: {from: placed, to: shipped, by: everyone, do: [{post: stock.issue, each: lines, qty: =item.qty, against: place}]}
  back: {from: [placed, shipped], to: draft, by: everyone, do: [{undo: ship}, {undo: part}, {undo: place}]}
  cancel: {from: [placed, shipped], to: gone, by: everyone, do: [{undo: place}]}
  check: {from: draft, to: placed, by: everyone, guard: [{that: "balance(stock.available, place=ship_from) > 0", error: 没有库存}]}
approvals:
  check:
    protects: [memo]
    approved: {to: placed}
    rejected: {to: draft, keep: true}
    returned: {to: draft}
    withdrawn: {to: draft, until: approved}
    steps: [{id: lead, approvers: role(admin)}]
"""


def a_shop(*more: str):
    return project(*FORMS, STOCK, CREDIT, POOL, LIFE, GUARDED, *more)


class Shop:
    """An office with a product, a place and a customer; `order` makes an order of so much of it."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.product = office.create(None, "product", {"name": "轴"})
        self.place = office.create(None, "place", {"name": "主仓"})
        self.customer = office.create(None, "customer", {"name": "甲"})

    def open(self, qty, login=None, reason=None, **keys):
        with self.office.act(login) as unit:
            at = {"product": self.product, "place": self.place, **keys}
            return ledger.post_by_hand(unit, "stock.opening", at, {"qty": Decimal(qty)}, reason=reason)

    def grant(self, qty):
        with self.office.act(None) as unit:
            ledger.post_by_hand(unit, "credit.grant", {"customer": self.customer}, {"qty": Decimal(qty)})

    def order(self, *rows, **values):
        lines = [
            {"product": self.product, "qty": Decimal(row)} if isinstance(row, int | str) else row
            for row in rows
        ]
        made = {"customer": self.customer, "ship_from": self.place, **values}
        return self.office.create("ann", "order", made, {"lines": lines})

    def do(self, order, transition, login="ann"):
        return self.office.do(login, "order", order, transition)

    def numbers(self, name="stock", **keys):
        at = {"product": self.product, "place": self.place, "customer": self.customer, **keys}
        with self.office.look(None) as unit:
            found = unit.project.ledger_by_id[name]
            return tuple(ledger.numbers_at(unit, found, {key.id: at[key.id] for key in found.keys}).values())

    def rows(self, name="stock"):
        with self.office.look(None) as unit:
            return ledger.balance_rows(unit, unit.project.ledger_by_id[name])

    def entries(self, name="stock"):
        with self.office.look(None) as unit:
            table = unit.runtime.database.tables[f"{name}.entries"]
            return unit.connection.execute(table.select().order_by(table.c.id)).all()


GUARDED = """
workflow: guarded
for: order
state: stage
initial: open
states: {open: {}, taken: {final: completed}}
transitions:
  take:
    from: open
    to: taken
    by: everyone
    guard: [{that: "balance(pool.used, name='all') + total <= 5", error: 用完了}]
    do: [{post: pool.use, keys: {name: all}, qty: =total}]
"""
POOL = """
ledger: pool
keys: {name: text}
measures: {used: decimal(3)}
postings: {use: {used: +qty}}
"""
