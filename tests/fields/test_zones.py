"""An instant that a person sees is read back as the same, on every clock, also where it is put forward or back."""

# Clock times without a zone are what this is about.
# ruff: noqa: DTZ001

from datetime import UTC, datetime, timedelta
from zoneinfo import available_timezones

from hypothesis import example, given
from hypothesis import strategies as st

from orderkit.fields.datetime import TYPE, DateTimeOptions

ZONES = st.sampled_from(sorted(available_timezones()))
INSTANTS = st.datetimes(
    min_value=datetime(1975, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC)
).map(lambda moment: moment.replace(second=0, microsecond=0))


@given(ZONES, INSTANTS)
@example("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC))
@example("America/New_York", datetime(2026, 11, 1, 6, 30, tzinfo=UTC))
@example("Europe/Berlin", datetime(2026, 10, 25, 1, 30, tzinfo=UTC))
@example("Australia/Lord_Howe", datetime(2026, 4, 4, 15, 15, tzinfo=UTC))
def test_what_an_input_holds_is_read_back_as_the_same_instant(zone: str, moment: datetime) -> None:
    options = DateTimeOptions(timezone=zone)
    assert TYPE.parse(options, TYPE.edit_text(options, moment)) == moment


@given(ZONES, st.datetimes(min_value=datetime(1975, 1, 1), max_value=datetime(2100, 1, 1)))
@example("America/New_York", datetime(2026, 3, 8, 2, 30))
@example("Europe/Berlin", datetime(2026, 3, 29, 2, 30))
def test_what_is_typed_is_shown_as_typed_and_a_time_that_does_not_exist_soon_after(
    zone: str, local: datetime
) -> None:
    options = DateTimeOptions(timezone=zone)
    typed = local.isoformat(timespec="minutes")
    moment = TYPE.parse(options, typed)
    assert isinstance(moment, datetime)
    again = TYPE.edit_text(options, moment)
    assert TYPE.parse(options, again) == moment
    shown = datetime.fromisoformat(again).replace(tzinfo=None)
    assert shown == datetime.fromisoformat(typed) or timedelta() < abs(shown - local) <= timedelta(days=1)
