"""Texts in both languages made of texts in both languages."""

from collections.abc import Iterable

from orderkit.model.labels import Label, label, text_of

Fact = Label | str | int

NOTHING = label(zh="无", en="nothing")


def filled(template: Label, **facts: Fact) -> Label:
    """Return a text whose `{names}` are filled, in each language by what a fact is called there."""
    return label(
        **{
            language: text.format(
                **{
                    name: fact if isinstance(fact, str | int) else text_of(fact, language)
                    for name, fact in facts.items()
                }
            )
            for language, text in template.items()
        }
    )


def same(text: str) -> Label:
    """Return a text that is the same in every language: an id, an expression, a number."""
    return label(zh=text, en=text)


def listed(texts: Iterable[Label], *, empty: Label = NOTHING) -> Label:
    """Return texts in a row, divided as each language does it."""
    given = tuple(texts)
    if not given:
        return empty
    return label(
        zh="、".join(text_of(each, "zh") for each in given),
        en=", ".join(text_of(each, "en") for each in given),
    )


def in_sequence(texts: Iterable[Label]) -> Label:
    """Return texts divided by semicolons: parts that hold commas of their own."""
    given = tuple(texts)
    return label(
        zh="；".join(text_of(each, "zh") for each in given),
        en="; ".join(text_of(each, "en") for each in given),
    )


def code(text: str) -> Label:
    """Return an id or an expression, marked as such."""
    return same(f"`{text}`")
