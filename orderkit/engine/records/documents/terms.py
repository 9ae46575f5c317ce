"""On whose account and under which terms a batch is written."""

from dataclasses import dataclass

from orderkit.engine.runtime import Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for a whole batch: waived checks, history, and whether the engine itself writes."""

    waive: frozenset[str] = frozenset()
    is_history: bool = False
    by_rule: bool = False

    def is_free(self, unit: Unit) -> bool:
        """Return whether roles and states do not stop this write: the engine's own, or the system's."""
        return self.by_rule or unit.person.is_system


FOR_PEOPLE = Terms()
BY_RULE = Terms(by_rule=True)
