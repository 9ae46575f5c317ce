"""The words of an expression, with their places in its text.

Slips from other languages (`&&`, `=`, full-width commas) are told apart here, where help is easy.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from orderkit.language.expressions.problems import SYNTAX, TOO_COMPLEX, Mend, Problem
from orderkit.model.labels import Label, label

MAX_CHARACTERS = 4000
MAX_DIGITS = 18


class Kind(StrEnum):
    """What a token is."""

    NAME = "name"
    NUMBER = "number"
    TEXT = "text"
    SIGN = "sign"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One word. `text` is the name or sign, `value` what a number or quoted text stands for."""

    kind: Kind
    text: str
    start: int
    end: int
    value: Decimal | int | str | None = None


class UnreadableError(Exception):
    """Ends the reading of one expression; never leaves this package."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem


_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<number>\d+(?:\.\d+)?|\.\d+)
    |(?P<name>[^\W\d]\w*)
    |(?P<quote>['"])
    |(?P<slip>&&|\|\||<>|===|!==|\*\*|//|\+\+|:=|!(?!=)|[&|?])
    |(?P<sign>==|!=|<=|>=|[-+*/%<>()\[\],.=])
    """,
    re.VERBOSE,
)
_SLIPS = {
    "&&": "and",
    "||": "or",
    "&": "and",
    "|": "or",
    "!": "not",
    "<>": "!=",
    "===": "==",
    "!==": "!=",
    "?": "… if … else …",
}
_WIDE = {
    "，": ",",
    "（": "(",
    "）": ")",
    "＝": "==",
    "“": "'",
    "”": "'",
    "‘": "'",
    "’": "'",
    "》": ">",
    "《": "<",
    "。": ".",
    "【": "[",
    "】": "]",
    "＞": ">",
    "＜": "<",
    "＋": "+",
    "－": "-",
    "×": "*",
    "÷": "/",
    "≥": ">=",
    "≤": "<=",
    "≠": "!=",
}
_MENDABLE = frozenset({"==", "!=", "<", "<=", ">", ">=", "(", ")", "+", "-", "*", "/"})
_HELPS = {
    "{": label(
        zh="这里本来就是表达式，不要花括号；条件写成 `a if 条件 else b`",
        en="this is an expression already, so it needs no braces",
    ),
    ";": label(zh="一个表达式只算一个值", en="an expression is one value"),
}
_ESCAPES = {"n": "\n", "t": "\t", "\\": "\\", "'": "'", '"': '"'}


def unreadable(
    start: int, end: int, headline: Label, help_: Label | None = None, mend: Mend | None = None
) -> UnreadableError:
    """Return the exception for a fault of syntax."""
    return UnreadableError(Problem(start, end, SYNTAX, headline, help_, mend))


def tokens_of(text: str) -> tuple[Token, ...]:
    """Return the tokens, an END last. Raises UnreadableError."""
    if len(text) > MAX_CHARACTERS:
        raise UnreadableError(
            Problem(
                0,
                len(text),
                TOO_COMPLEX,
                label(
                    zh=f"表达式有 {len(text)} 个字符，最多 {MAX_CHARACTERS} 个",
                    en=f"the expression has {len(text)} characters, more than {MAX_CHARACTERS}",
                ),
                label(zh="把它拆成几个字段", en="split it into several fields"),
            )
        )
    found: list[Token] = []
    position = 0
    while position < len(text):
        matched = _TOKEN.match(text, position)
        if matched is None or matched.lastgroup is None:
            raise _stray(text, position)
        end = matched.end()
        piece = matched.group()
        match matched.lastgroup:
            case "space":
                pass
            case "number":
                found.append(_number(piece, position, end))
            case "name":
                found.append(Token(Kind.NAME, piece, position, end))
            case "quote":
                token = _quoted(text, position)
                found.append(token)
                end = token.end
            case "slip":
                raise _slip(piece, position, end)
            case _:
                found.append(Token(Kind.SIGN, piece, position, end))
        position = end
    return (*found, Token(Kind.END, "", len(text), len(text)))


def _number(piece: str, start: int, end: int) -> Token:
    whole, _, places = piece.partition(".")
    if len(whole.lstrip("0")) + len(places) > MAX_DIGITS:
        raise unreadable(
            start,
            end,
            label(zh=f"数字超过 {MAX_DIGITS} 位", en=f"the number has more than {MAX_DIGITS} digits"),
        )
    if not piece.isascii():
        raise unreadable(start, end, label(zh="数字要用半角", en="digits must be ASCII"))
    value = Decimal(piece) if places else int(whole)
    return Token(Kind.NUMBER, piece, start, end, value)


def _quoted(text: str, start: int) -> Token:
    quote = text[start]
    value: list[str] = []
    position = start + 1
    while position < len(text):
        each = text[position]
        if each == quote:
            return Token(Kind.TEXT, text[start : position + 1], start, position + 1, "".join(value))
        if each == "\\":
            escaped = text[position + 1 : position + 2]
            if escaped not in _ESCAPES:
                raise unreadable(
                    position,
                    position + 1 + len(escaped),
                    label(zh=f"不认识的转义 `\\{escaped}`", en=f"unknown escape `\\{escaped}`"),
                    label(zh=r"反斜杠写成 `\\`", en=r"write a backslash as `\\`"),
                )
            value.append(_ESCAPES[escaped])
            position += 2
            continue
        value.append(each)
        position += 1
    raise unreadable(
        start,
        len(text),
        label(zh="文本的引号没有结束", en="the quote of a text is not closed"),
        label(zh=f"加上 {quote}", en=f"add {quote}"),
    )


def _slip(piece: str, start: int, end: int) -> UnreadableError:
    meant = _SLIPS.get(piece)
    return unreadable(
        start,
        end,
        label(zh=f"没有运算符 `{piece}`", en=f"there is no operator `{piece}`"),
        label(zh=f"写成 `{meant}`", en=f"write `{meant}`") if meant else None,
        _mend(start, end, meant),
    )


def _mend(start: int, end: int, meant: str | None) -> Mend | None:
    """Return what to write for a sign, where that is a sign as well. Words keep apart from what they stand between."""
    if meant in ("and", "or"):
        return Mend(start, end, f" {meant} ", is_sure=end - start == 2)
    return Mend(start, end, meant, is_sure=True) if meant in _MENDABLE else None


def _stray(text: str, start: int) -> UnreadableError:
    each = text[start]
    meant = _WIDE.get(each)
    return unreadable(
        start,
        start + 1,
        label(zh=f"这里不能有 `{each}`", en=f"`{each}` has no meaning here"),
        label(zh=f"用半角的 `{meant}`", en=f"write `{meant}`") if meant else _HELPS.get(each),
        _mend(start, start + 1, meant),
    )
