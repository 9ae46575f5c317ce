"""What the environment says of links in mails: where people reach the app, and how long a link holds."""

import re
from datetime import timedelta

import structlog

from orderkit.engine.runtime import Runtime

ADDRESS_VARIABLE = "ORDERKIT_PUBLIC_URL"
DAYS_VARIABLE = "ORDERKIT_DECISION_LINK_DAYS"
DAYS = 3
MOST_DAYS = 30

log = structlog.get_logger(__name__)

_ADDRESS = re.compile(r"https?://(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:]+\])(?::[0-9]{1,5})?/?", re.ASCII)


def public_address(runtime: Runtime) -> str | None:
    """Return where people reach the app, such as `https://orders.example.com`; None where nobody has said it."""
    given = (runtime.environment(ADDRESS_VARIABLE) or "").strip()
    if not given:
        return None
    if _ADDRESS.fullmatch(given) is None:
        log.warning("public_url_unusable", action="decision_links.address", variable=ADDRESS_VARIABLE)
        return None
    return given.rstrip("/")


def lifetime(runtime: Runtime) -> timedelta:
    """Return how long a link holds: ORDERKIT_DECISION_LINK_DAYS says other than three days."""
    given = (runtime.environment(DAYS_VARIABLE) or "").strip()
    is_number = given.isascii() and given.isdecimal() and len(given) <= len(str(MOST_DAYS)) and int(given) > 0
    return timedelta(days=min(int(given), MOST_DAYS) if is_number else DAYS)
