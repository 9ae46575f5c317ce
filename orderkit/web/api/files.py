"""Attachments over HTTP: uploading one for a field, and downloading one that the caller may see.

An upload belongs to nobody until its id is saved in a record; after a day it is removed.
"""

from urllib.parse import quote

from orderkit.engine.records import open_attachment, upload
from orderkit.engine.runtime import Channel, Runtime
from orderkit.model.labels import label
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.documents import file_address, file_document
from orderkit.web.api.problems import BadRequest
from orderkit.web.api.records import record_id


def upload_file(runtime: Runtime, call: Call) -> Answer:
    """Store a file for a field (`order`, `contract`; `order.lines`, `drawing`); answers with its id."""
    if call.upload is None:
        raise BadRequest(
            "no_file",
            label(
                zh="请以 multipart/form-data 上传，文件部分名为 file",
                en="send the file as multipart/form-data, in a part named `file`",
            ),
        )
    stored = upload(
        runtime,
        call.person,
        Channel.API,
        call.names["form"],
        call.names["field"],
        name=call.upload.name,
        chunks=call.upload.chunks,
    )
    return json_answer(file_document(stored), status=201, headers={"Location": file_address(stored.id)})


def download_file(runtime: Runtime, call: Call) -> Answer:
    """Send an attachment, always to be saved and never to be shown by a browser."""
    with call.reading(runtime) as unit:
        view, path = open_attachment(unit, record_id(call))
    return Answer(
        file=path,
        media_type=view.media_type,
        headers={
            "Cache-Control": "private, no-store",
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(view.name, safe='')}",
        },
    )
