"""What a project says about its audit."""

from dataclasses import dataclass

LEAST_DAYS, MOST_DAYS = 30, 36_525


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRules:
    """The rules. `keep_days` None is for ever."""

    keep_days: int | None = None


FOR_EVER = AuditRules()
