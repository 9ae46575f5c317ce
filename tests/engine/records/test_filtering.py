"""Filters against a reference in Python: whatever is asked and joined, the same records are found.

A condition on a field that the reader does not see holds for nothing, however it is joined: else the
values could be found out by trial.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from orderkit.engine import records
from orderkit.engine.records import Condition, Filter, Group, Operator, Query, Whose
from orderkit.engine.records.reading.filtering import MOST_LEVELS
from orderkit.model.errors import Refused
from tests.support.clock import FakeClock
from tests.support.office import Staff, open_office
from tests.support.projects import project

FORMS = """
form: deal
title: "{name}"
fields:
  name:   {type: text}
  kind:   {type: choice, options: {a: A, b: B, c: C}}
  tags:   {type: choices, options: {x: X, y: Y, z: Z}}
  worth:  {type: money}
  due:    {type: date}
  seen:   {type: datetime}
  seller: {type: user}
  team:   {type: users}
  place:  {type: department}
  open:   {type: boolean}
  secret: {type: text}
  big:    {type: boolean, virtual: "worth > 100"}
list: {columns: [name], filters: [kind]}
"""
ROLE = """
role: helper
forms: {deal: {read: true, hide: [secret]}, user: {read: true}}
"""
BLIND = """
role: blind
forms: {deal: {read: true}, user: {read: true, hide: [department]}}
"""
TODAY = date(2026, 3, 2)
DAYS = [
    None,
    TODAY,
    TODAY - timedelta(days=1),
    TODAY - timedelta(days=40),
    date(2026, 3, 31),
    date(2025, 12, 31),
]
PERIODS = {
    "today": (TODAY, TODAY),
    "this_month": (date(2026, 3, 1), date(2026, 3, 31)),
    "last_month": (date(2026, 2, 1), date(2026, 2, 28)),
    "this_year": (date(2026, 1, 1), date(2026, 12, 31)),
    "last_2_days": (TODAY - timedelta(days=1), TODAY),
    "next_30_days": (TODAY, TODAY + timedelta(days=29)),
    "2025": (date(2025, 1, 1), date(2025, 12, 31)),
}


class Deals:
    """Thirty deals in an office of two departments, and what is known of them."""

    def __init__(self, make_database, folder) -> None:
        model = project(FORMS, ROLE, BLIND)
        staff = [Staff(login=login, roles=("helper",)) for login in ("ann", "ben", "cat")]
        self.office = open_office(
            model, make_database(model), folder, FakeClock(), [*staff, Staff(login="bo", roles=("blind",))]
        )
        ids = self.office.ids
        self.north = self.office.create(None, "department", {"name": "North"})
        self.south = self.office.create(None, "department", {"name": "South"})
        for login, place in (
            ("ann", self.north),
            ("ben", self.north),
            ("cat", self.south),
            ("bo", self.north),
        ):
            self.office.update(None, "user", ids[login], department=place)
        self.rows: dict[int, dict[str, object]] = {}
        zone = self.office.runtime.timezone
        for index in range(30):
            due = DAYS[index % len(DAYS)]
            values: dict[str, object] = {
                "name": [None, "Alpha 100%", "beta", "贝塔"][index % 4],
                "kind": [None, "a", "b", "c"][index % 4],
                "tags": [None, ("x",), ("x", "y"), ("z",)][index % 4],
                "worth": [None, Decimal(5), Decimal("100.50"), Decimal(-3)][index // 2 % 4],
                "due": due,
                "seen": None if due is None else datetime.combine(due, time(index % 24), tzinfo=zone),
                "seller": [None, ids["ann"], ids["ben"], ids["cat"]][index // 3 % 4],
                "team": [None, (ids["ann"], ids["cat"]), (ids["cat"],)][index % 3],
                "place": [None, self.north, self.south][index % 3],
                "open": index // 5 % 3 == 1,
                "secret": [None, "s", "t"][index % 3],
            }
            self.rows[self.office.create(None, "deal", values)] = values

    def found(self, login: str, *filters: Condition) -> list[int]:
        """Return which deals a person finds, as their places in the order of making."""
        with self.office.look(login) as unit:
            page = records.page(unit, Query(form="deal", filters=filters, limit=100))
            assert records.count(unit, Query(form="deal", filters=filters)).value == len(page.rows)
        places = {record_id: index for index, record_id in enumerate(self.rows)}
        return sorted(places[row.id] for row in page.rows)

    def expected(self, wanted: Condition, values: dict[str, object]) -> bool:
        """Return whether a deal is found by ann, who does not see `secret`."""
        if isinstance(wanted, Group):
            parts = [self.expected(each, values) for each in wanted.conditions]
            return (any(parts) if wanted.is_any else all(parts)) is not wanted.is_negated
        if wanted.field == "secret":
            return False
        value = values[wanted.field]
        match wanted.operator:
            case Operator.EMPTY:
                return (value is None) is wanted.values[0]
            case Operator.NONE_OF:
                return value is None or not self.holds(value, wanted.values)
            case _ if value is None:
                return False
            case Operator.EQUAL | Operator.ONE_OF:
                return self.holds(value, wanted.values)
            case Operator.AT_LEAST:
                return all(day_of(value) >= each for each in wanted.values)
            case Operator.AT_MOST:
                return all(day_of(value) <= each for each in wanted.values)
            case Operator.CONTAINS:
                return all(str(each).lower() in str(value).lower() for each in wanted.values)
            case Operator.DURING:
                return any(
                    first <= day_of(value) <= last
                    for first, last in (PERIODS[each] for each in wanted.values)
                )
            case Operator.MINE:
                return any(self.is_own(wanted.field, value, each) for each in wanted.values)

    @staticmethod
    def holds(value: object, wanted: tuple[object, ...]) -> bool:
        if isinstance(value, tuple):
            return any(set(each) <= set(value) for each in wanted)
        return day_of(value) in wanted

    def is_own(self, field: str, value: object, whose: str) -> bool:
        ids = self.office.ids
        north = {ids["ann"], ids["ben"], ids["bo"]}
        if field == "place":
            return value == self.north
        held = set(value) if isinstance(value, tuple) else {value}
        return bool(held & ({ids["ann"]} if whose == Whose.ME else north))


def day_of(value):
    """Return the day of an instant; instants here are of the project's zone. Other values are themselves."""
    return value.date() if isinstance(value, datetime) else value


def one(field: str, operator: str, *values: object) -> Filter:
    return Filter(field=field, operator=Operator(operator), values=values)


def leaves(deals: Deals) -> st.SearchStrategy[Condition]:
    """Return every kind of comparison that some field knows."""
    ids = deals.office.ids
    lists = {
        "kind": ["a", "b", "c"],
        "tags": [("x",), ("x", "y"), ("z",)],
        "worth": [Decimal(5), Decimal("100.50")],
        "due": [TODAY, date(2026, 3, 31)],
        "seen": [TODAY, date(2026, 3, 31)],
        "seller": [ids["ann"], ids["cat"]],
        "team": [(ids["ann"],), (ids["ann"], ids["cat"])],
        "open": [True, False],
        "secret": ["s"],
    }
    listed = st.sampled_from(sorted(lists)).flatmap(
        lambda field: st.builds(
            Filter,
            field=st.just(field),
            operator=st.sampled_from([Operator.ONE_OF, Operator.NONE_OF]),
            values=st.lists(st.sampled_from(lists[field]), min_size=1, max_size=2, unique=True).map(tuple),
        )
    )
    bound = st.sampled_from(
        [("worth", Decimal(5)), ("due", TODAY), ("seen", TODAY), ("seen", date(2025, 12, 31))]
    )
    return st.one_of(
        listed,
        st.builds(lambda of, way: one(of[0], way, of[1]), bound, st.sampled_from(["from", "to"])),
        st.builds(
            one,
            st.sampled_from(["name", "secret"]),
            st.just("contains"),
            st.sampled_from(["a", "0%", "贝", "s"]),
        ),
        st.builds(one, st.sampled_from(["due", "seen"]), st.just("during"), st.sampled_from(sorted(PERIODS))),
        st.builds(
            one, st.sampled_from(["seller", "team", "place"]), st.just("mine"), st.sampled_from(list(Whose))
        ),
        st.builds(one, st.sampled_from([*lists, "name", "place"]), st.just("empty"), st.booleans()),
    )


def conditions(deals: Deals) -> st.SearchStrategy[Condition]:
    return st.recursive(
        leaves(deals),
        lambda inner: st.builds(
            Group,
            conditions=st.lists(inner, max_size=3).map(tuple),
            is_any=st.booleans(),
            is_negated=st.booleans(),
        ),
        max_leaves=6,
    )


@pytest.fixture(scope="module")
def deals(databases, dialect, tmp_path_factory):
    """One office for all tests here, which only read."""
    mark = databases.mark()
    yield Deals(lambda model: databases.make(model, dialect), tmp_path_factory.mktemp("files"))
    databases.clear(mark)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_found_is_what_the_words_say(deals, data) -> None:
    wanted = data.draw(conditions(deals))
    assume(depth(wanted) <= MOST_LEVELS)
    found = deals.found("ann", wanted)
    assert found == [index for index, row in enumerate(deals.rows.values()) if deals.expected(wanted, row)]


def depth(wanted: Condition) -> int:
    """Return how many groups stand within one another."""
    return 1 + max(map(depth, wanted.conditions), default=0) if isinstance(wanted, Group) else 0


def test_a_hidden_value_is_found_in_no_way(deals) -> None:
    secret = one("secret", "eq", "s")
    everything = len(deals.rows)
    asked: list[Condition] = [
        secret,
        one("secret", "not", "s"),
        one("secret", "empty", True),
        one("secret", "contains", "s"),
        Group(conditions=(secret, one("kind", "eq", "nothing")), is_any=True),
    ]
    assert [deals.found("ann", each) for each in asked] == [[]] * len(asked)
    assert len(deals.found("bo", one("secret", "not", "s"))) == everything - 10
    # The opposite of what holds for nothing holds for everything, whatever the value is.
    for value in ("s", "t", "nothing"):
        negated = Group(conditions=(one("secret", "eq", value),), is_any=True, is_negated=True)
        assert len(deals.found("ann", negated)) == everything


def test_who_may_not_see_departments_finds_no_colleagues_by_them(deals) -> None:
    assert deals.found("bo", one("seller", "mine", Whose.DEPARTMENT)) == []
    assert deals.found("bo", one("place", "mine", Whose.DEPARTMENT)) == list(range(1, 30, 3))
    assert deals.found("ann", one("seller", "mine", Whose.DEPARTMENT)) != []


@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(one("kind", "during", "today"), id="a choice is no date"),
        pytest.param(one("due", "during", "' or 1=1 --"), id="no period"),
        pytest.param(one("kind", "mine", "me"), id="a choice is nobody"),
        pytest.param(one("seller", "mine", "everybody"), id="nobody's"),
        pytest.param(one("tags", "from", ("x",)), id="several values have no order"),
        pytest.param(one("nothing", "empty", True), id="no field"),
        pytest.param(Group(conditions=(one("kind", "contains", "a"),), is_any=True), id="within a group"),
        pytest.param(Group(conditions=(one("due", "from", TODAY),) * 101, is_any=True), id="too many"),
    ],
)
def test_what_a_field_does_not_know_is_refused(deals, wanted) -> None:
    with pytest.raises(Refused):
        deals.found("ann", wanted)


def test_conditions_within_one_another_end_somewhere(deals) -> None:
    nested: Condition = one("kind", "eq", "a")
    for _ in range(2000):
        nested = Group(conditions=(nested,), is_any=True)
    with pytest.raises(Refused):
        deals.found("ann", nested)
