"""Signing in at the company's own provider: sending a browser there, and taking in what it brings back.

What must come back stays with the browser, sealed in a cookie of its own, for ten minutes and one answer.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import RedirectResponse, Response

from orderkit.engine.accounts import oidc
from orderkit.model.errors import OrderkitError
from orderkit.web.pages.sign_in import go_on, show_problem
from orderkit.web.request.cookies import ATTEMPT, SESSION
from orderkit.web.request.visit import Visit, own_address

START, CALLBACK = "/sign-in/oidc", "/sign-in/oidc/callback"
# So many may wait for the provider at once, in threads of their own: the app goes on when it hangs.
AT_ONCE = 8
_PURPOSE = "single sign-on"
# A cookie holds 4096 bytes, and sealing takes a third.
_LONGEST_NEXT = 1000
_LONGEST_PART = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What the cookie holds."""

    attempt: oidc.Attempt
    next: str


def start(visit: Visit) -> Response:
    """Send the browser to the provider; who is signed in already goes straight on."""
    next_address = own_address(visit.query.get("next", "/"))
    if len(next_address) > _LONGEST_NEXT:
        next_address = "/"
    if visit.passage.session is not None:
        return visit.go(next_address)
    scheme = "https" if visit.passage.is_https else "http"
    redirect = f"{scheme}://{visit.request.headers.get('host', '')}{CALLBACK}"
    try:
        address, attempt = oidc.begin(visit.runtime, redirect, locale=visit.locale)
    except OrderkitError as error:
        return show_problem(visit, next_address, error)
    response = RedirectResponse(address, 303)
    kept = _sealed(visit, _Kept(attempt=attempt, next=next_address))
    visit.keep_cookie(response, ATTEMPT, kept, max_age_seconds=int(oidc.LONGEST.total_seconds()))
    return response


def come_back(visit: Visit) -> Response:
    """Let in whoever comes back with an answer to what this browser began."""
    kept = _opened(visit)
    returned = oidc.Returned(
        state=_part(visit, "state"),
        code=_part(visit, "code"),
        issuer=_part(visit, "iss"),
        error=_part(visit, "error"),
    )
    next_address = "/" if kept is None else own_address(kept.next)
    try:
        entered = oidc.finish(
            visit.runtime,
            None if kept is None else kept.attempt,
            returned,
            previous=visit.request.cookies.get(SESSION),
            address=visit.passage.client,
        )
    except OrderkitError as error:
        response = show_problem(visit, next_address, error)
    else:
        response = go_on(visit, entered, next_address)
    # It serves once, whatever came of it.
    visit.drop_cookie(response, ATTEMPT)
    return response


def _part(visit: Visit, name: str) -> str:
    return visit.query.get(name, "")[:_LONGEST_PART]


def _sealed(visit: Visit, kept: _Kept) -> str:
    attempt = kept.attempt
    parts = [attempt.state, attempt.nonce, attempt.verifier, attempt.redirect, attempt.begun.isoformat()]
    return visit.site.settings.secret_keys.sealed(json.dumps([*parts, kept.next]), purpose=_PURPOSE)


def _opened(visit: Visit) -> _Kept | None:
    """Return what this browser has kept; None when it has nothing that this server has sealed."""
    text = visit.site.settings.secret_keys.opened(visit.request.cookies.get(ATTEMPT, ""), purpose=_PURPOSE)
    if text is None:
        return None
    state, nonce, verifier, redirect, begun, next_address = json.loads(text)
    attempt = oidc.Attempt(
        state=state,
        nonce=nonce,
        verifier=verifier,
        redirect=redirect,
        begun=datetime.fromisoformat(begun),
    )
    return _Kept(attempt=attempt, next=next_address)
