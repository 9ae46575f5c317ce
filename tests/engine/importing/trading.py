"""A shop that imports: forms, mappings of every kind, and files written in the test."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import xlsxwriter

from orderkit.engine.importing.problems import ImportProblem
from orderkit.engine.importing.result import ImportResult
from orderkit.engine.importing.run import run
from orderkit.engine.runtime import SYSTEM
from tests.support.office import Office, Staff
from tests.support.projects import project

PROJECT = project(
    """
form: customer
label: {zh: 客户, en: Customer}
title: "{name}"
fields:
  code: {type: text, label: {zh: 客户编码, en: Code}, required: true, unique: true}
  name: {type: text, label: {zh: 客户名称, en: Name}, required: true}
  level: {type: integer, label: {zh: 等级, en: Level}}
  tax_no: {type: text, label: {zh: 税号, en: Tax number}, unique: true, pii: true}
  active: {type: boolean, label: {zh: 启用, en: Active}, default: true}
""",
    """
form: product
label: {zh: 产品, en: Product}
title: "{name}"
fields:
  code: {type: text, label: {zh: 产品编码, en: Product code}, required: true, unique: true}
  name: {type: text, label: {zh: 品名, en: Product name}, required: true}
  price: {type: money, scale: 4, label: {zh: 标价, en: List price}, default: 0, min: 0}
""",
    """
form: parcel
label: {zh: 包裹, en: Parcel}
title: "{code}"
fields:
  code: {type: text, label: {zh: 编码, en: Code}, required: true, unique: true}
  name: {type: text, label: {zh: 品名, en: Name}}
  weight: {type: decimal, scale: 2, unit: kg, label: {zh: 重量, en: Weight}}
""",
    """
form: order
label: {zh: 订单, en: Order}
number: "SO-{seq:4}"
title: "{number}"
fields:
  external: {type: text, label: {zh: 外部单号, en: External number}}
  customer: {type: ref, to: customer, label: {zh: 客户, en: Customer}, required: true, where: active}
  kind:
    type: choice
    label: {zh: 类型, en: Kind}
    options: {standard: {zh: 标准, en: Standard}, custom: {zh: 定制, en: Custom}}
    default: standard
  ordered_on: {type: date, label: {zh: 日期, en: Date}, required: true}
  seller: {type: user, label: {zh: 业务员, en: Seller}}
  note: {type: text, label: {zh: 备注, en: Note}}
  lines:
    type: lines
    label: {zh: 明细, en: Lines}
    min: 1
    fields:
      product: {type: ref, to: product, label: {zh: 产品, en: Product}, required: true}
      qty: {type: decimal, scale: 2, label: {zh: 数量, en: Quantity}, required: true, check: "value > 0", error: {zh: 数量必须大于 0, en: the quantity must be greater than 0}}
      price: {type: money, label: {zh: 单价, en: Price}, copy: product.price, editable: true, required: true}
      discount: {type: percent, label: {zh: 折扣, en: Discount}}
      amount: {type: money, label: {zh: 金额, en: Amount}, compute: "qty * price"}
  total: {type: money, label: {zh: 合计, en: Total}, compute: "sum(lines.amount)"}
unique: [[external, customer]]
list: {columns: [number, external, customer, kind, ordered_on, seller, total]}
""",
    """
workflow: order_life
for: order
state: status
initial: draft
states:
  draft: {label: {zh: 草稿, en: Draft}}
  placed: {label: {zh: 已下单, en: Placed}}
  done: {label: {zh: 完成, en: Done}, final: completed}
transitions:
  place: {label: {zh: 下单, en: Place}, from: draft, to: placed, by: role(seller)}
  finish: {label: {zh: 完成, en: Finish}, from: placed, to: done, by: role(seller)}
""",
    """
import: orders
for: order
label: {zh: 订单, en: Orders}
match: [external, customer]
columns:
  external: 单号
  customer: 客户
  ordered_on: 日期
  kind: 类型
  note: 备注
  lines.product: 产品
  lines.qty: 数量
  lines.price: 单价
  lines.discount: 折扣
values: {kind: {普通: standard, 特殊: custom}}
""",
    """
import: notes
for: order
label: {zh: 无键, en: Without a key}
columns: {customer: 客户, ordered_on: 日期, note: 备注, lines.product: 产品, lines.qty: 数量, lines.price: 单价}
""",
    """
import: history
for: order
label: {zh: 历史, en: History}
sheet: 历史
match: [external]
where: "row['单号'] != '合计'"
columns:
  external: 单号
  customer.code: 客户编码
  customer.name: 客户名称
  ordered_on: 日期
  lines.product: 产品
  lines.qty: 数量
  lines.price: 单价
default: {customer.code: WALKIN, customer.name: 散客, note: =external}
set: {status: "='placed' if starts_with(row['单号'], 'P') else 'done'"}
create_missing: [customer, lines.product]
history: {waive: [lines.qty.check]}
""",
    """
import: receipts_of_others
for: customer
label: {zh: 客户, en: Customers}
match: [code]
header_rows: [2, 3]
columns: {code: 编码, name: 名称, level: 等级}
""",
    """
role: seller
label: {zh: 销售, en: Seller}
forms:
  order: {create: true, read: "seller == me", update: "seller == me", import: true, export: true}
  customer: {read: true}
  product: {read: true}
""",
    """
role: reader
label: {zh: 查看, en: Reader}
forms: {order: {read: true}, customer: {read: true}}
""",
)
STAFF = (
    Staff(login="root", roles=("admin",)),
    Staff(login="ann", roles=("seller",)),
    Staff(login="rita", roles=("reader",)),
)
HEADINGS = ("单号", "客户", "日期", "类型", "备注", "产品", "数量", "单价", "折扣")
GOOD = ("A1", "C1", "2026-03-01", "普通", "", "P1", "2", "1.50", "")


def row(**changes: object) -> tuple[object, ...]:
    """Return a good row with some cells changed, named by their headings."""
    return tuple(changes.get(heading, cell) for heading, cell in zip(HEADINGS, GOOD, strict=True))


def write_csv(path: Path, *rows: Sequence[object], encoding: str = "utf-8") -> Path:
    lines = [",".join(f'"{cell}"' if cell != "" else "" for cell in each) for each in rows]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, each in enumerate(rows):
                for column, cell in enumerate(each):
                    if cell not in {None, ""}:
                        sheet.write(number, column, cell)
    return path


@dataclass(frozen=True)
class Shop:
    """The opened shop: two customers, two products."""

    office: Office
    folder: Path

    def load(
        self, path: Path, name: str = "orders", login: str | None = None, **more: object
    ) -> ImportResult:
        person = SYSTEM if login is None else self.office.person(login)
        return run(self.office.runtime, person, name, path, **more)  # type: ignore[arg-type]

    def csv(self, *rows: Sequence[object], headings: Sequence[object] = HEADINGS) -> Path:
        return write_csv(self.folder / "orders.csv", headings, *rows)

    def stored(self, form: str, *names: str) -> list[tuple[object, ...]]:
        """Return stored values of every record of a form, by id."""
        table = self.office.runtime.database.tables[form]
        with self.office.look(None) as unit:
            query = sa.select(*(table.c[name] for name in names)).order_by(table.c.id)
            return [tuple(each) for each in unit.connection.execute(query)]

    def count(self, *forms: str) -> tuple[int, ...]:
        return tuple(len(self.stored(form, "id")) for form in forms)


def told(problems: Sequence[ImportProblem]) -> list[tuple[str, str, str]]:
    """Return what tests look at of problems: cell, code, and what stands there."""
    return [(each.cell, each.code, each.text) for each in problems]
