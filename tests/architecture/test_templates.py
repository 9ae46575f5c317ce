"""Templates keep to the Content-Security-Policy: no script, style or handler of their own."""

import re
from pathlib import Path

import pytest

from tests.architecture.repository import name_of, tracked_with

FORBIDDEN = {
    "an inline script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "a style block": re.compile(r"<style\b", re.IGNORECASE),
    "a style attribute": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "an event handler": re.compile(r"\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "hx-on": re.compile(r"\s(?:data-)?hx-on\b", re.IGNORECASE),
    "a javascript address": re.compile(r"javascript:", re.IGNORECASE),
    "an hx-vals expression": re.compile(r"hx-vals\s*=\s*[\"']js:", re.IGNORECASE),
    "something loaded from elsewhere": re.compile(
        r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)\s*=\s*[\"'](?:https?:)?//", re.IGNORECASE
    ),
    "text that is not escaped": re.compile(r"\|\s*safe\b|\{%-?\s*autoescape\s+false"),
}
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
TEMPLATES = tuple(path for path in tracked_with(".html") if "orderkit" in path.parts)


@pytest.mark.parametrize("template", TEMPLATES, ids=name_of)
def test_template_keeps_to_the_policy(template: Path) -> None:
    text = COMMENT.sub("", template.read_text(encoding="utf-8"))
    broken = [
        f"line {text.count(chr(10), 0, match.start()) + 1}: {what}"
        for what, pattern in FORBIDDEN.items()
        for match in pattern.finditer(text)
    ]
    assert broken == []
