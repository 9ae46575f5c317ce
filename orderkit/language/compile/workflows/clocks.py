"""Clocks: deadlines of approvals and steps, clocks over states, and timers."""

from collections.abc import Iterable, Mapping

from orderkit.language.compile.names.collecting import check_id
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.places.who import ABOUT_A_RECORD
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.workflows.action_places import ActionPlace
from orderkit.language.compile.workflows.actions import lower_actions
from orderkit.language.compile.workflows.states import States
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import Node, ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.parts import clock as words
from orderkit.language.spec.readers import scalar
from orderkit.model.expressions.nodes import Expression
from orderkit.model.labels import label
from orderkit.model.values.durations import TimeSpan, time_span
from orderkit.model.workflow.clocks import Clock, Overdue, Reminder, StateClock
from orderkit.model.workflow.workflows import Timer

WRONG_OVERDUE = Code(
    "OK4401",
    "wrong-overdue",
    ERROR,
    since="0.1",
    explain="""
    What happens when something is overdue is exactly one of `escalate`, `notify` and, in an approval, `auto`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    sla: {delivery: {start: draft, stop: done, due: need_by, overdue: [{after_due: 1d}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    sla: {delivery: {start: draft, stop: done, due: need_by, overdue: [{after_due: 1d, notify: owner}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~""",
    zh="超期后做什么，只写 `escalate`、`notify`、`auto`（仅审批）之一。",
)
WRONG_CLOCK = Code(
    "OK4402",
    "clock-never-stops",
    ERROR,
    since="0.1",
    explain="""
    A clock stops in a state that cannot be reached from where it starts.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    sla: {delivery: {start: done, stop: draft, due: need_by}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    sla: {delivery: {start: draft, stop: done, due: need_by}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~""",
    zh="计时的终点状态，从起点状态到不了。",
)
WRONG_TIMER = Code(
    "OK4403",
    "wrong-timer",
    ERROR,
    since="0.1",
    explain="""
    A timer has either `at`, a moment, or `after`, so long after the entry; `every` repeats an `after`.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    timers: {late: {in: draft, do: [{run: finish}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: owner}}
    timers: {late: {in: draft, after: 2d, every: 1d, do: [{run: finish}]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, need_by: {type: date}}
    ~~~""",
    zh="定时器要么写 `at`（某一时刻），要么写 `after`（进入多久之后）；`every` 用来重复 `after`。",
)


def read_clock(
    lowering: Lowering,
    written: Written | None,
    scope: Scope,
    people: frozenset[str],
    *,
    decides: bool = False,
) -> Clock | None:
    """Return a deadline, or None where it is absent or wrong; only approvals have something to decide."""
    if written is None or written.is_broken:
        return None
    due = _due(lowering, written[words.DUE], scope)
    remind = [_reminder(lowering, each, scope, people) for each in written[words.REMINDERS] or ()]
    overdue = [
        _overdue(lowering, each, scope, people, decides=decides) for each in written[words.OVERDUES] or ()
    ]
    if due is None:
        return None
    return Clock(
        due=due,
        remind=tuple(each for each in remind if each is not None),
        overdue=tuple(each for each in overdue if each is not None),
        misfire=written[words.MISFIRE] or "fire_once",
    )


def _due(lowering: Lowering, node: Node | None, scope: Scope) -> TimeSpan | Expression | None:
    """Return how long something may take, or the date by which it is due."""
    found = None if node is None else scalar(node, lowering.reading)
    if found is None:
        return None
    return time_span(found.text) or lowering.checking.moment(found, scope)


def _reminder(lowering: Lowering, written: Written, scope: Scope, people: frozenset[str]) -> Reminder | None:
    before = written[words.REMIND_BEFORE]
    to = lowering.people.read(written[words.REMIND_TO], scope, people)
    message, via = how_told(lowering, written)
    return None if before is None else Reminder(before_due=before, to=to, message=message, via=via)


def _overdue(
    lowering: Lowering, written: Written, scope: Scope, people: frozenset[str], *, decides: bool
) -> Overdue | None:
    if written.is_broken:
        return None
    kinds = [
        key for key in (words.OVERDUE_ESCALATE, words.OVERDUE_NOTIFY, words.OVERDUE_AUTO) if key in written
    ]
    if len(kinds) != 1:
        place = written.key_of(kinds[1]) if kinds else written.node.entries[0][0]
        _report_overdue(
            lowering,
            place,
            zh="超期后要做一件事，也只做一件",
            en="what is overdue does exactly one of `escalate`, `notify` and `auto`",
        )
    if words.OVERDUE_AUTO in written and not decides:
        _report_overdue(
            lowering,
            written.key_of(words.OVERDUE_AUTO),
            zh="`auto` 只用于审批",
            en="`auto` decides an approval, and here is none",
        )
    after = written[words.OVERDUE_AFTER]
    escalate = lowering.people.read(written[words.OVERDUE_ESCALATE], scope, people)
    notify = lowering.people.read(written[words.OVERDUE_NOTIFY], scope, people)
    message, via = how_told(lowering, written)
    if after is None:
        return None
    return Overdue(
        after_due=after,
        escalate=escalate,
        notify=notify,
        decide=written[words.OVERDUE_AUTO],
        message=message,
        via=via,
    )


def _report_overdue(lowering: Lowering, place: ScalarNode, *, zh: str, en: str) -> None:
    lowering.reading.report(
        WRONG_OVERDUE,
        place,
        label(zh=zh, en=en),
        label(zh="写 `escalate: 谁` 或 `notify: 谁`", en="write `escalate: …` or `notify: …`"),
    )


def how_told(lowering: Lowering, written: Written) -> tuple[str | None, tuple[str, ...]]:
    """Return the message and the channels that a reminder, an overdue or a copy names."""
    node = written[words.MESSAGE]
    message = node.text if node is not None and lowering.compilation.known(node, "message") else None
    return message, lowering.channels(written[words.VIA])


def lower_state_clocks(
    lowering: Lowering, pairs: Iterable[tuple[ScalarNode, Written]], states: States
) -> tuple[StateClock, ...]:
    """Return the clocks over states, as far as they are right."""
    lowered = (_state_clock(lowering, key, written, states) for key, written in pairs)
    return tuple(clock for clock in lowered if clock is not None)


def _state_clock(lowering: Lowering, key: ScalarNode, written: Written, states: States) -> StateClock | None:
    check_id(key, lowering.reading)
    start, stop = states.names.named(written[words.START]), states.names.named(written[words.STOP])
    pause = [states.names.named(node) for node in written[words.PAUSE] or ()]
    clock = read_clock(lowering, written, states.scope, ABOUT_A_RECORD)
    if start is not None and stop is not None and stop not in states.after(start):
        lowering.reading.report(
            WRONG_CLOCK,
            written.value_of(words.STOP),
            label(zh=f"从 `{start}` 到不了 `{stop}`", en=f"`{stop}` cannot be reached from `{start}`"),
        )
    if start is None or stop is None or clock is None:
        return None
    return StateClock(
        id=key.text,
        label=written[words.LABEL_] or readable(key.text),
        start=start,
        stop=stop,
        clock=clock,
        pause_in=tuple(state for state in pause if state is not None),
    )


def lower_timers(
    lowering: Lowering,
    pairs: Iterable[tuple[ScalarNode, Written]],
    states: States,
    transitions: Mapping[str, Written],
) -> tuple[Timer, ...]:
    """Return the timers, as far as they are right."""
    place = ActionPlace(states.form, states.scope, None, transitions)
    lowered = (_timer(lowering, key, written, states, place) for key, written in pairs)
    return tuple(timer for timer in lowered if timer is not None)


def _timer(
    lowering: Lowering, key: ScalarNode, written: Written, states: States, place: ActionPlace
) -> Timer | None:
    check_id(key, lowering.reading)
    state = states.names.named(written[words.TIMER_IN])
    actions = lower_actions(lowering, written[words.TIMER_DO], place)
    at = lowering.checking.moment(written[words.TIMER_AT], states.scope)
    when = lowering.checking.condition(written[words.TIMER_WHEN], states.scope)
    has_at, has_after = words.TIMER_AT in written, words.TIMER_AFTER in written
    if has_at == has_after and not written.is_broken:
        _report_timer(
            lowering,
            written.key_of(words.TIMER_AFTER) if has_at else key,
            zh=f"定时器 `{key.text}` 要写 `at` 或 `after` 之一",
            en=f"the timer `{key.text}` needs either `at` or `after`",
        )
    elif words.TIMER_EVERY in written and not has_after:
        _report_timer(
            lowering,
            written.key_of(words.TIMER_EVERY),
            zh="`every` 要和 `after` 一起用",
            en="`every` repeats an `after`, and there is none",
        )
    if state is None:
        return None
    return Timer(
        id=key.text,
        state=state,
        actions=actions,
        at=at,
        after=written[words.TIMER_AFTER],
        every=written[words.TIMER_EVERY],
        when=when,
        misfire=written[words.MISFIRE] or "fire_once",
    )


def _report_timer(lowering: Lowering, place: ScalarNode, *, zh: str, en: str) -> None:
    lowering.reading.report(WRONG_TIMER, place, label(zh=zh, en=en))
