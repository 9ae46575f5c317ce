"""Reads the text of an expression into a tree: Python's operators and precedence, by a Pratt parser.

Names and types are not looked at here; see `checking`.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from orderkit.language.expressions.problems import TOO_COMPLEX, Problem
from orderkit.language.expressions.syntax.tokens import Kind, Token, UnreadableError, tokens_of, unreadable
from orderkit.language.expressions.syntax.tree import (
    Attribute,
    CallSyntax,
    Conditional,
    Constant,
    Infix,
    Keyword,
    ListSyntax,
    Name,
    Prefix,
    Syntax,
    children,
)
from orderkit.model.labels import label

MAX_DEPTH = 50
MAX_ITEMS = 500
MAX_HEIGHT = 60

# How tightly an operator binds; Python's order.
_IF, _OR, _AND, _NOT, _COMPARE, _ADD, _MULTIPLY, _NEGATE = range(1, 9)
_BINDING = {
    "or": _OR,
    "and": _AND,
    **dict.fromkeys(("==", "!=", "<", "<=", ">", ">=", "in"), _COMPARE),
    **dict.fromkeys(("+", "-"), _ADD),
    **dict.fromkeys(("*", "/", "%"), _MULTIPLY),
}
_PREFIXES = frozenset({"-", "+", "not"})
_REACHES = frozenset({".", "["})
_CONSTANTS = {"true": True, "false": False, "null": None}
_WORDS = frozenset({"and", "or", "not", "in", "if", "else"})
_MEANT = {
    "True": "true", "False": "false", "None": "null", "TRUE": "true", "FALSE": "false", "NULL": "null",
    "AND": "and", "OR": "or", "NOT": "not", "IN": "in", "nil": "null", "is": "==", "then": "… if … else …",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, or the one problem that stopped the reading."""

    syntax: Syntax | None
    problems: tuple[Problem, ...] = ()


@lru_cache(maxsize=4096)
def parse(text: str) -> Parsed:
    """Read an expression. Never raises. What it means depends on its place, what it says does not."""
    try:
        syntax = _Parser(tokens_of(text)).whole()
        if _is_higher(syntax, MAX_HEIGHT):
            raise _too_deep(syntax.start, syntax.end)
        return Parsed(syntax)
    except UnreadableError as stopped:
        return Parsed(None, (stopped.problem,))


def _too_deep(start: int, end: int) -> UnreadableError:
    return UnreadableError(
        Problem(
            start,
            end,
            TOO_COMPLEX,
            label(zh="表达式嵌套太深", en="the expression nests too deeply"),
            label(
                zh="拆成几个字段，或把一串 `or` 写成 `in [...]`",
                en="split it into fields, or write a chain of `or` as `in [...]`",
            ),
        )
    )


def _is_higher(syntax: Syntax, limit: int) -> bool:
    """Return whether the tree is too high for evaluators that walk it by recursion."""
    level: list[Syntax] = [syntax]
    for _ in range(limit):
        level = [child for each in level for child in children(each)]
        if not level:
            return False
    return True


class _Parser:
    """A walk over the tokens."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self.tokens = tokens
        self.index = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        """The token that comes next."""
        return self.tokens[self.index]

    def take(self) -> Token:
        """Go past the next token."""
        token = self.token
        self.index += 1
        return token

    def stands(self, text: str) -> bool:
        """Whether the next token is this word or sign; a quoted text keeps its quotes, so it never is."""
        return self.tokens[self.index].text == text

    def expect(self, text: str) -> Token:
        """Go past a word or sign that must stand here."""
        if not self.stands(text):
            raise self.unexpected(text)
        return self.take()

    def unexpected(self, wanted: str | None = None) -> UnreadableError:
        """Return why the next token cannot stand here."""
        token = self.token
        if token.kind is Kind.END:
            before = self.tokens[self.index - 1] if self.index else token
            headline = (
                label(zh="表达式没有写完", en="the expression is not finished")
                if self.index
                else label(zh="表达式是空的", en="the expression is empty")
            )
            help_ = label(zh=f"后面还要有 `{wanted}`", en=f"`{wanted}` must follow") if wanted else None
            return unreadable(before.start, before.end, headline, help_)
        if token.text == "=":
            help_ = label(zh="比较写成 `==`", en="write `==` to compare")
        elif token.text in _MEANT:
            help_ = label(zh=f"写成 `{_MEANT[token.text]}`", en=f"write `{_MEANT[token.text]}`")
        elif token.text in ("if", "else"):
            help_ = label(
                zh="写成 `值 if 条件 else 另一个值`", en="write `value if condition else other value`"
            )
        elif wanted:
            help_ = label(zh=f"这里应该是 `{wanted}`", en=f"`{wanted}` was expected here")
        else:
            help_ = None
        return unreadable(
            token.start,
            token.end,
            label(zh=f"这里不能有 `{token.text}`", en=f"`{token.text}` cannot stand here"),
            help_,
        )

    def whole(self) -> Syntax:
        """Read everything."""
        syntax = self.expression(0)
        if self.token.kind is not Kind.END:
            raise self.unexpected()
        return syntax

    def expression(self, binding: int) -> Syntax:
        """Read as far as operators bind more tightly than `binding`."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _too_deep(self.token.start, self.token.end)
        left = self.operand()
        width = 0
        while True:
            operator = self.operator()
            if operator is None or operator[1] <= binding:
                break
            width += 1
            if width > MAX_ITEMS:
                raise self.too_long()
            left = self.joined(left, *operator)
        self.depth -= 1
        return left

    def too_long(self) -> UnreadableError:
        """Return the problem of a list or chain without end."""
        return UnreadableError(
            Problem(
                self.token.start,
                self.token.end,
                TOO_COMPLEX,
                label(zh=f"超过 {MAX_ITEMS} 项", en=f"more than {MAX_ITEMS} items"),
            )
        )

    def operator(self) -> tuple[str, int] | None:
        """Return the operator that comes next, and how tightly it binds."""
        token = self.token
        if token.text == "if":
            return "if", _IF
        if token.text == "not":
            following = self.tokens[self.index + 1]
            return ("not in", _COMPARE) if following.text == "in" else None
        return (token.text, _BINDING[token.text]) if token.text in _BINDING else None

    def joined(self, left: Syntax, operator: str, binding: int) -> Syntax:
        """Read the rest of an operation whose left side is read."""
        sign = self.take()
        if operator == "if":
            test = self.expression(_IF)
            self.expect("else")
            otherwise = self.expression(_IF - 1)
            return Conditional(test=test, then=left, otherwise=otherwise, start=left.start, end=otherwise.end)
        operator_end = self.take().end if operator == "not in" else sign.end
        right = self.expression(binding)
        infix = Infix(
            operator=operator,
            left=left,
            right=right,
            operator_start=sign.start,
            operator_end=operator_end,
            start=left.start,
            end=right.end,
        )
        return self.chained(infix) if binding == _COMPARE else infix

    def chained(self, first: Infix) -> Infix:
        """Read `a < b < c` as `a < b and b < c`, as Python does."""
        following = self.operator()
        if following is None or following[1] != _COMPARE:
            return first
        sign = self.token
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise _too_deep(sign.start, sign.end)
        rest = self.joined(first.right, *following)
        self.depth -= 1
        return Infix(
            operator="and",
            left=first,
            right=rest,
            operator_start=sign.start,
            operator_end=sign.end,
            start=first.start,
            end=rest.end,
        )

    def operand(self) -> Syntax:
        """Read what stands between operators, with its dots and brackets."""
        if self.token.text in _PREFIXES:
            sign = self.take()
            operand = self.expression(_NOT if sign.text == "not" else _NEGATE)
            if sign.text == "+":
                return operand
            return Prefix(operator=sign.text, operand=operand, start=sign.start, end=operand.end)
        return self.reached_into(self.atom())

    def atom(self) -> Syntax:
        """Read a constant, a name, a call, a list or something in parentheses."""
        token = self.token
        if token.kind in (Kind.NUMBER, Kind.TEXT):
            self.take()
            return Constant(value=token.value, start=token.start, end=token.end)
        if self.stands("("):
            self.take()
            inner = self.expression(0)
            closing = self.expect(")")
            return replace(inner, start=token.start, end=closing.end)
        if self.stands("["):
            self.take()
            items, end = self.items("]")
            return ListSyntax(items=items, start=token.start, end=end)
        if token.kind is not Kind.NAME or token.text in _WORDS:
            raise self.unexpected()
        self.take()
        if token.text in _CONSTANTS:
            return Constant(value=_CONSTANTS[token.text], start=token.start, end=token.end)
        if self.stands("("):
            return self.call(token)
        if token.text in _MEANT:
            self.index -= 1
            raise self.unexpected()
        return Name(name=token.text, start=token.start, end=token.end)

    def reached_into(self, base: Syntax) -> Syntax:
        """Read `.name` and `['name']` behind an operand."""
        while self.token.text in _REACHES:
            opening = self.take()
            token = self.token
            if opening.text == ".":
                if token.kind is not Kind.NAME or token.text in _WORDS:
                    raise self.unexpected()
                self.take()
                base = Attribute(
                    base=base, name=token.text, name_start=token.start, start=base.start, end=token.end
                )
                continue
            if token.kind is not Kind.TEXT and not (
                token.kind is Kind.NUMBER and isinstance(token.value, int)
            ):
                raise self.unexpected("'…'")
            self.take()
            closing = self.expect("]")
            base = Attribute(
                base=base,
                name=str(token.value),
                name_start=token.start,
                start=base.start,
                end=closing.end,
                is_subscript=True,
            )
        return base

    def items(self, closing: str) -> tuple[tuple[Syntax, ...], int]:
        """Read items up to the closing bracket; a comma may stand behind the last."""
        items: list[Syntax] = []
        while not self.stands(closing):
            items.append(self.expression(0))
            if len(items) > MAX_ITEMS:
                raise self.too_long()
            if not self.stands(","):
                break
            self.take()
        return tuple(items), self.expect(closing).end

    def call(self, name: Token) -> CallSyntax:
        """Read the arguments of a call, keywords last."""
        self.expect("(")
        arguments: list[Syntax] = []
        keywords: list[Keyword] = []
        while not self.stands(")"):
            following = self.tokens[min(self.index + 1, len(self.tokens) - 1)]
            if self.token.kind is Kind.NAME and following.text == "=" and following.kind is Kind.SIGN:
                keyword = self.take()
                self.take()
                value = self.expression(0)
                if any(each.name == keyword.text for each in keywords):
                    raise unreadable(
                        keyword.start,
                        keyword.end,
                        label(zh=f"`{keyword.text}` 写了两次", en=f"`{keyword.text}` is given twice"),
                    )
                keywords.append(Keyword(name=keyword.text, value=value, start=keyword.start, end=value.end))
            elif keywords:
                raise unreadable(
                    self.token.start,
                    self.token.end,
                    label(zh="没有名字的参数要写在前面", en="arguments without a name must come first"),
                )
            else:
                arguments.append(self.expression(0))
            if len(arguments) + len(keywords) > MAX_ITEMS:
                raise self.too_long()
            if not self.stands(","):
                break
            self.take()
        closing = self.expect(")")
        return CallSyntax(
            function=name.text,
            arguments=tuple(arguments),
            keywords=tuple(keywords),
            start=name.start,
            name_end=name.end,
            end=closing.end,
        )
