"""How deep actions stand in each other: an action may begin a life whose own actions begin another one.

In one transaction nobody counts causes, so the depth is limited here, long before the machine's own limit.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from orderkit.engine.jobs import MAX_DEPTH
from orderkit.engine.runtime import Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import label

TOO_DEEP = "too_deep"


class _Depth:
    def __init__(self) -> None:
        self.levels = 0


@contextmanager
def one_level_deeper(unit: Unit) -> Iterator[None]:
    """Do actions that were caused by those around. Raises Refused where they set each other off without end."""
    depth = unit.keep(_Depth, _Depth)
    if depth.levels >= MAX_DEPTH:
        message = label(
            zh=f"动作互相触发超过 {MAX_DEPTH} 层，已全部取消；请检查流程里新建、更新单据的动作是否互相触发",
            en=f"actions set each other off more than {MAX_DEPTH} levels deep, so none of them was done; "
            "look for workflows that create or change each other's records",
        )
        raise Refused([Problem(path="", code=TOO_DEEP, message=message)])
    depth.levels += 1
    try:
        yield
    finally:
        depth.levels -= 1
