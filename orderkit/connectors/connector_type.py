"""What a connector is: typed settings, typed operations, one way to call them.

`call` is given resolved settings and arguments and must answer or raise `ConnectorFailed`. It never
retries, logs or stores anything: the outbox does.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from orderkit.model.labels import Label
from orderkit.model.options import OptionModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One thing that can be asked of the system.

    `Arguments` are what `with:` must give, `Results` what `result` has in `save:`; without it the answer
    is JSON of any shape. One that `gives_rows` can be pulled, and `Row` says what `row` has then.
    """

    name: str
    label: Label
    Arguments: type[OptionModel]
    Results: type[OptionModel] | None = None
    gives_rows: bool = False
    Row: type[OptionModel] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One attempt. `key` identifies the logical call over all its attempts."""

    operation: str
    arguments: Mapping[str, object]
    key: str
    timeout_seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back: `result` for `save:`, and a redacted account for the attempt log."""

    result: Mapping[str, object]
    summary: str


class ConnectorType(ABC):
    """A kind of external system.

    One that `awaits_engine` has its settings and operations checked; `build` says that nothing calls it yet.
    """

    name: ClassVar[str]
    label: ClassVar[Label]
    description: ClassVar[Label]
    Settings: ClassVar[type[OptionModel]]
    operations: ClassVar[Mapping[str, Operation]]
    awaits_engine: ClassVar[bool] = False

    @abstractmethod
    def call(self, settings: OptionModel, call: Call) -> Answer:
        """Make one attempt. Raises ConnectorFailed."""
