"""Where a template of a document runs: it reaches what it is given and nothing else, and not without end.

Jinja's own sandbox keeps it from private names. Beyond that, here it takes in its `parts` alone, calls no method but
those listed, has the filters of `PRINT_FILTERS` alone, reckons with exact numbers, and everything that repeats or
grows is counted by `Bounds`.
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero
from functools import wraps
from typing import Any, cast

from jinja2 import FunctionLoader, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.exceptions import SecurityError
from jinja2.filters import FILTERS
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS
from jinja2.utils import Namespace
from markupsafe import Markup

from orderkit.model.exchange.papers import PRINT_FILTERS, PRINT_TESTS
from orderkit.web.printing.bounds import Bounds
from orderkit.web.printing.ordering import Grouped
from orderkit.web.printing.rows import Row, written
from orderkit.web.printing.values import NOTHING, Facts, Nothing

_OF_TEXT = frozenset({"upper", "lower", "strip", "lstrip", "rstrip", "startswith", "endswith", "split"})
# Filters of Jinja2 that make a text of whatever they are given.
_OF_TEXTS = (
    "capitalize",
    "e",
    "escape",
    "lower",
    "string",
    "striptags",
    "title",
    "trim",
    "truncate",
    "upper",
)
# Those that make a number of it.
_OF_NUMBERS = ("abs", "int")
_OF_DAY = frozenset({"year", "month", "day", "hour", "minute"})
_OF_SPAN = frozenset({"days", "seconds"})
_OF_LOOP = frozenset(
    {
        "index",
        "index0",
        "revindex",
        "revindex0",
        "first",
        "last",
        "length",
        "depth",
        "depth0",
        "previtem",
        "nextitem",
        "cycle",
        "changed",
    }
)
_OF_MAP = frozenset({"items", "keys", "values", "get"})
_ALLOWED: tuple[tuple[type, frozenset[str]], ...] = (
    (str, _OF_TEXT),
    (date, _OF_DAY),
    (timedelta, _OF_SPAN),
    (LoopContext, _OF_LOOP),
    (dict, _OF_MAP),
    (Grouped, frozenset({"grouper", "list"})),
)


class _Counting(CodeGenerator):
    """Writes the code of templates so that joined texts are counted, and what templates themselves say."""

    def _output_child_to_const(self, *_: Any) -> str:
        # Constants are counted each time that they are written, as they may stand in a loop.
        raise nodes.Impossible

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write `include`: what is taken in may write nothing, and take in more."""
        self.writeline("environment.bounds.step()")
        super().visit_Include(node, frame)

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802 - Jinja's name
        """Write `a ~ b`."""
        self.write("environment.joined((")
        for each in node.nodes:
            self.visit(each, frame)
            self.write(", ")
        self.write("))")


class PrintSandbox(ImmutableSandboxedEnvironment):
    """One printing."""

    code_generator_class = _Counting
    intercepted_binops = frozenset({"+", "-", "*", "/", "//", "%", "**"})

    def __init__(
        self,
        bounds: Bounds,
        filters: Mapping[str, Callable[..., Any]],
        given: Mapping[str, object],
        parts: Mapping[str, str],
    ) -> None:
        super().__init__(
            # Named, so that what fails tells the file and its line.
            loader=FunctionLoader(lambda path: (parts[path], path, None) if path in parts else None),
            autoescape=True,
            undefined=Nothing,
            trim_blocks=True,
            lstrip_blocks=True,
            # Constants are not reckoned when a template is read: nothing counts there.
            optimized=False,
            finalize=self.finalized,
            cache_size=len(parts),
            auto_reload=False,
        )
        self.parts = parts
        self.bounds = bounds
        kept = {name: FILTERS[name] for name in PRINT_FILTERS if name in FILTERS}
        kept |= {name: _of_written(kept[name]) for name in _OF_TEXTS}
        kept |= {name: _of_value(kept[name]) for name in _OF_NUMBERS}
        self.filters = {**kept, **filters}
        self.tests = {name: each for name, each in TESTS.items() if name in PRINT_TESTS}
        self.tests["none"] = lambda value: value is None or isinstance(value, Nothing)
        self.globals = dict(given)

    # What is written.

    def finalized(self, value: object) -> str | Markup:
        """Return a value as it is written."""
        text = written(value)
        self.bounds.text(text)
        return text

    def joined(self, values: tuple[object, ...]) -> str:
        """Return values written one after another."""
        texts = [written(each) for each in values]
        self.bounds.fits(sum(map(len, texts)))
        return Markup("").join(texts) if any(isinstance(each, Markup) for each in texts) else "".join(texts)

    # What is reached.

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return `obj.attribute`: a field, or one of the few things that plain values know."""
        if attribute.startswith("_"):
            raise SecurityError(attribute)
        if isinstance(obj, Row | Facts):
            return obj.part(attribute)
        if isinstance(obj, Nothing):
            return obj
        if isinstance(obj, Namespace):
            return super().getattr(obj, attribute)
        for kind, names in _ALLOWED:
            if isinstance(obj, kind) and attribute in names:
                return super().getattr(obj, attribute)
        if isinstance(obj, dict) and attribute in obj:
            return obj[attribute]
        raise SecurityError(attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return `obj[argument]`."""
        if isinstance(obj, Row | Facts | Nothing):
            return self.getattr(obj, str(argument))
        if isinstance(obj, dict):
            return obj.get(argument, NOTHING)
        if isinstance(obj, list | tuple | str) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return NOTHING
        raise SecurityError(str(argument))

    def is_safe_callable(self, obj: Any) -> bool:
        """Return whether a template may call this."""
        return isinstance(obj, Macro | LoopContext) or super().is_safe_callable(obj)

    def call(self, context: Any, obj: Any, *args: Any, **kwargs: Any) -> Any:
        """Call what a template calls."""
        self.bounds.step()
        return super().call(context, obj, *args, **kwargs)

    # What repeats and what is reckoned.

    def weighed(self, value: Any) -> Any:
        """Return a list that a template writes down, if it does not hold too much."""
        return self.bounds.held(value)

    def counted(self, values: Any) -> list[object]:
        """Return what a loop goes through."""
        return self.bounds.rows(values)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Reckon, with exact numbers."""
        self.bounds.step()
        if isinstance(left, Nothing) or isinstance(right, Nothing):
            return NOTHING
        if operator == "**" or (operator in "*%" and not (_is_number(left) and _is_number(right))):
            raise SecurityError(operator)
        left, right = _exact(left, operator), _exact(right, operator)
        for each in (left, right):
            self.bounds.held(each)
        try:
            return self.bounds.held(super().call_binop(context, operator, left, right))
        except DivisionByZero as error:
            raise ZeroDivisionError from error

    # How a template is read.

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        for node in (nodes.Import, nodes.FromImport, nodes.EvalContextModifier):
            found = tree.find(node)
            if found is not None:
                raise SecurityError(type(found).__name__)
        taken: list[nodes.Include | nodes.Extends] = [
            *tree.find_all(nodes.Include),
            *tree.find_all(nodes.Extends),
        ]
        for each in taken:
            path = each.template.value if isinstance(each.template, nodes.Const) else None
            if path not in self.parts:
                raise SecurityError(type(each).__name__)
        for loop in list(tree.find_all(nodes.For)):
            loop.iter = _through("counted", loop.iter)
        _weigh_lists(tree)
        return tree


def _through(name: str, value: nodes.Node) -> nodes.Call:
    """Return the call of a method of the environment with a value."""
    method = nodes.EnvironmentAttribute(name, lineno=value.lineno)
    return nodes.Call(method, [cast("nodes.Expr", value)], [], None, None, lineno=value.lineno)


def _weigh_lists(node: nodes.Node) -> None:
    """Let every list, tuple and map that a template writes down be weighed when it is made."""
    for name, value in list(node.iter_fields()):
        if isinstance(value, nodes.Node):
            setattr(node, name, _weighed(value))
        elif isinstance(value, list):
            setattr(node, name, [_weighed(each) if isinstance(each, nodes.Node) else each for each in value])


def _weighed(node: nodes.Node) -> nodes.Node:
    _weigh_lists(node)
    is_value = isinstance(node, nodes.List | nodes.Dict) or (
        isinstance(node, nodes.Tuple) and node.ctx == "load"
    )
    return _through("weighed", node) if is_value else node


def _of_written(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter of texts that takes other values as a document writes them, never as Python would."""

    @wraps(filter_)
    def of_text(*given: Any, **named: Any) -> Any:
        # Some are given the environment first.
        place = 1 if getattr(filter_, "jinja_pass_arg", None) is not None else 0
        value = given[place]
        text = value if isinstance(value, str) and type(value) in {str, Markup} else written(value)
        return filter_(*given[:place], text, *given[place + 1 :], **named)

    return of_text


def _of_value(filter_: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter of numbers of which nothing is made of nothing, but for a default that is given."""

    @wraps(filter_)
    def of_value(value: Any, *given: Any, **named: Any) -> Any:
        if not isinstance(value, Nothing) and value is not None:
            return filter_(value, *given, **named)
        return given[0] if given else named.get("default", NOTHING)

    return of_value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | Decimal)


def _exact(value: Any, operator: str) -> Any:
    if isinstance(value, float) or (operator == "/" and isinstance(value, int)):
        return Decimal(str(value))
    return value
