"""Templates of prints: parsed by Jinja2, and their names checked against the form. Nothing is ever rendered here.

A template takes in other files of the project by `include` and `extends`; they are checked with it, once for each form.
A template sees the record's fields by their names, `this`, `me`, `today()`, `label('field')`, `project` and `document`.
The tree of Jinja2 knows lines, not columns, so that the place of a name is searched for in its line.
"""

import re
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from jinja2 import Environment, TemplateSyntaxError, nodes

from orderkit.language.compile.names.references import report_unknown_field
from orderkit.language.compile.papers.codes import (
    TEMPLATE_NAME,
    TEMPLATE_PART,
    TEMPLATE_REACHES_OUT,
    TEMPLATE_SYNTAX,
)
from orderkit.language.compile.papers.places import Places, first_words
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.findings import did_you_mean
from orderkit.language.source import SourceText
from orderkit.language.spec import Reading
from orderkit.model.exchange.papers import (
    DOCUMENT_FACTS,
    OWN_PRINT_FILTERS,
    PRINT_FILTERS,
    PRINT_GLOBALS,
    PRINT_TESTS,
    PROJECT_FACTS,
)
from orderkit.model.expressions.types import Json, Record, Rows, Type
from orderkit.model.forms import FormId
from orderkit.model.labels import Label, label

_FACTS = {"project": PROJECT_FACTS, "document": DOCUMENT_FACTS}
# What a document would run, or load from elsewhere: browsers and the maker of PDFs refuse it.
_REFUSED = re.compile(
    r"""<(?:script|iframe|object|embed|link|base|form|meta)\b|(?<=\s)on[a-z]+\s*=|javascript:|@import\b"""
    r"""|(?:src|href)\s*=\s*["']?(?!data:|\#)[a-z/.][^\s"'>]*|url\(\s*["']?(?!data:|\#)[^)]*\)""",
    re.IGNORECASE,
)
_TAGS = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
_OUTSIDE = ("import", "from")
_KEEPS_ROWS = frozenset({"list", "sort", "reverse", "select", "reject", "selectattr", "rejectattr", "unique"})
_GIVES_ROW = frozenset({"first", "last", "random", "min", "max"})

# What a name stands for: a type, or Json where nothing is known of it.
_Names = ChainMap[str, Type]


@dataclass(frozen=True, slots=True)
class _TakenIn:
    """The files that a template of a form takes in, by path, and what cannot be parsed of it all.

    `seen` are files of the whole project with the forms that they were checked for.
    """

    lowering: Lowering
    form: FormShape
    seen: set[tuple[str, FormId]]
    parts: dict[str, SourceText] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def check_template(
    lowering: Lowering, source: SourceText, form: FormShape, seen: set[tuple[str, FormId]]
) -> Mapping[str, SourceText] | None:
    """Report what is wrong in a template of a form and in what it takes in.

    Return the files that it takes in, by path; None where any of it cannot be parsed. `seen` is filled with the
    files that were looked at, so that what several documents of a form share is reported once.
    """
    names: _Names = ChainMap(
        {**dict.fromkeys(PRINT_GLOBALS, Json()), "this": Record(form.id), "me": Record("user")}
    )
    taken_in = _TakenIn(lowering, form, seen)
    _check(taken_in, source, names, (source.path,))
    return None if taken_in.wrong else dict(sorted(taken_in.parts.items()))


def _check(taken_in: _TakenIn, source: SourceText, names: _Names, within: tuple[str, ...]) -> None:
    lowering, form = taken_in.lowering, taken_in.form
    place, key = Places(source), (source.path, form.id)
    # What was reported for another document is looked through once more only for what it takes in.
    reading = Reading() if key in taken_in.seen else lowering.reading
    taken_in.seen.add(key)
    try:
        # The delimiters are Jinja2's own; nothing is compiled, loaded or rendered.
        tree = Environment(autoescape=True).parse(source.text)
        checker = _Checker(lowering, reading, form, place, taken_in, within)
        checker.body(
            tree.body, names.new_child({"super": Json()} if tree.find(nodes.Block) is not None else {})
        )
        checker.loads()
    except TemplateSyntaxError as error:
        taken_in.wrong.append(source.path)
        reading.report(
            TEMPLATE_SYNTAX,
            place.of_line(error.lineno),
            label(
                zh=f"模板的写法不对：{error.message}",
                en=f"the template is not right: {first_words(error.message)}",
            ),
        )
    except RecursionError:
        taken_in.wrong.append(source.path)
        reading.report(
            TEMPLATE_SYNTAX,
            place.of_line(1),
            label(zh="模板嵌套太深", en="the template is nested too deeply"),
        )


@dataclass(frozen=True, slots=True)
class _Checker:
    """Walks the tree of a template with what each name stands for."""

    lowering: Lowering
    reading: Reading
    form: FormShape
    place: Places
    taken_in: _TakenIn
    within: tuple[str, ...]

    def body(self, statements: Iterable[nodes.Node], names: _Names) -> None:
        """Check statements one after another; what they assign is known to those behind them."""
        for each in statements:
            self._statement(each, names)

    def _statement(self, node: nodes.Node, names: _Names) -> None:
        match node:
            case nodes.For():
                rows = self.value(node.iter, names)
                inner = names.new_child()
                self._bind(node.target, Record(rows.form) if isinstance(rows, Rows) else Json(), inner)
                if node.test is not None:
                    self.value(node.test, inner)
                self.body(node.body, inner)
                self.body(node.else_, names.new_child())
            case nodes.If():
                self.value(node.test, names)
                # What a branch assigns is known behind it, as in Jinja2.
                self.body((*node.body, *node.elif_, *node.else_), names)
            case nodes.Assign():
                self._bind(node.target, self.value(node.node, names), names)
            case nodes.AssignBlock():
                self.body(node.body, names.new_child())
                self._bind(node.target, Json(), names)
            case nodes.With():
                inner = names.new_child()
                for target, value in zip(node.targets, node.values, strict=True):
                    self._bind(target, self.value(value, names), inner)
                self.body(node.body, inner)
            case nodes.Macro() | nodes.CallBlock():
                self._macro(node, names)
            case nodes.ScopedEvalContextModifier() | nodes.EvalContextModifier():
                self._unsafe(node.lineno, "autoescape")
                self.body(node.iter_child_nodes(exclude=("options",)), names)
            case nodes.Include() | nodes.Extends():
                self._part_of_project(node, names)
            case nodes.Import() | nodes.FromImport():
                self._reaches_out(node)
            case nodes.Expr():
                self.value(node, names)
            case _:
                for child in node.iter_child_nodes():
                    self._statement(child, names)

    def _macro(self, node: nodes.Macro | nodes.CallBlock, names: _Names) -> None:
        inner = names.new_child(dict.fromkeys(("caller", "varargs", "kwargs"), Json()))
        for argument in node.args:
            self._bind(argument, Json(), inner)
        for default in node.defaults:
            self.value(default, names)
        if isinstance(node, nodes.Macro):
            names[node.name] = Json()
        else:
            self.value(node.call, names)
        self.body(node.body, inner)

    def _bind(self, target: nodes.Node, kind: Type, names: _Names) -> None:
        if isinstance(target, nodes.Name):
            names[target.name] = kind
        elif isinstance(target, nodes.Tuple):
            for each in target.items:
                self._bind(each, Json(), names)

    def value(self, node: nodes.Node, names: _Names) -> Type:
        """Return what an expression gives, as far as it is known, after checking the names in it."""
        match node:
            case nodes.Name():
                return self._name(node, names)
            case nodes.Getattr(node=nodes.Name(name=owner), attr=attr) if self._is_fact(owner, names):
                if attr not in _FACTS[owner]:
                    self._report(node.lineno, attr, "名称", "name", _FACTS[owner])
                return Json()
            case nodes.Getattr():
                return self._part(node, self.value(node.node, names), node.attr)
            case nodes.Getitem():
                base = self.value(node.node, names)
                if isinstance(node.arg, nodes.Const) and isinstance(node.arg.value, str):
                    return self._part(node, base, node.arg.value)
                self.value(node.arg, names)
                return Record(base.form) if isinstance(base, Rows) else Json()
            case nodes.Filter():
                return self._filter(node, names)
            case nodes.Test():
                if node.name not in PRINT_TESTS:
                    self._report(node.lineno, node.name, "测试", "test", PRINT_TESTS)
            case nodes.Call():
                self._call(node)
        for child in node.iter_child_nodes():
            self.value(child, names)
        return Json()

    def _name(self, node: nodes.Name, names: _Names) -> Type:
        if node.name in names:
            return names[node.name]
        found = self._field(self.form, node.name, node.lineno)
        if found is None:
            known = (*self.form.fields, *self.form.collections, *PRINT_GLOBALS)
            self._report(node.lineno, node.name, "名称", "name", known)
        return found or Json()

    def _part(self, node: nodes.Getattr | nodes.Getitem, base: Type, name: str) -> Type:
        if name.startswith("_"):
            self.reading.report(
                TEMPLATE_REACHES_OUT,
                self.place.of(node.lineno, name),
                label(zh=f"模板不能用 `{name}`", en=f"a template cannot use `{name}`"),
            )
            return Json()
        if isinstance(base, Rows):
            self.reading.report(
                TEMPLATE_NAME,
                self.place.of(node.lineno, name),
                label(zh=f"`{name}` 前面是多行", en=f"there are many rows before `{name}`"),
                label(
                    zh="用 `{% for 行 in … %}` 逐行写",
                    en="write `{% for row in … %}`, then `row." + name + "`",
                ),
            )
            return Json()
        if not isinstance(base, Record):
            return Json()
        shape = self.lowering.compilation.shapes.get(base.form)
        if shape is None or shape.is_broken:
            return Json()
        found = self._field(shape, name, node.lineno)
        if found is None:
            span = self.place.of(node.lineno, name)
            report_unknown_field(self.reading, span, name, shape.id, shape.fields)
        return found or Json()

    def _field(self, shape: FormShape, name: str, line: int) -> Type | None:
        """Return what a field or a collection of a form is, or None where there is none."""
        if name in shape.fields:
            self._mention("field", shape, name, line)
            return shape.fields[name].type
        collection = shape.collections.get(name)
        if collection is None:
            return None
        self._mention("reverse", shape, name, line)
        return Rows(collection.form)

    def _mention(self, kind: str, shape: FormShape, name: str, line: int) -> None:
        self.reading.mentions.name(kind, f"{shape.id}.{name}", self.place.of(line, name))

    def _filter(self, node: nodes.Filter, names: _Names) -> Type:
        base = Json() if node.node is None else self.value(node.node, names)
        known = (*OWN_PRINT_FILTERS, *PRINT_FILTERS)
        if node.name in {"safe", "attr"}:
            self._unsafe(node.lineno, node.name)
        elif node.name not in known:
            self._report(node.lineno, node.name, "过滤器", "filter", known)
        for child in (*node.args, *node.kwargs):
            self.value(child, names)
        if isinstance(base, Rows) and node.name in _KEEPS_ROWS:
            return base
        return Record(base.form) if isinstance(base, Rows) and node.name in _GIVES_ROW else Json()

    def _call(self, node: nodes.Call) -> None:
        """Check the field that `label('lines.qty')` names."""
        is_label = isinstance(node.node, nodes.Name) and node.node.name == "label"
        argument = node.args[0] if is_label and node.args else None
        if not isinstance(argument, nodes.Const) or not isinstance(argument.value, str):
            return
        at = self.form
        for part in argument.value.split("."):
            if at.is_broken:
                return
            if part not in at.fields:
                span = self.place.of(argument.lineno, part)
                report_unknown_field(self.reading, span, part, at.id, at.fields)
                return
            rows = at.rows_by_field.get(part)
            at = (
                self.lowering.compilation.shapes[rows]
                if rows is not None
                else FormShape(id=part, label=at.label)
            )

    def _part_of_project(self, node: nodes.Include | nodes.Extends, names: _Names) -> None:
        path = node.template.value if isinstance(node.template, nodes.Const) else None
        word = "include" if isinstance(node, nodes.Include) else "extends"
        if not isinstance(path, str):
            self._wrong_part(
                node.lineno,
                word,
                label(zh=f"`{word}` 后面要直接写文件名", en=f"`{word}` names its file as a text"),
                label(
                    zh=f'例如 `{word} "templates/prints/head.html"`',
                    en=f'such as `{word} "templates/prints/head.html"`',
                ),
            )
            return
        templates = self.lowering.compilation.named.templates
        if path not in templates:
            self._wrong_part(
                node.lineno,
                path,
                label(zh=f"项目里没有模板 `{path}`", en=f"the project has no template `{path}`"),
                did_you_mean(path, templates),
            )
            return
        if path in self.within:
            self._wrong_part(
                node.lineno,
                path,
                label(zh=f"`{path}` 引入了它自己", en=f"`{path}` takes itself in"),
                label(zh="去掉其中一处", en="leave one of the two out"),
            )
            return
        source = templates[path]
        if path in self.taken_in.parts:
            return
        if source is None:
            # That it cannot be read was reported.
            self.taken_in.wrong.append(path)
            return
        self.taken_in.parts[path] = source
        _check(self.taken_in, source, names.new_child(), (*self.within, path))

    def _wrong_part(self, line: int, word: str, headline: Label, help_: Label | None) -> None:
        self.taken_in.wrong.append(word)
        self.reading.report(TEMPLATE_PART, self.place.of(line, word), headline, help_)

    def _reaches_out(self, node: nodes.Node) -> None:
        words = (word for word in _OUTSIDE if re.search(rf"\b{word}\b", self._line(node.lineno)))
        word = next(words, "import")
        self.reading.report(
            TEMPLATE_REACHES_OUT,
            self.place.of(node.lineno, word),
            label(zh=f"模板不能用 `{word}` 引入别的文件", en=f"a template cannot `{word}` another file"),
            label(zh="把那些内容写进这个模板", en="write what is there into this template"),
        )

    def _is_fact(self, name: str, names: _Names) -> bool:
        """Whether a name stands for the facts of the project or the document, and not for something that was set."""
        return (
            name in _FACTS and names.get(name) == Json() and not any(name in each for each in names.maps[:-1])
        )

    def _unsafe(self, line: int, name: str) -> None:
        self.reading.report(
            TEMPLATE_REACHES_OUT,
            self.place.of(line, name),
            label(zh=f"模板不能用 `{name}`", en=f"a template cannot use `{name}`"),
            label(zh="值总是转义后写出", en="values are always escaped"),
        )

    def loads(self) -> None:
        """Report what the document would run, or load from elsewhere."""
        source = self.place.source
        # What stands in tags of Jinja2 is no HTML.
        html = _TAGS.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), source.text)
        for match in _REFUSED.finditer(html):
            self.reading.report(
                TEMPLATE_REACHES_OUT,
                source.span(match.start(), match.end()),
                label(
                    zh=f"单据里不能有 `{match[0].strip()}`",
                    en=f"a document cannot have `{match[0].strip()}`",
                ),
                label(
                    zh="单据不运行也不加载任何东西；图片用 `{{ 字段|image }}` 或 `data:` 地址",
                    en="a document runs and loads nothing; draw pictures by `{{ field|image }}` or a `data:` address",
                ),
            )

    def _line(self, line: int) -> str:
        return self.place.source.line_at(self.place.source.offset_of_line(line))[1]

    def _report(
        self, line: int, name: str, zh: str, en: str, known: Iterable[str] | Mapping[str, Label]
    ) -> None:
        self.reading.report(
            TEMPLATE_NAME,
            self.place.of(line, name),
            label(
                zh=f"模板里没有{zh} `{name}`",
                en=f"there is no {en} `{name}` in a template of `{self.form.id}`",
            )
            if en == "name"
            else label(zh=f"模板没有{zh} `{name}`", en=f"templates have no {en} `{name}`"),
            did_you_mean(name, known),
        )
