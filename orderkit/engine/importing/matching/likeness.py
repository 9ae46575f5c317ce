"""How alike two headings are, in Chinese and in English.

The head of a name stands last in both (`含税单价`, `unit price`), and what tells 客户名称 from 客户编码 is a whole
word. So words are compared, not letters: a general distance of texts takes `customer no` for `customer name`.
"""

import re
import unicodedata
from collections import Counter
from difflib import SequenceMatcher

LIKELY = 0.78
"""From here on a name is proposed."""
MARGIN = 0.05
"""A name that is not better than another one by this is not proposed."""
_NO_BRACKETS, _SAME_WORDS, _ENDS_WITH = 0.96, 0.92, 0.8
_BRACKETS = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]")
_WORDS = re.compile(r"[a-z]+|[0-9]+|[^\W\d_a-z]")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_SHORTEST_STEM = 4
_TYPING_ERROR = 0.85
# What people write for the same thing, longest first; the last one of a group stands for all.
_CHINESE = {
    each: group[-1]
    for group in (
        ("编号", "代码", "代号", "编码"),
        ("名字", "全称", "名称"),
        ("手机号码", "手机号", "联系电话", "电话号码", "手机", "电话"),
        ("时间", "日期"),
        ("备忘", "附言", "备注"),
        ("件数", "数目", "数量"),
        ("单位价格", "价格", "单价"),
        ("商品", "货品", "物料", "产品"),
        ("顾客", "买家", "客户"),
        ("销售员", "业务代表", "跟单员", "业务员"),
        ("交期", "交货日期"),
        ("折扣率", "折扣"),
        ("收货地址", "联系地址", "地址"),
    )
    for each in group[:-1]
}
_ENGLISH = {
    each: group[-1]
    for group in (
        ("no", "nr", "num", "number", "id", "code"),
        ("qty", "quantity"),
        ("amt", "amount"),
        ("tel", "telephone", "mobile", "phone"),
        ("note", "remark", "remarks", "comment", "comments", "notes"),
        ("client", "customer"),
        ("item", "article", "product"),
        ("desc", "description"),
        ("addr", "address"),
        ("on", "day", "time", "date"),
    )
    for each in group[:-1]
}
# Heads of very many names: with another word before them they mean something else.
_GENERAL = frozenset({"code", "name", "date", "notes", "type", "status", "amount"}) | frozenset(
    {"编码", "名称", "日期", "备注", "类型", "状态", "金额", "单号"}
)
_CHINESE_WORDS = re.compile("|".join(sorted(_CHINESE, key=len, reverse=True)))


def squashed(text: str) -> str:
    """Return the letters and digits of a heading: width, case, blanks and punctuation do not matter."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def without_brackets(text: str) -> str:
    """Return what is left of `数量(个)` without its unit."""
    return _BRACKETS.sub("", unicodedata.normalize("NFKC", text)).strip()


def likeness(heading: str, name: str) -> float:
    """Return how alike a heading and the name of a field are: 1 the same, 0 nothing in common."""
    if not squashed(heading) or not squashed(name):
        return 0.0
    if squashed(heading) == squashed(name):
        return 1.0
    first, second = without_brackets(heading), without_brackets(name)
    if squashed(first) and squashed(first) == squashed(second):
        return _NO_BRACKETS
    if squashed(heading) in {squashed(part) for part in re.split("[/／]", name)}:
        return _SAME_WORDS
    mine, theirs = _words(first), _words(second)
    if not mine or not theirs:
        return 0.0
    if mine == theirs:
        return _SAME_WORDS
    common = _common(mine, theirs)
    alike = 2 * common / (len(mine) + len(theirs)) * _SAME_WORDS
    short, long = sorted((mine, theirs), key=len)
    is_enough = len(short) > 1 or len(short[0]) >= _SHORTEST_STEM
    # `编码` alone may be short for 客户编码; 税务编码 is not what a field means that is called 编码.
    is_of_others = short is theirs and "".join(theirs) in _GENERAL
    return (
        max(alike, _ENDS_WITH) if is_enough and not is_of_others and long[-len(short) :] == short else alike
    )


def _words(text: str) -> list[str]:
    """Return the words of a heading, each Chinese character one, in the word that stands for its like."""
    folded = _CAMEL.sub(" ", text).casefold()
    folded = _CHINESE_WORDS.sub(lambda found: _CHINESE[found[0]], folded)
    return [_ENGLISH.get(word, word) for word in _WORDS.findall(folded)]


def _common(first: list[str], second: list[str]) -> int:
    left = Counter(second)
    found = 0
    for word in first:
        other = next((each for each in left if left[each] and _same_word(word, each)), None)
        if other is not None:
            left[other] -= 1
            found += 1
    return found


def _same_word(first: str, second: str) -> bool:
    """Whether two words are the same but for an ending (`order`, `ordered`) or a typing error."""
    if first == second:
        return True
    if min(len(first), len(second)) < _SHORTEST_STEM:
        return False
    if first.startswith(second) or second.startswith(first):
        return True
    return SequenceMatcher(None, first, second, autojunk=False).ratio() >= _TYPING_ERROR
