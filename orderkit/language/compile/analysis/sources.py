"""Where the rows of a report, an alert or a message come from: a form, a ledger, its entries, a history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from orderkit.language.compile.names.collecting import Named
from orderkit.language.compile.names.references import labels_of
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.labels import readable
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import FieldScope, FormScope
from orderkit.language.findings import ERROR, Code, did_you_mean
from orderkit.language.source import ScalarNode
from orderkit.language.source.corrections import correction
from orderkit.language.spec.kinds import workflow as workflow_words
from orderkit.model.analysis.reports import SourceKind
from orderkit.model.expressions.types import Boolean, Choice, DateTime, Number, Record, Text
from orderkit.model.labels import Label, label

UNKNOWN_SOURCE = Code(
    "OK8510",
    "unknown-source",
    ERROR,
    since="0.1",
    explain="""
    A report, an alert or a message is about something that is no form, no lines, no ledger (`stock`,
    `stock.entries`) and no history of a workflow (`order_life.steps`).
    ~~~yaml bad
    report: stock_value
    from: stok
    measures: {pieces: {agg: sum, expr: on_hand}}
    # stock.yaml
    ledger: stock
    keys: {day: date}
    measures: {on_hand: integer}
    postings: {receive: {on_hand: +qty}}
    ~~~
    ~~~yaml good
    report: stock_value
    from: stock
    measures: {pieces: {agg: sum, expr: on_hand}}
    # stock.yaml
    ledger: stock
    keys: {day: date}
    measures: {on_hand: integer}
    postings: {receive: {on_hand: +qty}}
    ~~~""",
    zh="报表、预警或消息说的不是表单、明细、台账（`stock`、`stock.entries`）或流程的历史（`order_life.steps`）。",
)

ENTRIES = ".entries"
STEPS = ".steps"
_OUTCOMES = ("approved", "rejected", "returned", "transferred", "cancelled", "expired", "skipped")
_HOURS_PLACES = 2


@dataclass(frozen=True, slots=True)
class Source:
    """What rows are taken from; the id is that of their scope."""

    id: str
    kind: SourceKind
    label: Label


def history_scopes(named: Named, shapes: Mapping[str, FormShape]) -> Iterator[tuple[str, FormScope]]:
    """Yield the steps of every workflow as expressions see them: a row for each stay and each decision."""
    for declared in named.of("workflow").values():
        written = declared.written
        form = None if written is None else written[workflow_words.FOR]
        if written is None or form is None or form.text not in shapes:
            continue
        states = Choice(tuple(key.text for key, _ in written[workflow_words.STATES] or ()))
        transitions = Choice(tuple(key.text for key, _ in written[workflow_words.TRANSITIONS] or ()))
        fields = {
            form.text: FieldScope(Record(form.text), is_required=True),
            "state": FieldScope(states, is_required=True),
            "transition": FieldScope(transitions),
            "step": FieldScope(Text()),
            "outcome": FieldScope(Choice(_OUTCOMES)),
            "person": FieldScope(Record("user")),
            "entered_at": FieldScope(DateTime(), is_required=True),
            "left_at": FieldScope(DateTime()),
            "hours": FieldScope(Number(_HOURS_PLACES), is_required=True),
            "working_hours": FieldScope(Number(_HOURS_PLACES), is_required=True),
            "is_late": FieldScope(Boolean(), is_required=True),
        }
        yield f"{declared.id}{STEPS}", FormScope(fields=fields, is_found=False)


def read_source(lowering: Lowering, node: ScalarNode | None, kinds: frozenset[SourceKind]) -> Source | None:
    """Return what a node names, or report that there is no such thing; a broken one gives nothing."""
    if node is None:
        return None
    compilation, text = lowering.compilation, node.text
    root = text.split(".", 1)[0]
    shape = compilation.shapes.get(text) or compilation.shapes.get(root)
    if shape is not None and (shape.id == text or shape.is_broken or root not in compilation.ledgers):
        form = compilation.form(node)
        broken = form is None or form.is_broken
        return None if form is None or broken else Source(form.id, SourceKind.FORM, form.label)
    ledger = compilation.ledgers.get(root)
    if ledger is not None and (ledger.is_broken or text in (root, f"{root}{ENTRIES}")):
        lowering.reading.mentions.name("ledger", root, node, 0, len(root))
        kind = SourceKind.LEDGER if text == root else SourceKind.ENTRIES
        if kind in kinds:
            return None if ledger.is_broken else Source(text, kind, ledger.label)
    life = compilation.named.of("workflow").get(root)
    if life is not None and text == f"{root}{STEPS}" and SourceKind.STEPS in kinds:
        lowering.reading.mentions.name("workflow", root, node, 0, len(root))
        is_known = text in compilation.scopes
        return Source(text, SourceKind.STEPS, readable(root)) if is_known else None
    _report_unknown(lowering, node, kinds)
    return None


def _report_unknown(lowering: Lowering, node: ScalarNode, kinds: frozenset[SourceKind]) -> None:
    compilation = lowering.compilation
    known: dict[str, object] = dict(compilation.shapes)
    if SourceKind.LEDGER in kinds:
        known |= compilation.ledgers
    if SourceKind.ENTRIES in kinds:
        known |= {f"{name}{ENTRIES}": None for name in compilation.ledgers}
    if SourceKind.STEPS in kinds:
        known |= {f"{name}{STEPS}": None for name in compilation.named.of("workflow")}
    labels = labels_of(known)
    lowering.reading.report(
        UNKNOWN_SOURCE,
        node,
        label(zh=f"没有表单或台账 `{node.text}`", en=f"there is no form or ledger `{node.text}`"),
        did_you_mean(node.text, known, labels),
        fix=correction(node, node.text, known, labels),
    )
