"""What a diagram has that a workflow cannot say, each with the element and its line."""

from collections.abc import Sequence
from dataclasses import dataclass

from orderkit.model.errors import Problem, Refused
from orderkit.model.labels import Label, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: where, and what; `help` says how to mend it."""

    element: str
    line: int
    message: Label
    help: Label | None = None


class RefusedDiagram(Refused):
    """The diagram cannot become a workflow; see what is wrong with it."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(sorted(findings, key=lambda each: (each.line, each.element)))
        super().__init__(
            [
                Problem(
                    path=f"{each.line}: {each.element}" if each.element else str(each.line),
                    code="not_importable",
                    message=each.message,
                    help=each.help,
                )
                for each in self.findings
            ],
            label(zh="这个图不能成为流程", en="The diagram cannot become a workflow"),
        )
