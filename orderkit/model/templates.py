"""Templates of pages that a project brings in the place of orderkit's own."""

import hashlib
from dataclasses import dataclass

_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacedTemplate:
    """A template: `name` is that of the one it replaces (`pages/home.html`), `source` its text, checked by the build."""

    name: str
    source: str

    @property
    def id(self) -> str:
        """What a plan calls it by: its name."""
        return self.name


def template_version(source: str) -> str:
    """Return what tells one version of a template from every other."""
    return hashlib.sha256(source.encode()).hexdigest()[:_SHOWN]


def copied_note(name: str, source: str) -> str:
    """Return the first line of a copy: which version of which template it was made from."""
    return f"{{# orderkit: copied from {name} {template_version(source)} #}}"
