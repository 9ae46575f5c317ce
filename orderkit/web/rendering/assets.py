"""The built front end: from a plain name (`app.css`) to the address of the file that was built.

`frontend/build.mjs` writes the files and `manifest.json`. Their names change with their content, so
a browser may keep them for a year.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from orderkit.model.errors import OrderkitError
from orderkit.model.labels import label
from orderkit.web.rendering.controls import Script

FOLDER = Path(__file__).parent.parent / "static"


class FrontEndMissing(OrderkitError):
    """The front end has not been built; run `make setup`, or install orderkit from its wheel."""

    def __init__(self) -> None:
        super().__init__(
            label(
                zh="还没有构建前端文件：请运行 make setup，或安装 orderkit 的 wheel 包",
                en="The front end has not been built: run `make setup`, or install orderkit from its wheel",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """Which files there are, and the scripts that field types of plugins bring, by type."""

    folder: Path
    names: Mapping[str, str]
    controls: Mapping[str, Script] = field(default_factory=dict)

    def url(self, name: str) -> str:
        """Return the address of a built file."""
        return f"/static/{self.names[name]}"

    def control_url(self, field_type: str) -> str:
        """Return the address of the control that a plugin brings for a field type. Raises LookupError for none."""
        if field_type not in self.controls:
            raise LookupError(f"no control.js beside the field type {field_type!r}")
        return f"/static/{self.controls[field_type].name}"

    def script(self, name: str) -> Script | None:
        """Return the script that a plugin brings, by the last part of its address."""
        return next((each for each in self.controls.values() if each.name == name), None)

    def with_all_styles(self) -> "Assets":
        """Return these, with every class of Tabler among the styles."""
        return replace(self, names={**self.names, "app.css": self.names["whole.css"]})


def load_assets(folder: Path = FOLDER) -> Assets:
    """Read the manifest. Raises FrontEndMissing when nothing was built."""
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        raise FrontEndMissing
    return Assets(folder=folder, names=json.loads(manifest.read_text(encoding="utf-8")))
