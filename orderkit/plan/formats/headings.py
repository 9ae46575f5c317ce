"""The words that every format of a plan shares: weights, parts of a project, counts."""

from collections.abc import Iterator, Mapping

from orderkit.database.changes.judging import Severity
from orderkit.model.labels import Label, label, text_of
from orderkit.plan.values import Area, Entry, Manner, Plan

SEVERITIES: Mapping[Severity, Label] = {
    Severity.DESTRUCTIVE: label(zh="会丢失数据", en="Destructive"),
    Severity.BREAKING: label(zh="不兼容", en="Breaking"),
    Severity.BACKFILL: label(zh="需要补数据", en="Needs backfill"),
    Severity.SAFE: label(zh="安全", en="Safe"),
}
AREAS: Mapping[Area, Label] = {
    Area.FORMS: label(zh="表单与字段", en="Forms and fields"),
    Area.WORKFLOWS: label(zh="工作流与自动化", en="Workflows and automations"),
    Area.PERMISSIONS: label(zh="权限", en="Permissions"),
    Area.REPORTS: label(zh="报表、看板与预警", en="Reports, dashboards, alerts"),
    Area.INTEGRATIONS: label(zh="集成与消息", en="Integrations and messages"),
    Area.LEDGERS: label(zh="台账与核销", en="Ledgers and matchings"),
    Area.SHEETS: label(zh="导入、打印与门户", en="Imports, prints, portals"),
    Area.PROJECT: label(zh="项目", en="Project"),
    Area.API: label(zh="API", en="API"),
    Area.DATABASE: label(zh="数据库", en="Database"),
}
MARKS: Mapping[Manner, str] = {
    Manner.ADDED: "+",
    Manner.REMOVED: "-",
    Manner.RENAMED: ">",
    Manner.CHANGED: "~",
}
REFUSED = label(zh="拒绝", en="Refused")
NOTES = label(zh="说明", en="Notes")
AGAINST = label(zh="对比：{against}", en="compared with {against}")
EMPTY = label(zh="没有变化", en="nothing changes")
_CHANGES = label(zh="{count} 处变化", en="{count} changes")
_ONE_CHANGE = label(zh="1 处变化", en="1 change")
_REFUSALS = label(zh="{count} 处被拒绝", en="{count} refused")


def counts_told(plan: Plan, language: str) -> str:
    """Return how much changes, by weight: `5 changes: 1 breaking, 4 safe`."""
    total = len(plan.entries)
    if not total:
        parts, head = [], text_of(EMPTY, language)
    else:
        head = text_of(_ONE_CHANGE if total == 1 else _CHANGES, language).format(count=total)
        parts = [
            f"{number} {text_of(words, language).lower()}"
            for severity, words in SEVERITIES.items()
            if (number := len(plan.of(severity)))
        ]
    if plan.refusals:
        parts.append(text_of(_REFUSALS, language).format(count=len(plan.refusals)))
    colon, comma = ("：", "，") if language == "zh" else (": ", ", ")
    return head + (colon + comma.join(parts) if parts else "")


def by_area(entries: tuple[Entry, ...]) -> Iterator[tuple[Area, list[Entry]]]:
    """Yield the parts of a project that have entries, each with them."""
    for area in Area:
        found = [entry for entry in entries if entry.area is area]
        if found:
            yield area, found


def change_told(entry: Entry, language: str) -> str:
    """Return what was and what is: `old → new`; one side alone where there is no other."""
    before = "" if entry.before is None else text_of(entry.before, language)
    after = "" if entry.after is None else text_of(entry.after, language)
    if before and after:
        return f"{before} → {after}"
    if entry.manner is Manner.CHANGED and (before or after):
        nothing = "无" if language == "zh" else "nothing"
        return f"{before or nothing} → {after or nothing}"
    return before or after
