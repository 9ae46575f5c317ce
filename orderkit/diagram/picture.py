"""The picture of a life as SVG, with a sentence for those who do not see it."""

from collections.abc import Iterable

from orderkit.diagram.layout import Direction, drawn
from orderkit.diagram.layout.measuring import Sizes
from orderkit.diagram.life import life_graph
from orderkit.diagram.svg import Lit, svg
from orderkit.diagram.words import of_both
from orderkit.model.labels import Label, label, text_of
from orderkit.model.workflow.workflows import State, Workflow

_SIZES = Sizes(width=112, height=52)


def life_picture(
    workflow: Workflow,
    locale: str,
    *,
    is_opened: bool = False,
    direction: Direction = Direction.ACROSS,
    lit: Lit | None = None,
    is_alone: bool = True,
) -> str:
    """Return the states of a workflow and the ways between them as an `<svg>` element.

    Args:
        workflow: the compiled workflow.
        locale: the language of its texts.
        is_opened: whether approvals show their steps.
        direction: to the right, or downwards for a narrow screen.
        lit: where a record is and was, by the ids of states.
        is_alone: whether it is a file by itself, with its colours in it.
    """
    graph = life_graph(workflow, is_opened=is_opened)
    language = "zh" if locale.startswith("zh") else "en"
    return svg(
        drawn(graph, locale, direction=direction, sizes=_SIZES),
        title=text_of(workflow.label, locale),
        description=text_of(_described(workflow, lit), language),
        lang=locale,
        name=f"life-{workflow.id}-{direction}",
        lit=lit,
        is_alone=is_alone,
    )


def _described(workflow: Workflow, lit: Lit | None) -> Label:
    """Return which states there are, and in which a record is."""
    states = of_both("状态：{states}。", "States: {states}.", states=_listed(workflow.states))
    now = [state for state in workflow.states if lit is not None and state.id in lit.now]
    if not now:
        return states
    return of_both("{states}现在：{now}。", "{states} Now: {now}.", states=states, now=_listed(now))


def _listed(states: Iterable[State]) -> Label:
    some = tuple(states)
    return label(
        zh="、".join(text_of(state.label, "zh") for state in some),
        en=", ".join(text_of(state.label, "en") for state in some),
    )
