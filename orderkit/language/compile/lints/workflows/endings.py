"""A lint: from every state that records reach, something final can be reached."""

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.graph import Graph
from orderkit.language.findings import WARNING, Code
from orderkit.model.labels import label
from orderkit.model.workflow.ways import reached

NEVER_ENDS = Code(
    "OK4310",
    "never-ends",
    WARNING,
    since="0.1",
    explain="""
    From a state no final one can be reached: records go round in circles for ever.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, held: {}, asked: {}, done: {final: completed}}
    transitions:
      finish: {from: draft, to: done, by: owner}
      hold: {from: draft, to: held, by: owner}
      ask: {from: held, to: asked, by: owner}
      answer: {from: asked, to: held, by: owner}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, held: {}, asked: {}, done: {final: completed}}
    transitions:
      finish: {from: [draft, held], to: done, by: owner}
      hold: {from: draft, to: held, by: owner}
      ask: {from: held, to: asked, by: owner}
      answer: {from: asked, to: held, by: owner}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="从这个状态出发到不了任何终态：单据会一直兜圈子。",
)


def check_endings(linting: Linting, graph: Graph) -> None:
    """Report states from which nothing final can be reached, though they can be left."""
    # Where a record gets stuck is told there, not at every state that leads to it.
    stuck = {state for state, targets in graph.ways.items() if not targets}
    ending = reached(graph.finals | stuck, graph.backward)
    for state in sorted(reached([graph.workflow.initial], graph.ways) - ending):
        if graph.ways[state]:
            linting.report(
                NEVER_ENDS,
                graph.state_nodes[state],
                label(
                    zh=f"从状态 `{state}` 到不了任何终态",
                    en=f"nothing final can be reached from the state `{state}`",
                ),
                label(
                    zh="加一条通向终态的流转，或给某个状态写 `final:`",
                    en="add a transition to a final state, or make one of the states `final`",
                ),
            )
