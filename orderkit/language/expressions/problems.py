"""What can be wrong with an expression: the codes, and a problem at its place in the text.

Offsets count characters of the expression's own text; the caller knows where that stands in a file.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from orderkit.language.findings.nearest import guess
from orderkit.model.codes import ERROR, Code
from orderkit.model.labels import Label


class Problem(NamedTuple):
    """One fault: the characters from `start` up to `end`, what is wrong, and what to do."""

    start: int
    end: int
    code: Code
    headline: Label
    help: Label | None = None
    mend: "Mend | None" = None
    candidates: tuple[str, ...] = ()


class Mend(NamedTuple):
    """What to write instead of the characters from `start` up to `end`."""

    start: int
    end: int
    text: str
    is_sure: bool


def mended(
    start: int, end: int, name: str, known: Iterable[str], labels: Mapping[str, str] | None = None
) -> Mend | None:
    """Return what to write instead of a name that is not known, or None where nothing is alike."""
    meant = guess(name, known, labels)
    return None if meant is None else Mend(start, end, meant.name, meant.is_sure)


class Awaited(NamedTuple):
    """The characters from `start` up to `end` are right, but no engine of this version answers them."""

    start: int
    end: int
    what: str


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
    zh="表达式从这里起读不懂。运算符与 Python 相同：`+ - * / %`、`== != < <= > >=`、`and or not in`、`a if c else b`。",
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
    zh="表达式超过 4,000 个字符，或嵌套超过 50 层。请拆开，让 `compute` 或 `virtual` 字段承担各部分。",
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
    zh="表达式用了此处没有的名称：表单没有的字段，或在没有操作人的地方用了 `me`。",
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
    zh="表达式调用了语言没有的函数。",
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
    zh="函数的参数太多、太少，或种类不对。",
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
    zh="值的类型与位置不符：金额与文字比较、对文字求和、条件不是真假值。可用 `text()`、`number()` 或 `date()` 转换。",
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
    zh="单选与一个不在选项中的文字比较，永远不会成立。",
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
    zh="不同货币的金额相加或比较。请先乘以汇率。",
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
    zh="需要一个值的地方写了多行，或汇总没有说明对哪些行。多行用 `sum count min max avg any all first last` 汇总。",
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
    zh="`compute` 的结果要保存，所以不能用时钟，也不能用查看的人。`virtual` 每次读取时计算，可以用时钟。",
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
    zh="语言里的某个词用在了没有意义的地方：在修改之外用 `changed()`，在 `number` 之外用 `{seq}`。",
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
    zh="表达式里写的文字，函数读不了：`date('2026-02-30')`。",
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
    zh="模板的花括号没有闭合，或格式与值不符。要写花括号本身，就写两次：`{{`。",
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
    zh="乘积可能超过 24 位小数。请先对一部分取整：`round(a * b, 6) * c`。",
)
UNKNOWN_UNIT = Code(
    "OK3030",
    "unknown-unit",
    ERROR,
    since="0.1",
    explain="""
    `convert` is given a unit that it does not know, or two that do not measure the same, so the result could
    only be empty. Packing units such as 件 and 箱 hold another number in every product: multiply by a field.
    ~~~yaml bad
    form: order
    fields:
      weight: {type: decimal}
      tons: {type: decimal, compute: "convert(weight, 'kg', 'm')"}
    ~~~
    ~~~yaml good
    form: order
    fields:
      weight: {type: decimal}
      tons: {type: decimal, compute: "convert(weight, 'kg', 't')"}
    ~~~""",
    zh="`convert` 不认识这个单位，或两个单位量的不是同一种东西，结果只能为空。"
    "件、箱等包装单位每种产品都不同，请乘以一个字段。",
)
