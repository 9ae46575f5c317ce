"""Names that refer to something: looked up, or reported with what was probably meant."""

from collections.abc import Iterable, Mapping, Sequence

from orderkit.language.findings import ERROR, Code, Fix, Span, by_label, did_you_mean
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import correction, rewriting
from orderkit.language.spec import Reading
from orderkit.model.labels import Label, label

UNKNOWN_REFERENCE = Code(
    "OK2101",
    "unknown-reference",
    ERROR,
    since="0.1",
    explain="""
    A name refers to a form, state, role, message, report or other object that does not exist.
    ~~~yaml bad
    form: order
    fields: {customer: {type: ref, to: client}}
    # customer.yaml
    form: customer
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    form: order
    fields: {customer: {type: ref, to: customer}}
    # customer.yaml
    form: customer
    fields: {name: {type: text}}
    ~~~""",
    zh="名称指向的表单、状态、角色、消息、报表或其它对象不存在。",
)
UNKNOWN_FIELD = Code(
    "OK2102",
    "unknown-field",
    ERROR,
    since="0.1",
    explain="""
    A list of fields names one that the form does not have.
    ~~~yaml bad
    form: customer
    fields: {name: {type: text}}
    list: {columns: [nmae]}
    ~~~
    ~~~yaml good
    form: customer
    fields: {name: {type: text}}
    list: {columns: [name]}
    ~~~""",
    zh="字段列表里有表单没有的字段。",
)

WORDS: Mapping[str, Label] = {
    "form": label(zh="表单", en="form"),
    "workflow": label(zh="流程", en="workflow"),
    "state": label(zh="状态", en="state"),
    "transition": label(zh="流转", en="transition"),
    "approval": label(zh="审批", en="approval"),
    "role": label(zh="角色", en="role"),
    "report": label(zh="报表", en="report"),
    "measure": label(zh="指标", en="measure"),
    "dimension": label(zh="维度", en="dimension"),
    "dashboard": label(zh="看板", en="dashboard"),
    "page": label(zh="页面", en="page"),
    "connection": label(zh="连接", en="connection"),
    "connector": label(zh="连接器", en="connector"),
    "operation": label(zh="操作", en="operation"),
    "message": label(zh="消息", en="message"),
    "import": label(zh="导入", en="import"),
    "channel": label(zh="消息渠道", en="channel"),
    "type": label(zh="字段类型", en="field type"),
    "view": label(zh="视图", en="view"),
    "option": label(zh="选项", en="option"),
    "action": label(zh="动作", en="action"),
    "ledger": label(zh="台账", en="ledger"),
    "posting": label(zh="记账", en="posting"),
    "key": label(zh="键", en="key"),
    "calendar": label(zh="工作日历", en="calendar"),
    "check": label(zh="校验", en="check"),
    "lines": label(zh="明细字段", en="lines field"),
    "person": label(zh="人物", en="person"),
    "record": label(zh="记录", en="record"),
    "step": label(zh="审批步骤", en="step"),
}


def labels_of(known: Iterable[str]) -> Mapping[str, str]:
    """Return label → id of what is known, in every language, where `known` maps ids to what has a label."""
    if not isinstance(known, Mapping):
        return {}
    # Not a protocol to be tested for: a thousand names would take ten thousand times as long to ask.
    named = ((name, getattr(each, "label", None)) for name, each in known.items())
    return by_label(
        (text, name) for name, label_ in named if isinstance(label_, Mapping) for text in label_.values()
    )


def report_unknown(
    reading: Reading,
    place: ScalarNode | Span,
    kind: str,
    known: Iterable[str],
    *,
    name: str | None = None,
    instead: Sequence[str] = (),
) -> None:
    """Report a name that stands for nothing, with what was probably meant: an id, or the label of one.

    `known` maps ids to what they stand for, where that has a label. `name` is needed where only a part of
    a node is meant. `instead` is what is certainly meant, where more is known than that names are alike.
    """
    labels = labels_of(known)
    text = name if name is not None else (place.text if isinstance(place, ScalarNode) else "")
    word = WORDS[kind]
    if instead:
        listed = " / ".join(f"`{each}`" for each in instead)
        reading.report(
            UNKNOWN_REFERENCE,
            place,
            label(zh=f"没有{word['zh']} `{text}`", en=f"there is no {word['en']} `{text}`"),
            label(zh=f"写成 {listed}", en=f"write {listed}"),
            fix=rewriting(place, instead[0], is_sure=len(instead) == 1),
            candidates=known,
        )
        return
    reading.report(
        UNKNOWN_REFERENCE,
        place,
        label(zh=f"没有{word['zh']} `{text}`", en=f"there is no {word['en']} `{text}`"),
        did_you_mean(text, known, labels),
        fix=correction(place, text, known, labels),
        candidates=known,
    )


def report_unknown_field(
    reading: Reading,
    place: ScalarNode | Span,
    name: str,
    form: str,
    known: Iterable[str],
    *,
    labels: Mapping[str, str] | None = None,
    help_: Label | None = None,
    fix: Fix | None = None,
) -> None:
    """Report a field that a form does not have; without `help_` and `fix`, with what was probably meant."""
    reading.report(
        UNKNOWN_FIELD,
        place,
        label(zh=f"表单 `{form}` 没有字段 `{name}`", en=f"the form `{form}` has no field `{name}`"),
        help_ or did_you_mean(name, known, labels),
        fix=fix if help_ else correction(place, name, known, labels),
        candidates=known,
    )


def mention_form(reading: Reading, node: ScalarNode, end: int | None = None) -> None:
    """Note what `order`, or `order.lines`, names: a whole node, or its characters up to `end`."""
    root, dot, lines = node.text[:end].partition(".")
    reading.mentions.name("form", root, node, 0, len(root))
    if dot:
        reading.mentions.name("field", node.text[:end], node, len(root) + 1, len(root) + 1 + len(lines))
