"""A checkout with the line ends of Windows is the same project: same model, findings at the same places."""

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.source.directory import is_asset, read_directory
from orderkit.model.stored import model_hash
from tests.support.projects import EXAMPLE, compiled

PRINTED = {
    "orderkit.yaml": "project: shop\nlabel: {zh: 商店, en: Shop}\nlocale: zh-CN\n",
    "order.yaml": """\
form: order
label: {zh: 订单, en: Order}
title: "{name}"
fields:
  name: {type: text, label: {zh: 名称, en: Name}}
  note:
    type: text
    label: {zh: 备注, en: Note}
    help:
      zh: |
        两行
        文字
      en: >
        two
        lines

  total: {type: integer, label: {zh: 数, en: Number}, compute: "1
    + 2"}
""",
    "note.yaml": """\
print: note
label: {zh: 单, en: Note}
for: order
template: templates/note.html
""",
    "templates/note.html": "<h1>{{ name }}</h1>\n{% if total %}\n<p>{{ note }}</p>\n{% endif %}\n",
}


def as_on_windows(files):
    # git turns the lines of texts alone.
    return {path: data if is_asset(path) else data.replace(b"\n", b"\r\n") for path, data in files.items()}


def test_the_example_means_the_same() -> None:
    files = read_directory(EXAMPLE)
    assert model_hash(compiled(as_on_windows(files))) == model_hash(compiled(files))


def test_texts_of_several_lines_and_templates_mean_the_same() -> None:
    files = {path: text.encode() for path, text in PRINTED.items()}
    assert model_hash(compiled(as_on_windows(files))) == model_hash(compiled(files))


def test_findings_stand_at_the_same_places() -> None:
    slips = {
        **PRINTED,
        "order.yaml": PRINTED["order.yaml"].replace("+ 2", "+ nothing"),
        "templates/note.html": "<h1>\n{{ nmae }}\n</h1>\n",
    }
    files = {path: text.encode() for path, text in slips.items()}
    found, on_windows = (compile_project(each, built_in()).found for each in (files, as_on_windows(files)))
    assert [places(each) for each in on_windows] == [places(each) for each in found]
    assert {"order.yaml", "templates/note.html"} <= {each.span.path for each in found}


def places(finding):
    return finding.code.id, finding.headline, finding.span
