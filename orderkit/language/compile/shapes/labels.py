"""Labels of what has none."""

from orderkit.model.labels import Label


def readable(name: str) -> Label:
    """Return the label of something that has none: `ship_from` becomes `Ship from`."""
    words_of_name = name.rsplit(".", 1)[-1].replace("_", " ")
    return {"en": words_of_name[:1].upper() + words_of_name[1:]}
