"""Settings with their secrets, which live in the environment and stand in the model only as `${NAME}`.

They are read for one call and go nowhere else: what is logged passes through `Secrets.hidden`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from orderkit.model.errors import ConnectorFailed
from orderkit.model.labels import label

_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SHORTEST = 4


@dataclass(slots=True)
class Secrets:
    """Reads `${NAME}` and remembers the values, to keep them out of every account of the call."""

    environment: Callable[[str], str | None]
    _values: set[str] = field(default_factory=set, repr=False)

    def resolved(self, settings: Mapping[str, object]) -> dict[str, object]:
        """Return settings with every `${NAME}` replaced. Raises ConnectorFailed for one that is not set."""
        return {name: self._value(value) for name, value in settings.items()}

    def hidden(self, text: str) -> str:
        """Return a text without the values of secrets."""
        for value in sorted(self._values, key=len, reverse=True):
            text = text.replace(value, "***")
        return text

    def _value(self, value: object) -> object:
        if isinstance(value, str):
            return _NAME.sub(self._read, value)
        if isinstance(value, Mapping):
            return self.resolved(value)
        if isinstance(value, tuple | list):
            return [self._value(each) for each in value]
        return value

    def _read(self, match: re.Match[str]) -> str:
        name = match.group(1)
        value = self.environment(name)
        if value is None:
            raise ConnectorFailed(
                label(
                    zh=f"没有设置环境变量 {name}；设置后重新启动，再重试",
                    en=f"the environment variable {name} is not set; set it, start again, and repeat the call",
                )
            )
        if len(value) >= _SHORTEST:
            self._values.add(value)
        return value
