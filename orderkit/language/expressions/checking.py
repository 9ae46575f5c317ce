"""Gives a tree names and types: what comes out is the model's expression, or problems with places.

One fault gives one problem: what contains a broken part is silently broken. Operators are in
`operators`, what a name is of a form in `members`, and all that is called in `calls`.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType

from orderkit.language.expressions import members, operators
from orderkit.language.expressions.calls import aggregates, balances, functions
from orderkit.language.expressions.emptiness import may_be_empty
from orderkit.language.expressions.fitting import fitted
from orderkit.language.expressions.naming import NamedWord
from orderkit.language.expressions.problems import (
    UNKNOWN_OPTION,
    WRONG_COLLECTION,
    Awaited,
    Mend,
    Problem,
    mended,
)
from orderkit.language.expressions.scope import FormScope, Scope
from orderkit.language.expressions.syntax.parsing import parse
from orderkit.language.expressions.syntax.tree import (
    Attribute,
    CallSyntax,
    Conditional,
    Constant,
    Infix,
    ListSyntax,
    Name,
    Prefix,
    Syntax,
    path_of,
)
from orderkit.language.findings.nearest import did_you_mean
from orderkit.model.codes import Code
from orderkit.model.expressions.nodes import Expression, Get, IfElse, Items, Literal, Root
from orderkit.model.expressions.types import (
    Boolean,
    Choice,
    ListOf,
    Many,
    Nothing,
    Number,
    Record,
    Text,
    Type,
)
from orderkit.model.labels import Label, label

NO_CHOICES: Mapping[int, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What a text means. `expression` is None where there are problems.

    `awaiting` is what no engine answers yet, `scope` what it was read in.
    """

    expression: Expression | None
    type: Type | None
    problems: tuple[Problem, ...] = ()
    awaiting: tuple[Awaited, ...] = ()
    names: tuple[NamedWord, ...] = ()
    scope: Scope | None = None

    @property
    def may_be_empty(self) -> bool:
        """Whether the result may be empty; false only where it certainly is not."""
        return self.expression is None or self.scope is None or may_be_empty(self.expression, self.scope)


def check_expression(
    text: str, scope: Scope, expected: Type | None = None, *, choices: Mapping[int, str] = NO_CHOICES
) -> Checked:
    """Read and check an expression.

    Args:
        text: the expression, without a leading `=`.
        scope: what it may name.
        expected: the type of its place; literals are read by it, and anything else is a problem.
        choices: the fields that are choices (`order.source`), by the identity of their types, so that a
            text is known as an option of one of them.
    """
    parsed = parse(text)
    if parsed.syntax is None:
        return Checked(expression=None, type=None, problems=parsed.problems)
    checker = Checker(scope, choices)
    return checker.checked(checker.check_as(parsed.syntax, expected))


@dataclass(frozen=True, slots=True)
class Frame:
    """Inside an aggregate, paths that begin with `prefix` mean the row."""

    prefix: tuple[str, ...]
    row: Root


class Checker:
    """One walk over one expression, collecting problems."""

    def __init__(self, scope: Scope, choices: Mapping[int, str]) -> None:
        self.scope = scope
        self.choices = choices
        self.problems: list[Problem] = []
        self.names: list[NamedWord] = []
        self.awaiting: list[Awaited] = []
        self.implicit = scope.implicit
        self.outer: Root | None = None
        self.frames: tuple[Frame, ...] = ()
        self.depth = 0

    def checked(self, expression: Expression | None) -> Checked:
        """Return the result of a walk."""
        if expression is None or self.problems:
            return Checked(expression=None, type=None, problems=tuple(self.problems), names=tuple(self.names))
        return Checked(
            expression=expression,
            type=expression.type,
            awaiting=tuple(self.awaiting),
            names=tuple(self.names),
            scope=self.scope,
        )

    def report(
        self,
        start: int,
        end: int,
        code: Code,
        headline: Label,
        help_: Label | None = None,
        *,
        mend: Mend | None = None,
        candidates: Iterable[str] = (),
    ) -> None:
        """Note a problem."""
        self.problems.append(Problem(start, end, code, headline, help_, mend, tuple(candidates)))

    def mention(self, start: int, end: int, holder: Type, name: str) -> None:
        """Note that some characters name a field of a record, or the other end of a reference."""
        form = self.form_of(holder)
        if form is None or not isinstance(holder, Record) or end <= start:
            return
        if name == form.parent:
            self.names.append(NamedWord(start, end, "form", name))
        else:
            kind = "field" if name in form.fields else "reverse"
            self.names.append(NamedWord(start, end, kind, f"{holder.form}.{name}"))

    def check_as(self, syntax: Syntax, expected: Type | None) -> Expression | None:
        """Check a part whose place takes a type."""
        found = self.check(syntax, expected)
        return found if found is None or expected is None else fitted(self, syntax, found, expected)

    def check(self, syntax: Syntax, hint: Type | None = None) -> Expression | None:
        """Check a part. `hint` is the type that literals in it are read by; it is not enforced."""
        match syntax:
            case Constant():
                return self.constant(syntax, hint)
            case Name():
                return self.name(syntax)
            case Attribute():
                return self.attribute(syntax)
            case CallSyntax():
                return self.call(syntax, hint)
            case Prefix():
                return operators.prefix(self, syntax)
            case Infix():
                return operators.infix(self, syntax, hint)
            case Conditional():
                return self.conditional(syntax, hint)
            case ListSyntax():
                return self.list(syntax, hint)

    def constant(self, syntax: Constant, hint: Type | None) -> Expression | None:
        """Check a literal; a text that should be a choice must be one of the options."""
        hint = hint.of if isinstance(hint, Many) else hint
        match syntax.value:
            case None:
                return Literal(None, Nothing())
            case bool(value):
                return Literal(value, Boolean())
            case str(value) if isinstance(hint, Choice) and value:
                if value in hint.options:
                    if field := self.choices.get(id(hint)):
                        self.names.append(
                            NamedWord(syntax.start + 1, syntax.end - 1, "option", f"{field}.{value}")
                        )
                    return Literal(value, hint)
                labels = self._option_labels(hint)
                self.report(
                    syntax.start,
                    syntax.end,
                    UNKNOWN_OPTION,
                    label(zh=f"没有选项 `{value}`", en=f"there is no option `{value}`"),
                    did_you_mean(value, hint.options, labels),
                    mend=mended(syntax.start + 1, syntax.end - 1, value, hint.options, labels),
                    candidates=hint.options,
                )
                return None
            case str(value):
                return Literal(value, Text()) if value else Literal(None, Nothing())
            case int(value):
                return Literal(value, Number())
            case value:
                return Literal(value, Number(scale=-int(value.as_tuple().exponent)))

    def _option_labels(self, choice: Choice) -> Mapping[str, str]:
        """Return label → value of the options of a choice, from the first form that has such a field."""
        forms = self.scope.forms.values()
        return next((found for form in forms if (found := form.option_labels.get(choice.options))), {})

    def name(self, syntax: Name) -> Expression | None:
        """Check a bare name."""
        row = self.row_of((syntax.name,))
        found = self.resolve(syntax.name)
        if isinstance(found, Get):
            self.mention(syntax.start, syntax.end, found.base.type, found.field)
        elif isinstance(found, Root) and found.type == Record(syntax.name):
            # Some places call a record by the name of its form.
            self.names.append(NamedWord(syntax.start, syntax.end, "form", syntax.name))
        if row is not None:
            return row[0]
        if found is None:
            members.report_unknown_name(self, syntax)
        elif isinstance(found, Root) and syntax.name in self.scope.awaited:
            self.awaiting.append(Awaited(syntax.start, syntax.end, syntax.name))
        return found

    def attribute(self, syntax: Attribute) -> Expression | None:
        """Check `base.name`."""
        path = path_of(syntax)
        row = self.row_of(path) if path else None
        base = None
        if row is not None and not row[1]:
            base = self.check(syntax.base)
            if base is not None:
                self.mention(syntax.name_start, syntax.end, base.type, syntax.name)
            return row[0]
        base = self.check(syntax.base)
        return None if base is None else members.member(self, base, syntax)

    def row_of(self, path: tuple[str, ...]) -> tuple[Root, tuple[str, ...]] | None:
        """Return the row that a path begins with inside an aggregate, and the rest of the path."""
        for frame in reversed(self.frames):
            if path[: len(frame.prefix)] == frame.prefix:
                return frame.row, path[len(frame.prefix) :]
        return None

    def resolve(self, name: str) -> Expression | None:
        """Return what a bare name stands for, or None where it is unknown."""
        if isinstance(self.implicit, Root) and (form := self.form_of(self.implicit.type)) is not None:
            kind = members.member_type(form, name)
            if kind is not None:
                return Get(self.implicit, name, kind)
        if name in self.scope.roots and not (self.scope.is_stored and name == "me"):
            return self.scope.roots[name]
        for holder in (self.outer, self.scope.roots.get("this")):
            form = self.form_of(holder.type) if holder is not None else None
            if holder is not None and form is not None and form.parent == name:
                return Get(holder, name, form.fields[name].type)
        return None

    def rows_alone(self, syntax: Syntax) -> None:
        """Report rows where one value is needed."""
        self.report(
            syntax.start,
            syntax.end,
            WRONG_COLLECTION,
            label(zh="这里是多行，要的是一个值", en="these are many rows where one value is needed"),
            label(
                zh="用 sum、count、min、max、avg、any、all、first 或 last 合起来",
                en="take them together with sum, count, min, max, avg, any, all, first or last",
            ),
        )

    def call(self, syntax: CallSyntax, hint: Type | None) -> Expression | None:
        """Check a call."""
        if syntax.function in aggregates.NAMES:
            return aggregates.aggregate(self, syntax)
        if syntax.function == "find":
            return aggregates.find(self, syntax)
        if syntax.function == "balance":
            return balances.balance(self, syntax)
        return functions.call(self, syntax, hint)

    def conditional(self, syntax: Conditional, hint: Type | None) -> Expression | None:
        """Check `a if c else b`."""
        test = self.check_as(syntax.test, Boolean())
        both = operators.alike(self, (syntax.then, syntax.otherwise), hint)
        if test is None or both is None:
            return None
        (then, otherwise), kind = both
        return IfElse(test, then, otherwise, kind)

    def list(self, syntax: ListSyntax, hint: Type | None) -> Expression | None:
        """Check a list, whose items are of one type."""
        of = hint.of if isinstance(hint, ListOf | Many) else None
        if not syntax.items:
            return Items((), ListOf(of or Nothing()))
        found = operators.alike(self, syntax.items, of)
        return None if found is None else Items(found[0], ListOf(found[1]))

    def form_of(self, kind: Type) -> FormScope | None:
        """Return the form of a record type."""
        return self.scope.forms.get(kind.form) if isinstance(kind, Record) else None

    @contextmanager
    def row(self, form: str, prefix: tuple[str, ...] | None) -> Iterator[Root]:
        """Look at a row: behind a prefix (aggregates), or by bare names (`find`, prefix None)."""
        kept = (self.frames, self.implicit, self.outer, self.depth)
        self.depth += 1
        root = Root(f"each{self.depth}", Record(form))
        if prefix is not None:
            self.frames = (*self.frames, Frame(prefix, root))
        else:
            candidate = self.scope.forms.get(form)
            self.frames = tuple(
                frame
                for frame in self.frames
                if candidate is None or members.member_type(candidate, frame.prefix[0]) is None
            )
            self.outer = self.outer or self.implicit
            self.implicit = root
        try:
            yield root
        finally:
            self.frames, self.implicit, self.outer, self.depth = kept
