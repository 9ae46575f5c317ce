"""Everything that can be added by adding a folder: field types, actions, connectors.

A catalog is a frozen value. `built_in()` reads the folders once, sorted by name; tests and plugins
make their own with `with_`. Two entries of one name are an error.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType, ModuleType
from typing import Any

import orderkit.actions
import orderkit.connectors
import orderkit.fields
from orderkit.actions.action_type import ActionType
from orderkit.connectors.connector_type import ConnectorType
from orderkit.fields.field_type import FieldType


@dataclass(frozen=True, slots=True)
class Catalog:
    """What this installation knows, by name."""

    fields: Mapping[str, FieldType[Any]]
    actions: Mapping[str, ActionType]
    connectors: Mapping[str, ConnectorType]

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
        fields=_found(orderkit.fields),
        actions=_found(orderkit.actions),
        connectors=_found(orderkit.connectors),
    )


def _found(package: ModuleType) -> Mapping[str, Any]:
    names = sorted(info.name for info in pkgutil.iter_modules(package.__path__) if info.ispkg)
    types = [importlib.import_module(f"{package.__name__}.{name}").TYPE for name in names]
    return _joined({}, {each.name: each for each in types})


def _joined(first: Mapping[str, Any], second: Mapping[str, Any]) -> Mapping[str, Any]:
    taken = sorted(first.keys() & second.keys())
    if taken:
        raise ValueError(f"taken twice in the catalog: {', '.join(taken)}")
    return MappingProxyType({**first, **second})
