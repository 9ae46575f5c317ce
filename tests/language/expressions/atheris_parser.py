"""Feeds the reader of expressions what a fuzzer makes up that watches which lines run.

`python -m tests.language.expressions.atheris_parser -max_total_time=60` stops at the first fault.
"""

import importlib
import sys
from typing import Any

SEEDS = """
total * (1 - rate)
sum(lines.qty * lines.price, where=lines.done and lines.qty > 0)
kind in ['repair', 'custom'] and not (need_by < date('2026-03-01'))
find(customer, name == this.code, by=-level).credit
'a' if row['x'].y[0] == null else concat(code, text(1.50))
{code}-{ordered_on:%Y%m%d} {{
""".strip().splitlines()


def main(arguments: list[str]) -> None:
    """Run until the time that libFuzzer's arguments give is over."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["orderkit"]):
        settled = importlib.import_module("tests.language.expressions.test_parser_fuzz").assert_settled

    def one(data: bytes) -> None:
        settled(data.decode("utf-8", errors="replace"))

    atheris.Setup([sys.argv[0], *arguments], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
