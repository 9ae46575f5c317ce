"""Files that are made for whoever asks, and not kept."""

from urllib.parse import quote

from starlette.responses import Response

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook(name: str, content: bytes) -> Response:
    """Return an Excel file under this name."""
    headers = {"content-disposition": f"attachment; filename*=utf-8''{quote(name)}"}
    return Response(content, media_type=_WORKBOOK, headers=headers)
