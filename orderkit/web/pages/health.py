"""Two questions of whoever watches the server: does it live, and can it do its work."""

from starlette.responses import PlainTextResponse, Response

from orderkit.engine.runtime import SYSTEM, Channel
from orderkit.engine.workflow import count_tasks
from orderkit.web.request.visit import Visit


def show_health(_: Visit) -> Response:
    """Say that the process answers."""
    return PlainTextResponse("ok")


def show_readiness(visit: Visit) -> Response:
    """Say whether the database answers too, and is still one for this program; any error on the way says no.

    A newer build may have migrated it meanwhile: then no more people are sent here.
    """
    try:
        visit.site.refuse_unready()
        with visit.runtime.read(SYSTEM, Channel.COMMAND) as unit:
            count_tasks(unit)
    except Exception:  # noqa: BLE001 - whatever it is, this server can do no work
        return PlainTextResponse("the database does not answer, or is no longer one for this build", 503)
    return PlainTextResponse("ready")
