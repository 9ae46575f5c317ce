"""What the process keeps between requests is the same for all: nobody is shown what only another may see."""

from sqlalchemy import delete, insert

from orderkit.database.schema.system_tables import user_role
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
