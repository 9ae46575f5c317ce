"""The cookies of the app, all made in one place so that none forgets a flag."""

from http.cookies import SimpleCookie

SESSION = "orderkit_session"
VISITOR = "orderkit_visitor"
LOCALE = "orderkit_locale"
NOTICE = "orderkit_notice"
ATTEMPT = "orderkit_attempt"

YEAR_SECONDS = 365 * 24 * 3600


def set_cookie(name: str, value: str, *, is_https: bool, max_age_seconds: int | None = None) -> str:
    """Return a Set-Cookie value: not readable by scripts, not sent along from other sites."""
    cookie = SimpleCookie({name: value})
    morsel = cookie[name]
    morsel["path"] = "/"
    morsel["httponly"] = True
    morsel["samesite"] = "Lax"
    if is_https:
        morsel["secure"] = True
    if max_age_seconds is not None:
        morsel["max-age"] = max_age_seconds
    return morsel.OutputString()


def drop_cookie(name: str, *, is_https: bool) -> str:
    """Return a Set-Cookie value that removes a cookie."""
    return set_cookie(name, "", is_https=is_https, max_age_seconds=0)
