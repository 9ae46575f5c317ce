"""The walk itself: where access is broken on purpose, it says so."""

from collections.abc import Callable

import pytest

from orderkit.engine.access import grants, row_rules
from orderkit.engine.access.decisions import ALLOWED
from orderkit.engine.records.reading import attachments
from orderkit.model.rights import Right
from tests.web.permissions import reading, trying
from tests.web.permissions.conftest import Drawn
from tests.web.permissions.oracle import Sight
from tests.web.permissions.walk import Walk

SEEDS = (1, 2, 3)
Break = Callable[[pytest.MonkeyPatch], None]


def _show_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(grants, "seen", lambda *_: Right.READ)


def _search_what_is_hidden(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(row_rules, "shows", lambda *_: True)


def _hand_out_every_file(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(attachments, "decide", lambda *_, **__: ALLOWED)


@pytest.mark.parametrize(
    ("break_it", "channel", "said"),
    [
        (_show_what_is_hidden, reading.records, "API record"),
        (_show_what_is_hidden, reading.records, "page"),
        (_search_what_is_hidden, trying.trials, "filter"),
        (_search_what_is_hidden, reading.sums, "sums"),
        (_hand_out_every_file, reading.files, "file"),
    ],
)
def test_it_notices(
    drawn: Drawn,
    monkeypatch: pytest.MonkeyPatch,
    break_it: Break,
    channel: Callable[[Walk, Sight], None],
    said: str,
) -> None:
    found: list[str] = []
    for seed in SEEDS:
        with drawn(seed, 4) as walk:
            with monkeypatch.context() as patch:
                break_it(patch)
                for sight in walk.people:
                    channel(walk, sight)
            found += walk.differences
        if any(each.startswith(f"{said}:") for each in found):
            return
    pytest.fail(f"nothing was noticed: {found[:10]}")
