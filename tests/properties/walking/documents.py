"""The YAML of a project as values that can be changed and written again; plain and quoted words stay what they are."""

import copy
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import yaml
from yaml.emitter import Emitter
from yaml.representer import SafeRepresenter
from yaml.resolver import BaseResolver
from yaml.serializer import Serializer

Files = Mapping[str, bytes]
Documents = dict[str, Any]


class Quoted(str):
    """A word in quotes: whatever it looks like, it is a text or an expression."""

    __slots__ = ()


class _Loader(yaml.BaseLoader):
    def construct_scalar(self, node: Any) -> str:
        return node.value if node.style is None else Quoted(node.value)


class _Dumper(Emitter, Serializer, SafeRepresenter, BaseResolver):
    def __init__(self, stream: Any, **options: Any) -> None:
        Emitter.__init__(self, stream, width=10_000, allow_unicode=True)
        Serializer.__init__(self)
        SafeRepresenter.__init__(self, sort_keys=False)
        BaseResolver.__init__(self)

    def ignore_aliases(self, data: Any) -> bool:
        return True


_Dumper.add_representer(str, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", data))
_Dumper.add_representer(
    Quoted, lambda dumper, data: dumper.represent_scalar("tag:yaml.org,2002:str", str(data), style='"')
)


def read(text: str | bytes) -> Any:
    """Return what a text of YAML says, every scalar as it is written; the caller may change it."""
    return copy.deepcopy(_read(text))


@lru_cache(maxsize=1000)
def _read(text: str | bytes) -> Any:
    return yaml.load(text, _Loader)


def documents_of(files: Files) -> Documents:
    """Return the documents of a project by path, to be changed; its templates stay as they are."""
    return {path: read(data) for path, data in files.items() if path.endswith(".yaml")}


def files_of(documents: Documents, before: Files = MappingProxyType({})) -> dict[str, bytes]:
    """Write documents as files; those that say what they said before stay as they are, and so does all else."""
    others = {path: data for path, data in before.items() if not path.endswith(".yaml")}
    return others | {
        path: before[path]
        if path in before and _read(before[path]) == document
        else yaml.dump(document, Dumper=_Dumper).encode()
        for path, document in documents.items()
    }


def path_of(documents: Documents, form: str) -> str:
    """Return the file in which a form stands."""
    return next(path for path, document in documents.items() if document.get("form") == form)


def fields_of(documents: Documents, form: str) -> dict[str, Any]:
    """Return the fields of a form, or of the lines `form.field`, to be changed."""
    top, _, lines = form.partition(".")
    fields: dict[str, Any] = documents[path_of(documents, top)]["fields"]
    return fields[lines]["fields"] if lines else fields


def settled(files: Files) -> Files:
    """Return the files without what was said to the last migration only."""
    documents = documents_of(files)
    for document in documents.values():
        if "form" in document:
            _forget(document)
            document.pop("renamed_from", None)
    return files_of(documents, files)


def _forget(node: Any) -> None:
    for field in node["fields"].values():
        for word in ("renamed_from", "moved_from", "backfill", "convert"):
            field.pop(word, None)
        for option in field.get("options", {}).values():
            option.pop("renamed_from", None)
        if "fields" in field:
            _forget(field)


def without_mentions(node: Any, names: set[str]) -> Any:
    """Return a document without list items that are one of the names: columns of lists, fields of layouts."""
    if isinstance(node, dict):
        return {key: without_mentions(value, names) for key, value in node.items()}
    if isinstance(node, list):
        return [without_mentions(each, names) for each in node if not _is_named(each, names)]
    return node


def _is_named(item: Any, names: set[str]) -> bool:
    return isinstance(item, str) and item.lstrip("-") in names
