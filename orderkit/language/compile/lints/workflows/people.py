"""Lints over the people of a workflow: every button has somebody to press it, who sees it."""

from collections.abc import Iterable

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.permissions.sight import readers_of
from orderkit.language.compile.lints.workflows.graph import Graph, alternatives, place_of
from orderkit.language.compile.places.context import BUILT_IN_ROLES
from orderkit.language.findings import WARNING, Code
from orderkit.language.source import Node
from orderkit.language.spec.kinds import workflow as words
from orderkit.model.labels import Label, label
from orderkit.model.people import HasRole, NamedPerson, Who
from orderkit.model.workflow.workflows import Transition

NOBODY_PRESSES = Code(
    "OK4311",
    "nobody-presses",
    WARNING,
    since="0.1",
    explain="""
    Nobody can ever press a transition: it is `by: system`, but neither `auto` nor run by anything; or it is
    for a `holder` where the states it begins in have none.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: system}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: system, auto: true}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="没有人能触发这条流转：写了 `by: system`，却既不是 `auto`，也没有任何地方 `run` 它；或写给 `holder`，而起始状态都没有写 `holder`。",
)
PRESSER_CANNOT_READ = Code(
    "OK5010",
    "presser-cannot-read",
    WARNING,
    since="0.1",
    explain="""
    A transition is for a role that may not read the form, nor may everyone: who has only this role never
    sees the record, so never the button.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: role(planner)}}
    # planner.yaml
    role: planner
    forms: {product: {read: true}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    # product.yaml
    form: product
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: role(planner)}}
    # planner.yaml
    role: planner
    forms: {order: {read: true}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="流转写给某个角色，而该角色（以及所有人）都不能查看这个表单：只有这个角色的人看不到单据，也就看不到按钮。",
)
ASKED_BUT_HIDDEN = Code(
    "OK5011",
    "asked-but-hidden",
    WARNING,
    since="0.1",
    explain="""
    A transition asks a role for a field that is hidden from this role.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: role(planner), ask: [{field: cost}]}}
    # planner.yaml
    role: planner
    forms: {order: {read: true, hide: [cost]}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, done: {final: completed}}
    transitions: {finish: {from: draft, to: done, by: role(planner), ask: [{field: cost}]}}
    # planner.yaml
    role: planner
    forms: {order: {read: true}}
    # order.yaml
    form: order
    fields: {name: {type: text}, cost: {type: money}}
    ~~~""",
    zh="流转要求某个角色填写一个对它隐藏的字段。",
)


def check_people(linting: Linting, graph: Graph) -> None:
    """Report buttons that nobody presses, and those that the presser does not see."""
    for transition in graph.workflow.transitions:
        _check_pressers(linting, graph, transition)


def _check_pressers(linting: Linting, graph: Graph, transition: Transition) -> None:
    _, written = graph.transition_nodes[transition.id]
    if words.TRANSITION_BY not in written:
        return
    node = written.value_of(words.TRANSITION_BY)
    people = alternatives(transition.by)
    why = _why_nobody(linting, graph, transition, people)
    if why is not None:
        linting.report(
            NOBODY_PRESSES,
            node,
            label(
                zh=f"没有人能触发流转 `{transition.id}`",
                en=f"nobody can press the transition `{transition.id}`",
            ),
            why,
        )
    for who in people:
        if isinstance(who, HasRole) and who.role not in BUILT_IN_ROLES:
            _check_reader(linting, graph, transition, node, who.role)


def _why_nobody(
    linting: Linting, graph: Graph, transition: Transition, people: Iterable[Who | None]
) -> Label | None:
    workflow = graph.workflow
    names = {
        "system" if who is None else who.name for who in people if who is None or isinstance(who, NamedPerson)
    }
    if any(who is not None and not isinstance(who, NamedPerson) for who in people):
        return None
    if names == {"system"}:
        is_run = linting.usage.references("transition", f"{workflow.id}.{transition.id}")
        if transition.auto or is_run:
            return None
        return label(
            zh="加上 `auto: true`，或用动作 `run` 触发它",
            en="add `auto: true`, or let an action `run` it",
        )
    sources = [workflow.state_by_id[source] for source in transition.sources]
    if names <= {"system", "holder"} and not any(state.holder for state in sources):
        return label(zh="给起始状态写 `holder:`", en="give the states where it begins a `holder`")
    return None


def _check_reader(linting: Linting, graph: Graph, transition: Transition, node: Node, role_id: str) -> None:
    form = graph.workflow.form
    role = linting.project.role_by_id.get(role_id)
    place = place_of(node, f"role({role_id})")
    if role is None or place is None or linting.certain("role", role_id) is None:
        return
    readers = readers_of(linting.project, role, form)
    if not readers:
        linting.report(
            PRESSER_CANNOT_READ,
            place,
            label(
                zh=f"角色 `{role_id}` 不能查看表单 `{form}`，看不到这个按钮",
                en=f"the role `{role_id}` may not read the form `{form}`, so it never sees this button",
            ),
            label(zh=f"给角色加上 `{form}: {{read: true}}`", en=f"grant the role `{form}: {{read: true}}`"),
        )
        return
    for ask in transition.ask:
        if not ask.is_own and all(ask.field.id in grant.hide for grant in readers):
            linting.report(
                ASKED_BUT_HIDDEN,
                place,
                label(
                    zh=f"流转要填的 `{ask.field.id}` 对角色 `{role_id}` 隐藏",
                    en=f"`{ask.field.id}`, which this asks for, is hidden from the role `{role_id}`",
                ),
                label(
                    zh=f"从该角色的 `hide` 中去掉 `{ask.field.id}`",
                    en=f"take `{ask.field.id}` out of the role's `hide`",
                ),
            )
