"""What each function of the language is for, in both languages: for the reference and for editors.

A test holds it complete: the functions that the checker knows are exactly these.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orderkit.model.labels import Label, label


@dataclass(frozen=True, slots=True)
class FunctionWord:
    """A function as people read of it: how it is called, and what it gives."""

    call: str
    about: Label

    @property
    def name(self) -> str:
        """Its name alone."""
        return self.call.partition("(")[0]


def _word(call: str, zh: str, en: str) -> FunctionWord:
    return FunctionWord(call, label(zh=zh, en=en))


_NUMBERS = (
    _word(
        "round(x, places)",
        "四舍五入到 `places` 位小数，不写为 0 位",
        "`x` half-up to `places`, 0 when left out",
    ),
    _word("abs(x)", "绝对值", "`x` without its sign"),
    _word("least(a, b, …)", "最小的一个；有一个为空则为空", "the least; empty where one is empty"),
    _word("greatest(a, b, …)", "最大的一个；有一个为空则为空", "the greatest; empty where one is empty"),
    _word(
        "number(text, places)",
        "把文本读成数字，保留 `places` 位小数，不写为 6 位",
        "the text read as a number with `places`, 6 when left out",
    ),
    _word(
        "convert(qty, from, to)",
        "单位换算，四舍五入到 6 位小数；单位不同类则为空",
        "`qty` in another unit, half-up to six places; empty where the units do not measure the same",
    ),
    _word("rmb_upper(amount)", "人民币大写", "the amount in Chinese words, as on bills and vouchers"),
)
_TEXTS = (
    _word("len(text)", "字符数", "how many characters it has"),
    _word("lower(text)", "英文字母变小写，其它不变", "`A` to `Z` made small, nothing else"),
    _word("upper(text)", "英文字母变大写，其它不变", "`a` to `z` made capital, nothing else"),
    _word("trim(text)", "去掉两端空格", "without blanks at both ends"),
    _word("contains(text, part)", "是否含有这段文字，区分大小写", "whether it has this part; case counts"),
    _word("starts_with(text, part)", "是否以此开头", "whether it begins so"),
    _word("ends_with(text, part)", "是否以此结尾", "whether it ends so"),
    _word("replace(text, old, new)", "替换所有的 `old`", "with every `old` replaced"),
    _word("concat(a, b, …)", "连成一段文本，空值略过", "all in one text, empty values passed over"),
    _word("text(x)", "写成文本，对所有读者相同", "the value as programs write it, the same for every reader"),
)
_MOMENTS = (
    _word("today()", "今天，按项目时区", "the day, in the project's zone"),
    _word("now()", "此刻", "the instant"),
    _word("date(x)", "由文本或日期时间得到日期", "the day of a text or a date with time"),
    _word("datetime(x)", "由文本或日期得到日期时间", "the instant of a text, or the beginning of a day"),
    _word("year(date)", "年", "its year"),
    _word("month(date)", "月，1 到 12", "its month, 1 to 12"),
    _word("day(date)", "日，1 到 31", "its day, 1 to 31"),
    _word("days_between(a, b)", "从 a 到 b 的天数", "the days from `a` to `b`"),
    _word(
        "workdays_between(a, b)",
        "a 之后到 b 为止（含 b）的工作日数",
        "the working days after `a` up to and with `b`",
    ),
    _word("add_days(date, n)", "加 n 天", "`n` days later"),
    _word("add_months(date, n)", "加 n 个月，不超过月末", "`n` months later, at most the end of the month"),
)
_ROWS = (
    _word("sum(rows.x)", "合计；没有行为 0", "the sum; 0 of nothing"),
    _word(
        "count(rows)", "行数；`count(rows.x)` 只数不空的", "how many rows; of a field, how many are not empty"
    ),
    _word("min(rows.x)", "最小值", "the least"),
    _word("max(rows.x)", "最大值", "the greatest"),
    _word("avg(rows.x)", "平均值，四舍五入到 6 位小数", "the average, half-up to six places"),
    _word("any(condition on rows)", "是否有一行成立", "whether it holds for some row"),
    _word("all(condition on rows)", "是否每一行都成立", "whether it holds for every row"),
    _word("first(rows.x)", "第一行的值", "the value of the first row"),
    _word("last(rows.x)", "最后一行的值", "the value of the last row"),
    _word(
        "find(form, condition, by=-field)",
        "另一表单中符合条件的记录，`by` 决定取哪一条",
        "the record of another form that fits; `by` says which comes first",
    ),
)
_VALUES = (
    _word("coalesce(a, b, …)", "第一个不为空的值", "the first that is not empty"),
    _word("changed(field)", "这次保存是否改动了该字段", "whether this change touches the field"),
)

GLOSSARY: Mapping[str, tuple[FunctionWord, ...]] = {
    "Numbers · 数字": _NUMBERS,
    "Text · 文本": _TEXTS,
    "Dates · 日期": _MOMENTS,
    "Rows · 多行": _ROWS,
    "Any value · 任意值": _VALUES,
}
"""Every function by chapter."""

FUNCTION_WORDS: Mapping[str, FunctionWord] = {
    word.name: word for words in GLOSSARY.values() for word in words
}
"""Every function by its name."""
