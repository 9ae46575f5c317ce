"""Several tasks at once: each in a transaction of its own, with a result of its own."""

import pytest

from orderkit.engine import workflow
from orderkit.engine.runtime import Channel
from orderkit.engine.workflow import Verb, Wanted
from orderkit.model.errors import Refused
from tests.engine.workflow.reviewing import status, submitted, task_of

STEP = "{id: s, approvers: user(boss), may: {bulk: 3}}"
SIGN = "{id: s, approvers: user(boss), sign: true, may: {bulk: 3}}"


def decided(office, wanted, verb=Verb.APPROVE, comment=None):
    return workflow.decide_each(office.runtime, office.person("boss"), Channel.PAGE, wanted, verb, comment)


def wanted_of(office, *requests):
    return [Wanted(task_id=task_of(office, "boss", each).id) for each in requests]


def test_rule_26_each_is_decided_by_itself_and_says_what_became_of_it(office_with):
    office = office_with(STEP)
    first, second, third = (submitted(office) for _ in range(3))
    wanted = wanted_of(office, first, second)
    office.do("chief", "request", second, "pull")
    results = decided(office, [*wanted, Wanted(task_id=10**9)])
    assert [each.decided is not None for each in results] == [True, False, False]
    assert "chief" in results[1].why["en"]
    assert (status(office, first), status(office, third)) == ("done", "review")
    assert decided(office, wanted[:1])[0].decided.is_repeated


@pytest.mark.parametrize(
    ("step", "verb", "comment", "why"),
    [
        ("{id: s, approvers: user(boss)}", Verb.APPROVE, None, "one by one"),
        (SIGN, Verb.APPROVE, None, "signature"),
        (STEP, Verb.REJECT, None, "comment"),
        (STEP, Verb.REJECT, "no", None),
        (SIGN, Verb.REJECT, "no", None),
    ],
)
def test_rule_26_what_needs_a_closer_look_is_left_out(office_with, step, verb, comment, why):
    office = office_with(step)
    request = submitted(office)
    (result,) = decided(office, wanted_of(office, request), verb, comment)
    if why is None:
        assert (result.why, status(office, request)) == (None, "refused")
    else:
        assert why in result.why["en"]
        assert status(office, request) == "review"


def test_rule_26_no_more_at_once_than_the_approval_lets(office_with):
    office = office_with(STEP)
    wanted = wanted_of(office, *(submitted(office) for _ in range(4)))
    results = decided(office, wanted)
    assert all("at most 3" in each.why["en"] for each in results)
    with pytest.raises(Refused):
        decided(office, wanted * 200)
    with pytest.raises(Refused):
        decided(office, wanted, Verb.RETURN)
