"""What every lint is given: the checked model, how it was written, and where findings go."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from orderkit.language.compile.lints.usage import Usage
from orderkit.language.compile.names.collecting import Named
from orderkit.language.compile.places.lowering import Lowering
from orderkit.language.findings import ERROR, Code, Note, Span
from orderkit.language.source import Node
from orderkit.language.spec import Written
from orderkit.model.labels import Label
from orderkit.model.project import Project


@dataclass(frozen=True)
class Linting:
    """One run of the lints."""

    lowering: Lowering
    project: Project
    usage: Usage

    @property
    def named(self) -> Named:
        """Every object as declared."""
        return self.lowering.compilation.named

    @cached_property
    def wrong_files(self) -> frozenset[str]:
        """The files in which something is wrong; what they mean is not certain."""
        return frozenset(f.path for f in self.lowering.reading.found if f.code.severity is ERROR)

    def certain(self, kind: str, name: str) -> Written | None:
        """Return how an object is written; None where its file has errors, or it is built in."""
        declared = self.named.of(kind).get(name)
        if declared is None or declared.id_node.source.path in self.wrong_files:
            return None
        return declared.written

    def report(
        self,
        code: Code,
        place: Node | Span,
        headline: Label,
        help_: Label | None = None,
        *,
        notes: Iterable[Note] = (),
    ) -> None:
        """Add a finding. What is doubtful in a file with errors may only follow from them, so it waits."""
        span = place if isinstance(place, Span) else place.span
        if code.severity is not ERROR and span.path in self.wrong_files:
            return
        self.lowering.reading.report(code, place, headline, help_, notes=notes)
