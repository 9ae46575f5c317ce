"""Groups of conditions, one within another: built from the names of an address, however many those are."""

from collections.abc import Iterator
from itertools import product

from orderkit.engine.records import Condition, Filter, Group, Operator
from orderkit.web.listing.nesting import Path, Step, nested, split_name

HOLDS = Filter(field="status", operator=Operator.ONE_OF, values=("new",))


class Walked(dict[Path, tuple[Condition, ...]]):
    """Conditions by their groups, which count how often somebody goes through all of them."""

    walks = 0

    def __iter__(self) -> Iterator[Path]:
        self.walks += 1
        return super().__iter__()


def test_thousands_of_groups_are_gone_through_once_and_not_for_each_of_them() -> None:
    steps = [Step(number, word) for word, number in product(("all", "any", "none"), range(1, 10))]
    parts = Walked(dict.fromkeys(product(steps, steps), (HOLDS,)))
    found = nested(parts)
    assert parts.walks == 1
    inner = [each for outer in found if isinstance(outer, Group) for each in outer.conditions]
    assert (len(found), len(inner)) == (27, 27 * 27)


def test_groups_stand_in_their_order_behind_what_stands_in_none() -> None:
    names = ["none.2.status", "any.1.all.3.status", "status", "any.1.all.2.status", "any.1.status"]
    found = nested({split_name(name)[0]: (HOLDS,) for name in names})
    every = Group(conditions=(HOLDS,), is_any=False)
    assert found == (
        HOLDS,
        Group(conditions=(HOLDS, every, every), is_any=True),
        Group(conditions=(HOLDS,), is_any=True, is_negated=True),
    )
