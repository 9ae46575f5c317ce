"""Says in words which rows do not fulfil a check: the same in the refusal of `migrate` and in a plan."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, assert_never

from orderkit.database.changes.checks import (
    Casts,
    Check,
    Matches,
    NotChosen,
    NotEmpty,
    OneValue,
    Refers,
    Unique,
)
from orderkit.model.labels import Label, label

_MOST_SHOWN = 60


def place_of(check: Check) -> str:
    """Return where a check looks, as people name it: `order.lines.qty`."""
    table = check.table.replace("__", ".")
    match check:
        case Unique(columns=columns):
            return f"{table}.{', '.join(columns)}"
        case Casts(old=old):
            return f"{table}.{old.name}"
        case _:
            return f"{table}.{check.column}"


def rows_told(check: Check, count: int, ids: Sequence[int], values: Sequence[Sequence[Any]]) -> Label:
    """Return how many rows do not fulfil a check, why, and what stands in the first of them."""
    why = _why(check)
    rows = ", ".join(
        f"#{id_} ({', '.join(map(_shown, found))})" if any(each is not None for each in found) else f"#{id_}"
        for id_, found in zip(ids, values or [()] * len(ids), strict=True)
    )
    rest = count - len(ids)
    return label(
        zh=f"{count} 条记录{why['zh']}：{rows}{f'，另有 {rest} 条' if rest else ''}",
        en=f"{count} {'row' if count == 1 else 'rows'} {why['en']}: {rows}{f' and {rest} more' if rest else ''}",
    )


def _shown(value: object) -> str:
    text = "–" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[:_MOST_SHOWN]}…"


def _why(check: Check) -> Label:
    match check:
        case NotEmpty():
            return label(zh="为空，而该字段现在必填", en="empty, where a value is required now")
        case Unique():
            return label(zh="的值重复，而现在必须唯一", en="with values that must be unique now")
        case Casts(new=new):
            kind = f"{new.kind.value}({new.scale})" if new.scale is not None else new.kind.value
            return label(zh=f"无法无损地转换为 {kind}", en=f"that cannot become {kind} without loss")
        case Refers(target=target):
            return label(zh=f"引用了 {target} 中不存在的记录", en=f"that refer to nothing in {target}")
        case Matches(new_target=target, key=key):
            return label(
                zh=f"在 {target} 中没有（或不止一条）相同 {key} 的记录",
                en=f"without exactly one record of the same {key} in {target}",
            )
        case NotChosen(option=option):
            return label(zh=f"仍选择了 {option}", en=f"that still have {option}")
        case OneValue():
            return label(zh="同属一条记录却有不同的值", en="of the same record with different values")
        case _:
            assert_never(check)
