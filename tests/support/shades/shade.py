"""A field type as an installed plugin brings one: its template and its control stand beside it."""

from orderkit.catalog import Catalog, built_in
from orderkit.fields.field_type import Accepts, Invalid
from orderkit.fields.one_line import OneLine
from orderkit.language.compile import compile_project
from orderkit.model.labels import label as bilingual
from orderkit.model.options import OptionModel
from orderkit.model.project import Project
from tests.support.projects import ROOT

TIN = """\
form: tin
label: 罐
title: "{name}"
fields:
  name: {type: text, label: 名称, required: true}
  outer: {type: shade, label: 外色}
  inner: {type: shade, label: 内色, readonly_if: "name == 'closed'"}
  coats: {type: lines, label: 涂层, fields: {hue: {type: shade, label: 色调}, note: {type: text, label: 备注}}}
---
form: lid
label: 盖
title: "{name}"
fields: {name: {type: text, label: 名称, required: true}}
"""


class ShadeOptions(OptionModel):
    """A shade has no options."""


class Shade(OneLine[ShadeOptions]):
    """A grey from 0 to 9, as `G4`."""

    name = "shade"
    label = bilingual(zh="灰度", en="Shade")
    description = bilingual(zh="0 到 9 的灰度", en="A grey from 0 to 9")
    Options = ShadeOptions
    examples = (Accepts("g4", "G4"),)

    def canonical(self, options: ShadeOptions, text: str) -> str | Invalid:
        """Return the letter and the digit."""
        return text.upper()


def shaded() -> Catalog:
    """Return the catalog of an installation that has the plugin."""
    return built_in().with_(fields=(Shade(),))


def shaded_project(catalog: Catalog) -> Project:
    """Return a project with a form of shades, and one without any."""
    documents = dict(zip(("tin.yaml", "lid.yaml"), TIN.split("---\n"), strict=True))
    files = {name: text.encode() for name, text in {"orderkit.yaml": ROOT, **documents}.items()}
    compiled = compile_project(files, catalog).value
    assert compiled is not None
    return compiled
