"""Completion: what the compiler would accept at the cursor, and nothing where it has no say."""

import pytest

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.editing import complete

FORMS = """\
form: customer
fields: {name: {type: text}, level: {type: choice, options: {gold: Gold, plain: Plain}}}
"""


def names(order: str) -> set[str]:
    """Return what is offered where `|` stands in an order's file."""
    before, _, after = order.partition("|")
    line = before.count("\n") + 1
    column = len(before) - (before.rfind("\n") + 1) + 1
    files = {
        "orderkit.yaml": b"project: shop\n",
        "customer.yaml": FORMS.encode(),
        "order.yaml": (before + after).encode(),
    }
    return {each.name for each in complete(files, built_in(), "order.yaml", line, column)}


HEAD = "form: order\nfields:\n  customer: {type: ref, to: customer}\n  lines: {type: lines, fields: {qty: {type: integer}}}\n"


@pytest.mark.parametrize(
    ("order", "offered", "not_offered"),
    [
        (f"{HEAD}  n: {{type: text, compute: '|'}}", {"customer", "lines", "coalesce"}, {"name", "me"}),
        (f"{HEAD}  n: {{type: text, compute: 'customer.|'}}", {"name", "level"}, {"customer", "coalesce"}),
        (f"{HEAD}  n: {{type: text, compute: 'customer.na|'}}", {"name"}, {"lines"}),
        (f"{HEAD}  n: {{type: integer, compute: sum(lines.|)}}", {"qty"}, {"name"}),
        (f"{HEAD}title: 'of {{customer.|}}'", {"name"}, {"qty"}),
        (f"{HEAD}list: {{columns: [|]}}", {"customer", "lines"}, {"name"}),
        (f"{HEAD}  n: {{type: ref, to: |}}", {"customer", "order", "user"}, {"name"}),
        (f"{HEAD}  n: {{type: |}}", {"text", "money", "ref"}, {"customer"}),
        (f"{HEAD}  n: {{type: text, |}}", {"required", "compute"}, {"customer"}),
        (f"{HEAD}lab|", {"label", "layout"}, {"customer"}),
        (f"{HEAD}checks: [{{that: \"customer.level == '|'\", error: no}}]", {"gold", "plain"}, {"name"}),
        (f"{HEAD}label: Or|der", set(), {"customer"}),
    ],
)
def test_names_that_fit_are_offered(order: str, offered: set[str], not_offered: set[str]) -> None:
    found = names(order)
    assert offered <= found
    assert not (not_offered & found)


def test_what_is_offered_in_an_expression_is_taken() -> None:
    text = "form: order\nfields: {a: {type: integer}, b: {type: integer, compute: 'a + |'}}\n"
    numbers = names(text) & {"a", "id"}
    assert numbers == {"a", "id"}
    for name in numbers:
        files = {"orderkit.yaml": b"project: shop\n", "order.yaml": text.replace("|", name).encode()}
        assert not compile_project(files, built_in()).found


def test_a_candidate_takes_the_place_of_the_whole_word() -> None:
    files = {
        "orderkit.yaml": b"project: shop\n",
        "a.yaml": b"form: a\nfields: {total: {type: money}}\ntitle: '{totl}'\n",
    }
    (found,) = [each for each in complete(files, built_in(), "a.yaml", 3, 12) if each.name == "total"]
    assert (found.start, found.end) == (10, 14)
