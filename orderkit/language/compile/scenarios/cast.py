"""Who and what a story knows as it goes on: its people, and the records that were made."""

from dataclasses import dataclass, field, replace

from orderkit.language.compile.names.collecting import check_id
from orderkit.language.compile.names.references import report_unknown
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.compile.shapes.shape import FormShape
from orderkit.language.expressions.scope import Scope
from orderkit.language.findings import ERROR, Code
from orderkit.language.source import ScalarNode
from orderkit.language.spec import Written
from orderkit.language.spec.kinds import scenario as words
from orderkit.model.expressions.nodes import Root
from orderkit.model.expressions.types import Json, Record
from orderkit.model.labels import label
from orderkit.model.scenarios import ScenarioPerson
from orderkit.model.workflow.workflows import Workflow

NAME_TAKEN = Code(
    "OK8621",
    "scenario-name-taken",
    ERROR,
    since="0.1",
    explain="""
    A story gives a name to two records, or one that expressions have already (`me`). Steps could not tell
    which of them is meant.
    ~~~yaml bad
    scenario: two
    people: {seller: {roles: [admin]}}
    steps:
      - {as: seller, create: order, name: a, set: {name: x}}
      - {as: seller, create: order, name: a, set: {name: y}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~
    ~~~yaml good
    scenario: two
    people: {seller: {roles: [admin]}}
    steps:
      - {as: seller, create: order, name: a, set: {name: x}}
      - {as: seller, create: order, name: b, set: {name: y}}
    # order.yaml
    form: order
    fields: {name: {type: text}}
    ~~~""",
    zh="故事里两条记录用了同一个名称，或用了表达式已有的名称（`me`），步骤就分不清说的是哪一条。",
)


@dataclass(slots=True)
class Cast:
    """The people of a story, and its records by name with their forms; None where the form is broken."""

    lowering: Lowering
    workflows: tuple[Workflow, ...]
    people: frozenset[str]
    records: dict[str, FormShape | None] = field(default_factory=dict)

    @property
    def knows_all_workflows(self) -> bool:
        """Whether every workflow could be read, so that what is unknown does not exist."""
        return len(self.workflows) == len(self.lowering.compilation.named.of("workflow"))

    def person(self, node: ScalarNode | None) -> str | None:
        """Return the person that a node names, or report that there is none."""
        if node is None:
            return None
        if node.text in self.people:
            return node.text
        report_unknown(self.lowering.reading, node, "person", dict.fromkeys(sorted(self.people)))
        return None

    def record(self, node: ScalarNode | None) -> str | None:
        """Return the record that a node names, or report that none has that name yet."""
        if node is None:
            return None
        if node.text in self.records:
            return node.text
        report_unknown(self.lowering.reading, node, "record", dict.fromkeys(self.records))
        return None

    def name(self, node: ScalarNode | None, form: FormShape | None) -> str | None:
        """Give a record its name; return it."""
        if node is None or not check_id(node, self.lowering.reading):
            return None
        if node.text in self.records or node.text == "me":
            self.lowering.reading.report(
                NAME_TAKEN,
                node,
                label(zh=f"名称 `{node.text}` 已经用过", en=f"the name `{node.text}` is taken"),
                label(zh="换一个名称", en="choose another name"),
            )
            return None
        self.records[node.text] = form
        return node.text

    def form_of(self, record: str | None) -> FormShape | None:
        """Return the form of a record, or None where it is not known."""
        return None if record is None else self.records.get(record)

    def scope(self) -> Scope:
        """Return what values of the story may name: the records made so far, and functions such as `today()`."""
        scope = self.lowering.places.constant()
        records = {
            name: Root(name, Json() if form is None else Record(form.id))
            for name, form in self.records.items()
        }
        return replace(scope, roots={**scope.roots, **records})


def read_people(lowering: Lowering, written: Written) -> tuple[ScenarioPerson, ...]:
    """Return the people of a story, in the order written."""
    pairs = written[words.PEOPLE] or ()
    known = {key.text: key for key, _ in pairs}
    found = []
    for key, person in pairs:
        check_id(key, lowering.reading)
        manager = person[words.MANAGER]
        if manager is not None and manager.text not in known:
            report_unknown(lowering.reading, manager, "person", dict.fromkeys(known))
            manager = None
        roles = [node.text for node in person[words.ROLES] or () if lowering.compilation.known(node, "role")]
        found.append(
            ScenarioPerson(
                id=key.text,
                roles=tuple(roles),
                manager=None if manager is None else manager.text,
                department=person[words.DEPARTMENT],
            )
        )
    return tuple(found)
