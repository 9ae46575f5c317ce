"""The stamp and the font of a document, from the files that came with the model."""

import base64
from functools import cache

from markupsafe import Markup

from orderkit.engine.rows import RecordRow, holds
from orderkit.engine.runtime import Runtime, Unit
from orderkit.model.errors import Problem, Refused
from orderkit.model.exchange.papers import Asset, Print
from orderkit.model.labels import label, text_of
from orderkit.web.printing.values import NOTHING, Nothing

_STAMP = label(zh="印章", en="Stamp")


class Stamps:
    """The stamp of one document, put only on the records that its condition holds for."""

    def __init__(self, unit: Unit, printed: Print) -> None:
        self._unit = unit
        self._stamp = printed.stamp
        # Read for the first record that is stamped, if there is one.
        self._drawn = cache(self._draw)

    def of(self, row: RecordRow) -> Markup | Nothing:
        """Return the picture for a record; nothing where it is not stamped. Raises Refused where its file is gone."""
        stamp = self._stamp
        if stamp is None or (stamp.when is not None and not holds(self._unit, stamp.when, row)):
            return NOTHING
        return self._drawn()

    def _draw(self) -> Markup:
        assert self._stamp is not None
        image = self._stamp.image
        data = base64.b64encode(read(self._unit.runtime, image)).decode("ascii")
        return Markup('<img class="stamp" src="{}" alt="{}" style="width:{}mm">').format(
            f"data:{image.media_type};base64,{data}",
            text_of(_STAMP, self._unit.locale),
            f"{self._stamp.width_mm:f}",
        )


def read(runtime: Runtime, asset: Asset) -> bytes:
    """Return the bytes of a file. Raises Refused where it is gone: a document is not printed without its stamp."""
    data = runtime.asset(asset.digest)
    if data is None:
        raise Refused(
            [
                Problem(
                    path="",
                    code="asset_missing",
                    message=label(
                        zh=f"部署包里缺少 `{asset.path}`", en=f"`{asset.path}` is missing in the artifact"
                    ),
                    help=label(
                        zh="请让管理员重新运行 `orderkit build` 并部署整个 `build/`",
                        en="ask an administrator to run `orderkit build` again and to deploy all of `build/`",
                    ),
                )
            ]
        )
    return data


def font_of(runtime: Runtime, digest: str) -> bytes | None:
    """Return the font of a document by its SHA-256; None where no document has it, or it is gone."""
    fonts = {each.font.digest for each in runtime.project.prints if each.font is not None}
    return runtime.asset(digest) if digest in fonts else None


def font_address(printed: Print) -> str:
    """Return where the browser gets the font of a document; empty where it has none of its own."""
    return f"/print-fonts/{printed.font.digest}" if printed.font is not None else ""
