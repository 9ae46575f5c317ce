"""What an answer means: done, try again, try later, never, or nobody knows."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from email.utils import parsedate_to_datetime

from orderkit.connectors.http.redaction import shown
from orderkit.model.errors import ConnectorFailed
from orderkit.model.labels import label

_AGAIN = frozenset({408, 409, 425, 429, 503})
_DEFAULT_WAIT_SECONDS = 60.0


def read_answer(
    status: int, headers: Mapping[str, str], body: bytes, *, is_write: bool, request: str
) -> object:
    """Return the JSON of a success (None when empty). Raises ConnectorFailed for everything else.

    409 is tried again: with an idempotency key it says that the first attempt is still at work.
    """
    summary = f"{request} → {status} {shown(body)}"
    if 200 <= status < 300:
        return _json_of(body, status, summary)
    raise _failed(status, headers.get("retry-after"), summary, is_write=is_write)


def _json_of(body: bytes, status: int, summary: str) -> object:
    if not body.strip():
        return None
    try:
        return json.loads(body, parse_float=Decimal)
    except ValueError as error:
        # A login page or a gateway's notice comes with 200 as well: it is no success, and no proof of failure.
        raise ConnectorFailed(
            label(zh=f"对方返回 {status}，但内容不是 JSON", en=f"answered {status}, but not with JSON"),
            is_outcome_unknown=True,
            summary=summary,
        ) from error


def _failed(status: int, retry_after: str | None, summary: str, *, is_write: bool) -> ConnectorFailed:
    wait = _retry_after_seconds(retry_after)
    if status == 429 and wait is None:
        wait = _DEFAULT_WAIT_SECONDS
    is_server_fault = status >= 500 and status not in {501, 503}
    return ConnectorFailed(
        label(zh=f"对方返回 {status}", en=f"answered {status}"),
        is_permanent=not is_server_fault and status not in _AGAIN,
        # The system may have done its work before it failed; a read has nothing to lose.
        is_outcome_unknown=is_server_fault and is_write,
        retry_after_seconds=wait,
        summary=summary,
    )


def _retry_after_seconds(value: str | None) -> float | None:
    if value is None:
        return None
    if value.strip().isdecimal():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
