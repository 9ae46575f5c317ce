"""Words of the language, as a drawn project writes them."""

from typing import Any

Words = dict[str, Any]


def print_(form: str) -> Words:
    return {
        "print": f"{form}_sheet",
        "label": label(form),
        "for": form,
        "template": f"templates/prints/{form}.html",
    }


def move(source: str, target: str, by: str | list[str]) -> Words:
    return {"label": label(target), "from": source, "to": target, "by": by}


def label(text: str) -> Words:
    return {"zh": text, "en": text}


def field(type_: str, name: str, **more: Any) -> Words:
    return {"type": type_, "label": label(name), **more}
