"""What people read on a page comes from `texts/*.toml` or the model: nothing stands bare in a template or a script."""

import re
from pathlib import Path

import pytest

from orderkit.web.rendering.texts import FOLDER

PACKAGE = FOLDER.parent.parent
SCRIPTS = PACKAGE.parent / "frontend" / "src"
CHINESE = re.compile(r"[\u3400-\u9fff\uff01-\uff5e]")
WORD = re.compile(r"[A-Za-z]{2,}")
SENTENCE = re.compile(r"\b[A-Za-z]+(?: [a-z]+){2,}\b")
READ_ALOUD = re.compile(r'\b(?:aria-label|aria-description|title|placeholder|alt)="([^"]*)"')
JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
# A class of the body, and the names that stand on keys.
NO_TEXT = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}|<kbd[^>]*>[^<]*</kbd>")
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
QUOTED = re.compile(r'"([^"\n]*)"|`([^`]*)`')
# What a script throws is read by programmers only.
THROWN = re.compile(r"\bnew \w+\(\s*(?:\"[^\"\n]*\"|`[^`]*`)")
REMARK = re.compile(r"(?<!:)//.*|/\*[\s\S]*?\*/")
# Chinese that means the same in every language of a page: digits of amounts, units, days and booleans as they are typed.
CHINESE_BY_NATURE = {
    "expressions/rmb.ts",
    "expressions/units.ts",
    "expressions/records.ts",
    "controls/days.ts",
    "controls/plain.ts",
    "controls/regions.ts",
    "controls/spans.ts",
    "charts.ts",
}


def bare_in_template(source: str) -> list[str]:
    """Return what a template says by itself."""
    markup = JINJA.sub(" ", NO_TEXT.sub(" ", source))
    found = [text.strip() for text in re.findall(r">([^<>]*)<", markup) if WORD.search(text)]
    found += [text for text in READ_ALOUD.findall(markup) if WORD.search(text)]
    expressions = COMMENT.sub("", source)
    found += [one for one, _ in QUOTED.findall(" ".join(JINJA.findall(expressions))) if SENTENCE.search(one)]
    return found + CHINESE.findall(expressions)


def bare_in_script(source: str, *, may_be_chinese: bool) -> list[str]:
    """Return what a TypeScript module says by itself."""
    said = [one or other for one, other in QUOTED.findall(THROWN.sub("", REMARK.sub("", source)))]
    return [text for text in said if SENTENCE.search(text) or (CHINESE.search(text) and not may_be_chinese)]


def test_no_template_says_anything_by_itself() -> None:
    templates = [*PACKAGE.joinpath("web").rglob("*.html"), *PACKAGE.joinpath("fields").rglob("*.html")]
    assert len(templates) > 40
    found = {
        str(path.relative_to(PACKAGE)): bare
        for path in templates
        if (bare := bare_in_template(path.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_no_script_says_anything_by_itself() -> None:
    scripts = [*SCRIPTS.rglob("*.ts"), *PACKAGE.joinpath("fields").rglob("*.ts")]
    assert len(scripts) > 30
    found = {
        path.name: bare
        for path in scripts
        if (bare := bare_in_script(path.read_text(encoding="utf-8"), may_be_chinese=_may_be_chinese(path)))
    }
    assert found == {}


@pytest.mark.parametrize(
    "template",
    [
        "<p>Nothing here</p>",
        "<p>{{ name }} saved</p>",
        '<button aria-label="Close">{{ icon("x") }}</button>',
        "<p>没有</p>",
        '<p>{{ "没有" }}</p>',
        '<p>{{ "nothing was found" if not rows }}</p>',
    ],
)
def test_a_bare_text_in_a_template_is_seen(template: str) -> None:
    assert bare_in_template(template) != []


@pytest.mark.parametrize(
    "script", ['notice("没有");', 'notice("nothing was found");', "notice(`nothing found for ${n}`);"]
)
def test_a_bare_text_in_a_script_is_seen(script: str) -> None:
    assert bare_in_script(script, may_be_chinese=False) != []


def _may_be_chinese(path: Path) -> bool:
    return path.is_relative_to(SCRIPTS) and path.relative_to(SCRIPTS).as_posix() in CHINESE_BY_NATURE
