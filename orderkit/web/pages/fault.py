"""What people see when something was refused or went wrong: a page, a notice, or a problem document."""

from dataclasses import dataclass, replace
from urllib.parse import quote

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from orderkit.engine.incidents import note_incident
from orderkit.engine.runtime import Channel, Runtime
from orderkit.model.errors import Refused
from orderkit.model.labels import text_of
from orderkit.web.errors import BUG, SignInNeeded, explanation_of, fault_of
from orderkit.web.middleware.locales import nearest_locale
from orderkit.web.request.passage import passage_of
from orderkit.web.request.visit import Visit, sign_in_address
from orderkit.web.server.site import Site

TEMPLATE = "pages/fault.html"
log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultPage:
    """What went wrong and what to do. `reference` finds it in the log."""

    status: int
    heading: str
    explanation: str
    problems: tuple[str, ...]
    reference: str | None
    back: str


def answer_fault(site: Site, request: Request, error: Exception) -> Response:
    """Return the answer to an error, in the form that the caller can show.

    A project may replace the templates of it; when one of them fails as well, it is answered with ours.
    """
    try:
        return _answer(Visit(site, request), request, error)
    except Exception as failed:
        if site.templates.environment is site.templates.own:
            raise
        log.exception("fault_template_failed", action="faults.answer")
        note_bug(site.runtime, request, failed)
        ours = replace(site, templates=site.templates.unreplaced())
        return _answer(Visit(ours, request), request, error)


def _answer(visit: Visit, request: Request, error: Exception) -> Response:
    passage = passage_of(request.scope)
    project = visit.runtime.project
    if not passage.locale:
        accepted = request.headers.get("accept-language", "")
        passage.locale = nearest_locale(accepted, project.locales, project.locale)
    fault, explanation = fault_of(error), visit.text(explanation_of(error))
    problems = (
        tuple(text_of(each.message, visit.locale) for each in error.problems)
        if isinstance(error, Refused)
        else ()
    )
    if (
        isinstance(error, SignInNeeded)
        and request.method == "GET"
        and not visit.is_partial
        and not visit.wants_json
    ):
        return visit.go(sign_in_address(visit.here()))
    if visit.is_partial:
        if isinstance(error, SignInNeeded):
            shown = request.headers.get("hx-current-url", "")
            return visit.go(f"/sign-in?next={quote(_path_of(shown), safe='')}")
        text = "；".join(problems) if visit.locale.startswith("zh") else "; ".join(problems)
        said = visit.say(text or explanation, is_good=False)
        said.status_code = fault.status
        return said
    if visit.wants_json:
        document = {
            "type": f"urn:orderkit:problem:{fault.code}",
            "title": visit.text(fault.heading),
            "status": fault.status,
            "detail": "；".join(problems) or explanation,
        }
        return JSONResponse(document, fault.status, media_type="application/problem+json")
    page = FaultPage(
        status=fault.status,
        heading=visit.text(fault.heading),
        explanation=explanation,
        problems=problems if problems != (explanation,) else (),
        reference=passage.request_id if fault is BUG else None,
        back="/" if passage.session is not None else "/sign-in",
    )
    response = visit.show_alone(TEMPLATE, page, status=fault.status)
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def note_bug(runtime: Runtime, request: Request, error: Exception) -> None:
    """Keep a bug under the reference that its page shows. The secret of a link is no part of the place."""
    path = request.url.path
    is_api = path.startswith("/api/")
    note_incident(
        runtime,
        error,
        reference=passage_of(request.scope).request_id,
        channel=Channel.API if is_api else Channel.PAGE,
        place=f"{request.method} {'/link/…' if path.startswith('/link/') else path}",
    )


def _path_of(address: str) -> str:
    """Return path and query of an address that htmx names; whatever else it is, the home page."""
    rest = address.split("://", 1)[-1]
    slash = rest.find("/")
    return rest[slash:] if slash >= 0 else "/"
