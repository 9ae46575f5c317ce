"""What is wrong with a project, as values: codes, findings, and how they are shown.

A pass never raises for what a consultant wrote; it returns an `Outcome` with findings. Codes are
declared in the modules that report them and collected by `ledger`.
"""

from orderkit.language.findings.finding import Finding, Note, Outcome, has_errors, in_order
from orderkit.language.findings.fix import Applicability, Fix, TextEdit
from orderkit.language.findings.nearest import by_label, did_you_mean, guess, nearest
from orderkit.language.findings.rendering import render_concise, render_human, render_json
from orderkit.language.findings.span import Span
from orderkit.model.codes import ERROR, HINT, WARNING, Code, Severity

__all__ = [
    "ERROR",
    "HINT",
    "WARNING",
    "Applicability",
    "Code",
    "Finding",
    "Fix",
    "Note",
    "Outcome",
    "Severity",
    "Span",
    "TextEdit",
    "by_label",
    "did_you_mean",
    "guess",
    "has_errors",
    "in_order",
    "nearest",
    "render_concise",
    "render_human",
    "render_json",
]
