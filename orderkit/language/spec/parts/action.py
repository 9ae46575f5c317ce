"""The words within actions that have words of their own: rows, branches, waiting."""

from orderkit.language.spec.readers import DURATION, EXPRESSION, FLAG, NAME, NODE, Deferred, ListOf, OneOf
from orderkit.language.spec.words import Key, Nested, Words
from orderkit.model.labels import label

SELECTION_FORM = Key("form", NAME, label(zh="表单", en="the form"), required=True, example="customer")
SELECTION_WHERE = Key(
    "where", EXPRESSION, label(zh="条件", en="which of its records"), example="term == 'credit'"
)
SELECTION = Words(name=label(zh="按条件选取的记录", en="selection"), keys=(SELECTION_FORM, SELECTION_WHERE))

BRANCH_WHEN = Key("when", EXPRESSION, label(zh="条件", en="taken if this holds"), example="total > 50000")
BRANCH_DEFAULT = Key("default", FLAG, label(zh="其余情况", en="taken otherwise"))
BRANCH_ACTIONS = Key(
    "actions", ListOf(NODE, or_one=True), label(zh="动作", en="its actions"), required=True, example="[]"
)
BRANCH = Words(
    name=label(zh="动作分支", en="branch of actions"), keys=(BRANCH_WHEN, BRANCH_DEFAULT, BRANCH_ACTIONS)
)

JOIN = Key(
    "join",
    OneOf(("all", "any", "first")),
    label(zh="何时汇合", en="when it is done: all branches, any that succeeds, or the first that ends"),
    default="all",
    example="any",
)
PARALLEL_BRANCHES = Key(
    "branches",
    ListOf(Deferred(shapes=(Nested(BRANCH),))),
    label(zh="分支", en="what runs beside each other"),
    required=True,
    example="[{actions: []}, {actions: []}]",
)
PARALLEL = Words(name=label(zh="并行动作", en="parallel actions"), keys=(JOIN, PARALLEL_BRANCHES))

DELAY_UNTIL = Key(
    "until", EXPRESSION, label(zh="直到", en="the date or moment"), required=True, example="need_by"
)
DELAY = Words(name=label(zh="等到", en="delay"), keys=(DELAY_UNTIL,))
SPAN = DURATION
