"""Random workflows under random hands: laws that hold after every click, whatever it was."""

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.engine.workflow.proofs.drawing import LIFE, a_drawn_project
from tests.engine.workflow.proofs.machine import Machine
from tests.engine.workflow.reviewing import STAFF
from tests.support.clock import FakeClock
from tests.support.office import open_office

SIMPLE = (
    LIFE.format(self_approval="allow", duplicate="none", until="approved", resume="restart", sla="")
    + "      - {id: s1, approvers: role(lead)}\n"
)
EXAMPLES, CLICKS = 6, 12
EXAMPLES_OF_A_SOAK, CLICKS_OF_A_SOAK = 300, 40


@pytest.fixture(scope="module")
def base(databases, dialect, tmp_path_factory):
    mark = databases.mark()
    made = a_drawn_project(SIMPLE)
    yield open_office(
        made, databases.make(made, dialect), tmp_path_factory.mktemp("office"), FakeClock(), STAFF
    )
    databases.clear(mark)


def run(office, *, examples: int, clicks: int, on_end=lambda: None, **more):
    """Let the machine run in an office."""
    kind = type("Clicking", (Machine,), {"base": office, "on_end": staticmethod(on_end)})
    chosen = settings(
        max_examples=examples,
        stateful_step_count=clicks,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        **more,
    )
    run_state_machine_as_test(kind, settings=chosen)


def test_whatever_people_click_every_law_holds(base):
    run(base, examples=EXAMPLES, clicks=CLICKS, derandomize=True, phases=[Phase.generate, Phase.shrink])


@pytest.mark.soak
def test_whatever_people_click_for_long_every_law_holds(base, progress):
    run(
        base,
        examples=EXAMPLES_OF_A_SOAK,
        clicks=CLICKS_OF_A_SOAK,
        on_end=lambda: progress.step(of=EXAMPLES_OF_A_SOAK),
    )
