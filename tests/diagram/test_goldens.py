"""Pictures as they stood: the same workflow gives the same bytes. `--update-golden` writes them anew; look at each."""

from pathlib import Path

import pytest

from orderkit.diagram.life import life_graph
from orderkit.diagram.mermaid import mermaid
from orderkit.diagram.picture import life_picture
from tests.diagram.fixtures import all_files, exported

GOLDENS = Path(__file__).parent / "golden"


def life(name, locale, **more):
    workflow, _ = all_files()[name]
    return life_picture(workflow, locale, **more)


def as_mermaid(name, locale, **more):
    workflow, _ = all_files()[name]
    return mermaid(life_graph(workflow, **more), locale)


WRITTEN = {
    "example_order_life.bpmn": lambda: exported("example_order_life"),
    "example_receipt_life.bpmn": lambda: exported("example_receipt_life", "en"),
    "every_word.bpmn": lambda: exported("every_word_order_life"),
    "example_order_life.svg": lambda: life("example_order_life", "zh"),
    "every_word.svg": lambda: life("every_word_order_life", "en", is_opened=True),
    "example_order_life.mmd": lambda: as_mermaid("example_order_life", "zh"),
    "every_word.mmd": lambda: as_mermaid("every_word_order_life", "en", is_opened=True),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_it_is_written_as_it_was(name: str, *, update_golden: bool) -> None:
    golden = GOLDENS / name
    if update_golden:
        golden.parent.mkdir(exist_ok=True)
        golden.write_text(WRITTEN[name](), encoding="utf-8", newline="\n")
    assert WRITTEN[name]() == golden.read_text(encoding="utf-8")
