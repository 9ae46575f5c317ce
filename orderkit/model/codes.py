"""Codes: the permanent names of everything that orderkit may find wrong with what people bring.

A code is one constant in the module that reports it; the ledger collects them. It is not the message:
that is made where the fault is found, with the names of the place.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from textwrap import dedent

from orderkit.model.labels import Label, label


class Severity(StrEnum):
    """How much a finding weighs: an error stops the build, a warning only with `--strict`, a hint never."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"


ERROR = Severity.ERROR
WARNING = Severity.WARNING
HINT = Severity.HINT


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding. `id` is never reused; the thousands say which part of the language it is about.

    1 reading YAML, 2 names and references, 3 types and expressions, 4 workflow, 5 access, 6 schema
    safety, 7 integrations, 8 pages and reports, 9 lints. `explain` is prose with one block `~~~yaml bad`
    that gives exactly this code, and one `~~~yaml good` that gives nothing; files in a block are
    divided by lines `# path`. Where a change is at fault, `~~~yaml before` is what was built before it.
    What only a database can be at fault of has no example. `zh` is the prose in Chinese.
    """

    id: str
    name: str
    severity: Severity
    since: str
    explain: str
    zh: str

    @property
    def explanation(self) -> str:
        """The prose, without the examples."""
        return _BLOCK.sub("", dedent(self.explain)).strip()

    @property
    def explained(self) -> Label:
        """The prose in both languages."""
        return label(zh=self.zh, en=self.explanation)

    @property
    def bad(self) -> str:
        """The example that gives this code."""
        return self._block("bad")

    @property
    def good(self) -> str:
        """The example that is right."""
        return self._block("good")

    @property
    def before(self) -> str:
        """What was built before the examples, where it takes a change to be wrong."""
        return self._block("before")

    def _block(self, kind: str) -> str:
        for match in _BLOCK.finditer(dedent(self.explain)):
            if match["kind"] == kind:
                return match["text"]
        return ""


_BLOCK = re.compile(r"^~~~yaml (?P<kind>before|bad|good)\n(?P<text>.*?)^~~~\n?", re.MULTILINE | re.DOTALL)
