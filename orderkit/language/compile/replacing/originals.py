"""What an original template is given and what stands in it, read from its text: the contract of whatever replaces it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from jinja2 import Environment, nodes

# What every template is given, besides Jinja2's own.
GIVEN = (
    "page",
    "shell",
    "frame",
    "t",
    "locale",
    "kinds",
    "asset",
    "icon",
    "own_control",
    "when",
    "rich",
    "size_of",
    "once_each",
)
_WITH_PARTS = ("page", "shell", "frame")
_HOOKS = (
    re.compile(r"""\bid="[a-z][\w-]*\""""),
    re.compile(r"""\bdata-[a-z][a-z-]*"""),
    re.compile(r"""\bname="[^"{}]+\""""),
    re.compile(r"""\b(?:action|hx-get|hx-post)="[^"]+\""""),
)
_ASSETS = re.compile(r"""\basset\(\s*["']([\w./-]+)["']\s*\)""")
SHELL = "layouts/shell.html"
_EXPRESSION = re.compile(r"\{[{%](.*?)[}%]\}", re.DOTALL)
_EVERYWHERE = re.compile(r"(?<![\w.\"'/])(shell|frame)\.([a-z]\w*)")


# A tree is only read; a project's templates and those they rest on are parsed once by an editor's server.
@lru_cache(maxsize=256)
def parsed(source: str) -> nodes.Template:
    """Return the tree of a template; nothing is compiled, loaded or rendered. Raises TemplateSyntaxError."""
    return Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).parse(source)


def hooks_of(source: str) -> set[str]:
    """Return what the browser or the server finds in a template by its name."""
    plain = re.sub(r"\{#.*?#\}", "", source, flags=re.DOTALL)
    found = {" ".join(each.split()) for pattern in _HOOKS for each in pattern.findall(plain)}
    return found | {f'asset("{name}")' for name in _ASSETS.findall(plain)}


def macros_of(tree: nodes.Template) -> dict[str, tuple[str, ...]]:
    """Return the macros of a template with the names of their parameters."""
    return {each.name: tuple(arg.name for arg in each.args) for each in tree.find_all(nodes.Macro)}


def blocks_of(tree: nodes.Template) -> set[str]:
    """Return the blocks that a template fills or offers."""
    return {each.name for each in tree.find_all(nodes.Block)}


def taken_in(
    tree: nodes.Template,
) -> Iterable[nodes.Extends | nodes.Include | nodes.Import | nodes.FromImport]:
    """Return the statements by which a template takes in another one."""
    return tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport))


@dataclass(frozen=True)
class Contracts:
    """The originals of an installation, each parsed when it is asked for."""

    sources: Mapping[str, str]

    def tree(self, name: str) -> nodes.Template:
        """Return the tree of one original. Raises KeyError for a name that is none."""
        return parsed(self.sources[name])

    @cached_property
    def everywhere(self) -> Mapping[str, frozenset[str]]:
        """What `shell` and `frame` have, which are the same for every page.

        Found by their words: parsing a hundred templates takes longer than checking a small project.
        """
        found: dict[str, set[str]] = {"shell": set(), "frame": set()}
        for source in self.sources.values():
            for tag in _EXPRESSION.findall(source):
                for name, part in _EVERYWHERE.findall(tag):
                    found[name].add(part)
        return {name: frozenset(parts) for name, parts in found.items()}

    def fields(self, name: str) -> frozenset[str]:
        """Return the fields of the model of a page: those that its template, layout and parts use."""
        return frozenset(self._fields(name, set()))

    def stands_alone(self, name: str) -> bool:
        """Return whether an original is a whole page without the shell around it, and so is given no `shell`."""
        layouts = [self._layout(name)]
        while layouts[-1] is not None:
            layouts.append(self._layout(layouts[-1]))
        return name.startswith("pages/") and len(layouts) > 1 and SHELL not in layouts

    def _layout(self, name: str) -> str | None:
        extended = (each.template for each in self.tree(name).find_all(nodes.Extends))
        return next((str(each.value) for each in extended if isinstance(each, nodes.Const)), None)

    def _fields(self, name: str, seen: set[str]) -> set[str]:
        if name in seen or name not in self.sources:
            return set()
        seen.add(name)
        tree = self.tree(name)
        found = {part for base, part in _parts(tree) if base == "page"}
        for each in taken_in(tree):
            if isinstance(each.template, nodes.Const):
                found |= self._fields(str(each.template.value), seen)
        return found


def _parts(tree: nodes.Template) -> Iterable[tuple[str, str]]:
    for each in tree.find_all(nodes.Getattr):
        if isinstance(each.node, nodes.Name) and each.node.name in _WITH_PARTS:
            yield each.node.name, each.attr
