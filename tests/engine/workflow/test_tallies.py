"""When a step is decided: every mode, with and without veto, and the laws that all of them obey."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine.workflow.approvals.tallies import Verdict, verdict
from orderkit.engine.workflow.views import TaskState
from orderkit.model.workflow.workflows import Mode

STATES = {
    "A": TaskState.APPROVED,
    "R": TaskState.REJECTED,
    "o": TaskState.OPEN,
    "w": TaskState.WAITING,
    "s": TaskState.SKIPPED,
    "c": TaskState.CANCELLED,
}
RESULTS = {"pending": Verdict.PENDING, "approved": Verdict.APPROVED, "rejected": Verdict.REJECTED}


def states(text):
    return [STATES[letter] for letter in text]


@pytest.mark.parametrize(
    ("mode", "veto", "vote", "tasks", "expected"),
    [
        pytest.param(Mode.ANY, True, None, "ooo", "pending", id="any: nobody has decided"),
        pytest.param(Mode.ANY, True, None, "oAo", "approved", id="any: the first approval is enough"),
        pytest.param(
            Mode.ANY, True, None, "oRo", "rejected", id="any with veto: the first rejection ends it"
        ),
        pytest.param(
            Mode.ANY, False, None, "oRo", "pending", id="any without veto: others may still approve"
        ),
        pytest.param(Mode.ANY, False, None, "RRA", "approved", id="any without veto: one approval outweighs"),
        pytest.param(
            Mode.ANY, False, None, "RRR", "rejected", id="any without veto: nobody is left to approve"
        ),
        pytest.param(Mode.ALL, True, None, "AAo", "pending", id="all: one is missing"),
        pytest.param(Mode.ALL, True, None, "AAA", "approved", id="all: everybody approved"),
        pytest.param(Mode.ALL, True, None, "ARo", "rejected", id="all: the first rejection ends it"),
        pytest.param(Mode.ALL, False, None, "ARo", "rejected", id="all without veto: it can no longer pass"),
        pytest.param(Mode.ALL, True, None, "As", "approved", id="all: who was skipped counts as approving"),
        pytest.param(Mode.SEQUENCE, True, None, "Aow", "pending", id="sequence: the next one's turn"),
        pytest.param(Mode.SEQUENCE, True, None, "AAA", "approved", id="sequence: the last one approved"),
        pytest.param(Mode.SEQUENCE, True, None, "ARw", "rejected", id="sequence: one in the middle rejects"),
        pytest.param(Mode.VOTE, False, (">=", "0.6"), "AAAoo", "approved", id="vote: 60 % of five is three"),
        pytest.param(Mode.VOTE, False, (">=", "0.6"), "AARRo", "pending", id="vote: the fifth decides"),
        pytest.param(
            Mode.VOTE, False, (">=", "0.6"), "RRRoo", "rejected", id="vote: ends when it cannot pass"
        ),
        pytest.param(
            Mode.VOTE, False, (">=", "0.23"), "AAoooooooo", "pending", id="vote: 23 % of ten is three"
        ),
        pytest.param(
            Mode.VOTE, False, (">=", "0.23"), "AAAooooooo", "approved", id="vote: three are 23 % of ten"
        ),
        pytest.param(
            Mode.VOTE, False, (">", "0.5"), "AAoo", "pending", id="vote: half is not more than half"
        ),
        pytest.param(Mode.VOTE, False, (">", "0.5"), "AAAo", "approved", id="vote: three of four are more"),
        pytest.param(Mode.VOTE, True, (">=", "0.6"), "AARoo", "rejected", id="vote with veto: one is enough"),
        pytest.param(Mode.VOTE, False, (">=", "0"), "oo", "pending", id="vote: nothing passes by itself"),
    ],
)
def test_a_step_is_decided(mode, veto, vote, tasks, expected):
    assert verdict(mode, states(tasks), veto=veto, vote=vote) is RESULTS[expected]


modes = st.sampled_from(Mode)
votes = st.tuples(st.sampled_from([">=", ">"]), st.integers(1, 99).map(lambda n: str(Decimal(n) / 100)))
some_tasks = st.lists(st.sampled_from([STATES[letter] for letter in "ARos"]), min_size=1, max_size=8)


@given(modes, votes, some_tasks, st.booleans())
def test_a_pending_step_has_somebody_who_can_decide_it(mode, vote, tasks, veto):
    if verdict(mode, tasks, veto=veto, vote=vote) is Verdict.PENDING:
        assert TaskState.OPEN in tasks


@given(modes, votes, some_tasks, st.booleans(), st.randoms())
def test_the_order_of_people_does_not_matter(mode, vote, tasks, veto, random):
    shuffled = list(tasks)
    random.shuffle(shuffled)
    assert verdict(mode, shuffled, veto=veto, vote=vote) is verdict(mode, tasks, veto=veto, vote=vote)


@given(modes, votes, some_tasks)
def test_without_veto_a_verdict_is_final_whatever_comes_later(mode, vote, tasks):
    found = verdict(mode, tasks, veto=False, vote=vote)
    if found is Verdict.PENDING:
        return
    for late in (TaskState.APPROVED, TaskState.REJECTED):
        settled = [late if each is TaskState.OPEN else each for each in tasks]
        assert verdict(mode, settled, veto=False, vote=vote) is found
