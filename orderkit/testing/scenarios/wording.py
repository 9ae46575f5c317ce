"""A step of a scenario in words, as a failure names it."""

from orderkit.model.labels import Label, label
from orderkit.model.scenarios import Deed, GivenPosting, GivenRecord, ScenarioStep

_DECISIONS = {
    Deed.APPROVE: ("同意", "approves"),
    Deed.REJECT: ("拒绝", "rejects"),
    Deed.RETURN: ("退回", "returns"),
    Deed.WITHDRAW: ("撤回", "withdraws"),
    Deed.SET: ("修改", "changes"),
}


def step_words(step: ScenarioStep) -> Label:
    """Return who does what to which record."""
    who_zh, who_en = step.person or "系统", step.person or "the system"
    match step.deed:
        case Deed.CREATE:
            name = "" if step.record is None else f" `{step.record}`"
            return label(zh=f"{who_zh} 新建 {step.form}{name}", en=f"{who_en} creates {step.form}{name}")
        case Deed.DO:
            buttons = ", ".join(step.transitions)
            return label(
                zh=f"{who_zh} 对 `{step.record}` 执行 {buttons}",
                en=f"{who_en} does {buttons} on `{step.record}`",
            )
        case Deed.WAIT:
            return label(zh=f"等待 {step.wait}", en=f"wait {step.wait}")
        case Deed.EXPECT:
            about = "" if step.record is None else f" `{step.record}`"
            return label(zh=f"查看{about}", en=f"look at{about}" if about else "look")
        case _:
            zh, en = _DECISIONS[step.deed]
            return label(zh=f"{who_zh} {zh} `{step.record}`", en=f"{who_en} {en} `{step.record}`")


def given_words(given: GivenRecord | GivenPosting) -> Label:
    """Return what is given."""
    if isinstance(given, GivenPosting):
        place = f"{given.ledger}.{given.posting}"
        return label(zh=f"前提：记账 {place}", en=f"given: a posting {place}")
    name = "" if given.name is None else f" `{given.name}`"
    return label(zh=f"前提：{given.form}{name}", en=f"given: {given.form}{name}")
