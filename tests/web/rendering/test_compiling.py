"""Our own templates draw what Jinja would, though less stands around each value and each call."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment, StrictUndefined
from jinja2.exceptions import UndefinedError
from markupsafe import Markup, escape

from orderkit.web.rendering.compiling import Plain, escaped


class _Drawn:
    def __html__(self) -> str:
        return "<b>drawn</b>"


PARTS = {
    "parts.html": (
        "{% macro row(cell, last='<end>') %}{{ cell }}|{{ last }}|{{ varargs|join('&') }}|"
        "{{ kwargs|dictsort|join }}{% endmacro %}"
        "{% macro plain(cell) %}<td>{{ cell }}</td>{% endmacro %}"
        "{% macro around(title) %}<i>{{ title }}</i>{{ caller('<c>') }}{% endmacro %}"
    )
}
SOURCES = {
    "values": "{{ text }}{{ markup }}{{ number }}{{ none }}{{ drawn }}{{ text ~ markup }}{{ text|upper }}",
    "macros": "{% from 'parts.html' import plain, row with context %}"
    "{{ plain(text) }}{{ row(text) }}{{ row(markup, text) }}{{ row(cell=text, last=1) }}{{ row(1, 2, text, x=text) }}",
    "a macro that is called around something": "{% from 'parts.html' import around %}"
    "{% call(given) around(text) %}{{ given }}{{ text }}{% endcall %}",
    "loops": "{% for each in texts recursive %}{{ loop.index }}{{ each }}{% if loop.last %}!{% endif %}{% endfor %}",
    "what is set": "{% set kept %}<b>{{ text }}</b>{% endset %}{{ kept }}{{ kept ~ text }}",
    "calls": "{{ say(text, by=markup) }}{{ texts.index(text) }}{{ range(3)|join }}{% filter upper %}{{ text }}{% endfilter %}",
    "what it takes in": "{% include 'parts.html' %}{% import 'parts.html' as parts with context %}{{ parts.plain(text) }}",
}


def _drawn(kind: type[Environment], source: str) -> str:
    made = kind(loader=DictLoader(PARTS), autoescape=True, undefined=StrictUndefined)
    return made.from_string(source).render(
        text="<script>'&\"",
        markup=Markup("<em>"),
        number=12,
        none=None,
        drawn=_Drawn(),
        texts=["<1>", "<script>'&\"", Markup("<3>")],
        say=lambda text, by: f"{text}{by}",
    )


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
def test_a_template_draws_what_jinja_draws(source: str) -> None:
    assert _drawn(Plain, source) == _drawn(Environment, source)


@given(st.text() | st.integers() | st.none() | st.builds(Markup, st.text()) | st.builds(_Drawn))
def test_every_value_is_escaped_as_by_jinja(value: object) -> None:
    assert "".join([escaped(value)]) == str(escape(value))


def test_a_name_that_is_not_there_is_still_a_mistake() -> None:
    made = Plain(autoescape=True, undefined=StrictUndefined)
    for source in ("{{ nothing }}", "{{ given.nothing() }}", "{{ nothing(1) }}"):
        with pytest.raises(UndefinedError):
            made.from_string(source).render(given=SimpleNamespace())
