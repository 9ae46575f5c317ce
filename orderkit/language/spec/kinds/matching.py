"""The words of `matching`."""

from orderkit.language.spec.readers import EXPRESSION, LABEL, NAME, VALUE, WHO, ListOf, MapOf, OneOf, Whole
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.analysis.matching import Spread
from orderkit.model.labels import label

RULE_SCORE = Key(
    "score",
    Whole(1, 100),
    label(zh="把握，1 到 100", en="how sure it is, 1 to 100"),
    required=True,
    example="60",
)
RULE_WHEN = Key(
    "when",
    EXPRESSION,
    label(zh="什么情况下是一对", en="when the two belong together"),
    required=True,
    example="contains(receipt.memo, order.number)",
)
RULE_REASON = Key(
    "reason",
    LABEL,
    label(zh="给人看的理由", en="the reason that people read"),
    required=True,
    example="{zh: 单号一致, en: The number is the same}",
)
RULE_SPREAD = Key(
    "spread",
    OneOf(tuple(Spread)),
    label(zh="一笔对多单时的先后", en="which open records come first where one covers several"),
    example="oldest_first",
)
RULE = Words(name=label(zh="匹配规则", en="rule"), keys=(RULE_SCORE, RULE_WHEN, RULE_REASON, RULE_SPREAD))

WRITE_OFF_UP_TO = Key(
    "up_to",
    NAME,
    label(zh="差额不超过多少可核销", en="up to which difference"),
    required=True,
    example="1.00",
)
WRITE_OFF_APPROVE = Key(
    "approve_above", NAME, label(zh="超过多少要审批", en="above which it is approved"), example="0.10"
)
WRITE_OFF_BY = Key("approve_by", WHO, label(zh="谁审批", en="who approves it"), example="role(finance)")
WRITE_OFF = Words(
    name=label(zh="差额核销", en="write-off"), keys=(WRITE_OFF_UP_TO, WRITE_OFF_APPROVE, WRITE_OFF_BY)
)

RESULT_APPEND = Key(
    "append",
    NAME,
    label(zh="在哪个明细里加一行：`表单.明细`", en="the lines that get a row: `form.lines`"),
    required=True,
    example="receipt.allocations",
)
RESULT_SET = Key(
    "set",
    MapOf(VALUE),
    label(zh="那一行的值", en="the values of that row"),
    required=True,
    example="{order: =order, amount: =receipt.open}",
)
RESULT = Words(name=label(zh="核销结果", en="result"), keys=(RESULT_APPEND, RESULT_SET))

LABEL_ = Key(
    "label",
    LABEL,
    label(zh="名称", en="what people call it"),
    example="{zh: 银行流水核销, en: Bank receipts}",
)
INCOMING = Key(
    "incoming",
    NAME,
    label(zh="进来的单据，如回款", en="what came in, such as a payment"),
    required=True,
    example="receipt",
)
OPEN = Key(
    "open",
    NAME,
    label(zh="未结的单据，如订单", en="what is open, such as an order"),
    required=True,
    example="order",
)
WHERE = Key("where", EXPRESSION, label(zh="哪些单据未结", en="which records are open"), example="balance > 0")
RULES = Key(
    "rules",
    ListOf(Nested(RULE)),
    label(zh="匹配规则，分高者为准", en="the rules; the highest score counts"),
    required=True,
    example="[{score: 100, when: receipt.amount == order.balance, reason: 金额一致}]",
)
AUTO_ABOVE = Key(
    "auto_above",
    Whole(0, 100),
    label(zh="高于多少分不用人确认", en="above which score nobody has to confirm"),
    example="95",
)
WRITE_OFF_ = Key(
    "write_off",
    Nested(WRITE_OFF),
    label(zh="小差额核销", en="how small differences are written off"),
    example="{up_to: 1.00, approve_above: 0.10}",
)
BY = Key("by", WHO, label(zh="谁确认", en="who confirms"), example="role(finance)")
RESULT_ = Key(
    "result",
    Nested(RESULT),
    label(zh="确认后留下什么", en="what a confirmed pair leaves behind"),
    required=True,
    example="{append: receipt.allocations, set: {order: =order}}",
)
MATCHING = Words(
    name=label(zh="核销", en="matching"),
    about=label(
        zh="按规则为进来的单据（如回款）找到它结清的单据（如订单）",
        en="rules by which what came in, such as a payment, finds the open records it belongs to",
    ),
    keys=(LABEL_, INCOMING, OPEN, WHERE, RULES, AUTO_ABOVE, WRITE_OFF_, BY, RESULT_),
    awaits_engine=True,
)
