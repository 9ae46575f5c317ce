"""Signed values hold under any key in force, and under nothing else."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from orderkit.web.server.secret_keys import SecretKeys, WeakSecretKey, secret_keys

OLD, NEW = "the key of last year", "the key of this year"


def test_a_key_that_was_replaced_still_verifies_while_it_is_listed() -> None:
    signed = SecretKeys([OLD]).sign("visitor", purpose="csrf")
    assert SecretKeys([NEW, OLD]).verified(signed, purpose="csrf") == "visitor"
    assert SecretKeys([NEW]).verified(signed, purpose="csrf") is None


@pytest.mark.parametrize(
    "spoil", [lambda s: s + "x", lambda s: "x" + s, lambda s: s.split(".")[0], lambda s: "", lambda s: "."]
)
def test_a_value_that_was_touched_is_not_verified(spoil) -> None:
    keys = SecretKeys([NEW])
    assert keys.verified(spoil(keys.sign("visitor", purpose="csrf")), purpose="csrf") is None


def test_a_signature_holds_for_its_purpose_only() -> None:
    keys = SecretKeys([NEW])
    assert keys.verified(keys.sign("a", purpose="notice"), purpose="csrf") is None


def test_keys_come_from_the_environment_the_first_signs(tmp_path: Path) -> None:
    keys = secret_keys({"ORDERKIT_SECRET_KEY": f"{NEW}, {OLD}"}, tmp_path)
    assert keys.sign("a", purpose="p") == SecretKeys([NEW]).sign("a", purpose="p")
    assert list(tmp_path.iterdir()) == []


def test_without_one_a_key_is_made_once_and_kept_from_others(tmp_path: Path) -> None:
    first = secret_keys({}, tmp_path / "var").sign("a", purpose="p")
    assert secret_keys({}, tmp_path / "var").sign("a", purpose="p") == first
    assert (tmp_path / "var" / "secret_key").stat().st_mode & 0o077 == 0


def test_servers_that_start_at_once_use_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(lambda _: secret_keys({}, tmp_path / "var").sign("a", purpose="p"), range(8))
        assert len(set(found)) == 1
    assert [each.name for each in (tmp_path / "var").iterdir()] == ["secret_key"]


def test_a_short_key_is_refused_without_showing_it() -> None:
    with pytest.raises(WeakSecretKey) as refused:
        secret_keys({"ORDERKIT_SECRET_KEY": "hunter2"}, None)
    assert "hunter2" not in str(refused.value)
    assert "hunter2" not in repr(SecretKeys([NEW]))
