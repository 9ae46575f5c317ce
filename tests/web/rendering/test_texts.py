"""The texts of the pages: every key that is used exists, in both languages, and none is left over."""

import re
import string
import tomllib
from pathlib import Path

import pytest

from orderkit.web.rendering.texts import FOLDER, load_texts

PACKAGE = FOLDER.parent.parent
TEXTS = load_texts().labels
LOOKED_FOR = re.compile(r"""\blabels\.get\(f["']([a-z]+\.[a-z_]+_)\{""")
USED = re.compile(r"""\b_?t\(\s*f?["']([a-z]+\.(?:[a-z_]+(?:\{[^"']*\})?|\{[^"']*\}[a-z_]*))["']""")
BUILT = re.compile(r"""["']([a-z]+\.(?:[a-z_]+_)?)["']\s*~""")
NAMED = re.compile(r"""["']([a-z]+\.[a-z_]+)["']""")


def _sources() -> list[Path]:
    web, fields = PACKAGE / "web", PACKAGE / "fields"
    return [*web.rglob("*.html"), *web.rglob("*.py"), *fields.glob("*/input.html")]


def test_every_key_that_is_used_exists() -> None:
    missing = {
        f"{path.relative_to(PACKAGE)}: {key}"
        for path in _sources()
        for key in USED.findall(path.read_text(encoding="utf-8"))
        if "{" not in key and not key.endswith("_") and key not in TEXTS
    }
    assert missing == set()


def test_no_text_is_left_over() -> None:
    written = "\n".join(path.read_text(encoding="utf-8") for path in _sources())
    named = set(NAMED.findall(written))
    prefixes = tuple(key.split("{")[0] for key in USED.findall(written) if "{" in key) + tuple(
        BUILT.findall(written) + LOOKED_FOR.findall(written)
    )
    assert [key for key in TEXTS if key not in named and not key.startswith(prefixes)] == []


@pytest.mark.parametrize("key", sorted(TEXTS))
def test_both_languages_say_it_with_the_same_facts(key: str) -> None:
    label = TEXTS[key]
    assert set(label) == {"zh", "en"}
    assert all(label.values())
    facts = {
        language: {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for language, text in label.items()
    }
    assert facts["zh"] == facts["en"]


def test_no_key_stands_twice_in_a_file() -> None:
    for path in FOLDER.glob("*.toml"):
        names = re.findall(r"^(\w+) = ", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert len(names) == len(tomllib.loads(path.read_text(encoding="utf-8")))


def test_each_language_keeps_its_own_speaker() -> None:
    texts = load_texts()
    said = [texts.speaker(locale)("list.columns") for locale in ("zh-CN", "en", "zh-CN")]
    assert said == [texts.say("list.columns", locale) for locale in ("zh-CN", "en", "zh-CN")]
    assert said[0] != said[1]
