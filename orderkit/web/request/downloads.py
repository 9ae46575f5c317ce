"""Files that are made for whoever asks, and not kept."""

import os
from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from starlette.background import BackgroundTask
from starlette.responses import Response, StreamingResponse

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_PART = 256 * 1024


def workbook(name: str, content: bytes) -> Response:
    """Return an Excel file under this name."""
    return Response(content, media_type=_WORKBOOK, headers=_headers(name))


def written(name: str, text: str, media_type: str) -> Response:
    """Return a text as a file under this name."""
    return Response(text.encode(), media_type=media_type, headers=_headers(name))


def sent(name: str, file: BinaryIO, media_type: str) -> Response:
    """Return a file that was written aside, under this name. It is closed when it has been sent."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)

    def parts() -> Iterator[bytes]:
        while part := file.read(_PART):
            yield part

    headers = {**_headers(name), "content-length": str(length)}
    return StreamingResponse(
        parts(), media_type=media_type, headers=headers, background=BackgroundTask(file.close)
    )


def _headers(name: str) -> dict[str, str]:
    return {"content-disposition": f"attachment; filename*=utf-8''{quote(name)}"}
