"""The page that a browser shows without a connection, and where what waits to be sent is looked at.

It is kept in the browser, so nothing in it is of a person: the script fills it from what the browser holds.
"""

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response

from orderkit.web.request.visit import Visit

TEMPLATE = "pages/offline.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfflinePage:
    """The page as everybody gets it. `mark` is the letter of the project."""

    mark: str


def show_offline(visit: Visit) -> Response:
    """Return the page in the language of the address, if that names one."""
    visit.speak_as_asked()
    return visit.show_alone(TEMPLATE, OfflinePage(mark=visit.text(visit.runtime.project.label)[:1].upper()))


def tell_session(visit: Visit) -> Response:
    """Return who is signed in and the token of the session, for what is sent later; 401 for nobody."""
    return JSONResponse({"person": visit.person.id, "csrf": visit.passage.csrf})
