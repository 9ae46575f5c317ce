"""Documents of the example: offered and printed by role, in the reader's words, and noted."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from orderkit.database.schema import system_tables as tables
from orderkit.engine.printing import printable
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.language.source.directory import read_directory
from orderkit.web.printing.drawing import parts_of, title_of
from tests.support.office import Office
from tests.support.projects import EXAMPLE, compiled
from tests.web.conftest import SignIn, enter_order

SHEET = "/forms/order/print/{document}/sheet?ids={ids}"


def put(office: Office, form: str, record: int, **values: object) -> None:
    """Put values into a record past its rules, which are not what is looked at here."""
    table = office.runtime.database.tables[form]
    with office.runtime.write(SYSTEM, Channel.COMMAND) as unit:
        unit.connection.execute(update(table).where(table.c.id == record).values(**values))


def printed(office: Office) -> list[tuple[str, int, str]]:
    """Return what the audit knows of printing: form, record and document."""
    audit = tables.audit
    with office.look(None) as unit:
        rows = unit.connection.execute(
            select(audit).where(audit.c.verb == "printed").order_by(audit.c.id)
        ).all()
    return [(row.form, row.record_id, row.changes[""][1]) for row in rows]


def enter_order_of(office: Office, products: Iterable[int]) -> list[int]:
    """Enter an order of each of these products, which are made."""
    found = []
    for each in products:
        values = {"code": f"P-{each}", "name": f"件 {each}", "unit": "pcs", "list_price": Decimal(1)}
        product = office.create("root", "product", values)
        order = {"customer": 1, "need_by": office.today + timedelta(days=20)}
        found.append(
            office.create("zhang", "order", order, {"lines": [{"product": product, "qty": Decimal(1)}]})
        )
    return found


def documents(page) -> list[str]:
    return [
        each.attributes["href"] for each in page.all("a", "menu-item") if "/print/" in each.attributes["href"]
    ]


def test_a_record_offers_the_documents_of_its_state_and_of_the_reader_s_roles(
    as_: SignIn, office, order
) -> None:
    path = f"/forms/order/{order}"
    assert documents(as_("zhang").get(path)) == [f"/forms/order/print/quotation?ids={order}"]
    put(office, "order", order, status="ready")
    found = {login: documents(as_(login).get(path)) for login in ("zhang", "qian", "sun", "zhao")}
    names = {login: [each.split("/")[-1].split("?")[0] for each in urls] for login, urls in found.items()}
    assert names == {
        "zhang": ["contract", "delivery_note"],
        "qian": ["carton_label", "delivery_note"],
        "sun": ["contract"],
        "zhao": [],
    }


def test_a_preview_shows_the_document_and_notes_nothing(as_: SignIn, office, order) -> None:
    reader = as_("zhang")
    page = reader.get(f"/forms/order/print/quotation?ids={order}")
    frame = page.one("iframe").attributes["src"]
    sheet = reader.get(frame)
    assert "60,000.00" in sheet.html
    assert "陆万元整" in sheet.html
    assert ".sheet{display:none}" in sheet.html, "a preview is not printed past the audit"
    assert printed(office) == []


def test_what_is_handed_out_is_noted_of_each_record(as_: SignIn, office) -> None:
    ids = [enter_order(office), enter_order(office, qty="2")]
    reader = as_("zhang")
    page = reader.get(f"/forms/order/print/quotation?ids={ids[1]},{ids[0]}")
    action = "/forms/order/print/quotation/sheet"
    sheet = reader.post(action, page.form(action))
    assert sheet.status == 200
    assert sheet.html.count('<section class="sheet">') == 2
    assert sheet.html.index("200.00") < sheet.html.index("60,000.00"), "in the order asked for"
    assert ".sheet{display:none}" not in sheet.html
    assert printed(office) == [("order", ids[1], "quotation"), ("order", ids[0], "quotation")]
    shown = reader.get(f"/forms/order/{ids[0]}").text
    assert "打印报价单" in shown


def test_the_sheet_runs_and_loads_nothing_and_stands_in_our_frame_only(as_: SignIn, order) -> None:
    headers = as_("zhang").get(SHEET.format(document="quotation", ids=order)).response.headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:;")
    assert "frame-ancestors 'self'" in policy
    assert "allow-scripts" not in policy
    assert headers["x-frame-options"] == "SAMEORIGIN"


def test_hidden_prices_are_absent_for_the_warehouse(as_: SignIn, office, order) -> None:
    put(office, "order", order, status="ready")
    html = as_("qian").get(SHEET.format(document="delivery_note", ids=order)).html
    assert "600" in html
    assert "60,000.00" not in html


def test_masked_values_are_written_masked(as_: SignIn, office, order) -> None:
    put(office, "order", order, status="ready")
    put(office, "customer", 1, phone="13812345678")
    assert "13812345678" in as_("zhang").get(SHEET.format(document="delivery_note", ids=order)).html
    html = as_("qian").get(SHEET.format(document="delivery_note", ids=order)).html
    assert "13812345678" not in html
    assert "138" in html


@pytest.mark.parametrize(
    ("login", "document", "status"),
    [
        ("zhao", "quotation", 403),  # may not print orders
        ("qian", "quotation", 403),  # prints orders, but not this document
        ("qian", "delivery_note", 404),  # sees no inquiries
        ("zhang", "delivery_note", 422),  # not a document of an inquiry
        ("zhang", "statement", 404),  # of another form
        ("zhang", "nothing", 404),
    ],
)
def test_what_may_not_be_printed_is_refused_by_preview_and_handing_out(
    as_: SignIn, office, order, *, login: str, document: str, status: int
) -> None:
    reader = as_(login)
    address = SHEET.format(document=document, ids=order)
    assert reader.get(address).status == status
    assert reader.post(address.partition("?")[0], {"ids": str(order)}).status == status
    assert reader.get(address.replace("/sheet", "")).status == status
    assert printed(office) == []


def test_of_a_selection_what_may_not_be_printed_is_left_out_and_told(as_: SignIn, office) -> None:
    ids = [enter_order(office) for _ in range(3)]
    put(office, "order", ids[1], status="cancelled")
    put(office, "order", ids[2], salesperson=office.ids["sun"])
    page = as_("zhang").get(f"/forms/order/print/quotation?ids={','.join(map(str, ids))}")
    assert "1 条记录" in page.text
    assert "另有 2 条" in page.text


def test_more_than_the_bound_is_refused(as_: SignIn, order) -> None:
    page = as_("zhang").get("/forms/order/print/quotation?ids=" + ",".join(map(str, range(1, 202))))
    assert page.status == 422
    assert "200" in page.text


def test_a_list_offers_the_documents_for_what_is_ticked(as_: SignIn, order) -> None:
    bar = as_("zhang").get("/forms/order")
    offered = [each.attributes.get("formaction", "") for each in bar.all("button")]
    assert "/forms/order/print/quotation" in offered
    assert not any("carton_label" in each for each in offered)


def test_the_statement_counts_the_orders_that_the_reader_may_see(as_: SignIn, office) -> None:
    first, second, third = (enter_order(office, qty=qty) for qty in ("600", "2", "3"))
    for each in (first, second, third):
        put(office, "order", each, status="shipped")
    put(office, "order", third, salesperson=office.ids["sun"])
    html = as_("zhang").get("/forms/customer/print/statement/sheet?ids=1").html
    assert "¥60,200.00" in html
    assert "陆万零贰佰元整" in html
    assert "¥60,500.00" in as_("wang").get("/forms/customer/print/statement/sheet?ids=1").html


def test_a_receipt_is_written_once_for_each_copy(as_: SignIn, office, order) -> None:
    put(office, "order", order, status="shipped")
    receipt = office.create("sun", "receipt", {"order": order, "amount": Decimal(100)})
    put(office, "receipt", receipt, status="confirmed")
    html = as_("sun").get(f"/forms/receipt/print/payment_receipt/sheet?ids={receipt}").html
    assert html.count('<section class="sheet">') == 2
    assert html.index("存根联") < html.index("客户联")
    assert "壹佰元整" in html


def test_it_is_drawn_in_the_language_asked_for(as_: SignIn, office, order) -> None:
    reader = as_("zhang")
    assert "预付" in reader.get(SHEET.format(document="quotation", ids=order)).html
    english = reader.get(SHEET.format(document="quotation", ids=order) + "&lang=en").html
    assert "Prepaid" in english
    assert '<html lang="en">' in english
    assert "预付" in reader.get(SHEET.format(document="quotation", ids=order) + "&lang=xx").html


def test_reading_for_many_takes_no_more_statements_than_for_few(office, statements) -> None:
    # Each of another product, as what is known of one is not read again for the next.
    ids = enter_order_of(office, range(10))
    counts = []
    for some in (ids[:2], ids[2:]):
        with office.look("zhang") as unit:
            found = printable(unit, "order", "quotation", some)
            source = "{% for line in lines %}{{ line.product.code }};{% endfor %}"
            given = replace(found, document=replace(found.document, source=source, copies=1))
            with statements(office) as asked:
                assert list(parts_of(unit, given)) == [f"P-{ids.index(each)};" for each in some]
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_the_name_of_a_file_tells_nothing_that_its_reader_may_not_see(office, order) -> None:
    files = dict(read_directory(EXAMPLE))
    written = files["prints/quotation.yaml"]
    files["prints/quotation.yaml"] = written.replace(b"{number}", b"{sum(lines.cost)}")
    document = compiled(files).print_by_id["quotation"]
    names = {}
    for login in ("zhang", "wang"):
        with office.look(login) as unit:
            found = printable(unit, "order", "quotation", [order])
            names[login] = title_of(unit, replace(found, document=document))
    assert names["wang"].startswith("报价单 ")
    assert "SO" not in names["wang"]
    assert names["zhang"].startswith("报价单 SO")


def test_dates_are_told_from_today(as_: SignIn, office, order) -> None:
    day = office.today + timedelta(days=20)
    html = as_("zhang").get(SHEET.format(document="quotation", ids=order)).html
    assert f"{day.year}年{day.month}月{day.day}日" in html
