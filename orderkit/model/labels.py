"""Texts for people, in several languages.

A label maps a language (`zh`, `en`) to a text. `zh` serves every Chinese locale, `en` every English
one. Reading falls back from the locale to its language to the first language given.
"""

from collections.abc import Mapping
from types import MappingProxyType

Label = Mapping[str, str]


def label(**texts: str) -> Label:
    """Return a label from keywords: `label(zh="订单", en="Order")`."""
    return MappingProxyType(texts)


def text_of(source: Label, locale: str) -> str:
    """Return the text for `locale` (`zh-CN`, `en`), or the nearest one that exists."""
    if locale in source:
        return source[locale]
    language = locale.split("-", 1)[0]
    if language in source:
        return source[language]
    return next(iter(source.values()), "")
