"""What is told to accounting systems and asked of them, in words of our own.

Every accounting connector takes the same vouchers and sales orders and gives the same rows of stock, so
that a project keeps its mappings when it changes the system. Each connector translates by itself.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from orderkit.connectors.connector_type import Operation
from orderkit.model.labels import label
from orderkit.model.options import About, OptionModel


class VoucherEntry(OptionModel):
    """One line of a voucher: an account with a debit or a credit."""

    account: Annotated[str, About("科目编码", "the code of the account", "1002")]
    debit: Annotated[Decimal | None, About("借方金额", "the amount on the debit side", "=amount")] = None
    credit: Annotated[Decimal | None, About("贷方金额", "the amount on the credit side", "=amount")] = None
    explanation: Annotated[str | None, About("摘要，默认用凭证的摘要", "its own text", '"收 {number}"')] = (
        None
    )
    customer: Annotated[
        str | None, About("客户编码（辅助核算）", "the code of the customer", "=customer.code")
    ] = None
    supplier: Annotated[str | None, About("供应商编码", "the code of the supplier", "S001")] = None
    department: Annotated[str | None, About("部门编码", "the code of the department", "D01")] = None
    employee: Annotated[str | None, About("职员编码", "the code of the employee", "E01")] = None
    project: Annotated[str | None, About("项目编码", "the code of the project", "P01")] = None


class Voucher(OptionModel):
    """A voucher. Debits and credits must be equal."""

    date: Annotated[date, About("凭证日期", "the day of the voucher", "=confirmed_on")]
    explanation: Annotated[str, About("摘要", "what it is for", '"收 {customer.name} 货款 {number}"')]
    entries: Annotated[
        tuple[VoucherEntry, ...],
        About("分录", "its lines", "[{account: 1002, debit: 100}, {account: 1122, credit: 100}]"),
    ]
    book: Annotated[str | None, About("账簿编码", "the code of the book", '"001"')] = None
    kind: Annotated[str | None, About("凭证字", "the kind of voucher", "记")] = None
    currency: Annotated[str | None, About("币别，默认本位币", "the currency", "CNY")] = None
    attachments: Annotated[int, Field(ge=0), About("附件张数", "how many papers belong to it", "1")] = 0


class Saved(OptionModel):
    """What comes back when a document was saved."""

    id: Annotated[str, About("内码", "its id in that system")]
    number: Annotated[str, About("单据编号", "its number in that system")]


class OrderLine(OptionModel):
    """One line of a sales order."""

    sku: Annotated[str, About("物料编码", "the code of the product", "=item.product.sku")]
    qty: Annotated[Decimal, About("数量", "how many", "=item.qty")]
    price: Annotated[Decimal | None, About("含税单价", "the price with tax", "=item.price")] = None
    amount: Annotated[Decimal | None, About("价税合计", "the amount with tax", "=item.amount")] = None
    unit: Annotated[str | None, About("单位", "the unit", "个")] = None
    warehouse: Annotated[str | None, About("仓库编码", "the code of the warehouse", "W01")] = None
    note: Annotated[str | None, About("备注", "a note", "=item.note")] = None


class SalesOrder(OptionModel):
    """A sales order. `number` is ours and keeps a repeated call from making a second order."""

    number: Annotated[str, About("我方单号", "our number", "=number")]
    date: Annotated[date, About("单据日期", "its day", "=ordered_on")]
    customer: Annotated[str, About("客户编码", "the code of the customer", "=customer.code")]
    lines: Annotated[
        tuple[OrderLine, ...],
        About("明细", "its lines", "[{sku: A100, qty: 10}]"),
    ]
    organization: Annotated[str | None, About("销售组织编码", "the organization that sells", "100")] = None
    contact: Annotated[str | None, About("联系人", "whom to ask", "=contact")] = None
    phone: Annotated[str | None, About("联系电话", "their phone", "=phone")] = None
    address: Annotated[str | None, About("收货地址", "where it goes", "=address")] = None
    note: Annotated[str | None, About("备注", "a note", "=note")] = None


class StockQuestion(OptionModel):
    """Which stock is asked for; everything, where nothing is said."""

    sku: Annotated[str | None, About("物料编码", "of one product", "A100")] = None
    warehouse: Annotated[str | None, About("仓库编码", "in one warehouse", "W01")] = None


class StockRow(OptionModel):
    """The stock of one product in one warehouse."""

    sku: Annotated[str, About("物料编码", "the code of the product")]
    name: Annotated[str | None, About("物料名称", "the name of the product")] = None
    wh: Annotated[str | None, About("仓库编码", "the code of the warehouse")] = None
    qty: Annotated[Decimal, About("现存量", "how much there is")]
    available: Annotated[Decimal | None, About("可用量", "how much is free")] = None
    unit: Annotated[str | None, About("单位", "the unit")] = None


SAVE_VOUCHER = Operation(
    name="save_voucher", label=label(zh="新增凭证", en="Save a voucher"), Arguments=Voucher, Results=Saved
)
SAVE_ORDER = Operation(
    name="save_order",
    label=label(zh="新增销售订单", en="Save a sales order"),
    Arguments=SalesOrder,
    Results=Saved,
)
INVENTORY = Operation(
    name="inventory",
    label=label(zh="查询库存", en="Ask for the stock"),
    Arguments=StockQuestion,
    gives_rows=True,
    Row=StockRow,
)


def named(*operations: Operation) -> Mapping[str, Operation]:
    """Return operations by name."""
    return {operation.name: operation for operation in operations}
