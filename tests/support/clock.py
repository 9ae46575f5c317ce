"""A clock that stands still until a test moves it."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Time as a test wants it. Begins on a Monday morning in Shanghai."""

    def __init__(self, now: datetime = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, **span: float) -> datetime:
        """Move on by a `timedelta(**span)` and return the new time."""
        self._now += timedelta(**span)
        return self._now

    def set(self, now: datetime) -> None:
        """Jump to an aware instant."""
        assert now.tzinfo is not None
        self._now = now.astimezone(UTC)
