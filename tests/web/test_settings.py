"""Settings come from the environment and are read once; a value that cannot be read is refused."""

from ipaddress import ip_network

import pytest
from pydantic import ValidationError

from orderkit.web.server.settings import MEGABYTE, Settings

KEY = {"ORDERKIT_SECRET_KEY": "a key that is long enough"}


def test_the_environment_is_read() -> None:
    settings = Settings.from_environment(
        {
            **KEY,
            "ORDERKIT_TRUSTED_PROXIES": "10.0.0.0/8, ::1",
            "ORDERKIT_HTTPS": "1",
            "ORDERKIT_THREADS": "12",
            "ORDERKIT_MAX_UPLOAD_MB": "5",
        },
        None,
    )
    assert settings.trusted_proxies == (ip_network("10.0.0.0/8"), ip_network("::1"))
    assert (settings.is_https, settings.threads, settings.largest_upload) == (True, 12, 5 * MEGABYTE)


def test_nothing_is_trusted_unless_it_is_named() -> None:
    assert Settings.from_environment(KEY, None).trusted_proxies == ()


@pytest.mark.parametrize(
    ("name", "value"), [("TRUSTED_PROXIES", "everybody"), ("THREADS", "0"), ("HTTPS", "perhaps")]
)
def test_a_value_that_cannot_be_read_is_refused(name: str, value: str) -> None:
    with pytest.raises(ValidationError):
        Settings.from_environment({**KEY, f"ORDERKIT_{name}": value}, None)
