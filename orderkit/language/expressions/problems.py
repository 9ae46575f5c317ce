"""What can be wrong with an expression: the codes, and a problem at its place in the text.

Offsets count characters of the expression's own text; the caller knows where that stands in a file.
"""

from typing import NamedTuple

from orderkit.language.findings.code import ERROR, Code
from orderkit.model.labels import Label


class Problem(NamedTuple):
    """One fault: the characters from `start` up to `end`, what is wrong, and what to do."""

    start: int
    end: int
    code: Code
    headline: Label
    help: Label | None = None


SYNTAX = Code(
    "OK3001",
    "expression-syntax",
    ERROR,
    since="0.1",
    explain="""
    An expression cannot be read from here on. The operators are Python's: `+ - * / %`, `== != < <= > >=`,
    `and or not in`, `a if c else b`.
    ~~~yaml bad
    form: order
    fields:
      qty: {type: integer}
      price: {type: money}
      total: {type: money, compute: "qty * * price"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      qty: {type: integer}
      price: {type: money}
      total: {type: money, compute: "qty * price"}
    ~~~""",
)
TOO_COMPLEX = Code(
    "OK3002",
    "expression-too-complex",
    ERROR,
    since="0.1",
    explain="""
    An expression has more than 4,000 characters or nests more than 50 levels deep. Split it: let fields
    with `compute` or `virtual` hold its parts.
    ~~~yaml bad
    form: order
    fields:
      qty: {type: integer}
      double: {type: integer, compute: "(((((((((((((((((((((((((((((((((((((((((((((((((((qty))))))))))))))))))))))))))))))))))))))))))))))))))) * 2"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      qty: {type: integer}
      double: {type: integer, compute: "qty * 2"}
    ~~~""",
)
UNKNOWN_NAME = Code(
    "OK3003",
    "unknown-name",
    ERROR,
    since="0.1",
    explain="""
    An expression names something that does not exist in its place: a field that the form does not have,
    or a name such as `me` where nobody acts.
    ~~~yaml bad
    form: order
    fields:
      price: {type: money}
      total: {type: money, compute: "prise * 2"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      price: {type: money}
      total: {type: money, compute: "price * 2"}
    ~~~""",
)
UNKNOWN_FUNCTION = Code(
    "OK3004",
    "unknown-function",
    ERROR,
    since="0.1",
    explain="""
    An expression calls a function that the language does not have.
    ~~~yaml bad
    form: order
    fields:
      price: {type: money}
      total: {type: money, compute: "rnd(price, 1)"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      price: {type: money}
      total: {type: money, compute: "round(price, 1)"}
    ~~~""",
)
WRONG_ARGUMENTS = Code(
    "OK3005",
    "wrong-arguments",
    ERROR,
    since="0.1",
    explain="""
    A function is called with too many, too few or other arguments than it takes.
    ~~~yaml bad
    form: order
    fields:
      price: {type: money}
      total: {type: money, compute: "round(price, 1, 2)"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      price: {type: money}
      total: {type: money, compute: "round(price, 1)"}
    ~~~""",
)
WRONG_TYPE = Code(
    "OK3006",
    "wrong-type",
    ERROR,
    since="0.1",
    explain="""
    A value is of another type than its place takes: an amount compared with a text, a sum over texts, a
    condition that is not true or false. Convert it with `text()`, `number()` or `date()`.
    ~~~yaml bad
    form: order
    fields:
      price: {type: money}
      cheap: {type: boolean, compute: "price < 'ten'"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      price: {type: money}
      cheap: {type: boolean, compute: "price < 10"}
    ~~~""",
)
UNKNOWN_OPTION = Code(
    "OK3007",
    "unknown-option",
    ERROR,
    since="0.1",
    explain="""
    A choice is compared with a text that is none of its options, so the comparison could never hold.
    ~~~yaml bad
    form: order
    fields:
      kind: {type: choice, options: [standard, repair]}
      is_repair: {type: boolean, compute: "kind == 'repare'"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      kind: {type: choice, options: [standard, repair]}
      is_repair: {type: boolean, compute: "kind == 'repair'"}
    ~~~""",
)
MIXED_CURRENCIES = Code(
    "OK3008",
    "mixed-currencies",
    ERROR,
    since="0.1",
    explain="""
    Amounts of different currencies are added or compared. Multiply one by an exchange rate first.
    ~~~yaml bad
    form: order
    fields:
      price: {type: money, currency: CNY}
      freight: {type: money, currency: USD}
      total: {type: money, currency: CNY, compute: "price + freight"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      price: {type: money, currency: CNY}
      freight: {type: money, currency: CNY}
      total: {type: money, currency: CNY, compute: "price + freight"}
    ~~~""",
)
WRONG_COLLECTION = Code(
    "OK3009",
    "wrong-collection",
    ERROR,
    since="0.1",
    explain="""
    Rows stand where one value is needed, or an aggregate does not say over which rows it goes. Rows are
    taken together by `sum count min max avg any all first last`.
    ~~~yaml bad
    form: order
    fields:
      lines: {type: lines, fields: {qty: {type: integer}}}
      pieces: {type: integer, compute: "lines.qty"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      lines: {type: lines, fields: {qty: {type: integer}}}
      pieces: {type: integer, compute: "sum(lines.qty)"}
    ~~~""",
)
NOT_STORABLE = Code(
    "OK3010",
    "not-storable",
    ERROR,
    since="0.1",
    explain="""
    A `compute` is stored, so it may use neither the clock nor the person who looks. `virtual` is evaluated
    at each read and may use the clock.
    ~~~yaml bad
    form: order
    fields:
      need_by: {type: date}
      late: {type: boolean, compute: "need_by < today()"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      need_by: {type: date}
      late: {type: boolean, virtual: "need_by < today()"}
    ~~~""",
)
NOT_HERE = Code(
    "OK3011",
    "not-here",
    ERROR,
    since="0.1",
    explain="""
    Something of the language is used where it has no meaning: `changed()` outside a change, `{seq}` outside
    `number`.
    ~~~yaml bad
    form: order
    title: "{name}-{seq:4}"
    fields:
      name: {type: text}
    ~~~
    ~~~yaml good
    form: order
    number: "{name}-{seq:4}"
    fields:
      name: {type: text}
    ~~~""",
)
MISSING_ENGINE = Code(
    "OK3012",
    "missing-engine",
    ERROR,
    since="0.1",
    explain="""
    A function of the language needs a part of orderkit that this version does not have yet: ledgers
    (`balance`), calendars (`workdays_between`) or units (`convert`).
    ~~~yaml bad
    form: order
    fields:
      ordered_on: {type: date}
      need_by: {type: date}
      days: {type: integer, compute: "workdays_between(ordered_on, need_by)"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      ordered_on: {type: date}
      need_by: {type: date}
      days: {type: integer, compute: "days_between(ordered_on, need_by)"}
    ~~~""",
)
WRONG_LITERAL = Code(
    "OK3013",
    "wrong-literal",
    ERROR,
    since="0.1",
    explain="""
    A text that is written in the expression is not what the function reads: `date('2026-02-30')`.
    ~~~yaml bad
    form: order
    fields:
      need_by: {type: date}
      early: {type: boolean, compute: "need_by < date('2026-02-30')"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      need_by: {type: date}
      early: {type: boolean, compute: "need_by < date('2026-02-28')"}
    ~~~""",
)
WRONG_TEMPLATE = Code(
    "OK3014",
    "wrong-template",
    ERROR,
    since="0.1",
    explain="""
    A template has a brace that is not closed, or a format that does not fit its value. A literal brace is
    written twice: `{{`.
    ~~~yaml bad
    form: order
    title: "{name"
    fields:
      name: {type: text}
    ~~~
    ~~~yaml good
    form: order
    title: "{name}"
    fields:
      name: {type: text}
    ~~~""",
)
TOO_MANY_PLACES = Code(
    "OK3015",
    "too-many-places",
    ERROR,
    since="0.1",
    explain="""
    A product could have more than 24 decimal places. Round a part of it: `round(a * b, 6) * c`.
    ~~~yaml bad
    form: part
    fields:
      length: {type: decimal, scale: 10}
      width: {type: decimal, scale: 10}
      height: {type: decimal, scale: 10}
      volume: {type: decimal, compute: "length * width * height"}
    ~~~
    ~~~yaml good
    form: part
    fields:
      length: {type: decimal, scale: 10}
      width: {type: decimal, scale: 10}
      height: {type: decimal, scale: 10}
      volume: {type: decimal, compute: "round(length * width, 6) * height"}
    ~~~""",
)
