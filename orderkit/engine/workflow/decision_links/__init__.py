"""Links with which a person decides one task from a mail: who is told of a task, and what a link still stands for.

A link is made when its person is told, and dies with what it was made for: it is looked at anew each time, so that
nothing that ends a task has to know of links. Who opens one, and how often they may guess, is `engine.answering`.
"""

from orderkit.engine.workflow.decision_links.links import (
    LinkedTask,
    LinkState,
    link_of,
    remove_old_links,
    use_up,
)
from orderkit.engine.workflow.decision_links.tokens import with_token

__all__ = ["LinkState", "LinkedTask", "link_of", "remove_old_links", "use_up", "with_token"]
