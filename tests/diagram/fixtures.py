"""Workflows that are drawn again and again: those of the example, and one with every word of the language."""

import re
from functools import cache

from orderkit.cli.commands.diagram import written
from orderkit.diagram.bpmn import bpmn
from orderkit.language.source.directory import read_directory
from orderkit.model.project import Project
from orderkit.model.workflow.workflows import Workflow
from tests.architecture.repository import ROOT
from tests.support.projects import EXAMPLE, compiled, example

_FILES = re.compile(r"`([\w.]+)`:\n\n```yaml\n(.*?)```", re.DOTALL)


@cache
def every_word_files() -> dict[str, bytes]:
    """Return the files of the reference page that shows every word of a workflow."""
    text = (ROOT / "docs" / "reference" / "workflow-example.md").read_text(encoding="utf-8")
    return {found[1]: found[2].encode() for found in _FILES.finditer(text)}


@cache
def every_word() -> Project:
    return compiled(every_word_files())


@cache
def all_files() -> dict[str, tuple[Workflow, dict[str, bytes]]]:
    """Return the workflows with the files that they stand in."""
    of_example = dict(read_directory(EXAMPLE))
    found = {f"example_{each.id}": (each, of_example) for each in example().workflows}
    return found | {f"every_word_{each.id}": (each, every_word_files()) for each in every_word().workflows}


@cache
def exported(name: str, locale: str = "zh") -> str:
    """Return a workflow as BPMN, as the command writes it."""
    workflow, files = all_files()[name]
    return bpmn(workflow, written(workflow, files), locale)
