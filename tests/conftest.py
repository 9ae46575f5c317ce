"""What holds for every test: what may be left out is left out by name, in ORDERKIT_SKIP, never in silence."""

import os

import pytest

CAN_BE_LEFT_OUT = {"postgres", "browser"}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    left_out = {word.strip() for word in os.environ.get("ORDERKIT_SKIP", "").split(",")} - {""}
    unknown = left_out - CAN_BE_LEFT_OUT
    if unknown:
        raise pytest.UsageError(f"ORDERKIT_SKIP knows {sorted(CAN_BE_LEFT_OUT)}, not {sorted(unknown)}")
    for item in items:
        for word in sorted(left_out):
            if item.get_closest_marker(word) is not None:
                item.add_marker(pytest.mark.skip(reason=f"left out by ORDERKIT_SKIP={word}"))
