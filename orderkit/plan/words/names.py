"""What kinds of things are called, and how one of them is named in a sentence."""

from collections.abc import Mapping
from typing import Any

from orderkit.model.labels import Label, label
from orderkit.plan.values import Manner
from orderkit.plan.words.filling import code, filled, same
from orderkit.plan.words.values import is_label

_NOUNS: Mapping[str, Label] = {
    "Alert": label(zh="预警", en="alert"),
    "Approval": label(zh="审批", en="approval"),
    "Ask": label(zh="询问项", en="question"),
    "Automation": label(zh="自动化", en="automation"),
    "Calendar": label(zh="日历", en="calendar"),
    "Check": label(zh="校验", en="check"),
    "Collection": label(zh="关联记录", en="collection"),
    "Connection": label(zh="连接", en="connection"),
    "CreateFrom": label(zh="下推按钮", en="button that makes a record"),
    "Dashboard": label(zh="看板", en="dashboard"),
    "DashboardFilter": label(zh="看板筛选", en="filter"),
    "Dimension": label(zh="维度", en="dimension"),
    "Field": label(zh="字段", en="field"),
    "Form": label(zh="表单", en="form"),
    "ImportColumn": label(zh="导入列", en="column"),
    "ImportMapping": label(zh="导入", en="import"),
    "Integration": label(zh="集成", en="integration"),
    "KeyDefault": label(zh="键的默认来源", en="default of a key"),
    "Ledger": label(zh="台账", en="ledger"),
    "LedgerKey": label(zh="台账键", en="key"),
    "LedgerMeasure": label(zh="台账指标", en="measure"),
    "Matching": label(zh="核销", en="matching"),
    "Measure": label(zh="指标", en="measure"),
    "Menu": label(zh="菜单", en="menu"),
    "Message": label(zh="消息", en="message"),
    "Movement": label(zh="记账内容", en="movement"),
    "NamedBalance": label(zh="余额", en="balance"),
    "PageRecord": label(zh="页面数据", en="data"),
    "PageRows": label(zh="页面数据", en="data"),
    "Portal": label(zh="门户页", en="portal"),
    "PostingKind": label(zh="记账", en="posting"),
    "Print": label(zh="打印", en="print"),
    "Project": label(zh="项目", en="project"),
    "ProjectPage": label(zh="页面", en="page"),
    "Pull": label(zh="拉取", en="pull"),
    "RatioMeasure": label(zh="指标", en="measure"),
    "Reception": label(zh="接收", en="reception"),
    "ReplacedTemplate": label(zh="替换的页面模板", en="replaced template"),
    "Report": label(zh="报表", en="report"),
    "Role": label(zh="角色", en="role"),
    "Seed": label(zh="种子数据", en="seed"),
    "State": label(zh="状态", en="state"),
    "StateClock": label(zh="时限", en="deadline"),
    "Step": label(zh="审批步骤", en="approval step"),
    "Timer": label(zh="定时器", en="timer"),
    "Transition": label(zh="操作", en="button"),
    "Variant": label(zh="专属模板", en="variant"),
    "View": label(zh="视图", en="view"),
    "Workflow": label(zh="工作流", en="workflow"),
}

_NONE = same("")
_SENTENCES = {
    Manner.ADDED: label(zh="新增{noun} {name}", en="new {noun} {name}"),
    Manner.REMOVED: label(zh="{noun} {name} 被删除", en="{noun} {name} is gone"),
    Manner.RENAMED: label(zh="{noun} {name} 改名", en="{noun} {name} is renamed"),
    Manner.CHANGED: label(zh="{noun} {name} 变化：{what}", en="{noun} {name} changes: {what}"),
}


def noun_of(part: object) -> Label:
    """Return what a thing like this is called."""
    return _NOUNS[type(part).__name__]


def named(subject: str, part: Any) -> Label:
    """Return the path of a thing with how people call it: `order.total` (Total)."""
    given = getattr(part, "label", None)
    if not is_label(given):
        return code(subject)
    return filled(label(zh="{path}（{name}）", en="{path} ({name})"), path=code(subject), name=label(**given))


def sentence(manner: Manner, subject: str, part: Any, what: Label = _NONE) -> Label:
    """Return the sentence that tells a change of one thing."""
    return filled(_SENTENCES[manner], noun=noun_of(part), name=named(subject, part), what=what)
