"""What of a request and its answer may stand in the attempt log."""

import json
import re

import httpx

MAX_SHOWN = 1000
_SECRET_KEY = re.compile(r"pass|secret|token|authorization|api_?key|credential|signature", re.IGNORECASE)


def shown_url(url: httpx.URL) -> str:
    """Return the URL without user information, its query values hidden."""
    plain = f"{url.scheme}://{url.netloc.decode('ascii')}{url.path}"
    names = [name for name, _ in url.params.multi_items()]
    return plain if not names else f"{plain}?{'&'.join(f'{name}=…' for name in names)}"


def shown(body: bytes) -> str:
    """Return a body as one short line, values of secret-looking keys hidden."""
    if not body:
        return ""
    try:
        text = json.dumps(_redacted(json.loads(body)), ensure_ascii=False)
    except ValueError:
        text = " ".join(body.decode("utf-8", "replace").split())
    return text if len(text) <= MAX_SHOWN else f"{text[:MAX_SHOWN]}…"


def _redacted(value: object) -> object:
    if isinstance(value, dict):
        return {key: "***" if _SECRET_KEY.search(key) else _redacted(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_redacted(inner) for inner in value]
    return value
