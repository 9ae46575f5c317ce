"""Pictures of records, which stand in a document itself, so that it loads nothing."""

import base64
import re

from jinja2.exceptions import FilterArgumentError
from markupsafe import Markup

from orderkit.engine import records
from orderkit.engine.runtime import Unit
from orderkit.model.errors import NotFound
from orderkit.model.labels import label
from orderkit.web.printing.bounds import Exceeded
from orderkit.web.printing.values import Attached

MOST_BYTES = 20 * 1024 * 1024
KINDS = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Kinds of pictures of records: a drawing (SVG) of somebody's could bring in more than it shows."""

_LENGTH = re.compile(r"\d{1,3}(\.\d{1,2})?mm")
_TOO_MANY = label(zh="图片加起来太大", en="its pictures are too large together")


class Pictures:
    """The pictures of one printing, each as it may be seen by the person who prints."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._bytes = 0

    def attached(self, file: Attached, width: str, height: str) -> Markup:
        """Return a picture of a field; nothing for a file that is none, or that is gone."""
        if file.view.media_type not in KINDS:
            return Markup("")
        try:
            view, path = records.open_attachment(self._unit, file.view.id)
        except NotFound:
            return Markup("")
        self._count(view.size)
        data = base64.b64encode(path.read_bytes()).decode("ascii")
        return _drawn(view.media_type, data, view.name, width, height)

    def _count(self, size: int) -> None:
        self._bytes += size
        if self._bytes > MOST_BYTES:
            raise Exceeded(_TOO_MANY)


def _drawn(media_type: str, data: str, name: str, width: str, height: str) -> Markup:
    lengths = [(word, given) for word, given in (("width", width), ("height", height)) if given]
    if not all(_LENGTH.fullmatch(given) for _, given in lengths):
        message = "length"
        raise FilterArgumentError(message)
    style = ";".join(f"{word}:{given}" for word, given in lengths)
    return Markup('<img src="data:{};base64,{}" alt="{}" style="{}">').format(media_type, data, name, style)
