"""What each process of a race does: it opens the shop by itself and takes orders' stock as fast as it can."""

from pathlib import Path

from orderkit.engine.opening import open_runtime
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.engine.workflow import press_by_rule
from orderkit.model.errors import Refused
from tests.engine.ledger.shop import a_shop


def place_all(url: str, folder: str, orders: list[int]) -> int:
    """Place orders, and return how many could be; the others were told what is short."""
    runtime = open_runtime(a_shop(), database_url=url, files_folder=Path(folder))
    try:
        return sum(place(runtime, each) for each in orders)
    finally:
        runtime.database.close()


def place(runtime, order: int, transition: str = "place") -> bool:
    """Press a transition of an order, and return whether there was enough."""
    try:
        with runtime.write(SYSTEM, Channel.PAGE) as unit:
            row = rows_of(unit).row("order", order)
            assert row is not None
            press_by_rule(unit, row, transition)
    except Refused:
        return False
    return True
