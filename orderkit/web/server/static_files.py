"""Serves the built front end, and the scripts of plugins: names carry a hash of the content, so browsers keep them."""

import mimetypes

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from orderkit.model.errors import NotFound
from orderkit.web.rendering.assets import Assets


def static_file(request: Request, assets: Assets) -> Response:
    """Return a built file, compressed where the browser takes it. Raises NotFound for any other name."""
    name = request.path_params["name"]
    headers = {"cache-control": "public, max-age=31536000, immutable", "vary": "accept-encoding"}
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    script = assets.script(name)
    if script is not None:
        if takes_gzip:
            headers["content-encoding"] = "gzip"
        content = script.compressed if takes_gzip else script.content
        return Response(content, media_type="text/javascript", headers=headers)
    if name not in assets.names.values():
        raise NotFound
    media_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
    path = assets.folder / name
    compressed = assets.folder / f"{name}.gz"
    if takes_gzip and compressed.is_file():
        path, headers["content-encoding"] = compressed, "gzip"
    return FileResponse(path, media_type=media_type, headers=headers)
