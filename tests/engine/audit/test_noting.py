"""Refusals are noted, each once a minute, and nobody fills the disk by asking; failing to note breaks nothing."""

import pytest
from structlog.testing import capture_logs

from orderkit.engine.audit import noting
from orderkit.engine.audit.noting import Refusals
from orderkit.engine.runtime import Channel


@pytest.fixture
def refuse(shop):
    refusals = Refusals()
    runtime = shop.office.runtime

    def refused(place="/order/1", login="ann", verb="denied"):
        refusals.note(
            runtime, shop.office.person(login), Channel.PAGE,
            verb=verb, method="GET", place=place, why="no", request_id="r-1",
        )  # fmt: skip

    return refused


def noted(shop):
    with shop.office.look(None) as unit:
        query = (
            "SELECT actor_id, verb, channel, request_id FROM ok_audit WHERE form = 'ok_refusal' ORDER BY id"
        )
        return unit.connection.exec_driver_sql(query).all()


def test_a_refusal_says_whom_and_through_which_door(shop, refuse):
    refuse()
    assert noted(shop) == [(shop.office.ids["ann"], "denied", "page", "r-1")]


def test_the_same_refusal_is_noted_once_a_minute(shop, refuse, clock):
    for _ in range(3):
        refuse()
    refuse("/order/2")
    assert len(noted(shop)) == 2
    clock.advance(seconds=61)
    refuse()
    assert len(noted(shop)) == 3


def test_one_person_fills_no_disk(shop, refuse, monkeypatch):
    monkeypatch.setattr(noting, "MOST_REFUSALS", 5)
    for each in range(20):
        refuse(f"/order/{each}")
    refuse(login="ben")
    assert len(noted(shop)) == 6


def test_what_cannot_be_noted_breaks_nothing(shop, refuse, monkeypatch):
    monkeypatch.setattr(noting, "write", lambda *_: 1 / 0)
    with capture_logs() as logs:
        refuse()
    assert [each["event"] for each in logs] == ["refusal_not_noted"]
