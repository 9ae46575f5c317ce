"""Systems outside, as a scenario meets them: each accepts every call, answers nothing, and nobody hears of it."""

from dataclasses import replace
from typing import ClassVar

from pydantic import ConfigDict

from orderkit.catalog import Catalog
from orderkit.connectors.connector_type import Answer, Call, ConnectorType, Operation
from orderkit.model.labels import Label
from orderkit.model.options import OptionModel
from orderkit.model.project import Project


class _Anything(OptionModel):
    """Settings as they are: a scenario has no secrets that they would need."""

    model_config = ConfigDict(extra="allow", frozen=True)


def calling_nobody(catalog: Catalog, project: Project) -> Catalog:
    """Return the catalog with a stand-in for every connector that a project uses, and no other connector."""
    used = {each.connector for each in project.connections}
    return replace(catalog, connectors={name: _stand_in(catalog.connectors[name]) for name in sorted(used)})


def no_secret(name: str) -> str:
    """Return what stands for a secret or an address of the environment."""
    return f"scenario-{name.lower()}"


def _stand_in(connector: ConnectorType) -> ConnectorType:
    class StandIn(ConnectorType):
        """Has the name and the operations of the real one, and no way out."""

        name: ClassVar[str] = connector.name
        label: ClassVar[Label] = connector.label
        description: ClassVar[Label] = connector.description
        Settings: ClassVar[type[OptionModel]] = _Anything
        operations: ClassVar[dict[str, Operation]] = dict(connector.operations)
        awaits_engine: ClassVar[bool] = connector.awaits_engine

        def call(self, settings: OptionModel, call: Call) -> Answer:  # noqa: ARG002 - nothing is needed of them
            """Accept the call."""
            return Answer(result={}, summary=f"{call.operation}: a scenario calls nobody")

    return StandIn()
