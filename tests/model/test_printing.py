"""Expressions as people would write them."""

import pytest

from orderkit.model.expressions.printing import as_written
from tests.language.examples import compiled

FORM = """
form: order
fields:
  a: {{type: integer}}
  b: {{type: text}}
  day: {{type: date}}
  friend: {{type: ref, to: order}}
  lines: {{type: lines, fields: {{qty: {{type: integer}}, price: {{type: money}}}}}}
  found: {{type: {kind}, virtual: "{expression}"}}
"""


@pytest.mark.parametrize(
    ("kind", "expression"),
    [
        ("integer", "a + 2 * (a - 1)"),
        ("integer", "(a + 2) * -a"),
        ("text", "b + 'x'"),
        ("text", "friend.friend.b"),
        ("boolean", "a > 1 and (b == 'x' or b == null)"),
        ("boolean", "not a > 1 and b != null"),
        ("boolean", "b in ['x', 'y']"),
        ("integer", "1 if a > 1 else 2"),
        ("date", "coalesce(day, today())"),
        ("money", "sum(lines.price, where=lines.qty > 2)"),
        ("money", "sum(lines.qty * lines.price)"),
        ("integer", "count(lines)"),
    ],
)
def test_an_expression_is_printed_as_it_was_written(kind, expression):
    outcome = compiled({"order.yaml": FORM.format(kind=kind, expression=expression)})
    assert outcome.value is not None, [dict(each.headline) for each in outcome.found]
    virtual = outcome.value.form_by_id["order"].by_id["found"].virtual
    assert virtual is not None
    assert as_written(virtual) == expression
