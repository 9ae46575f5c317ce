"""Which icon a link shows: the one its menu names, if the sprite has it, else one for its kind.

`frontend/icons.txt` lists the sprite; the same names stand in the built file.
"""

import re
from functools import cache

from orderkit.web.rendering.assets import load_assets

_BY_KIND = {
    "form": "list-details",
    "report": "report-analytics",
    "dashboard": "dashboard",
    "import": "file-import",
    "page": "file-text",
}


@cache
def icon_names() -> frozenset[str]:
    """Return the names of the icons of the sprite."""
    assets = load_assets()
    sprite = (assets.folder / assets.names["icons.svg"]).read_text(encoding="utf-8")
    return frozenset(re.findall(r'<symbol id="([a-z0-9-]+)"', sprite))


def known_icon(named: str | None) -> str:
    """Return an icon that the sprite has; empty for none and for any other."""
    return named if named is not None and named in icon_names() else ""


def icon_of(kind: str, named: str | None) -> str:
    """Return the icon of a menu link."""
    return known_icon(named) or _BY_KIND[kind]
