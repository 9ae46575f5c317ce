"""Queueing what is to be done in the background, and joining branches that run beside each other.

A block is a row that counts its branches. The branch that arrives last goes on with what is behind the block,
in the transaction in which it arrives, so that it happens once however many workers there are.
"""

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import insert, select, update

from orderkit.database.schema.system_tables import action_block as blocks
from orderkit.engine import jobs, messages
from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.background.strands import Strand, strand_from_json
from orderkit.model.workflow.workflows import Join

ACTION_JOB = "action"
REQUEST_JOB = "request"


class BlockState(StrEnum):
    """Where a block stands."""

    OPEN = "open"
    JOINED = "joined"


def go_on(unit: Unit, strand: Strand, *, at: datetime | None = None, is_new: bool = False) -> None:
    """Queue the next action of a strand, not before `at`; one that is at its end arrives at its block.

    One that `is_new` was caused by this unit, and does not go on with what the job of the unit began.
    """
    if not strand.actions:
        if strand.block is not None:
            arrive(unit, strand.block)
        return
    jobs.enqueue(
        unit,
        ACTION_JOB,
        strand.to_json(),
        key=step_key(strand),
        run_at=at,
        form=strand.form,
        record_id=strand.record_id,
        goes_on=not is_new,
    )


def step_key(strand: Strand) -> str:
    """Return the key of the next action of a strand."""
    cursor = () if strand.cursor is None else (f"after{strand.cursor}",)
    return messages.job_key(strand.key, str(strand.number), *cursor)


def begin_block(
    unit: Unit, join: Join, behind: Strand | None, *, count: int, is_complete: bool = True
) -> int:
    """Make a block of `count` branches, which the caller begins; `behind` goes on when they are joined.

    Of one that is not complete, branches are added by `add_branches`.
    """
    made = insert(blocks).values(
        join=join.value,
        state=BlockState.OPEN,
        begun=count,
        ended=0,
        is_complete=is_complete,
        parent_id=None if behind is None else behind.block,
        next=None if behind is None else behind.to_json(),
        created_at=unit.now,
    )
    block_id: int = unit.connection.execute(made.returning(blocks.c.id)).scalar_one()
    if is_complete and not count:
        _join(unit, block_id, None if behind is None else behind.to_json())
    return block_id


def add_branches(unit: Unit, block_id: int, count: int, *, is_complete: bool) -> None:
    """Note that so many more branches begin; with the last of them the block is complete."""
    found = unit.connection.execute(
        update(blocks)
        .where(blocks.c.id == block_id)
        .values(begun=blocks.c.begun + count, is_complete=is_complete)
        .returning(*blocks.c)
    ).one()
    if found.state == BlockState.OPEN and is_complete and found.ended >= found.begun:
        _join(unit, block_id, found.next)


def arrive(unit: Unit, block_id: int, *, has_failed: bool = False) -> None:
    """Note that a branch is at its end; what is behind goes on with the last of them, or the first that counts."""
    found = unit.connection.execute(
        select(blocks).where(blocks.c.id == block_id).with_for_update()
    ).one_or_none()
    if found is None or found.state != BlockState.OPEN:
        return
    if has_failed and found.join != Join.FIRST:
        # It may be tried again, or passed over, by a person who sees it.
        return
    ended = found.ended + 1
    unit.connection.execute(update(blocks).where(blocks.c.id == block_id).values(ended=ended))
    is_joined = found.is_complete and ended >= found.begun if found.join == Join.ALL else True
    if is_joined:
        _join(unit, block_id, found.next)


def is_over(unit: Unit, strand: Strand) -> bool:
    """Return whether others were faster: a block that it stands in, however far outside, is joined already."""
    return any(state == BlockState.JOINED for state in _states_around(unit, strand.block))


def _states_around(unit: Unit, block_id: int | None) -> Iterator[str]:
    while block_id is not None:
        query = select(blocks.c.state, blocks.c.parent_id).where(blocks.c.id == block_id)
        found = unit.connection.execute(query).one_or_none()
        if found is None:
            # Only what was joined long ago is removed.
            yield BlockState.JOINED
            return
        yield found.state
        block_id = found.parent_id


def _join(unit: Unit, block_id: int, behind: dict[str, Any] | None) -> None:
    unit.connection.execute(
        update(blocks).where(blocks.c.id == block_id).values(state=BlockState.JOINED, ended_at=unit.now)
    )
    if behind is not None:
        go_on(unit, strand_from_json(behind, unit.runtime.catalog.fields))
