"""The protocol as clients really speak it: a position that cannot be is one where nothing stands.

The library answers nothing at all to a request that holds a negative line or column.
"""

from collections.abc import Mapping
from typing import Any

from pygls.protocol import LanguageServerProtocol

from orderkit.lsp.translating import NO_LINE

_POSITION = frozenset({"line", "character"})


class CalmProtocol(LanguageServerProtocol):
    """Reads messages, positions that no file has among them."""

    def structure_message(self, data: dict[str, Any]) -> Any:
        """Return a message, or a part of one; the library calls this for every map, the innermost first."""
        return super().structure_message(_nowhere() if _is_impossible(data) else data)


def _is_impossible(data: Mapping[str, Any]) -> bool:
    return data.keys() == _POSITION and not all(
        isinstance(each, int) and 0 <= each <= NO_LINE for each in data.values()
    )


def _nowhere() -> dict[str, Any]:
    return {"line": NO_LINE, "character": 0}
