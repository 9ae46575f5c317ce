"""Lints: what gets a record around an approval, or changes what was approved without asking again."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.language.compile.lints.linting import Linting
from orderkit.language.compile.lints.workflows.graph import Graph, alternatives, place_of
from orderkit.language.compile.lints.workflows.reading import unprotected_inputs
from orderkit.language.compile.lints.workflows.running_around import check_runs
from orderkit.language.compile.lints.workflows.tiers import conditions_of_transition
from orderkit.language.findings import WARNING, Code, Note
from orderkit.language.source import ScalarNode
from orderkit.language.spec.kinds import role as role_words
from orderkit.language.spec.kinds import sheets as sheet_words
from orderkit.language.spec.kinds import workflow as words
from orderkit.model.labels import label
from orderkit.model.workflow.ways import reached
from orderkit.model.workflow.workflows import Approval, State, Transition

EDITED_AFTER = Code(
    "OK4316",
    "approval-edited-around",
    WARNING,
    since="0.1",
    explain="""
    Whether a step of an approval is needed rests on a field that can still be changed during or after the
    approval, and that the approval does not protect: a small order is approved, then made large.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states:
      draft: {}
      review: {approval: check}
      open: {edit: [total]}
      done: {final: completed}
    transitions:
      place: {from: draft, to: review, by: owner}
      finish: {from: open, to: done, by: owner}
    approvals:
      check:
        approved: open
        rejected: draft
        steps: [{id: director, when: total > 50000, approvers: role(admin)}]
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states:
      draft: {}
      review: {approval: check}
      open: {edit: [total]}
      done: {final: completed}
    transitions:
      place: {from: draft, to: review, by: owner}
      finish: {from: open, to: done, by: owner}
    approvals:
      check:
        protects: [total]
        approved: open
        rejected: draft
        steps: [{id: director, when: total > 50000, approvers: role(admin)}]
    # order.yaml
    form: order
    fields: {total: {type: money, required: true}}
    ~~~""",
    zh="某个审批步骤是否需要，取决于一个字段，而这个字段在审批中或审批后仍可修改，又没有写进 `protects`：小单批过之后改成大单。",
)
WALKED_AROUND = Code(
    "OK4317",
    "approval-walked-around",
    WARNING,
    since="0.1",
    explain="""
    Whoever sends a record into an approval can also press another transition, without any guard, that leads
    from before the approval to behind it.
    ~~~yaml bad
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      rush: {from: draft, to: open, by: owner}
      finish: {from: open, to: done, by: owner}
    approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, open: {}, done: {final: completed}}
    transitions:
      place: {from: draft, to: review, by: owner}
      rush: {from: draft, to: open, by: role(admin)}
      finish: {from: open, to: done, by: owner}
    approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: open, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="提交审批的人还可以触发另一条没有前提的流转，从审批之前直接到审批之后。",
)
IMPORTED_AROUND = Code(
    "OK4318",
    "approval-imported-around",
    WARNING,
    since="0.1",
    explain="""
    A `history` import sets the state of a form whose workflow has an approval, or changes what the approval
    protects in records that are there, and a role other than `admin` may import that form: its people can
    bring in records as approved. Old records are for administrators.
    ~~~yaml bad
    import: old
    for: order
    columns: {name: Name, status: Status}
    history: {}
    # sales.yaml
    role: sales
    forms: {order: {create: true, read: true, import: true}}
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    import: old
    for: order
    columns: {name: Name, status: Status}
    history: {}
    # sales.yaml
    role: sales
    forms: {order: {create: true, read: true}}
    # life.yaml
    workflow: life
    for: order
    state: status
    initial: draft
    states: {draft: {}, review: {approval: check}, done: {final: completed}}
    transitions: {place: {from: draft, to: review, by: owner}}
    approvals: {check: {steps: [{id: one, approvers: role(admin)}], approved: done, rejected: draft}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="`history` 导入会写入状态，或改写已有单据的受保护字段，表单的流程有审批，而 `admin` 以外的角色也能导入这个表单：他们可以把单据直接导入成已审批。",
)


@dataclass(frozen=True, slots=True)
class _Sides:
    """The states around an approval: where it runs, those before it, and those behind it that lead to success."""

    during: str
    approved: str
    before: frozenset[str]
    after: frozenset[str]


def check_bypasses(linting: Linting, graph: Graph) -> None:
    """Report ways around each approval of a workflow."""
    for state in graph.workflow.states:
        approval = None if state.approval is None else graph.workflow.approval_by_id.get(state.approval)
        if approval is None:
            continue
        sides = _sides(graph, state.id, approval)
        _check_transitions(linting, graph, sides, approval)
        _check_edits(linting, graph, sides, approval)
    if graph.workflow.approvals:
        _check_imports(linting, graph)


def _sides(graph: Graph, during: str, approval: Approval) -> _Sides:
    approved = approval.approved.target
    behind = reached([approved], graph.ways, avoiding=[during])
    succeeding = reached(graph.completed, graph.backward, avoiding=[during])
    before = reached([graph.workflow.initial], graph.ways, avoiding=[during, approved])
    return _Sides(during, approved, before, behind & succeeding)


def _check_transitions(linting: Linting, graph: Graph, sides: _Sides, approval: Approval) -> None:
    entries = [each for each in graph.workflow.transitions if each.target == sides.during]
    pressers = {who: entry for entry in entries for who in alternatives(entry.by) if who is not None}
    doors = {source for entry in entries for source in entry.sources}
    for transition in graph.workflow.transitions:
        if (
            conditions_of_transition(transition)
            or transition.auto
            or not _skips(graph, sides, transition, doors)
        ):
            continue
        check_runs(linting, graph, transition, approval)
        entry = next((pressers[who] for who in alternatives(transition.by) if who in pressers), None)
        if entry is not None:
            _report_skip(linting, graph, transition, entry, approval)


def _skips(graph: Graph, sides: _Sides, transition: Transition, doors: set[str]) -> bool:
    """Whether a transition leads from before an approval to behind it, and not just nearer to it."""
    target = transition.target
    free = _free(graph, sides, doors) & sides.before
    if target not in sides.after or not free.intersection(transition.sources):
        return False
    onward = reached([target], graph.ways, avoiding=[sides.during, sides.approved])
    return not onward & doors


def _free(graph: Graph, sides: _Sides, doors: set[str]) -> frozenset[str]:
    """Return the states on the way to an approval, and those reached from there past no condition."""
    unguarded: dict[str, set[str]] = {}
    for transition in graph.workflow.transitions:
        if not conditions_of_transition(transition):
            for source in transition.sources:
                unguarded.setdefault(source, set()).add(transition.target)
    open_ways = {source: frozenset(targets) for source, targets in unguarded.items()}
    toward = reached(doors, graph.backward, avoiding=[sides.during, sides.approved])
    return toward | reached(toward, open_ways, avoiding=[sides.during, sides.approved])


def _report_skip(
    linting: Linting, graph: Graph, transition: Transition, entry: Transition, approval: Approval
) -> None:
    key, _ = graph.transition_nodes[transition.id]
    entry_key, _ = graph.transition_nodes[entry.id]
    target = graph.state_nodes[transition.target]
    behind = label(zh="它到这里，就像批准过一样", en="it leads here, as if it were approved")
    same = label(zh="同样的人也能这样提交审批", en="the same people send it into the approval here")
    linting.report(
        WALKED_AROUND,
        key,
        label(
            zh=f"流转 `{transition.id}` 绕过了审批 `{approval.id}`",
            en=f"the transition `{transition.id}` walks around the approval `{approval.id}`",
        ),
        label(zh="加上 `guard:`，或让别的人来触发", en="give it a `guard`, or let other people press it"),
        notes=[Note(text=behind, span=target.span), Note(text=same, span=entry_key.span)],
    )


def _check_edits(linting: Linting, graph: Graph, sides: _Sides, approval: Approval) -> None:
    inputs = unprotected_inputs(linting.project.form_by_id, graph.workflow.form, approval)
    if not inputs:
        return
    seen: set[str] = set()
    for state in graph.workflow.states:
        if state.id != sides.during and state.id not in sides.after:
            continue
        for path, node in _editable(graph, state):
            name = next((each for each in inputs if each == path or each.startswith(f"{path}.")), None)
            if name is not None and path not in seen:
                seen.add(path)
                _report_edit(linting, graph, approval, node, name)
    for transition in graph.workflow.transitions:
        if set(transition.sources) & sides.after and transition.target in sides.after:
            for ask in transition.ask:
                if not ask.is_own and ask.field.id in inputs and ask.field.id not in seen:
                    seen.add(ask.field.id)
                    _, written = graph.transition_nodes[transition.id]
                    asked = place_of(written.value_of(words.TRANSITION_ASK), ask.field.id)
                    if asked is not None:
                        _report_edit(linting, graph, approval, asked, ask.field.id)


def _editable(graph: Graph, state: State) -> Iterator[tuple[str, ScalarNode]]:
    """Yield the paths that a state lets people write, with their places."""
    written = {key.text: each for key, each in graph.written[words.STATES] or ()}[state.id]
    for grant in state.edit or ():
        for path in grant.fields:
            node = place_of(written.value_of(words.STATE_EDIT), path)
            if node is not None:
                yield path, node


def _report_edit(linting: Linting, graph: Graph, approval: Approval, node: ScalarNode, name: str) -> None:
    key, _ = graph.approval_nodes[approval.id]
    linting.report(
        EDITED_AFTER,
        node,
        label(
            zh=f"`{name}` 决定审批 `{approval.id}` 的步骤，这里却可以改",
            en=f"`{name}` decides the steps of the approval `{approval.id}`, yet may be changed here",
        ),
        label(zh=f"把 `{name}` 加到 `protects`", en=f"add `{name}` to `protects`"),
        notes=[Note(text=label(zh="审批在这里", en="the approval stands here"), span=key.span)],
    )


def _check_imports(linting: Linting, graph: Graph) -> None:
    form, state = graph.workflow.form, graph.workflow.state_field
    for mapping in linting.project.imports:
        written = linting.named.of("import")[mapping.id].written
        if mapping.form != form or not mapping.is_history or written is None:
            continue
        keys = (sheet_words.COLUMNS, sheet_words.SET, sheet_words.DEFAULT)
        names = {state, *(_protected(graph) if mapping.match else ())}
        node = next((n for key in keys for n, _ in written[key] or () if n.text in names), None)
        place = _importer(linting, form)
        if node is None or place is None:
            continue
        role, grant = place
        linting.report(
            IMPORTED_AROUND,
            node,
            label(
                zh=f"角色 `{role}` 可以用这个导入绕过审批",
                en=f"the role `{role}` can get around the approval by this import",
            ),
            label(
                zh=f"不要给角色 `{role}` 在 `{form}` 上的 `import`",
                en=f"do not grant the role `{role}` `import` on `{form}`",
            ),
            notes=[
                Note(text=label(zh="导入的权限在这里", en="the right to import stands here"), span=grant.span)
            ],
        )


def _protected(graph: Graph) -> frozenset[str]:
    return frozenset(path for approval in graph.workflow.approvals for path in approval.protects)


def _importer(linting: Linting, form: str) -> tuple[str, ScalarNode] | None:
    for role in linting.project.roles:
        grant = role.grants.get(form)
        declared = linting.named.of("role").get(role.id)
        if (
            grant is None
            or not grant.import_
            or role.id == "admin"
            or declared is None
            or declared.written is None
        ):
            continue
        for key, written in declared.written[role_words.FORMS] or ():
            if key.text == form and role_words.IMPORT in written:
                return role.id, written.key_of(role_words.IMPORT)
    return None
