"""Keys under which something was done once: whose they are, and how long they are remembered."""

import pytest
import sqlalchemy as sa

from orderkit.database.schema.system_tables import idempotency
from orderkit.engine.once import KEPT_FOR, SWEEPS, FirstAnswer, KeyReused, claimed, digest_of, keep

OLD, NEW = SWEEPS + "f" * 63, SWEEPS + "e" * 63
ANSWER = FirstAnswer(status=303, headers={}, body="/forms/order/1")


def test_the_first_answer_is_given_again_and_forgotten_after_its_days(shop, clock) -> None:
    office = shop.office
    with office.act("ann") as unit:
        assert claimed(unit, "k", OLD) is None
        keep(unit, "k", ANSWER)
    with office.act("ann") as unit:
        assert claimed(unit, "k", OLD) == ANSWER
        with pytest.raises(KeyReused):
            claimed(unit, "k", NEW)
    clock.advance(days=KEPT_FOR.days, hours=1)
    with office.act("ann") as unit:
        assert claimed(unit, "other", NEW) is None
        keys = unit.connection.execute(sa.select(idempotency.c.key)).scalars().all()
    assert keys == ["other"]


def test_where_one_part_ends_tells_requests_apart() -> None:
    assert digest_of((b"ab", b"c")) != digest_of((b"a", b"bc"))
