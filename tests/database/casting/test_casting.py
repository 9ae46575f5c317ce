"""What becomes of a value in another type is the same in Python, which counts, and on both databases."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.database.casting import rules
from orderkit.database.casting.rules import CASTS, DoesNotFit, Kept, can_cast
from orderkit.database.connections.database import open_engine
from orderkit.database.connections.urls import database_url as parsed
from orderkit.database.operations.checks.checking import cast, fits
from orderkit.database.operations.sql import execute, literal
from orderkit.database.schema.metadata import column_type
from orderkit.database.schema.tables import Column
from orderkit.fields.field_type import ColumnKind as Kind

_PIECES = st.sampled_from(
    [
        "0",
        "1",
        "7",
        "12",
        "007",
        "000",
        "1,234",
        "1,23",
        ",5",
        ".",
        ".5",
        "1.50",
        "-3",
        "+",
        "-",
        "999999999999999999",
        "1000000000000000000",
        "2026",
        "02",
        "29",
        "31",
        "年",
        "月",
        "日",
        "/",
        "-",
        ":",
        "T",
        "Z",
        "+08:00",
        "2024-02-29",
        "2023-02-29",
        "09:30",
        "24:00",
        "23:59:59",
        "1d",
        "2h",
        "30min",
        "5s",
        "true",
        "否",
        "是",
        "Yes",
        "ON",
        "x",
        "|",
        "e5",
        "NaN",
        "Infinity",
        "١",
        "４",
        "\u3000",
        "\t",
    ]
)
_TEXTS = st.one_of(
    st.lists(_PIECES, max_size=5).map("".join),
    st.from_regex(rules.NUMBER[:-1] + r"\Z"),
    st.from_regex(rules.DAY[:-1] + r"\Z"),
    st.from_regex(rules.CLOCK[:-1] + r"\Z"),
    st.from_regex(rules.INSTANT[:-1] + r"\Z"),
    st.from_regex(rules.SPAN[:-1] + r"\Z"),
    st.sampled_from([*rules.TRUE_WORDS, *rules.FALSE_WORDS]).map(str.title),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=6),
)
_WHOLE = st.integers(-(10**18) + 1, 10**18 - 1) | st.integers(-2, 2)
_INSTANTS = st.datetimes(
    dt.datetime.fromisoformat("0002-01-01"),
    dt.datetime.fromisoformat("9998-01-01"),
    timezones=st.just(dt.UTC),
)


def values(kept: Kept) -> st.SearchStrategy:
    match kept.kind:
        case Kind.TEXT:
            return _TEXTS
        case Kind.INTEGER:
            return _WHOLE
        case Kind.DECIMAL:
            return _WHOLE.map(lambda each: Decimal(each).scaleb(-kept.scale))
        case Kind.BOOLEAN:
            return st.booleans()
        case Kind.DATE:
            return st.dates()
        case Kind.TIME:
            return st.times().map(lambda each: each.replace(microsecond=0))
        case Kind.DATETIME:
            return _INSTANTS | _INSTANTS.map(lambda each: each.replace(microsecond=0))
        case Kind.DURATION:
            seconds = st.integers(-(10**7), 10**7) | st.integers(0, 70) | st.just(86400)
            return seconds.map(lambda each: dt.timedelta(seconds=each))
        case Kind.TEXTS:
            words = st.text(st.characters(categories=["L"]), min_size=1, max_size=3)
            return st.lists(words, min_size=1, max_size=3).map(tuple)
        case _:
            return st.lists(st.integers(1, 99), min_size=1, max_size=2).map(tuple)


def variants(kind: Kind) -> list[Kept]:
    return [Kept(kind, scale) for scale in ((0, 2, 6) if kind is Kind.DECIMAL else (0,))]


PAIRS = [
    pytest.param(source, target, id=f"{source.kind.value}{source.scale}-{target.kind.value}{target.scale}")
    for old, new in CASTS
    for source in variants(old)
    for target in variants(new)
]


@pytest.fixture(scope="module")
def connection(databases, dialect):
    engine = open_engine(parsed(databases.fresh_url(dialect)), may_create=True)
    with engine.connect() as made:
        yield made
    engine.dispose()


@pytest.mark.parametrize(("source", "target"), PAIRS)
def test_every_database_does_as_python_does(connection, source, target):
    old, new = (Column(name="value", kind=each.kind, scale=each.scale) for each in (source, target))
    dialect = connection.dialect

    @settings(max_examples=10)
    @given(st.lists(values(source) | st.none(), min_size=1, max_size=25))
    def same(some: list) -> None:
        connection.rollback()
        listed = " UNION ALL ".join(
            f"SELECT {place} AS id, {literal(each, column_type(old), dialect)} AS value"
            for place, each in enumerate(some)
        )
        # Materialized: a database that sees constants works them out before it asks which rows are wanted.
        rows = f"WITH t AS MATERIALIZED ({listed})"
        test, made = fits(connection, "value", old, new), cast(connection, "value", old, new)
        fitting = execute(connection, f"{rows} SELECT {test} FROM t ORDER BY id").scalars().all()
        expected = [expected_of(each) for each in some]
        assert [bool(each) for each in fitting] == [each is not DoesNotFit for each in expected]
        good = f"{rows} SELECT {made} AS made FROM t WHERE {test} ORDER BY id"
        found = (
            connection.execute(sa.text(good.replace(":", r"\:")).columns(made=column_type(new)))
            .scalars()
            .all()
        )
        assert found == [each for each in expected if each is not DoesNotFit]

    def expected_of(value: object) -> object:
        try:
            return rules.cast(value, source, target)
        except DoesNotFit:
            return DoesNotFit

    same()


@pytest.mark.parametrize(("source", "target"), PAIRS)
@settings(max_examples=50)
@given(st.data())
def test_what_fits_there_comes_back_as_it_was(source, target, data):
    if source.kind is Kind.TEXT or not can_cast(target, source):
        return
    value = data.draw(values(source))
    try:
        there = rules.cast(value, source, target)
    except DoesNotFit:
        return
    assert rules.cast(there, target, source) == value


@pytest.mark.parametrize(
    ("text", "target", "value"),
    [
        (" 1,234.50 ", Kept(Kind.DECIMAL, 2), Decimal("1234.50")),
        ("1.505", Kept(Kind.DECIMAL, 2), DoesNotFit),
        ("12.00", Kept(Kind.INTEGER), 12),
        ("1,23", Kept(Kind.INTEGER), DoesNotFit),
        ("2026年3月2日", Kept(Kind.DATE), dt.date(2026, 3, 2)),
        ("2026/3-2", Kept(Kind.DATE), DoesNotFit),
        ("2023-02-29", Kept(Kind.DATE), DoesNotFit),
        ("9:30", Kept(Kind.TIME), dt.time(9, 30)),
        ("2026-03-02 09:30+08:00", Kept(Kind.DATETIME), dt.datetime(2026, 3, 2, 1, 30, tzinfo=dt.UTC)),
        ("2026-03-02 09:30", Kept(Kind.DATETIME), DoesNotFit),
        ("是", Kept(Kind.BOOLEAN), True),
        ("\u3000", Kept(Kind.BOOLEAN), False),
        ("1d2h", Kept(Kind.DURATION), dt.timedelta(hours=26)),
        ("a|b", Kept(Kind.TEXTS), DoesNotFit),
        ("\u3000", Kept(Kind.INTEGER), None),
    ],
)
def test_what_texts_mean(text, target, value):
    if value is DoesNotFit:
        with pytest.raises(DoesNotFit):
            rules.cast(text, Kept(Kind.TEXT), target)
    else:
        assert rules.cast(text, Kept(Kind.TEXT), target) == value
