"""Makes one PDF in a process of its own; run by `pdf.py`, never imported.

It has bounds on memory and time, and reaches neither files nor the network: what a document shows stands in it.
It imports nothing of orderkit, so that it starts at once. It reads JSON, and writes a PDF, or JSON that says why
there is none: the first byte tells.
"""

import base64
import json
import logging
import sys
import warnings
from contextlib import suppress
from typing import Any

_MISSING = "notdef"
# As `pdf.py` calls it.
FONT_ADDRESS = "print-font:own"


class _Unknown(logging.Handler):
    """Collects the characters that no font of this machine has."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        """Take a message in."""
        if _MISSING in str(record.msg) and record.args:
            self.found.update(str(each) for each in (record.args if isinstance(record.args, tuple) else ()))


def bound(memory_bytes: int, seconds: int) -> None:
    """Bound memory and time. Windows has no such bounds: there the caller's own limit of time must do."""
    if sys.platform != "win32":
        import resource  # noqa: PLC0415 - Windows does not have it

        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # macOS knows this bound and refuses to set it.
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))


def made(documents: list[str], font: bytes | None) -> tuple[bytes, set[str]]:
    """Return the documents one after another as one PDF, and the characters that no font has."""
    from weasyprint import HTML  # noqa: PLC0415 - slow, and missing where it is not installed
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Fetcher(URLFetcher):  # type: ignore[misc]  # no types where it is not installed
        """Knows the font that was handed in, and what an address itself holds."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            """Return what stands at an address."""
            if font is not None and url == FONT_ADDRESS:
                return URLFetcherResponse(url, font)
            return super().fetch(url, headers)

    unknown = _Unknown()
    logger = logging.getLogger("weasyprint")
    logger.handlers = [unknown]
    logger.propagate = False
    fetcher = Fetcher(allowed_protocols=("data",), allow_redirects=False)
    # One for all, so that their font is taken in once.
    fonts = FontConfiguration()
    # Each counts its own pages.
    laid_out: list[Any] = [
        HTML(string=each, url_fetcher=fetcher).render(font_config=fonts) for each in documents
    ]
    pages = [page for each in laid_out for page in each.pages]
    return laid_out[0].copy(pages).write_pdf(), unknown.found


def main(memory_bytes: int, seconds: int) -> None:
    """Answer on standard output."""
    warnings.simplefilter("ignore")
    bound(memory_bytes, seconds)
    given = json.load(sys.stdin)
    font = base64.b64decode(given["font"]) if given["font"] is not None else None
    try:
        pdf, unknown = made(given["documents"], font)
    except (ImportError, OSError) as error:
        sys.stdout.write(json.dumps({"lacks": str(error)}))
        return
    if unknown:
        sys.stdout.write(json.dumps({"unknown": sorted(unknown)}))
        return
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main(*(int(each) for each in sys.argv[1:]))
