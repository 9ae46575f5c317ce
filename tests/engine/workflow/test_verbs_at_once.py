"""Rule 18 for every verb: two people who act on one task or record at once, and one of them is first."""

import threading

import pytest

from orderkit.engine import workflow
from orderkit.engine.workflow import Verb
from orderkit.model.errors import Conflict, Denied, Refused
from tests.engine.workflow.reviewing import status, submitted, task_of

ROUNDS = 4
STEP = "{id: s, approvers: user(boss)}"
MAY = "may: {transfer: true, delegate: true, add_signer: true, return: [submitter]}"


def at_once(*deeds):
    """Let each deed happen in a thread of its own, all at the same moment; return how each ended."""
    together, results = threading.Barrier(len(deeds)), {}

    def run(number, deed):
        together.wait()
        try:
            deed()
            results[number] = "done"
        except (Conflict, Denied, Refused):
            results[number] = "told"

    threads = [threading.Thread(target=run, args=each) for each in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [results[number] for number in range(len(deeds))]


def deed(office, login, verb, *given):
    def run():
        with office.act(login) as unit:
            verb(unit, *given)

    return run


@pytest.mark.parametrize("verb", ["transfer", "delegate", "add_signers", "return"])
def test_rule_18_two_verbs_on_one_task_at_once(office_with, verb):
    office = office_with(STEP, more=MAY)
    for _ in range(ROUNDS):
        request = submitted(office)
        task = task_of(office, "boss", request)
        cid = office.ids["cid"]
        others = {
            "transfer": deed(office, "boss", workflow.transfer, task.id, cid),
            "delegate": deed(office, "boss", workflow.delegate, task.id, cid),
            "add_signers": deed(office, "boss", workflow.add_signers, task.id, [cid], "before"),
            "return": deed(office, "boss", workflow.decide_task, task.id, Verb.RETURN, "why"),
        }
        approve = deed(office, "boss", workflow.decide_task, task.id, Verb.APPROVE)
        results = at_once(approve, others[verb])
        assert sorted(results) == ["done", "told"]
        expected = "done" if results[0] == "done" else "draft" if verb == "return" else "review"
        assert status(office, request) == expected


def test_rule_18_withdrawing_and_deciding_at_once(office_with):
    office = office_with(STEP)
    for _ in range(ROUNDS):
        request = submitted(office)
        task = task_of(office, "boss", request)
        results = at_once(
            deed(office, "boss", workflow.decide_task, task.id, Verb.APPROVE),
            deed(office, "ann", workflow.withdraw, "request", request),
        )
        assert sorted(results) == ["done", "told"]
        assert status(office, request) == ("done" if results[0] == "done" else "draft")


def test_rule_18_a_substitute_and_the_person_at_once(office_with):
    office = office_with(STEP)
    now = office.runtime.clock.now()
    with office.act("boss") as unit:
        agreed = workflow.add_substitute(unit, office.ids["cid"], now, now.replace(year=now.year + 1))
    for _ in range(ROUNDS):
        request = submitted(office)
        task = task_of(office, "boss", request)
        clicks = [deed(office, who, workflow.decide_task, task.id, Verb.APPROVE) for who in ("boss", "cid")]
        assert sorted(at_once(*clicks)) == ["done", "told"]
    office.runtime.clock.advance(minutes=1)
    with office.act("boss") as unit:
        workflow.end_substitution(unit, agreed)
