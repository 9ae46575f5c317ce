"""Templates that a project replaces: every original passes as it is, and what would break is found at its place."""

import pytest
from jinja2 import nodes

from orderkit.catalog import built_in
from orderkit.language.compile.replacing.originals import Contracts
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
    names = [name for name in ORIGINALS if name.startswith(("pages/", "components/", "layouts/"))]
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


@pytest.mark.parametrize(
    ("name", "old", "new", "code", "said"),
    [
        ("layouts/shell.html", "{% block crumbs %}{% endblock %}", "", "OK8644", "{% block crumbs %}"),
        (
            "layouts/shell.html",
            '{% extends "layouts/document.html" %}',
            "",
            "OK8644",
            "layouts/document.html",
        ),
        ("layouts/shell.html", 'data-stream="/live"', "", "OK8645", "data-stream"),
        ("layouts/shell.html", "shell.unread", "shell.unred", "OK8642", "unred"),
        ("layouts/document.html", "asset('app.js')", "asset('theme.js')", "OK8645", "app.js"),
        ("layouts/document.html", "frame.csrf", "frame.token", "OK8642", "token"),
        ("layouts/entrance.html", "page.mark", "page.logo", "OK8642", "logo"),
        ("pages/fault.html", "page.heading", "page.headline", "OK8642", "headline"),
        ("pages/fault.html", "page.back", "shell.back", "OK8642", "shell"),
        ("pages/fault.html", "layouts/document.html", "layouts/shell.html", "OK8642", "layouts/shell.html"),
        ("pages/sign_in.html", "layouts/entrance.html", "layouts/shell.html", "OK8642", "layouts/shell.html"),
    ],
)
def test_what_a_layout_and_a_page_outside_the_shell_need_is_found(
    name: str, old: str, new: str, code: str, said: str
) -> None:
    assert (code, True) in [(found, said in headline) for found, _, headline in _changed(old, new, name)]


def test_a_copy_of_an_older_version_is_named_and_one_without_a_note_is_not() -> None:
    note = copied_note(HOME, ORIGINALS[HOME] + "<p>before</p>")
    assert [code for code, _, _ in _found(HOME, f"{note}\n{ORIGINALS[HOME]}")] == ["OK8646"]
    assert _found(HOME, ORIGINALS[HOME]) == []


PAGE = {
    "project.yaml": "project: shop\nlabel: Shop\n",
    "order.yaml": "form: order\nfields: {name: {type: text}, due: {type: date}}\n",
    "wall.yaml": "page: wall\ndata: {due: {form: order, fields: [name]}, order: {record: order, fields: [due]}}\n",
    "templates/pages/wall.html": """{% extends "layouts/shell.html" %}
{% for each in page.due | sort(attribute="title") %}{{ each.url }}{{ each.fields.name }}{% endfor %}
{% set one = page.order %}{{ one.fields.due }}{{ page.order.title }}{{ page.title }}""",
}


def _of_page(path: str, old: str, new: str) -> list[tuple[str, str, int, int]]:
    assert old in PAGE[path]
    found = compiled({**PAGE, path: PAGE[path].replace(old, new, 1)}).found
    return [(each.code.id, each.path, each.span.line, each.span.column) for each in found]


def test_a_page_of_the_project_is_kept_with_its_template_and_replaces_none() -> None:
    outcome = compiled(PAGE)
    assert [(each.path, each.code.id, each.headline["en"]) for each in outcome.found] == []
    assert outcome.value is not None
    (page,) = outcome.value.pages
    assert page.roles == (), "nobody but administrators opens it unless a role is named"
    assert page.source == PAGE["templates/pages/wall.html"]
    assert outcome.value.templates == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("each.fields.name", "each.fields.nmae"),
        ("each.fields.name", "each.fields.due_on"),
        ("each.url", "each.adress"),
        ("in page.due", "in page.deu"),
        ("one.fields.due", "one.fields.name"),
        ("page.order.title", "page.order.fields.amount"),
        ("page.order.title", "shell.nothing"),
        ("page.order.title", "unheard_of"),
        ("layouts/shell.html", "layouts/shel.html"),
    ],
)
def test_what_the_template_of_a_page_is_not_given_is_found_at_its_place(old: str, new: str) -> None:
    path = "templates/pages/wall.html"
    name = new if "/" in new else new.rsplit(" ", maxsplit=1)[-1].rsplit(".", 1)[-1]
    lines = PAGE[path].replace(old, new, 1).splitlines()
    (line,) = [number for number, text in enumerate(lines, 1) if new in text]
    column = lines[line - 1].index(new) + new.rindex(name) + 1
    assert _of_page(path, old, new) == [("OK8642", path, line, column)]


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("page: wall", "page: wal", "OK8647"),
        ("fields: [due]", "fields: [deu]", "OK2102"),
        ("form: order", "form: ordre", "OK2101"),
        ("data:", "roles: [clerk]\ndata:", "OK2101"),
        ("form: order", "form: order, where: nmae == 'x'", "OK3003"),
        ("record: order", "record: order, limit: 3", "OK8649"),
        ("form: order", "limit: 3", "OK8649"),
        ("due: {", "title: {", "OK8649"),
    ],
)
def test_what_is_wrong_with_a_page_is_found_in_its_file(old: str, new: str, code: str) -> None:
    found = [(each, path) for each, path, _, _ in _of_page("wall.yaml", old, new)]
    # A template without its page is said to replace nothing.
    assert (code, "wall.yaml") in found
    assert {each for each, _ in found} <= {code, "OK8640"}


def test_a_layout_that_there_is_not_replaces_none() -> None:
    assert [code for code, _, _ in _found("layouts/shel.html", "<p></p>")] == ["OK8640"]


def test_what_every_page_has_is_found_by_its_words_as_by_its_trees() -> None:
    contracts = Contracts(ORIGINALS)
    by_trees: dict[str, set[str]] = {"shell": set(), "frame": set()}
    for name in contracts.sources:
        for each in contracts.tree(name).find_all(nodes.Getattr):
            if isinstance(each.node, nodes.Name) and each.node.name in by_trees:
                by_trees[each.node.name].add(each.attr)
    assert contracts.everywhere == by_trees
    assert "csrf" in contracts.everywhere["frame"]
