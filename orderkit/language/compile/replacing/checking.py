"""Checks one template against the original that it replaces. It is parsed, never run."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from jinja2 import TemplateSyntaxError, nodes
from jinja2.defaults import DEFAULT_NAMESPACE
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from orderkit.language.compile.papers.places import Places, first_words
from orderkit.language.compile.replacing import codes
from orderkit.language.compile.replacing.originals import (
    GIVEN,
    SHELL,
    Contracts,
    blocks_of,
    hooks_of,
    macros_of,
    parsed,
    taken_in,
)
from orderkit.language.compile.replacing.rows import OF_ROW, Asked, Rows, asked_of_rows
from orderkit.language.findings import Span, did_you_mean
from orderkit.language.source import SourceText
from orderkit.language.spec import Reading
from orderkit.model.labels import Label, label
from orderkit.model.templates import template_version

_FIELDS = "fields."
_INNER = frozenset({"loop", "super", "self", "caller", "varargs", "kwargs"})
_NOTE = re.compile(r"\{#\s*orderkit: copied from (?P<name>\S+) (?P<version>[0-9a-f]{12})\s*#\}")
_REFUSED_BY_BROWSERS = re.compile(
    r"""<script\b(?![^>]*\bsrc=)|<style\b|(?<=\s)style\s*=|(?<=\s)on[a-z]+\s*=|javascript:""", re.IGNORECASE
)
_FORM = re.compile(r"<form\b[^>]*\bmethod\s*=\s*[\"']?post.*?(?:</form>|\Z)", re.IGNORECASE | re.DOTALL)
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)(.*?)\{%-?\s*endmacro", re.DOTALL)
_TAGS = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TemplateCheck:
    """One template and what it replaces. `sources` are those of the other templates that the project replaces."""

    reading: Reading
    contracts: Contracts
    replaced: Mapping[str, str]
    name: str
    source: SourceText
    place: Places
    # Of a page of the project's own: its data, each with its rows.
    given: Rows | None = None

    def run(self) -> bool:
        """Report what is wrong; return whether the template can be parsed."""
        try:
            tree = parsed(self.source.text)
        except TemplateSyntaxError as error:
            self.reading.report(
                codes.SYNTAX,
                self.place.of_line(error.lineno),
                label(
                    zh=f"模板的写法不对：{error.message}",
                    en=f"the template is not right: {first_words(error.message)}",
                ),
            )
            return False
        except RecursionError:
            self.reading.report(
                codes.SYNTAX, self._top(), label(zh="模板嵌套太深", en="the template is nested too deeply")
            )
            return False
        self._unsafe(tree)
        self._names(tree)
        self._taken_in(tree)
        if self.given is None:
            self._age()
            self._parts(tree)
            self._hooks()
            return True
        for asked in asked_of_rows(tree, self.given):
            self._asked(asked)
        return True

    def _top(self) -> Span:
        return self.place.of_line(1)

    def _age(self) -> None:
        note = _NOTE.match(self.source.text.split("\n", 1)[0].strip())
        now = template_version(self.contracts.sources[self.name])
        if note is not None and note["version"] != now:
            self.reading.report(
                codes.OUTDATED,
                self._top(),
                label(
                    zh=f"`{self.name}` 在复制之后变了", en=f"`{self.name}` has changed since it was copied"
                ),
                label(
                    zh=f"看过新的原模板后，把第一行的版本改为 {now}",
                    en=f"look at the original of today, then write {now} as the version in the first line",
                ),
            )

    def _unsafe(self, tree: nodes.Template) -> None:
        text = self.source.text
        # What stands in tags of Jinja2 is no HTML.
        html = _TAGS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
        for match in _REFUSED_BY_BROWSERS.finditer(html):
            self._report_unsafe(
                self.source.span(match.start(), match.end()),
                label(
                    zh=f"浏览器会拒绝 `{match[0].strip()}`",
                    en=f"browsers refuse `{match[0].strip()}` here",
                ),
            )
        # A form may have it from a macro beside it.
        signs = ["csrf_token", *(f"{name}(" for name, body in _MACRO.findall(text) if "csrf_token" in body)]
        for form in _FORM.finditer(text):
            if not any(sign in form[0] for sign in signs):
                self._report_unsafe(
                    self.source.span(form.start(), form.start() + 5),
                    label(
                        zh="这个表单没有 `csrf_token`，提交会被拒绝",
                        en="this form has no `csrf_token`, so that it is refused when it is sent",
                    ),
                )
        for line, name in _reached(tree):
            said = label(zh=f"模板不能用 `{name}`", en=f"a template cannot use `{name}`")
            self._report_unsafe(self.place.of(line, name), said)

    def _report_unsafe(self, span: Span, said: Label) -> None:
        self.reading.report(codes.UNSAFE, span, said)

    def _names(self, tree: nodes.Template) -> None:
        made = {each.name for each in tree.find_all(nodes.Name) if each.ctx in {"store", "param"}}
        made |= {each.name for each in tree.find_all(nodes.Macro)}
        for each in tree.find_all(nodes.FromImport):
            made |= {name if isinstance(name, str) else name[1] for name in each.names}
        made |= {each.target for each in tree.find_all(nodes.Import)}
        # A part that another template includes sees what stands there.
        used = (
            {each.name for each in self.contracts.tree(self.name).find_all(nodes.Name)}
            if self.given is None
            else set()
        )
        known = made | used | set(GIVEN) | set(DEFAULT_NAMESPACE) | _INNER
        if self._stands_alone():
            known -= {"shell"}
        for name in tree.find_all(nodes.Name):
            if name.ctx == "load" and name.name not in known:
                self._unknown(name.lineno, name.name, known - _INNER)
        fields = {
            "page": self.contracts.fields(self.name)
            if self.given is None
            else frozenset({"title", *self.given}),
            "shell": self.contracts.everywhere["shell"],
            "frame": self.contracts.everywhere["frame"],
        }
        for part in tree.find_all(nodes.Getattr):
            base = part.node.name if isinstance(part.node, nodes.Name) else ""
            if (
                base in fields
                and base not in made
                and not part.attr.startswith("_")
                and part.attr not in fields[base]
            ):
                self._unknown(part.lineno, part.attr, fields[base])
        for filter_ in tree.find_all(nodes.Filter):
            if filter_.name not in FILTERS:
                self._unknown(filter_.lineno, filter_.name, set(FILTERS))
        for test in tree.find_all(nodes.Test):
            if test.name not in TESTS:
                self._unknown(test.lineno, test.name, set(TESTS))

    def _unknown(self, line: int, name: str, known: Collection[str]) -> None:
        self.reading.report(
            codes.UNKNOWN,
            self.place.of(line, name),
            label(zh=f"这个模板得不到 `{name}`", en=f"this template is given no `{name}`"),
            did_you_mean(name, known),
            candidates=known,
        )

    def _asked(self, asked: Asked) -> None:
        """Note the field that is asked of a row, so that it is renamed here too, or report what a row lacks."""
        if asked.row is None:
            if asked.name not in OF_ROW:
                self._unknown(asked.line, asked.name, OF_ROW)
        elif asked.name in asked.row.fields:
            # Another word of the line may be called like the field.
            place = self.place.of(asked.line, f"{_FIELDS}{asked.name}")
            if place.end_column - place.column == len(_FIELDS) + len(asked.name):
                place = place._replace(column=place.column + len(_FIELDS))
                self.reading.mentions.name("field", f"{asked.row.form}.{asked.name}", place)
        else:
            self._unknown(asked.line, asked.name, asked.row.fields)

    def _taken_in(self, tree: nodes.Template) -> None:
        for each in taken_in(tree):
            target = each.template.value if isinstance(each.template, nodes.Const) else None
            if not isinstance(target, str):
                continue
            if target not in self.contracts.sources:
                self._unknown(each.lineno, target, set(self.contracts.sources))
            elif isinstance(each, nodes.Extends) and target == SHELL and self._stands_alone():
                self._unknown(each.lineno, target, set())
            elif isinstance(each, nodes.FromImport):
                offered = self._macros(target)
                for name in each.names:
                    wanted = name if isinstance(name, str) else name[0]
                    if wanted not in offered:
                        self._unknown(each.lineno, wanted, offered)

    def _stands_alone(self) -> bool:
        return self.given is None and self.contracts.stands_alone(self.name)

    def _macros(self, name: str) -> set[str]:
        try:
            tree = parsed(self.replaced[name]) if name in self.replaced else self.contracts.tree(name)
        except TemplateSyntaxError:
            tree = self.contracts.tree(name)
        return set(macros_of(tree))

    def _parts(self, tree: nodes.Template) -> None:
        original = self.contracts.tree(self.name)
        layouts = [each.template for each in original.find_all(nodes.Extends)]
        own = [each.template for each in tree.find_all(nodes.Extends)]
        for layout in layouts:
            if isinstance(layout, nodes.Const) and not own:
                self._missing(f'{{% extends "{layout.value}" %}}')
        for block in sorted(blocks_of(original) - blocks_of(tree)):
            self._missing(f"{{% block {block} %}}")
        found = macros_of(tree)
        for name, parameters in macros_of(original).items():
            if found.get(name) != parameters:
                self._missing(f"{{% macro {name}({', '.join(parameters)}) %}}")

    def _missing(self, part: str) -> None:
        self.reading.report(
            codes.PART_MISSING,
            self._top(),
            label(zh=f"缺少 `{part}`", en=f"`{part}` is missing"),
            label(zh="别的模板要用它，原模板里有", en="others need it; it stands in the original"),
        )

    def _hooks(self) -> None:
        missing = sorted(hooks_of(self.contracts.sources[self.name]) - hooks_of(self.source.text))
        if missing:
            listed = ", ".join(f"`{each}`" for each in missing[:8]) + (" …" if len(missing) > 8 else "")
            self.reading.report(
                codes.HOOK_MISSING,
                self._top(),
                label(
                    zh=f"原模板里的这些没有了：{listed}",
                    en=f"the original has what is missing here: {listed}",
                ),
                label(
                    zh="保留它们，页面上靠它们工作的功能才不会失效",
                    en="keep them, or what the page does by them stops",
                ),
            )


def _reached(tree: nodes.Template) -> Iterator[tuple[int, str]]:
    """Yield line and name of what would get around the escaping or out of the sandbox."""
    for part in tree.find_all(nodes.Getattr):
        if part.attr.startswith("_"):
            yield part.lineno, part.attr
    for item in tree.find_all(nodes.Getitem):
        if isinstance(item.arg, nodes.Const) and str(item.arg.value).startswith("_"):
            yield item.lineno, str(item.arg.value)
    for filter_ in tree.find_all(nodes.Filter):
        if filter_.name in {"safe", "attr"}:
            yield filter_.lineno, filter_.name
    for scope in tree.find_all(nodes.EvalContextModifier):
        yield scope.lineno, "autoescape"
    for each in taken_in(tree):
        if not isinstance(each.template, nodes.Const):
            yield each.lineno, type(each).__name__.lower()
