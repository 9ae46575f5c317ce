"""Attachments: taken in while a form is filled in, and given out to who may see their field."""

from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.responses import FileResponse, JSONResponse, Response

from orderkit.engine import records
from orderkit.engine.files import SHOWN_INLINE
from orderkit.engine.runtime import Channel
from orderkit.web.display.sizes import shown_size
from orderkit.web.errors import BadForm
from orderkit.web.request.visit import Visit

CHUNK_BYTES = 1024 * 1024


def upload(visit: Visit) -> Response:
    """Store a file for a field and return its id, name and size as JSON."""
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile):
        raise BadForm
    source = sent.file
    stored = records.upload(
        visit.runtime,
        visit.person,
        Channel.PAGE,
        visit.name("form"),
        visit.name("field"),
        name=sent.filename or "",
        chunks=iter(lambda: source.read(CHUNK_BYTES), b""),
    )
    return JSONResponse({"id": stored.id, "name": stored.name, "size": shown_size(stored.size)})


def download(visit: Visit) -> Response:
    """Return a file. Only pictures and PDFs are shown in the browser, and even those in a sandbox."""
    with visit.reading() as unit:
        view, path = records.open_attachment(unit, visit.number("id"))
    is_inline = view.media_type in SHOWN_INLINE
    disposition = "inline" if is_inline else "attachment"
    headers = {
        "content-disposition": f"{disposition}; filename*=utf-8''{quote(view.name)}",
        "content-security-policy": "sandbox; default-src 'none'; img-src 'self'; style-src 'unsafe-inline'",
    }
    if view.media_type == "application/pdf":
        # Browsers show no PDF inside a sandbox; it still may load nothing from elsewhere.
        headers["content-security-policy"] = "default-src 'self'; object-src 'self'; script-src 'none'"
    media_type = view.media_type if is_inline else "application/octet-stream"
    return FileResponse(path, media_type=media_type, headers=headers)
