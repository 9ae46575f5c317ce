"""Passwords that everybody knows are refused by a file that lies here, and a file that is no such file says so."""

import hashlib
import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine import accounts
from orderkit.engine.accounts.leaked_passwords import Unsuited, is_in
from orderkit.model.errors import Refused
from orderkit.model.labels import text_of
from orderkit.model.signing_in import SignIn
from tests.support.trade import open_trade, trade

LEAKED = ["password", "12345678", "correct horse", "密码密码密码密码"]


def sha1(password: str) -> str:
    return hashlib.sha1(password.encode()).hexdigest().upper()


def lines_of(passwords: list[str], *, end: str = "\r\n", count: str = ":42", length: int = 40) -> bytes:
    return "".join(f"{each[:length]}{count}{end}" for each in sorted(map(sha1, passwords))).encode()


class Counted(io.BytesIO):
    """A file that counts what is read of it."""

    total = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        line = super().readline(size)
        self.total += len(line)
        return line


@pytest.fixture
def open_with(make_database, tmp_path, clock):
    """The trade with a file of leaked passwords; None is a file that is missing."""

    def opened(content: bytes | None):
        project = replace(trade(), sign_in=SignIn(leaked_passwords="var/leaked.txt"))
        shop = open_trade(make_database(project), tmp_path / "var" / "files", clock, model=project)
        (tmp_path / "var").mkdir(exist_ok=True)
        if content is not None:
            (tmp_path / "var" / "leaked.txt").write_bytes(content)
        return shop.office.runtime

    return opened


def refusal(runtime, password):
    with pytest.raises(Refused) as caught:
        accounts.new_password_hash(runtime, password, login="ann")
    return caught.value.problems[0]


def test_a_password_of_the_file_is_refused_and_any_other_is_taken(open_with):
    runtime = open_with(lines_of(LEAKED))
    for password in LEAKED:
        problem = refusal(runtime, password)
        assert problem.code == "password_leaked"
        assert "已泄露" in text_of(problem.message, "zh")
        assert "leaked" in text_of(problem.message, "en")
    assert accounts.new_password_hash(runtime, "another horse", login="ann")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"password\n12345678\n", "no sorted SHA-1"),
        (b"x" * 100_000, "no sorted SHA-1"),
        (b"\n".join(line for line in reversed(lines_of(LEAKED).split())), "no sorted SHA-1"),
    ],
)
def test_a_file_that_cannot_be_used_lets_no_password_through(open_with, content, said):
    problem = refusal(open_with(content), "another horse")
    assert problem.code == "leaked_passwords_unreadable"
    assert said in text_of(problem.message, "en")
    assert "leaked.txt" in text_of(problem.message, "zh")


def test_an_empty_file_knows_no_password():
    assert not is_in(io.BytesIO(b""), "password")


@given(
    leaked=st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=60, unique=True),
    asked=st.text(min_size=1, max_size=6),
    end=st.sampled_from(["\n", "\r\n"]),
    count=st.sampled_from(["", ":1", ":123456789"]),
    length=st.sampled_from([16, 20, 40]),
    is_cut=st.booleans(),
    is_lower=st.booleans(),
)
def test_a_file_holds_what_is_in_it_and_nothing_else(*, leaked, asked, end, count, length, is_cut, is_lower):
    content = lines_of(leaked, end=end, count=count, length=length)
    content = content.rstrip() if is_cut else content
    file = io.BytesIO(content.lower() if is_lower else content)
    assert all(is_in(file, each) for each in leaked)
    assert is_in(file, asked) == (asked in leaked)


def test_a_large_file_is_not_read_whole():
    many = [f"password {number}" for number in range(50_000)]
    content = lines_of(many)
    file = Counted(content)
    assert is_in(file, many[0])
    assert not is_in(file, "another horse")
    assert file.total < 10_000 < len(content)


def test_what_is_not_in_order_is_seen_where_it_is_met():
    digests = lines_of([f"password {number}" for number in range(1000)]).split()
    # Two sorted files, one written behind the other.
    file = io.BytesIO(b"\n".join([*digests[500:], *digests[:500]]))
    for number in range(1000):
        if sha1(f"password {number}").encode() > digests[500][:40]:
            with pytest.raises(Unsuited):
                is_in(file, f"password {number}")
