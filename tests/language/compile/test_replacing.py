"""Templates that a project replaces: every original passes as it is, and what would break is found at its place."""

import pytest

from orderkit.catalog import built_in
from orderkit.model.templates import copied_note
from tests.language.examples import compiled

ORIGINALS = built_in().originals
HOME = "pages/home.html"


def _found(name: str, text: str) -> list[tuple[str, int, str]]:
    found = compiled({f"templates/{name}": text, "project.yaml": "project: shop\nlabel: Shop\n"}).found
    return [(each.code.id, each.span.line, each.headline["en"]) for each in found]


def _changed(old: str, new: str, name: str = HOME) -> list[tuple[str, int, str]]:
    assert old in ORIGINALS[name]
    return _found(name, ORIGINALS[name].replace(old, new, 1))


def test_every_original_may_be_copied_as_it_is() -> None:
    names = [
        name
        for name in ORIGINALS
        if name.startswith(("pages/", "components/")) and name != "pages/fault.html"
    ]
    files = {
        f"templates/{name}": f"{copied_note(name, ORIGINALS[name])}\n{ORIGINALS[name]}" for name in names
    }
    outcome = compiled({**files, "project.yaml": "project: shop\nlabel: Shop\n"})
    assert [(each.path, each.code.id, each.headline["en"]) for each in outcome.found] == []
    assert outcome.value is not None
    assert [each.name for each in outcome.value.templates] == sorted(names)


def test_a_field_that_the_page_does_not_have_is_found_with_the_one_that_was_meant() -> None:
    (found,) = compiled(
        {
            "templates/pages/home.html": ORIGINALS[HOME].replace("page.greeting", "page.greting"),
            "project.yaml": "project: shop\nlabel: Shop\n",
        }
    ).found
    assert found.code.id == "OK8642"
    assert found.help is not None
    assert "greeting" in found.help["en"]
    line = ORIGINALS[HOME].splitlines()[found.span.line - 1]
    assert line[found.span.column - 1 :].startswith("greeting")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("page.panel_url", "shell.nothing", "OK8642"),
        ("{{ page.today }}", "{{ todayy }}", "OK8642"),
        ("{{ page.today }}", "{{ page.today | upercase }}", "OK8642"),
        ("{{ page.today }}", "{{ page.today | safe }}", "OK8643"),
        ("{{ page.today }}", "{{ page.__class__ }}", "OK8643"),
        ("{{ page.today }}", "{{ page['__class__'] }}", "OK8643"),
        ("{{ page.today }}", "{% include page.today %}", "OK8643"),
        ("{{ page.today }}", "{% autoescape false %}{{ page.today }}{% endautoescape %}", "OK8643"),
        ("{{ page.today }}", "<script>go()</script>", "OK8643"),
        ("{{ page.today }}", '<b style="color: red">{{ page.today }}</b>', "OK8643"),
        ("{{ page.today }}", "<b onclick=go()>{{ page.today }}</b>", "OK8643"),
        ("{{ page.today }}", '<form method="post" action="/sign-out"></form>', "OK8643"),
        ("{{ page.today }}", "{% if page.today %}", "OK8641"),
        ('{% extends "layouts/shell.html" %}', "", "OK8644"),
        ("{% block title %}", "{% block titel %}", "OK8644"),
        (
            '{% from "components/task.html" import task_row',
            '{% from "components/task.html" import task_rov',
            "OK8642",
        ),
        ("components/task.html", "components/tusk.html", "OK8642"),
        ('id="home-records"', 'id="records"', "OK8645"),
    ],
)
def test_what_would_break_is_found(old: str, new: str, code: str) -> None:
    assert code in [found for found, _, _ in _changed(old, new)]


def test_a_macro_with_other_parameters_is_missed() -> None:
    name = "components/task.html"
    ((code, _, said),) = _changed("macro task_row(task, is_decided=false)", "macro task_row(task)", name)[-1:]
    assert (code, "task_row(task, is_decided)" in said) == ("OK8644", True)


def test_the_page_of_errors_cannot_be_replaced() -> None:
    assert [code for code, _, _ in _found("pages/fault.html", ORIGINALS["pages/fault.html"])] == ["OK8640"]


def test_a_copy_of_an_older_version_is_named_and_one_without_a_note_is_not() -> None:
    note = copied_note(HOME, ORIGINALS[HOME] + "<p>before</p>")
    assert [code for code, _, _ in _found(HOME, f"{note}\n{ORIGINALS[HOME]}")] == ["OK8646"]
    assert _found(HOME, ORIGINALS[HOME]) == []
