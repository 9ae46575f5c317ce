"""The order in which a reference offers records: it tells nothing of fields that its reader does not see."""

import pytest

from orderkit.engine import records
from tests.support.office import Staff, open_office
from tests.support.projects import project

YAML = (
    """
form: customer
label: {zh: 客户, en: Customer}
title: "{name}"
fields:
  rating: {type: text, label: {zh: 评级, en: Rating}}
  name:   {type: text, label: {zh: 名称, en: Name}}
""",
    """
form: order
label: {zh: 订单, en: Order}
title: "{id}"
fields:
  customer: {type: ref, to: customer, label: {zh: 客户, en: Customer}}
""",
    """
role: clerk
label: {zh: 文员, en: Clerk}
forms:
  order: {create: true, read: true}
  customer: {read: true, hide: [rating]}
""",
)


@pytest.fixture
def office(make_database, tmp_path, clock):
    model = project(*YAML)
    staff = (Staff(login="root", roles=("admin",)), Staff(login="ann", roles=("clerk",)))
    opened = open_office(model, make_database(model), tmp_path, clock, staff)
    for rating, name in (("z", "east a"), ("b", "east b"), ("early", "east c")):
        opened.create(None, "customer", {"rating": rating, "name": name})
    return opened


@pytest.mark.parametrize(
    ("login", "text", "names"),
    [
        ("root", "", ["east b", "east c", "east a"]),
        ("root", "e", ["east c", "east b", "east a"]),
        ("ann", "", ["east a", "east b", "east c"]),
        ("ann", "e", ["east a", "east b", "east c"]),
    ],
)
def test_what_is_hidden_puts_nothing_in_front(office, login, text, names) -> None:
    with office.look(login) as unit:
        found = records.references(unit, "order", "customer", text)
    assert [each.title for each in found] == names
