"""The hue of a state can be read on every ground that a label of it stands on, in both themes."""

import re

import pytest

from tests.support.node import FRONTEND

LIGHT, DARK = (
    (FRONTEND / "styles" / "tokens.css").read_text(encoding="utf-8").split('[data-bs-theme="dark"] {')[:2]
)
# How much of its hue is mixed under a label; `.pill` in controls.css says the same.
THEMES = {"light": (LIGHT, 0.12), "dark": (DARK, 0.18)}
GROUNDS = ("page", "surface", "sunken")
HUES = sorted(set(re.findall(r"--ok-hue-(\w+):", LIGHT)))
LEAST_CONTRAST = 4.5


def test_labels_are_mixed_as_this_test_believes() -> None:
    written = (FRONTEND / "styles" / "controls.css").read_text(encoding="utf-8")
    for _, share in THEMES.values():
        assert f"color-mix(in srgb, var(--hue) {share:.0%}, transparent)" in written


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("hue", HUES)
def test_a_hue_can_be_read(hue: str, theme: str) -> None:
    tokens, share = THEMES[theme]
    ink = _color(tokens, f"hue-{hue}")
    for ground in GROUNDS:
        below = [
            share * one + (1 - share) * other for one, other in zip(ink, _color(tokens, ground), strict=True)
        ]
        assert _contrast(ink, below) >= LEAST_CONTRAST, ground


def _color(tokens: str, name: str) -> list[float]:
    written = re.findall(rf"--ok-{name}: #(\w{{6}});", tokens)[0]
    return [int(written[at : at + 2], 16) / 255 for at in (0, 2, 4)]


def _contrast(one: list[float], other: list[float]) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: list[float]) -> float:
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in color]
    return sum(part * weight for part, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
