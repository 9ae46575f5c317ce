"""What of a field the process keeps says nothing of a person, and nothing in another language."""

from dataclasses import replace

from orderkit.catalog import built_in
from orderkit.model.labels import label
from orderkit.web.display.fields import FieldValue, FieldViews
from orderkit.web.display.traits import AllTraits, all_traits
from tests.support.projects import example


def test_each_language_has_traits_of_its_own(office) -> None:
    form = office.runtime.project.form_by_id["order"]
    said = []
    for locale in ("zh-CN", "en", "zh-CN"):
        person = replace(office.person("li"), locale=locale)
        with office.runtime.read(person, "page") as unit:
            said.append(all_traits(unit).of(form, form.by_id["total"]).label)
    assert said[0] == said[2] != said[1]


def test_a_field_that_was_altered_for_once_leaves_the_others_as_they_are() -> None:
    project = example()
    form = project.form_by_id["order"]
    field = form.by_id["total"]
    traits = AllTraits(project, built_in(), "en")
    altered = replace(field, label=label(en="Altered"), compute=None)
    assert traits.of(form, altered).label == "Altered"
    assert traits.of(form, field).label != "Altered"
    assert not traits.of(form, altered).is_computed
    assert traits.of(form, field).is_computed


def test_one_field_with_two_values_shows_each() -> None:
    project = example()
    form = project.form_by_id["order"]
    views = FieldViews(project, built_in(), "en")
    hues = [
        views.view(form, form.by_id["status"], FieldValue(value=each)).hue for each in ("done", "draft", None)
    ]
    assert hues[0] == "green"
    assert hues[2] == ""
    chosen = views.view(form, form.by_id["status"], FieldValue(value="done")).options
    assert [each.value for each in chosen if each.is_chosen] == ["done"]
