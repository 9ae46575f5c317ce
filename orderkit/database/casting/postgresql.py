"""The rules of `rules` as SQL of PostgreSQL: whether a value fits, and what it becomes.

Both take the SQL of a value and return SQL. A cast is only asked of values that fit.
"""

from collections.abc import Callable, Mapping

from orderkit.database.casting import rules
from orderkit.database.casting.rules import Kept
from orderkit.fields.field_type import ColumnKind

_CHARACTERS = "E' \\t\\n\\r\\u3000'"
_SECONDS_OF = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))


def fits(value: str, old: Kept, new: Kept) -> str:
    """Return the SQL of whether `value` fits; it is true or false, never unknown."""
    if old == new:
        return "true"
    test = _FITS.get((old.kind, new.kind))
    return "true" if test is None else f"({value} IS NULL OR {test(value, new.scale)})"


def cast(value: str, old: Kept, new: Kept) -> str:
    """Return the SQL of `value` as the new type."""
    if old == new:
        return value
    made = _CASTS[old.kind, new.kind](value, new.scale)
    return f"coalesce({made}, false)" if new.kind is ColumnKind.BOOLEAN else made


def _clean(value: str) -> str:
    return f"btrim({value}, {_CHARACTERS})"


def _blank(value: str) -> str:
    return f"{_clean(value)} = ''"


def _reads(value: str, pattern: str, then: str) -> str:
    """Return the SQL of: the text is blank, or is written like this and fulfils `then`."""
    return f"CASE WHEN {_blank(value)} THEN true WHEN {_clean(value)} ~ {_quoted(pattern)} THEN {then} ELSE false END"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _number(value: str) -> str:
    return f"replace({_clean(value)}, ',', '')::numeric"


def _holds(number: str, scale: int) -> str:
    return f"({number} = trunc({number}, {scale}) AND abs({number}) < 1e{18 - scale}::numeric)"


def _part(value: str, place: int) -> str:
    return f"split_part(translate({_clean(value)}, '/.年月日', '----'), '-', {place})::int"


def _is_day(year: str, month: str, day: str) -> str:
    leap = f"({year} % 4 = 0 AND {year} % 100 <> 0 OR {year} % 400 = 0)"
    last = (
        f"CASE WHEN {month} IN (4, 6, 9, 11) THEN 30 WHEN {month} = 2 THEN CASE WHEN {leap} THEN 29 ELSE 28 END "
        "ELSE 31 END"
    )
    return f"({year} >= 1 AND {month} BETWEEN 1 AND 12 AND {day} BETWEEN 1 AND {last})"


def _is_instant(value: str) -> str:
    year, month, day = (
        f"substr({_clean(value)}, {start}, {size})::int" for start, size in ((1, 4), (6, 2), (9, 2))
    )
    return f"{year} BETWEEN {rules.FIRST_YEAR} AND {rules.LAST_YEAR} AND {_is_day(year, month, day)}"


def _words(words: tuple[str, ...]) -> str:
    return f"({', '.join(map(_quoted, words))})"


def _span(value: str) -> str:
    parts = " + ".join(
        f"coalesce(substring({_clean(value)} from '([0-9]+){unit}')::bigint, 0) * {seconds}"
        for unit, seconds in _SECONDS_OF
    )
    return f"(CASE WHEN {_clean(value)} LIKE '-%' THEN -1 ELSE 1 END * ({parts}))"


def _span_text(value: str) -> str:
    whole = f"abs({value})"
    amounts = (f"{whole} / 86400", f"{whole} / 3600 % 24", f"{whole} / 60 % 60", f"{whole} % 60")
    parts = " || ".join(
        f"CASE WHEN {amount} = 0 THEN '' ELSE ({amount})::text || '{unit}' END"
        for amount, (unit, _) in zip(amounts, _SECONDS_OF, strict=True)
    )
    return f"CASE WHEN {value} = 0 THEN '0s' WHEN {value} < 0 THEN '-' ELSE '' END || CASE WHEN {value} = 0 THEN '' ELSE {parts} END"


def _instant_text(value: str) -> str:
    utc = f"({value} AT TIME ZONE 'UTC')"
    fraction = f"CASE WHEN date_trunc('second', {utc}) = {utc} THEN '' ELSE to_char({utc}, '.US') END"
    return f"to_char({utc}, 'YYYY-MM-DD HH24:MI:SS') || {fraction} || 'Z'"


Sql = Callable[[str, int], str]

_TEXT, _INTEGER, _DECIMAL = ColumnKind.TEXT, ColumnKind.INTEGER, ColumnKind.DECIMAL

_FITS: Mapping[tuple[ColumnKind, ColumnKind], Sql] = {
    (_TEXT, _INTEGER): lambda v, _: _reads(v, rules.NUMBER, _holds(_number(v), 0)),
    (_TEXT, _DECIMAL): lambda v, scale: _reads(v, rules.NUMBER, _holds(_number(v), scale)),
    (_TEXT, ColumnKind.DATE): lambda v, _: _reads(
        v, rules.DAY, _is_day(_part(v, 1), _part(v, 2), _part(v, 3))
    ),
    (_TEXT, ColumnKind.TIME): lambda v, _: _reads(v, rules.CLOCK, "true"),
    (_TEXT, ColumnKind.DATETIME): lambda v, _: _reads(v, rules.INSTANT, _is_instant(v)),
    (_TEXT, ColumnKind.BOOLEAN): lambda v, _: (
        f"({_blank(v)} OR lower({_clean(v)}) IN {_words(rules.TRUE_WORDS + rules.FALSE_WORDS)})"
    ),
    (_TEXT, ColumnKind.DURATION): lambda v, _: _reads(
        v, rules.SPAN, f"{_clean(v)} <> '-' AND abs({_span(v)}) <= {rules.MAX_SECONDS}"
    ),
    (_TEXT, ColumnKind.TEXTS): lambda v, _: f"strpos({v}, '|') = 0",
    (_INTEGER, _DECIMAL): lambda v, scale: _holds(f"({v})::numeric", scale),
    (_DECIMAL, _DECIMAL): _holds,
    (_DECIMAL, _INTEGER): lambda v, _: _holds(v, 0),
    (_INTEGER, ColumnKind.BOOLEAN): lambda v, _: f"{v} IN (0, 1)",
    (_INTEGER, ColumnKind.DURATION): lambda v, _: f"abs({v}) <= {rules.MAX_SECONDS}",
    (ColumnKind.TEXTS, _TEXT): lambda v, _: f"strpos(substr({v}, 2), '|') = length({v}) - 1",
    (ColumnKind.REFERENCES, _INTEGER): lambda v, _: f"strpos(substr({v}, 2), '|') = length({v}) - 1",
}


def _unless_blank(then: Callable[[str], str]) -> Sql:
    return lambda value, _scale: f"CASE WHEN {_clean(value)} <> '' THEN {then(value)} END"


_CASTS: Mapping[tuple[ColumnKind, ColumnKind], Sql] = {
    (_TEXT, _INTEGER): _unless_blank(lambda v: f"({_number(v)})::bigint"),
    (_TEXT, _DECIMAL): lambda v, scale: (
        f"CASE WHEN {_clean(v)} <> '' THEN {_number(v)}::numeric(18, {scale}) END"
    ),
    (_TEXT, ColumnKind.DATE): _unless_blank(
        lambda v: f"make_date({_part(v, 1)}, {_part(v, 2)}, {_part(v, 3)})"
    ),
    (_TEXT, ColumnKind.TIME): _unless_blank(lambda v: f"{_clean(v)}::time"),
    (_TEXT, ColumnKind.DATETIME): _unless_blank(lambda v: f"{_clean(v)}::timestamptz"),
    (_TEXT, ColumnKind.BOOLEAN): lambda v, _: f"lower({_clean(v)}) IN {_words(rules.TRUE_WORDS)}",
    (_TEXT, ColumnKind.DURATION): _unless_blank(_span),
    (_TEXT, ColumnKind.TEXTS): lambda v, _: f"'|' || nullif({v}, '') || '|'",
    (_INTEGER, _DECIMAL): lambda v, scale: f"({v})::numeric(18, {scale})",
    (_DECIMAL, _DECIMAL): lambda v, scale: f"({v})::numeric(18, {scale})",
    (_DECIMAL, _INTEGER): lambda v, _: f"({v})::bigint",
    (_INTEGER, ColumnKind.BOOLEAN): lambda v, _: f"{v} = 1",
    (ColumnKind.BOOLEAN, _INTEGER): lambda v, _: f"({v})::int::bigint",
    (_INTEGER, ColumnKind.DURATION): lambda v, _: v,
    (ColumnKind.DURATION, _INTEGER): lambda v, _: v,
    (ColumnKind.TEXTS, _TEXT): lambda v, _: f"btrim({v}, '|')",
    (ColumnKind.REFERENCES, _INTEGER): lambda v, _: f"btrim({v}, '|')::bigint",
    (_INTEGER, ColumnKind.REFERENCES): lambda v, _: f"'|' || ({v})::text || '|'",
    (_INTEGER, _TEXT): lambda v, _: f"({v})::text",
    (_DECIMAL, _TEXT): lambda v, _: f"trim_scale({v})::text",
    (ColumnKind.BOOLEAN, _TEXT): lambda v, _: f"({v})::text",
    (ColumnKind.DATE, _TEXT): lambda v, _: f"to_char({v}, 'YYYY-MM-DD')",
    (ColumnKind.TIME, _TEXT): lambda v, _: f"to_char({v}, 'HH24:MI:SS')",
    (ColumnKind.DATETIME, _TEXT): lambda v, _: _instant_text(v),
    (ColumnKind.DURATION, _TEXT): lambda v, _: _span_text(v),
}
assert _CASTS.keys() == rules.CASTS.keys()
