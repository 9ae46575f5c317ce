"""Feeds the compiler what a fuzzer makes up that watches which lines run.

`python -m tests.language.fuzzing.atheris_loader -max_total_time=60 -rss_limit_mb=300` stops at the first fault.
"""

import importlib
import sys
from typing import Any


def main(arguments: list[str]) -> None:
    """Run until the time that libFuzzer's arguments give is over."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["orderkit"]):
        settled = importlib.import_module("tests.language.fuzzing.settling").assert_settled

    def one(data: bytes) -> None:
        settled({"a.yaml": data})

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
