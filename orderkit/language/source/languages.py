"""In which language a project speaks, known before it is compiled, even where it is full of faults."""

import re
from collections.abc import Mapping

from orderkit.language.source.directory import is_asset
from orderkit.language.source.nodes import MappingNode, ScalarNode
from orderkit.language.source.reading import load_file

_DECLARES_PROJECT = re.compile(rb"^project\s*:", re.MULTILINE)


def project_language(files: Mapping[str, bytes]) -> str | None:
    """Return the language of the project's `locale`, `zh` where it says nothing, None without a project."""
    for path in sorted(files, key=lambda path: (path != "orderkit.yaml", path)):
        if is_asset(path) or not _DECLARES_PROJECT.search(files[path]):
            continue
        file = load_file(path, files[path]).value
        for document in () if file is None else file.documents:
            locale = document.get("locale") if isinstance(document, MappingNode) else None
            if isinstance(locale, ScalarNode) and locale.text:
                return locale.text.split("-", 1)[0]
        return "zh"
    return None
