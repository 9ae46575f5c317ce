"""The templates of pages, components and layouts that a project replaces by files of the same name in `templates/`."""

from collections.abc import Mapping

from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.replacing import codes
from orderkit.language.compile.replacing.pages import template_of
from orderkit.language.findings import did_you_mean
from orderkit.language.source import SourceText
from orderkit.language.spec.kinds import papers
from orderkit.model.labels import label
from orderkit.model.templates import ReplacedTemplate

_FOLDER = "templates/"
_REPLACEABLE = ("pages/", "components/", "layouts/")


def lower_templates(lowering: Lowering) -> tuple[ReplacedTemplate, ...]:
    """Return the templates of the project, each checked against the one that it replaces."""
    originals = lowering.compilation.catalog.originals
    known = {name for name in originals if name.startswith(_REPLACEABLE)}
    found = {}
    for name, source in _brought(lowering).items():
        if name in known:
            found[name] = source
            continue
        lowering.reading.report(
            codes.NO_ORIGINAL,
            source.span(0, 1),
            label(zh=f"没有可替换的模板 `{name}`", en=f"there is no template `{name}` to be replaced"),
            did_you_mean(name, known),
            candidates=known,
        )
    if not found:
        return ()
    # Jinja2 is loaded only where there is something to parse.
    from orderkit.language.compile.papers.places import Places  # noqa: PLC0415
    from orderkit.language.compile.replacing.checking import TemplateCheck  # noqa: PLC0415
    from orderkit.language.compile.replacing.originals import Contracts  # noqa: PLC0415

    contracts, replaced = (
        Contracts(originals),
        {name: each.text.replace("\r\n", "\n") for name, each in found.items()},
    )
    for name, source in found.items():
        TemplateCheck(lowering.reading, contracts, replaced, name, source, Places(source)).run()
    return tuple(ReplacedTemplate(name=name, source=text) for name, text in sorted(replaced.items()))


def _brought(lowering: Lowering) -> Mapping[str, SourceText]:
    """Return the templates in the folders of pages, by the name of what they replace; those of prints are others."""
    own = {template_of(page) for page in lowering.compilation.named.of("page")}
    printed = {
        each.written[papers.TEMPLATE_]
        for each in lowering.compilation.named.of("print").values()
        if each.written is not None
    }
    return {
        path.removeprefix(_FOLDER): source
        for path, source in lowering.compilation.named.templates.items()
        if source is not None
        and path.startswith(tuple(f"{_FOLDER}{folder}" for folder in _REPLACEABLE))
        and path not in printed
        and path not in own
    }
