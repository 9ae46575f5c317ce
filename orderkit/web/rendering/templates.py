"""The templates: strict about names that do not exist, and escaping everything that is not a template.

`pages/` and `components/` stand in this package, unless the project replaces one, a field type's template beside its class, as
`fields/<name>.html` — so a field type that a plugin brings has its template in the plugin.
"""

import copy
import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from jinja2 import Environment, StrictUndefined, TemplateNotFound
from jinja2.environment import TemplateModule
from jinja2.loaders import BaseLoader, ChoiceLoader, DictLoader, FileSystemLoader
from markupsafe import Markup, escape

from orderkit.catalog import Catalog
from orderkit.fields.richtext.markup import sanitised
from orderkit.web.display.sizes import shown_size
from orderkit.web.rendering.assets import Assets
from orderkit.web.rendering.compiling import COMPILED, Plain
from orderkit.web.rendering.guarding import beside
from orderkit.web.rendering.texts import Texts

T = TypeVar("T")

FOLDER = Path(__file__).parent.parent
_FIELDS = "fields/"
# A page draws some hundred icons, of few names.
MOST_ICONS = 1_000


class FieldTemplates(BaseLoader):
    """Finds `fields/<type>.html` beside the class of the type."""

    def __init__(self, catalog: Catalog) -> None:
        self.paths = {
            name: Path(inspect.getfile(type(field_type))).parent / "input.html"
            for name, field_type in catalog.fields.items()
        }

    @property
    def has_others(self) -> bool:
        """Whether a plugin brings one."""
        package = FOLDER.parent
        return any(path.is_file() and not path.is_relative_to(package) for path in self.paths.values())

    def get_source(
        self,
        environment: Environment,  # noqa: ARG002 - the loader's signature
        template: str,
    ) -> tuple[str, str | None, Callable[[], bool] | None]:
        """Return the source of a field type's template."""
        path = self.paths.get(template.removeprefix(_FIELDS).removesuffix(".html"))
        if not template.startswith(_FIELDS) or path is None or not path.is_file():
            raise TemplateNotFound(template)
        written = path.stat().st_mtime_ns
        return path.read_text(encoding="utf-8"), str(path), lambda: path.stat().st_mtime_ns == written


class Shown(Protocol):
    """What is asked of a field before its type draws it."""

    @property
    def type(self) -> str:
        """The name of its type."""


class Kinds:
    """The templates of field types within one rendering, each made when the first field of its type comes."""

    def __init__(self, environment: Environment, words: Mapping[str, object]) -> None:
        # Private, as templates of a project see this, and may not reach what compiles ours.
        self._environment = environment
        self.words = dict(words)
        self.made: dict[str, TemplateModule] = {}

    def __getitem__(self, name: str) -> TemplateModule:
        """Return the template of a field type, whose `input` and `show` draw a field."""
        if name not in self.made:
            template = self._environment.get_template(f"{_FIELDS}{name}.html")
            self.made[name] = template.make_module(self.words)
        return self.made[name]

    def show(self, field: "Shown") -> str:
        """Return a field as its type draws it to be read."""
        macros: Any = self[field.type]
        drawn: str = macros.show(field)
        return drawn


class Templates:
    """Renders a template with what a page gives it, the texts of a language, and icons."""

    def __init__(
        self,
        catalog: Catalog,
        assets: Assets,
        texts: Texts,
        *,
        replaced: Mapping[str, str] = MappingProxyType({}),
        is_development: bool = False,
    ) -> None:
        """Take in the templates here and beside the field types, and those that a project has in their place."""
        of_fields = FieldTemplates(catalog)
        self.texts = texts
        # The usual styles hold what the templates of this package name; those of others may name any class.
        self.assets = assets.with_all_styles() if replaced or of_fields.has_others else assets
        own: tuple[BaseLoader, ...] = (of_fields, FileSystemLoader(FOLDER))
        # Told apart by type too: what is HTML already stands as it is.
        self.drawn_icon = lru_cache(MOST_ICONS, typed=True)(self.icon)
        self.own = self._environment(Plain, own, is_development=is_development)
        self.environment = self.own
        if replaced:
            # Only those that a project brings are watched, as watching takes most of a page's time.
            watched, trusted = beside(replaced)
            self.environment = self._environment(
                watched, (DictLoader(replaced), *own), is_development=is_development
            )
            partner = self._environment(trusted, own, is_development=is_development)
            watched.trusted, trusted.watched = partner, self.environment

    def _environment(
        self, kind: type[Environment], loaders: Sequence[BaseLoader], *, is_development: bool
    ) -> Environment:
        made = kind(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=is_development,
            cache_size=-1,
            bytecode_cache=COMPILED if issubclass(kind, Plain) else None,
        )
        made.globals.update(
            asset=self.assets.url,
            icon=self.drawn_icon,
            own_control=self.own_control,
            when=attribute_when,
            rich=rich_text,
            size_of=shown_size,
            once_each=once_each,
        )
        return made

    def icon(self, name: str, classes: str = "") -> Markup:
        """Return an icon of the sprite. It is decoration: what it means stands beside it as text."""
        return Markup('<svg class="icon{}" aria-hidden="true"><use href="{}#{}"></use></svg>').format(
            f" {classes}" if classes else "", self.assets.url("icons.svg"), name
        )

    def own_control(self, field_type: str) -> Markup:
        """Return the attributes of the root of a control that a plugin brings. Raises LookupError for none."""
        return Markup('data-control="{}" data-script="{}"').format(
            field_type, self.assets.control_url(field_type)
        )

    def render(self, name: str, locale: str, context: Mapping[str, object]) -> str:
        """Return the HTML of a template."""
        words = {"t": self.texts.speaker(locale), "locale": locale}
        template = self.environment.get_template(name)
        return template.render(**words, kinds=Kinds(self.environment, words), **context)

    def unreplaced(self) -> "Templates":
        """Return these without what a project has in their place: for telling of a fault of its templates."""
        ours = copy.copy(self)
        ours.environment = self.own
        return ours


def rich_text(html: str) -> Markup:
    """Return rich text as HTML, sanitised once more: what is stored may be older than the list of tags."""
    return Markup(sanitised(html))  # noqa: S704 - nothing gets through that is not on the list


def once_each(draw: Callable[[T], str]) -> Callable[[Sequence[T]], Markup]:
    """Return what draws things one after the other by a macro, and each of them once within one rendering."""
    # Found by itself, not by what it is equal to: comparing would take longer than drawing. What is kept stays alive.
    known: dict[int, tuple[T, Markup]] = {}

    def drawn(of: T) -> Markup:
        found = known.get(id(of))
        if found is None:
            found = known[id(of)] = of, escape(draw(of))
        return found[1]

    def all_drawn(things: Sequence[T]) -> Markup:
        return Markup("".join(map(drawn, things)))  # noqa: S704 - each was escaped as it was drawn

    return all_drawn


def attribute_when(holds: object, attribute: str) -> Markup:
    """Return ` attribute` where the condition holds, else nothing. `attribute` is written in a template."""
    return Markup(f" {attribute}") if holds else Markup("")  # noqa: S704 - never a value of a person
