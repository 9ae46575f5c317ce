"""What the process keeps between requests is the same for all: nobody is shown what only another may see."""

from dataclasses import replace

from sqlalchemy import delete, insert

from orderkit.database.schema.system_tables import user_role
from orderkit.engine import records
from orderkit.engine.accounts.sessions import set_session_locale
from orderkit.web.request.cookies import SESSION


def _given(office, login: str, role: str) -> None:
    with office.runtime.database.write() as connection:
        connection.execute(delete(user_role).where(user_role.c.user_id == office.ids[login]))
        connection.execute(insert(user_role).values(user_id=office.ids[login], role=role))


def test_each_reader_has_the_columns_and_choices_of_their_own_roles(as_) -> None:
    """Sales hides the cost of a product, planners its price: the panels of one must not reach the other."""
    for login, seen, hidden in (
        ("zhang", "标准单价", "标准成本"),
        ("zhao", "标准成本", "标准单价"),
        ("zhang", "标准单价", "标准成本"),
    ):
        page = as_(login).get("/forms/product")
        (panel,) = page.all("div", "columns-panel")
        assert seen in panel.text, login
        assert hidden not in page.text, login


def test_another_role_shows_at_the_next_request(as_, office) -> None:
    reader = as_("zhang")
    assert "标准成本" not in reader.get("/forms/product").text
    _given(office, "zhang", "planner")
    page = reader.get("/forms/product")
    assert "标准成本" in page.text
    assert "标准单价" not in page.text
    _given(office, "zhang", "sales")
    assert "标准成本" not in reader.get("/forms/product").text


def test_a_list_is_told_in_the_language_of_whoever_asks(as_, office, order) -> None:
    reader = as_("zhang")
    token = reader.client.cookies[SESSION]
    headings = []
    for locale in ("zh-CN", "en", "zh-CN"):
        set_session_locale(office.runtime, token, locale)
        headings.append(reader.get("/forms/order").texts("th"))
    assert headings[0] == headings[2]
    assert not set(headings[0]) & set(headings[1])


def test_what_one_reader_may_find_is_not_found_for_another_in_the_same_unit(office, order) -> None:
    """Row rules are put together once for a unit, but for each person."""
    query = records.Query(form="order", columns=("number",))
    with office.look("zhang") as unit:
        for login, found in (("zhang", 1), ("sun", 0), ("zhang", 1), ("root", 1)):
            as_them = unit.acting_as(office.person(login))
            assert len(records.page(as_them, query).rows) == found, login
            assert records.count(as_them, query).value == found, login


def test_a_page_and_its_count_hold_to_their_own_filters(office, order) -> None:
    with office.look("zhang") as unit:
        query = records.Query(form="order", columns=("number",))
        narrow = replace(
            query,
            filters=(records.Filter(field="status", operator=records.Operator.ONE_OF, values=("done",)),),
        )
        assert [records.count(unit, each).value for each in (query, narrow, query)] == [1, 0, 1]
        assert [len(records.page(unit, each).rows) for each in (narrow, query)] == [0, 1]


def test_a_timeline_only_says_that_a_record_was_created(as_, office, order) -> None:
    page = as_("zhang").get(f"/forms/order/{order}")
    assert "新建" in page.text
    with office.look("zhang") as unit:
        (told,) = records.history(unit, "order", order, whole=frozenset({"created"}))
        (entry,) = records.history(unit, "order", order)
    assert (told.verb, told.changes) == ("created", ())
    assert entry.changes
