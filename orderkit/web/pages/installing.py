"""What a browser needs to put the app on a home screen: the manifest, its icons, and the worker at the root.

The drawings are made from the first letter of the project's name; phones that take no SVG get the plain one.
"""

from markupsafe import Markup
from starlette.responses import FileResponse, JSONResponse, Response

from orderkit.web.rendering.assets import Assets
from orderkit.web.request.visit import Visit

ACCENT = "#2f5bd3"
PAGE_COLOR = "#f5f6f8"
LONGEST_SHORT_NAME = 12
PLAIN_SIZES = (192, 512)
# A browser asks for these again each time it looks for something newer.
_FRESH = {"cache-control": "no-cache"}
_ICON = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 512 512">'
    '<rect width="512" height="512" rx="{corner}" fill="{color}"/>'
    '<text x="256" y="256" dy="0.36em" text-anchor="middle" fill="#fff" font-weight="600" font-size="{size}"'
    " font-family=\"system-ui, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif\">{letter}</text>"
    "</svg>"
)


def show_manifest(visit: Visit) -> Response:
    """Return the web app manifest in the language of the address."""
    visit.speak_as_asked()
    name = visit.text(visit.runtime.project.label)
    drawings = (
        ("any", f"/app-icon.svg?locale={visit.locale}"),
        ("maskable", f"/app-icon-whole.svg?locale={visit.locale}"),
    )
    document = {
        "id": "/",
        "name": name,
        "short_name": name[:LONGEST_SHORT_NAME].strip(),
        "lang": visit.locale,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": PAGE_COLOR,
        "background_color": PAGE_COLOR,
        "icons": [
            *(
                {"src": address, "sizes": "any", "type": "image/svg+xml", "purpose": purpose}
                for purpose, address in drawings
            ),
            *(_plain(visit.site.templates.assets, size) for size in PLAIN_SIZES),
        ],
    }
    return JSONResponse(document, media_type="application/manifest+json", headers=_FRESH)


def show_icon(visit: Visit) -> Response:
    """Return the icon with round corners."""
    return _drawn(visit, corner=112, size=288)


def show_whole_icon(visit: Visit) -> Response:
    """Return the icon whose edges a system may cut as it likes: the letter stays in the middle."""
    return _drawn(visit, corner=0, size=224)


def show_worker(visit: Visit) -> Response:
    """Return the worker. It stands at the root, so that it may serve every page."""
    assets = visit.site.templates.assets
    path = assets.folder / assets.names["worker.js"]
    return FileResponse(path, media_type="text/javascript", headers=_FRESH)


def _drawn(visit: Visit, *, corner: int, size: int) -> Response:
    visit.speak_as_asked()
    letter = visit.text(visit.runtime.project.label)[:1].upper()
    drawing = _ICON.format(corner=corner, color=ACCENT, size=size, letter=letter)
    return Response(drawing, media_type="image/svg+xml", headers=_FRESH)


def _plain(assets: Assets, size: int) -> dict[str, str]:
    return {
        "src": assets.url(f"app-{size}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": "any",
    }
