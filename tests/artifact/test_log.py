"""What a server writes into its log about a bug of ours: where it happened, and nothing that people entered."""

import io
import json

import pytest
import structlog

from orderkit.artifact.log import write_log


class Terminal(io.StringIO):
    """Says that people look at it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _as_before():
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["collected", "terminal"])
def test_a_traceback_shows_code_but_no_values(stream):
    write_log(stream)
    password = "horse" + "-battery"
    try:
        {}[len(password)]
    except KeyError:
        structlog.get_logger().exception("a request failed", action="web.bug")
    written = stream.getvalue()
    assert "KeyError" in written
    assert "test_log.py" in written
    assert "horse-battery" not in written


def test_each_event_is_one_line_of_json_where_no_terminal_is():
    stream = io.StringIO()
    write_log(stream)
    structlog.get_logger().warning("不行", tries=3, order=object)
    (line,) = stream.getvalue().splitlines()
    event = json.loads(line)
    assert (event["event"], event["tries"], event["level"]) == ("不行", 3, "warning")


def test_a_log_that_cannot_be_written_takes_nothing_with_it():
    stream = io.StringIO()
    write_log(stream)
    stream.close()
    structlog.get_logger().error("a request failed", action="web.bug")
