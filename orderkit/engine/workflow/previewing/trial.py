"""Trying something out in the transaction at hand, with everything that follows, and taking all of it back."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from orderkit.engine.runtime import Clock, Runtime, Unit
from orderkit.model.expressions.nodes import Expression


@dataclass(slots=True, kw_only=True)
class Trial:
    """A unit of which nothing stays, and the conditions that were weighed in it, in order."""

    unit: Unit
    weighed: list[tuple[Expression, bool]] = field(default_factory=list)

    def holds(self, condition: Expression) -> bool | None:
        """Return what a condition came to last; None when nobody came to it."""
        found = [holds for each, holds in self.weighed if each is condition]
        found = found or [holds for each, holds in self.weighed if each == condition]
        return found[-1] if found else None


@contextmanager
def trial(unit: Unit, *, clock: Clock | None = None) -> Iterator[Trial]:
    """Yield a trial inside a writing unit. It has a clock of its own if one is given.

    What it does is undone when the block ends, however it ends; jobs and messages that it queues with it.
    """
    assert unit.is_writing, "what a trial does needs a transaction to be done in"
    weighed: list[tuple[Expression, bool]] = []

    def listen(unit: Unit, workflow: str, condition: Expression, *, holds: bool) -> None:  # noqa: ARG001 - the port's signature
        weighed.append((condition, holds))

    runtime: Runtime = unit.runtime
    listening = replace(
        runtime, hooks=replace(runtime.hooks, weighed=listen), clock=runtime.clock if clock is None else clock
    )
    savepoint = unit.connection.begin_nested()
    try:
        yield Trial(unit=unit_in(unit, listening), weighed=weighed)
    finally:
        savepoint.rollback()


def unit_in(unit: Unit, runtime: Runtime) -> Unit:
    """Return a unit in the same transaction with nothing in hand, which sees what was written so far."""
    inner = Unit(
        runtime,
        unit.connection,
        unit.person,
        unit.channel,
        request_id=unit.request_id,
        is_writing=True,
        cause=unit.cause,
        depth=unit.depth,
    )
    inner.is_trial = True
    return inner
