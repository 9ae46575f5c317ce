"""Connectors whose protocol is not carried out yet: what they take and give is declared and checked.

A project can be written against them, and its mappings are right on the day the protocol comes; until
then a call is refused for good, so that it ends among the dead letters and not in endless retries.
"""

from orderkit.connectors.connector_type import Answer, Call, ConnectorType
from orderkit.model.errors import ConnectorFailed
from orderkit.model.labels import label
from orderkit.model.options import OptionModel


class PendingConnector(ConnectorType):
    """A system that is known by its settings and operations only."""

    awaits_engine = True

    def call(self, settings: OptionModel, call: Call) -> Answer:  # noqa: ARG002 - of every connector
        """Refuse the call. Raises ConnectorFailed, permanently."""
        raise ConnectorFailed(
            label(
                zh=f"此版本的 orderkit 还不能调用 {self.name}，操作 {call.operation} 没有执行",
                en=f"{call.operation} of {self.name} is not carried out yet in this version of orderkit",
            ),
            is_permanent=True,
        )
