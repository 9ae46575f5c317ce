"""How far an approval is: conditions, branches and rows beside each other, joins, and that what has begun stays."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.engine.workflow.approvals.paths import Course, Opening, Trace, progress
from orderkit.engine.workflow.approvals.places import comes_before, place_of, taken_back
from orderkit.model.errors import Refused
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Text
from orderkit.model.labels import label
from orderkit.model.people import HasRole
from orderkit.model.workflow.workflows import Branch, Choose, Join, Loop, Parallel, Step, all_steps

NOTHING = Literal("rows", Text())


def step(name, when=None):
    return Step(id=name, label=label(en=name), approvers=HasRole("x"), when=condition(when))


def condition(name):
    return None if name is None else Literal(name, Text())


def branch(*steps, when=None):
    return Branch(when=condition(when), steps=steps)


def beside(join, *branches, inclusive=False):
    return Parallel(join=Join(join), branches=branches, is_inclusive=inclusive)


def each_row(join, *steps):
    return Loop(form="parts", rows=NOTHING, where=None, join=Join(join), steps=steps)


@dataclass
class Record:
    true: tuple[str, ...] = ()
    ids: tuple[int, ...] = (7, 8)
    asked: list[str] = field(default_factory=list)

    def holds(self, condition, rows):
        self.asked.append(condition.value)
        return condition.value in self.true

    def rows(self, loop, rows):
        return self.ids


class Play:
    """Carries an approval out: steps begin as it says, and end as the test says."""

    def __init__(self, parts, record=None):
        self.parts = parts
        self.record = record or Record()
        self.traces: dict[tuple[str, tuple[int, ...]], Course] = {}
        self.order: list[str] = []
        self.course = self._go_on()

    def end(self, name, course, *rows):
        assert self.traces[name, rows] is Course.PENDING
        self.traces[name, rows] = course
        self.course = self._go_on()

    def _go_on(self):
        found = progress(
            self.parts,
            [Trace(step=name, rows=rows, course=course) for (name, rows), course in self.traces.items()],
            self.record,
        )
        for each in found.cancels:
            assert self.traces[each.step, each.rows] is Course.PENDING
            self.traces[each.step, each.rows] = Course.CANCELLED
        for each in found.opens:
            assert (each.step.id, each.rows) not in self.traces, "nothing begins twice"
            self.traces[each.step.id, each.rows] = Course.PENDING
            self.order.append(each.step.id)
        if found.course is not Course.PENDING:
            for key, course in self.traces.items():
                assert course is not Course.PENDING or found.course is Course.REJECTED, key
        return found.course

    @property
    def open(self):
        found = [(name, rows) for (name, rows), course in self.traces.items() if course is Course.PENDING]
        return " ".join(name + "".join(f"#{each}" for each in rows) for name, rows in found)


ITEMS = (
    step("lead"),
    step("finance", when="credit"),
    Choose(
        branches=(
            branch(step("tech"), step("plan", when="late"), when="custom"),
            branch(when="repair"),
            branch(step("trade")),
        )
    ),
    step("director", when="large"),
)


@pytest.mark.parametrize(
    ("true", "expected"),
    [
        ((), "lead trade"),
        (("credit",), "lead finance trade"),
        (("large",), "lead trade director"),
        (("custom",), "lead tech"),
        (("custom", "late", "large"), "lead tech plan director"),
        (("repair", "large"), "lead director"),
        (("custom", "repair"), "lead tech"),
    ],
)
def test_the_path_follows_the_conditions(true, expected):
    play = Play(ITEMS, Record(true=true))
    while play.course is Course.PENDING:
        play.end(play.open, Course.APPROVED)
    assert " ".join(play.order) == expected


def test_a_taken_branch_stays_taken_when_its_condition_changes():
    play = Play(ITEMS, Record(true=("custom",)))
    play.end("lead", Course.APPROVED)
    play.record.true = ("late", "repair")
    play.end("tech", Course.APPROVED)
    assert play.open == "plan"


def test_when_every_condition_fails_there_is_nothing_to_decide():
    assert Play((step("a", when="x"), step("b", when="y"))).course is Course.EMPTY


def test_rule_16_a_choose_without_a_branch_that_holds_is_refused():
    with pytest.raises(Refused) as refused:
        Play((Choose(branches=(branch(step("a"), when="x"),)),))
    assert [each.code for each in refused.value.problems] == ["no_branch"]


A_B = (branch(step("a"), step("a2")), branch(step("b")))


@pytest.mark.parametrize(
    ("join", "ends", "course", "still_open"),
    [
        ("all", "a:approved b:approved", "pending", "a2"),
        ("all", "a:approved b:approved a2:approved", "pending", "z"),
        ("all", "b:rejected", "rejected", ""),
        ("all", "a:approved a2:rejected", "rejected", ""),
        ("any", "b:approved", "pending", "z"),
        ("any", "b:rejected", "pending", "a"),
        ("any", "b:rejected a:approved a2:approved", "pending", "z"),
        ("any", "b:rejected a:rejected", "rejected", ""),
        ("any", "a:approved", "pending", "b a2"),
        ("first", "b:approved", "pending", "z"),
        ("first", "b:rejected", "rejected", ""),
        ("first", "a:approved a2:approved", "pending", "z"),
        ("first", "a:approved a2:rejected", "rejected", ""),
    ],
)
def test_rule_17_branches_beside_each_other_are_joined(join, ends, course, still_open):
    play = Play((beside(join, *A_B), step("z")))
    for each in ends.split():
        name, end = each.split(":")
        play.end(name, Course(end))
    assert play.course == course
    assert sorted(play.open.split()) == sorted(still_open.split())


def test_rule_17_a_rejection_goes_up_to_the_outermost_block_that_must_have_it():
    inner = beside("all", branch(step("a")), branch(step("b")))
    play = Play((beside("any", branch(inner, step("c")), branch(step("d"))), step("z")))
    play.end("a", Course.REJECTED)
    assert (play.course, play.open) == (Course.PENDING, "d"), "b is cancelled, and c is never asked"
    play.end("d", Course.APPROVED)
    assert play.open == "z"


def test_a_branch_in_which_nobody_has_anything_to_decide_does_not_settle_the_block():
    play = Play((beside("any", branch(step("a", when="never")), branch(step("b"))),))
    assert (play.course, play.open) == (Course.PENDING, "b")


@pytest.mark.parametrize(
    ("true", "expected"),
    [((), "rest"), (("x",), "a"), (("x", "y"), "a b")],
    ids=["none: the default", "one", "both"],
)
def test_inclusive_branches_are_those_whose_condition_holds(true, expected):
    block = beside(
        "all",
        branch(step("a"), when="x"),
        branch(step("b"), when="y"),
        branch(step("rest")),
        inclusive=True,
    )
    play = Play((block,), Record(true=true))
    assert play.open == expected
    play.record.true = ("x", "y")
    for name in expected.split():
        play.end(name, Course.APPROVED)
    assert play.course is Course.APPROVED


def test_rows_beside_each_other_each_go_their_own_way():
    play = Play((each_row("all", step("a"), step("b")), step("z")))
    assert play.open == "a#7 a#8"
    play.record.ids = (7, 8, 9)
    play.end("a", Course.APPROVED, 8)
    play.end("b", Course.APPROVED, 8)
    assert play.open == "a#7"
    play.end("a", Course.APPROVED, 7)
    play.end("b", Course.APPROVED, 7)
    assert play.open == "z", "a row that came later is not asked"


def test_blocks_stand_within_each_other():
    rows = each_row("any", Choose(branches=(branch(beside("all", *A_B), when="x"), branch(step("c")))))
    play = Play((rows, step("z")), Record(true=("x",)))
    assert play.open == "a#7 b#7 a#8 b#8"
    for name in ("a", "b", "a2"):
        play.end(name, Course.APPROVED, 8)
    assert play.open == "z"


TREE = (
    step("s"),
    beside("all", branch(step("a"), step("b")), branch(step("c"), each_row("all", step("d"), step("e")))),
    step("z"),
)


@pytest.mark.parametrize(
    ("current", "target", "direct", "expected"),
    [
        (("b",), ("a",), False, "a b"),
        (("b",), ("s",), False, "s a b c d7 e7 d8"),
        (("b",), ("s",), True, "s a b c d7 e7 d8"),
        (("b",), ("a",), True, "a b"),
        (("e", 7), ("d", 7), False, "d7 e7"),
        (("e", 7), ("c",), False, "c d7 e7 d8"),
        (("z",), ("a",), True, "a z"),
        (("z",), ("a",), False, "a b z"),
    ],
)
def test_rule_11_a_return_takes_back_only_what_comes_after_its_target(current, target, direct, expected):
    names = [("s",), ("a",), ("b",), ("c",), ("d", 7), ("e", 7), ("d", 8)]
    if current == ("z",):
        names.append(("z",))
    places = {name: place_of(TREE, name[0], name[1:]) for name in names}
    found = taken_back(places, places[target], places[current], direct=direct)
    assert sorted("".join(map(str, each)) for each in found) == sorted(expected.split())


def test_rule_11_branches_beside_each_other_are_no_earlier_steps():
    place = {name: place_of(TREE, name, ()) for name in "sabcz"}
    assert comes_before(place["s"], place["a"])
    assert comes_before(place["a"], place["z"])
    assert not comes_before(place["a"], place["c"])
    assert not comes_before(place["c"], place["b"])
    assert place_of(TREE, "d", ()) is None
    assert place_of(TREE, "gone", ()) is None


JOINS = st.sampled_from(["all", "any", "first"])


@st.composite
def trees(draw, depth=2):
    count = iter(range(1000))

    def parts(level, loops):
        return tuple(part(level, loops) for _ in range(draw(st.integers(1, 3))))

    def part(level, loops):
        kind = draw(st.sampled_from(["step", "step", "choose", "parallel", "loop"] if level else ["step"]))
        if kind == "choose":
            return Choose(branches=(branch(*parts(level - 1, loops), when="x"), branch()))
        if kind == "parallel":
            return beside(draw(JOINS), *(branch(*parts(level - 1, loops)) for _ in range(2)))
        if kind == "loop":
            return each_row(draw(JOINS), *parts(level - 1, loops + 1))
        return step(f"s{next(count)}", when=draw(st.sampled_from([None, "x"])))

    return parts(depth, 0)


@settings(max_examples=60, deadline=None)
@given(trees(), st.booleans(), st.data())
def test_whoever_decides_an_approval_always_comes_to_an_end(parts, is_true, data):
    play = Play(parts, Record(true=("x",) if is_true else ()))
    steps = 0
    while play.course is Course.PENDING:
        waiting = [key for key, course in play.traces.items() if course is Course.PENDING]
        assert waiting, "an approval that is under way waits for somebody"
        name, rows = data.draw(st.sampled_from(waiting))
        play.end(name, data.draw(st.sampled_from([Course.APPROVED, Course.APPROVED, Course.REJECTED])), *rows)
        steps += 1
        assert steps < 500
    assert play.course in {Course.APPROVED, Course.REJECTED, Course.EMPTY}
    if play.course is Course.EMPTY:
        assert not play.traces


@settings(max_examples=60, deadline=None)
@given(trees(), st.data())
def test_after_a_return_the_approval_still_comes_to_an_end(parts, data):
    play = Play(parts, Record(true=("x",)))
    for _ in range(data.draw(st.integers(0, 6))):
        waiting = [key for key, course in play.traces.items() if course is Course.PENDING]
        if waiting:
            name, rows = data.draw(st.sampled_from(waiting))
            play.end(name, Course.APPROVED, *rows)
    if play.course is not Course.PENDING:
        return
    waiting = [key for key, course in play.traces.items() if course is Course.PENDING]
    current = data.draw(st.sampled_from(waiting))
    places = {key: place_of(parts, *key) for key in play.traces}
    earlier = [
        key
        for key, place in places.items()
        if play.traces[key] is Course.APPROVED and comes_before(place, places[current])
    ]
    if not earlier:
        return
    target = data.draw(st.sampled_from(earlier))
    gone = taken_back(places, places[target], places[current], direct=data.draw(st.booleans()))
    assert {target, current} <= gone
    for key in gone:
        del play.traces[key]
    play.traces[target] = Course.PENDING
    for _ in range(500):
        if play.course is not Course.PENDING:
            break
        waiting = [key for key, course in play.traces.items() if course is Course.PENDING]
        assert waiting
        name, rows = waiting[0]
        play.end(name, Course.APPROVED, *rows)
    assert play.course is Course.APPROVED


def test_every_step_has_one_place():
    for each in all_steps(TREE):
        rows = (7,) if each.id in "de" else ()
        assert place_of(TREE, each.id, rows) is not None
    assert Opening(step=step("a")).rows == ()
