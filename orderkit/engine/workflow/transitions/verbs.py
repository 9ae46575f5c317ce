"""Whatever a person does to a whole record besides pressing its transitions, by the name of the verb."""

from collections.abc import Callable, Mapping

from orderkit.engine.runtime import Unit
from orderkit.engine.workflow.transitions.claiming import claim, release, urge
from orderkit.engine.workflow.transitions.standing_verbs import (
    CLAIM,
    RELEASE,
    REOPEN,
    REVOKE,
    TERMINATE,
    URGE,
    WITHDRAW,
)
from orderkit.engine.workflow.transitions.taking_back import reopen, revoke, terminate, withdraw
from orderkit.engine.workflow.views import Done
from orderkit.model.errors import NotFound

_WITH_COMMENT: Mapping[str, Callable[..., Done]] = {
    WITHDRAW: withdraw,
    REVOKE: revoke,
    TERMINATE: terminate,
    REOPEN: reopen,
}
_WITHOUT: Mapping[str, Callable[..., Done]] = {CLAIM: claim, RELEASE: release, URGE: urge}
RECORD_VERBS = (*_WITH_COMMENT, *_WITHOUT)


def do_verb(
    unit: Unit,
    verb: str,
    form_id: str,
    record_id: int,
    comment: str | None = None,
    *,
    workflow: str | None = None,
) -> Done:
    """Do something to a record. Raises what the verb raises: NotFound, Denied, Conflict."""
    if verb in _WITH_COMMENT:
        return _WITH_COMMENT[verb](unit, form_id, record_id, comment, workflow=workflow)
    if verb in _WITHOUT:
        return _WITHOUT[verb](unit, form_id, record_id, workflow=workflow)
    raise NotFound


def takes_comment(verb: str) -> bool:
    """Return whether a verb may be explained."""
    return verb in _WITH_COMMENT
