"""How tables belong together: keys, references, trees, lines, and documents that are spread over rows."""

from datetime import date
from decimal import Decimal

from orderkit.engine.importing.reading.cells import Cell
from orderkit.inference.dirt_kinds import DirtKind
from orderkit.inference.tables import Table
from tests.inference.tables import dirt, field, form, proposal, table

CUSTOMERS = table(
    "客户",
    ["名称", "客户编号", "城市"],
    *([f"公司{n}", f"C{n:03}", "上海" if n % 2 else "北京"] for n in range(1, 9)),
)


def orders(*changed: list[Cell]) -> Table:
    rows: list[list[Cell]] = [
        [f"S{n}", f"C{n % 8 + 1:03}", date(2026, 1, n), Decimal(n * 10)] for n in range(1, 21)
    ]
    return table("订单", ["单号", "客户编号", "下单日期", "金额"], *rows, *changed)


def test_a_code_is_the_key_before_a_name() -> None:
    found = form(proposal(CUSTOMERS), "customer")
    assert (found.key, found.title) == ("customer_no", "{name}")
    assert field(found, "customer_no").is_unique
    assert field(found, "customer_no").is_required
    assert not field(found, "name").is_unique


def test_a_column_of_keys_refers_to_their_table() -> None:
    found = proposal(orders(), CUSTOMERS)
    customer = field(form(found, "order"), "customer")
    assert (customer.type, customer.target, customer.is_required) == ("ref", "customer", True)
    assert customer.search == ("name", "customer_no")
    assert [each.id for each in found.imports] == ["customer_sheet", "order_sheet"]


def test_records_may_be_named_by_their_name() -> None:
    named = table(
        "回款", ["流水号", "客户", "金额"], *([f"R{n}", f"公司{n % 8 + 1}", Decimal(5)] for n in range(1, 12))
    )
    found = proposal(CUSTOMERS, named)
    assert field(form(found, "receipt"), "customer").target == "customer"
    assert field(form(found, "customer"), "name").is_unique


def test_a_few_lost_references_are_reported_and_many_are_none() -> None:
    many = [[f"T{n}", "C001", date(2026, 2, 1), Decimal(1)] for n in range(60)]
    found = proposal(orders(*many, ["S99", "C999", date(2026, 1, 2), Decimal(1)]), CUSTOMERS)
    assert field(form(found, "order"), "customer").target == "customer"
    (lost,) = dirt(found, DirtKind.LOST_REFERENCE)
    assert (lost.sheet, lost.heading, lost.count) == ("订单", "客户编号", 1)
    assert [(each.cell, each.found) for each in lost.examples] == [("B82", "C999")]
    strange = [[f"T{n}", f"X{n}", date(2026, 2, 1), Decimal(1)] for n in range(60)]
    assert field(form(proposal(orders(*strange), CUSTOMERS), "order"), "customer_no").type == "text"


def test_numbers_that_happen_to_be_keys_are_no_references() -> None:
    offices = table("office", ["officeCode", "city"], *([str(n), f"c{n}"] for n in range(1, 9)))
    goods = table(
        "goods",
        ["sku", "quantity", "score"],
        *([f"P{n}", Decimal(n % 8 + 1), Decimal(n % 3 + 1)] for n in range(1, 20)),
    )
    assert [each.type for each in form(proposal(offices, goods), "good").fields] == [
        "text",
        "integer",
        "integer",
    ]


def test_a_tree_refers_to_itself_and_is_imported_twice() -> None:
    people = table(
        "employees",
        ["employeeNumber", "lastName", "firstName", "reportsTo"],
        [Decimal(1), "A", "a", None],
        *([Decimal(n), "B", f"b{n}", Decimal(n // 2)] for n in range(2, 10)),
    )
    found = proposal(people)
    employee = form(found, "employee")
    parent = field(employee, "reports_to")
    assert (parent.target, parent.is_required, employee.title) == (
        "employee",
        False,
        "{first_name} {last_name}",
    )
    first, again = found.imports
    assert ("reports_to" in dict(first.columns), "reports_to" in dict(again.columns)) == (False, True)
    assert again.is_again


def test_tables_in_a_circle_are_imported_twice() -> None:
    teams = table("team", ["teamCode", "leader employee"], *([f"T{n}", f"E{n}"] for n in range(1, 7)))
    people = table("employee", ["employeeCode", "team"], *([f"E{n}", f"T{n % 6 + 1}"] for n in range(1, 20)))
    found = proposal(people, teams)
    assert [each.id for each in found.imports] == ["employee_sheet", "team_sheet", "employee_again"]
    assert not field(form(found, "employee"), "team").is_required
    assert field(form(found, "team"), "leader_employee").is_required


def details(*headings: str) -> Table:
    rows = [[f"S{n}", f"P{line}", Decimal(line), Decimal(n)] for n in range(1, 21) for line in range(1, 4)]
    return table("订单明细", headings, *rows)


def test_a_sheet_of_lines_becomes_lines() -> None:
    products = table("产品", ["产品编码", "名称"], *([f"P{n}", f"件{n}"] for n in range(1, 9)))
    found = proposal(orders(), details("单号", "产品编码", "行号", "数量"), products, CUSTOMERS)
    assert [each.id for each in found.forms] == ["order", "product", "customer"]
    (lines,) = form(found, "order").lines
    assert [(each.id, each.type) for each in lines.fields] == [
        ("product", "ref"),
        ("line_no", "integer"),
        ("qty", "integer"),
    ]
    fill = next(each for each in found.imports if each.form == "order" and each.fills_others)
    assert fill.match == ("order_no",)
    assert dict(fill.columns) == {
        "order_no": "单号",
        "lines.product": "产品编码",
        "lines.line_no": "行号",
        "lines.qty": "数量",
    }
    assert found.imports[-1] is fill


def test_a_number_that_repeats_with_its_head_is_a_document() -> None:
    rows: list[list[Cell]] = [
        [f"S{n}", f"公司{n % 3}", date(2026, 1, n), f"P{line}", Decimal(line)]
        for n in range(1, 9)
        for line in range(1, 4)
    ]
    found = proposal(table("Sheet1", ["订单号", "客户", "日期", "产品", "数量"], *rows))
    (order,) = found.forms
    assert (order.id, order.key) == ("order", "order_no")
    assert [each.id for each in order.fields] == ["order_no", "customer", "date"]
    assert [each.id for each in order.lines[0].fields] == ["product", "qty"]
    assert found.imports[0].match == ("order_no",)
    assert dirt(found, DirtKind.DIFFERING_HEAD) == []


def test_what_differs_within_one_document_is_reported() -> None:
    rows: list[list[Cell]] = [
        [f"S{n}", f"公司{n % 3}", date(2026, 1, 1 + n % 28), f"P{line}", Decimal(line)]
        for n in range(60)
        for line in range(1, 4)
    ]
    rows[4][1] = "别的公司"
    found = proposal(table("销售", ["订单号", "客户", "日期", "产品", "数量"], *rows))
    assert [each.id for each in found.forms[0].fields] == ["order_no", "customer", "date"]
    (differing,) = dirt(found, DirtKind.DIFFERING_HEAD)
    assert [(each.cell, each.found) for each in differing.examples] == [("B6", "别的公司")]


def test_a_number_whose_rows_contradict_each_other_is_kept_row_by_row() -> None:
    rows: list[list[Cell]] = [
        [Decimal(n), f"S{n // 3}", f"公司{n % 2 if n % 9 < 3 else 0}", Decimal(n)] for n in range(90)
    ]
    found = proposal(table("销售", ["行 ID", "订单号", "客户", "数量"], *rows))
    assert (found.forms[0].lines, found.forms[0].key) == ((), "row_id")
    (nearly,) = dirt(found, DirtKind.NEARLY_DOCUMENT)
    assert (nearly.heading, nearly.count) == ("订单号", 10)


def test_merged_cells_leave_the_head_in_the_first_row() -> None:
    found = proposal(
        table(
            "送货单",
            ["单号", "客户", "产品", "数量"],
            ["S1", "甲", "A", Decimal(1)],
            [None, None, "B", Decimal(2)],
            ["S2", "乙", "A", Decimal(3)],
            ["S3", "甲", "C", Decimal(4)],
            [None, None, "D", Decimal(5)],
        )
    )
    (delivery,) = found.forms
    assert [(each.id, each.is_required) for each in delivery.fields] == [
        ("order_no", True),
        ("customer", True),
    ]
    assert [each.id for each in delivery.lines[0].fields] == ["product", "qty"]


def test_two_codes_may_be_a_key_together() -> None:
    prices = table(
        "价目",
        ["客户编号", "品号", "单价"],
        *([f"C{n:03}", f"P{p}", Decimal(n + p)] for n in range(1, 9) for p in range(3)),
    )
    found = proposal(prices, CUSTOMERS)
    price = form(found, "jiamu")
    assert (price.key, price.unique) == (None, (("customer", "pinhao"),))
    assert found.imports[-1].match == ("customer", "pinhao")


def test_a_key_of_another_table_may_be_the_own_key() -> None:
    returns = table("退货", ["单号", "退回"], *([f"S{n}", "是"] for n in range(1, 5)))
    found = form(proposal(orders(), CUSTOMERS, returns), "return")
    (order, returned) = found.fields
    assert (order.id, order.target, order.is_unique, returned.type) == ("order", "order", True, "boolean")
