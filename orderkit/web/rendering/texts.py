"""The texts of the pages themselves, in Chinese and English: `texts/*.toml`, one file an area.

A key is `area.name`; the texts of a project (labels of forms, fields, states) are in its model.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Protocol

from orderkit.model.labels import Label, text_of

FOLDER = Path(__file__).parent.parent / "texts"


class Speaker(Protocol):
    """Says a text in one language."""

    def __call__(self, key: str, **facts: object) -> str:
        """Return the text of `key`, its `{names}` filled in."""


class Texts:
    """All texts, by key."""

    def __init__(self, labels: Mapping[str, Label]) -> None:
        self.labels = dict(labels)
        self._speakers: dict[str, Speaker] = {}

    def say(self, key: str, locale: str, **facts: object) -> str:
        """Return a text. A key that does not exist is a bug, and a test finds it."""
        text = text_of(self.labels[key], locale)
        return text.format(**facts) if facts else text

    def speaker(self, locale: str) -> Speaker:
        """Return what says texts in one language, which is one of the project's."""
        found = self._speakers.get(locale)
        if found is None:
            found = self._speakers[locale] = _speaker(
                {key: text_of(each, locale) for key, each in self.labels.items()}
            )
        return found


def _speaker(texts: Mapping[str, str]) -> Speaker:
    def speak(key: str, **facts: object) -> str:
        text = texts[key]
        return text.format(**facts) if facts else text

    return speak


@cache
def load_texts(folder: Path = FOLDER) -> Texts:
    """Read every file of texts; they come with the program, and stay while it runs."""
    labels: dict[str, Label] = {}
    for path in sorted(folder.glob("*.toml")):
        for name, label in tomllib.loads(path.read_text(encoding="utf-8")).items():
            labels[f"{path.stem}.{name}"] = label
    return Texts(labels)
