"""The style page shows every field type, escapes every value, and is there for developers only."""

from collections.abc import Iterator

from jinja2 import Environment

from orderkit.catalog import built_in
from orderkit.fields.field_type import ColumnKind
from orderkit.web.display.fields import FieldViews
from orderkit.web.display.specimens import Specimen, specimen_rows
from orderkit.web.rendering.assets import load_assets
from orderkit.web.rendering.templates import Kinds, Templates
from orderkit.web.rendering.texts import load_texts
from tests.support.projects import example
from tests.web.conftest import SignIn

HOSTILE = "<img src=x"


def _specimens() -> Iterator[tuple[str, Specimen]]:
    rows = specimen_rows(FieldViews(example(), built_in(), "zh-CN"), example().forms[0], "light")
    yield from ((row.type, specimen) for row in rows for specimen in row.specimens)


def test_every_field_type_is_shown() -> None:
    shown = {name for name, _ in _specimens()}
    assert shown == {name for name, kind in built_in().fields.items() if kind.column is not ColumnKind.NONE}


def test_no_template_of_a_field_lets_markup_through() -> None:
    templates = Templates(built_in(), load_assets(), load_texts())
    environment: Environment = templates.environment
    kinds = Kinds(environment, {"t": templates.texts.speaker("zh-CN"), "locale": "zh-CN"})
    carriers = set()
    for name, specimen in _specimens():
        for draw in (kinds[name].input, kinds[name].show):  # type: ignore[attr-defined]  # macros of a template
            drawn = str(draw(specimen.view))
            assert HOSTILE not in drawn, f"{name} {specimen.state}"
            if "&lt;img src=x" in drawn:
                carriers.add(name)
    assert {"text", "address", "ref", "refs", "file", "files", "image", "signature", "richtext"} <= carriers


def test_who_only_uses_the_app_finds_no_style_page(as_: SignIn) -> None:
    assert as_("root").get("/_style").status == 404
