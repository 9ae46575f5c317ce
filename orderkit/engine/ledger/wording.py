"""Words for people about ledgers: what is short, by how much, and where."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.model.expressions.evaluation import Environment, evaluate
from orderkit.model.expressions.nodes import BinaryOperator, Expression, Get, Literal, Scalar
from orderkit.model.expressions.printing import as_written
from orderkit.model.expressions.types import Number, Record
from orderkit.model.labels import Label, label, text_of
from orderkit.model.ledger_bounds import Bound
from orderkit.model.ledgers import Ledger, LedgerKey, LedgerMeasure
from orderkit.model.values.numbers import plain_text, round_half_up

_LANGUAGES = ("zh", "en")
_COMPARED: Mapping[BinaryOperator, Label] = {
    BinaryOperator.LESS: label(zh="低于", en="less than"),
    BinaryOperator.AT_MOST: label(zh="不高于", en="no more than"),
    BinaryOperator.GREATER: label(zh="超过", en="more than"),
    BinaryOperator.AT_LEAST: label(zh="不低于", en="no less than"),
}
_MOST_ROWS = 5
Row = tuple[str | None, int | None]


def beyond(  # noqa: PLR0917 - the parts of one sentence
    unit: Unit,
    ledger: Ledger,
    bound: Bound,
    keys: Sequence[Scalar],
    after: Mapping[str, Decimal],
    rows: Iterable[Row],
) -> Label:
    """Return that a row of balances would go beyond a bound, by how much, and which rows of the record want it."""
    numbers = _Numbers(ledger, after)
    left, right = bound.condition.left, bound.condition.right
    compared, short = _COMPARED[bound.condition.operator], plain_text(abs(bound.slack(after)))
    where = {language: _where(unit, ledger, keys, language) for language in _LANGUAGES}
    which = _rows_told(unit, rows)
    values = [plain_text(numbers.value(each)) for each in (left, right)]
    names = {language: [_name(ledger, each, language) for each in (left, right)] for language in _LANGUAGES}
    zh, en = (_side(names[language][1], values[1]) for language in _LANGUAGES)
    return label(
        zh=f"{text_of(ledger.label, 'zh')}（{where['zh']}）：{names['zh'][0] or ''}会变成 {values[0]}，{compared['zh']} {zh}，"
        f"差 {short}{which['zh']}",
        en=f"{text_of(ledger.label, 'en')} ({where['en']}): {names['en'][0] or 'it'} would be {values[0]}, "
        f"{compared['en']} {en}; {short} short{which['en']}",
    )


def too_large(unit: Unit, ledger: Ledger, keys: Sequence[Scalar], measure: LedgerMeasure) -> Label:
    """Return that a measure would have more digits than a number may have."""
    return label(
        zh=f"{text_of(ledger.label, 'zh')}（{_where(unit, ledger, keys, 'zh')}）：{text_of(measure.label, 'zh')}超过 18 位数字",
        en=f"{text_of(ledger.label, 'en')} ({_where(unit, ledger, keys, 'en')}): {text_of(measure.label, 'en')} "
        "would have more than 18 digits",
    )


def without_key(ledger: Ledger, key: LedgerKey) -> Label:
    """Return that a posting lacks a key."""
    return label(
        zh=f"记入{text_of(ledger.label, 'zh')}要先有{text_of(key.label, 'zh')}：请填写后再试",
        en=f"posting into {text_of(ledger.label, 'en')} needs {text_of(key.label, 'en')}: fill it in first",
    )


def without_amount(ledger: Ledger, amount: str) -> Label:
    """Return that an amount of a posting is empty."""
    return label(
        zh=f"记入{text_of(ledger.label, 'zh')}的数量（{amount}）为空：请填写后再试",
        en=f"the amount ({amount}) to post into {text_of(ledger.label, 'en')} is empty: fill it in first",
    )


def without_lot(ledger: Ledger) -> Label:
    """Return that a posting names no lot, and nothing picks one."""
    return label(
        zh=f"记入{text_of(ledger.label, 'zh')}没有写批次，此版本还不会自动挑选：请在 `keys` 里写明批次",
        en=f"the posting into {text_of(ledger.label, 'en')} names no lot, and this version picks none: name it in `keys`",
    )


def _where(unit: Unit, ledger: Ledger, keys: Sequence[Scalar], language: str) -> str:
    comma = "、" if language == "zh" else ", "
    parts = (
        f"{text_of(key.label, language)} {_shown(unit, key, value)}"
        for key, value in zip(ledger.keys, keys, strict=True)
    )
    return comma.join(parts)


def _shown(unit: Unit, key: LedgerKey, value: Scalar) -> str:
    if isinstance(key.type, Record) and isinstance(value, int):
        return rows_of(unit).title(key.type.form, value) or f"#{value}"
    if isinstance(value, date):
        return value.isoformat()
    return "–" if value is None else str(value)


def _rows_told(unit: Unit, rows: Iterable[Row]) -> Label:
    places = sorted({place for row in rows for place in _place(unit, row)})
    if not places:
        return label(zh="", en="")
    shown = [str(each) for each in places[:_MOST_ROWS]]
    more = "…" if len(places) > _MOST_ROWS else ""
    return label(
        zh=f"（明细第 {'、'.join(shown)}{more} 行）",
        en=f" ({'row' if len(places) == 1 else 'rows'} {', '.join(shown)}{more})",
    )


def _place(unit: Unit, row: Row) -> Iterator[int]:
    form, row_id = row
    found = None if form is None or row_id is None else rows_of(unit).row(form, row_id)
    position = None if found is None else found.values.get("position")
    if isinstance(position, int):
        yield position + 1


def _name(ledger: Ledger, side: Expression, language: str) -> str | None:
    match side:
        case Get(field=name) if name in ledger.numbers:
            return text_of(ledger.numbers[name].label, language)
        case Literal():
            return None
        case _:
            return as_written(side)


def _side(name: str | None, value: str) -> str:
    return value if name is None else f"{name} {value}"


class _Numbers:
    """A row of balances as the sides of a bound read it."""

    id = 0

    def __init__(self, ledger: Ledger, values: Mapping[str, Decimal]) -> None:
        self.form = ledger.id
        self._ledger = ledger
        self._values = values

    def value(self, side: Expression) -> Decimal:
        """Return the number that one side stands for, with its own places."""
        found = evaluate(side, Environment(roots={"record": self}))
        assert isinstance(found, int | Decimal)
        scale = side.type.scale if isinstance(side.type, Number) else 0
        return round_half_up(found, scale)

    def get(self, name: str) -> Scalar:
        """Return a measure, or a balance worked out of them."""
        if name in self._values:
            return self._values[name]
        balance = next(each for each in self._ledger.balances if each.id == name)
        return self.value(balance.expression)

    def rows(self, collection: str) -> tuple[()]:  # noqa: ARG002 - a record's signature
        """Return nothing: there are no rows."""
        return ()
