"""Revisions that people edit: respected, as long as the model that they lead to is still reached."""

from pathlib import Path

import pytest

from orderkit.catalog import built_in
from orderkit.database.revisions.broken import BrokenHistory
from orderkit.database.revisions.writing import write_next_revision
from tests.database.projects import project

FIRST = project("form: order\nfields: {a: {type: text}}")
SECOND = project("form: order\nfields: {a: {type: text}, b: {type: text, index: true}}")
THIRD = project("form: order\nfields: {a: {type: text}, b: {type: text, index: true}, c: {type: text}}")
HEAD = "def upgrade() -> None:\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_next_revision(FIRST, built_in(), tmp_path)
    write_next_revision(SECOND, built_in(), tmp_path)
    return tmp_path


def edit(folder: Path, old: str, new: str) -> None:
    path = next((folder / "versions").glob("0002_*.py"))
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_what_is_done_to_rows_besides_is_respected(folder):
    edit(folder, HEAD, f'{HEAD}    ok.once("mine", lambda connection: None)\n')
    written = write_next_revision(THIRD, built_in(), folder)
    assert written is not None
    assert written.number == "0003"


def test_a_seal_that_was_taken_away_is_an_edit_as_well(folder):
    path = next((folder / "versions").glob("0002_*.py"))
    path.write_text(
        path.read_text()
        .rpartition("# as generated")[0]
        .replace('    ok.create_index("order__b_idx"', "    pass  #")
    )
    with pytest.raises(BrokenHistory):
        write_next_revision(THIRD, built_in(), folder)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        pytest.param(
            'ok.create_index("order__b_idx", "order", ["b"])', "pass", "order__b_idx", id="an index less"
        ),
        pytest.param(
            'sa.Column("b", ok.CodePointText)', 'sa.Column("b", sa.BigInteger())', "b", id="another type"
        ),
        pytest.param(HEAD, f'{HEAD}    raise ValueError("mine")\n', "mine", id="a script that fails"),
    ],
)
def test_an_edit_that_misses_the_model_is_refused_and_says_what_differs(folder, old, new, words):
    edit(folder, old, new)
    with pytest.raises(BrokenHistory) as error:
        write_next_revision(THIRD, built_in(), folder)
    assert error.value.known_as is not None
    assert error.value.known_as.id == "OK6208"
    assert words in error.value.explain["en"]
    assert "0002_" in error.value.explain["zh"]
    assert len(list((folder / "versions").glob("*.py"))) == 2
