"""The catalog: a frozen value of field types, actions and connectors by name.

`built_in()` knows every folder by its name, and reads one when somebody first asks for it: a project uses a
few of many. Plugins and tests add to it by `with_`. Two entries of one name are an error.
"""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

import orderkit.actions
import orderkit.connectors
import orderkit.fields
from orderkit.actions.action_type import ActionType
from orderkit.catalog.originals import Originals
from orderkit.connectors.connector_type import ConnectorType
from orderkit.fields.field_type import FieldType


@dataclass(frozen=True, slots=True)
class Catalog:
    """What this installation knows, by name; `originals` are the templates that a project may replace."""

    fields: Mapping[str, FieldType[Any]]
    actions: Mapping[str, ActionType]
    connectors: Mapping[str, ConnectorType]
    originals: Mapping[str, str] = field(default_factory=dict)

    def with_(
        self,
        *,
        fields: tuple[FieldType[Any], ...] = (),
        actions: tuple[ActionType, ...] = (),
        connectors: tuple[ConnectorType, ...] = (),
    ) -> "Catalog":
        """Return a catalog with more entries. Raises ValueError for a name that is taken."""
        return replace(
            self,
            fields=_joined(self.fields, {each.name: each for each in fields}),
            actions=_joined(self.actions, {each.name: each for each in actions}),
            connectors=_joined(self.connectors, {each.name: each for each in connectors}),
        )


@cache
def built_in() -> Catalog:
    """Return the catalog of what ships with orderkit."""
    return Catalog(
        fields=_Folders(orderkit.fields),
        actions=_Folders(orderkit.actions),
        connectors=_Folders(orderkit.connectors),
        originals=Originals(),
    )


class _Folders(Mapping[str, Any]):
    """The entries of a package, each called as its folder, sorted by name."""

    def __init__(self, package: ModuleType) -> None:
        self._package = package.__name__
        found = pkgutil.iter_modules(package.__path__)
        self._names = dict.fromkeys(sorted(info.name for info in found if info.ispkg))
        self._read: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._read:
            if name not in self._names:
                raise KeyError(name)
            self._read[name] = importlib.import_module(f"{self._package}.{name}").TYPE
        return self._read[name]

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)


def _joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> Mapping[str, Any]:
    if not second:
        return first
    taken = sorted(first.keys() & second.keys())
    if taken:
        raise ValueError(f"taken twice in the catalog: {', '.join(taken)}")
    return MappingProxyType({**first, **second})
