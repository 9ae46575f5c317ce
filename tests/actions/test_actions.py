"""What each action does, through a small fake of its context."""

from types import MappingProxyType

import pytest

from orderkit.actions.action_type import Effect, Request, Word
from orderkit.catalog import built_in
from orderkit.model.expressions.nodes import Literal
from orderkit.model.expressions.types import Number, Text
from orderkit.model.people import HasRole, NamedPerson
from orderkit.model.values.durations import TimeSpan, TimeUnit
from orderkit.model.workflow.actions import ActionBranch, Delay, ParallelActions, Selection
from orderkit.model.workflow.workflows import Action, Join


class FakeContext:
    """Keeps what an action asked for; expressions are literals."""

    form = "order"
    record_id = 7

    def __init__(self):
        self.asked = []

    def value(self, expression):
        return expression.value

    def assign(self, values):
        self.asked.append(("assign", dict(values)))

    def create(self, form, values):
        self.asked.append(("create", form, dict(values)))
        return 1

    def notify(self, message, to, via, key, on_dead):
        self.asked.append(("notify", message, to, via, key, on_dead))

    def open_task(self, to, text):
        self.asked.append(("open_task", to, text))

    def run(self, transition, if_refused=None):
        self.asked.append(("run", transition, if_refused))

    def tell(self, text, to, via, key):
        self.asked.append(("tell", text.value, to, via, key))

    def update(self, rows, *, where, values):
        self.asked.append(("update", rows.form, where, values))

    def delete(self, rows, *, where):
        self.asked.append(("delete", rows.form, where))

    def link(self, field, value):
        self.asked.append(("link", field, value))

    def choose(self, branches):
        self.asked.append(("choose", branches))

    def each(self, rows, *, where, actions):
        self.asked.append(("each", rows.form, where, actions))

    def beside(self, block):
        self.asked.append(("beside", block))

    def later(self, delay, actions):
        self.asked.append(("later", delay, actions))

    def request(self, asked):
        self.asked.append(("request", asked))

    def start(self, workflow, values, then):
        self.asked.append(("start", workflow, values, then))

    def split(self, rows, *, where, take, values):
        self.asked.append(("split", rows.form, where, take, values))

    def merge(self, others, *, where, lines, run):
        self.asked.append(("merge", others.form, where, lines, run))


def text(value):
    return Literal(value, Text())


SALES = HasRole("sales")
TELL = Action(kind="task", options=MappingProxyType({"task": SALES}))
TWO = Literal(2, Number())
LINES = Selection(form="order.lines")
BESIDE = ParallelActions(join=Join.ALL, branches=(ActionBranch(when=None, actions=(TELL,)),))


@pytest.mark.parametrize(
    ("kind", "options", "asked"),
    [
        pytest.param(
            "set",
            {"set": (("carrier", text("SF")), ("qty", Literal(2, Number())))},
            ("assign", {"carrier": "SF", "qty": 2}),
            id="set writes all values together",
        ),
        pytest.param(
            "create",
            {"create": "delivery", "set": (("note", text("x")),)},
            ("create", "delivery", {"note": "x"}),
            id="create gives the values to the new record",
        ),
        pytest.param(
            "create", {"create": "delivery"}, ("create", "delivery", {}), id="create with defaults only"
        ),
        pytest.param("run", {"run": "settle"}, ("run", "settle", None), id="run presses a transition"),
        pytest.param(
            "run",
            {"run": "settle", "if_refused": "incident"},
            ("run", "settle", "incident"),
            id="run says what happens when it is refused",
        ),
        pytest.param(
            "notify",
            {"notify": SALES, "text": text("done"), "key": text("7")},
            ("tell", "done", SALES, ("inbox",), "7"),
            id="notify goes to the inbox unless told otherwise",
        ),
        pytest.param(
            "update",
            {"update": LINES, "set": (("qty", TWO),)},
            ("update", "order.lines", None, (("qty", TWO),)),
            id="update hands on rows and values, which are another for each",
        ),
        pytest.param(
            "delete",
            {"delete": LINES, "where": text("x")},
            ("delete", "order.lines", text("x")),
            id="delete hands on which rows",
        ),
        pytest.param("link", {"link": "tags", "to": TWO}, ("link", "tags", 2), id="link evaluates where to"),
        pytest.param(
            "choose",
            {"choose": (ActionBranch(when=None, actions=(TELL,)),)},
            ("choose", (ActionBranch(when=None, actions=(TELL,)),)),
            id="choose hands on its branches",
        ),
        pytest.param(
            "foreach",
            {"foreach": LINES, "actions": (TELL,)},
            ("each", "order.lines", None, (TELL,)),
            id="foreach hands on rows and actions",
        ),
        pytest.param("parallel", {"parallel": BESIDE}, ("beside", BESIDE), id="parallel begins its branches"),
        pytest.param(
            "delay",
            {"delay": Delay(span=TimeSpan(2, TimeUnit.DAYS)), "actions": (TELL,)},
            ("later", Delay(span=TimeSpan(2, TimeUnit.DAYS)), (TELL,)),
            id="delay begins to wait",
        ),
        pytest.param(
            "http",
            {"http": text("https://x.example/7"), "body": TWO},
            ("request", Request(url="https://x.example/7", operation="post", arguments={"body": 2})),
            id="http posts unless told otherwise",
        ),
        pytest.param(
            "call",
            {"call": "erp.post", "with": TWO, "key": text("k"), "on_dead": (TELL,)},
            ("request", Request(connection="erp", operation="post", arguments=2, key="k", on_dead=(TELL,))),
            id="call asks a connection",
        ),
        pytest.param(
            "call",
            {"call": "workflow:buying", "set": (("qty", TWO),), "then": "bought"},
            ("start", "buying", (("qty", TWO),), "bought"),
            id="call begins a sub-flow",
        ),
        pytest.param(
            "send",
            {"send": "shipped", "to": NamedPerson("owner")},
            ("notify", "shipped", NamedPerson("owner"), ("inbox",), None, ()),
            id="send goes to the inbox unless told otherwise",
        ),
        pytest.param(
            "send",
            {"send": "shipped", "to": SALES, "via": ("email",), "key": text("7:ship"), "on_dead": (TELL,)},
            ("notify", "shipped", SALES, ("email",), "7:ship", (TELL,)),
            id="send hands on channels, key and what to do when it fails",
        ),
        pytest.param(
            "split",
            {"split": Selection(form="order.lines"), "take": (("qty", Literal(2, Number())),)},
            ("split", "order.lines", None, {"qty": Literal(2, Number())}, {}),
            id="split hands on what goes",
        ),
        pytest.param(
            "merge",
            {"merge": Selection(form="order"), "lines": ("lines",), "run": "cancel"},
            ("merge", "order", None, ("lines",), "cancel"),
            id="merge hands on whose rows come and how the others end",
        ),
        pytest.param("task", {"task": SALES}, ("open_task", SALES, None), id="task says what went wrong"),
        pytest.param(
            "task",
            {"task": SALES, "text": text("call them")},
            ("open_task", SALES, "call them"),
            id="task with a text",
        ),
    ],
)
def test_an_action_asks_its_context_for_one_thing(kind, options, asked):
    context = FakeContext()
    built_in().actions[kind].run(MappingProxyType(options), context)
    assert context.asked == [asked]


def test_every_action_is_described_completely():
    for name, action in built_in().actions.items():
        assert action.name == name
        assert next(iter(action.words)) == name
        assert name in action.required <= action.words.keys()
        assert action.effect <= set(Effect)
        assert action.effect
        assert all(isinstance(word, Word) for word in action.words.values())
        assert {"zh", "en"} <= action.label.keys() & action.description.keys()


def test_what_leaves_the_house_never_runs_inside_the_transaction():
    actions = built_in().actions
    assert actions["send"].effect == {Effect.AFTER_COMMIT}
    assert Effect.AFTER_COMMIT not in actions["set"].effect
