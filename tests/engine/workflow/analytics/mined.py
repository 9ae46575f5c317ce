"""Reads a log as programs that mine processes do, and says as JSON what stands in it: `python -m … FILE`.

In a process of its own: what it needs warns about much that is none of our business.
"""

import importlib
import json
import sys
from typing import Any


def main(path: str) -> None:
    """Read a log and print its cases, events, people and ways."""
    pm4py: Any = importlib.import_module("pm4py")
    log = pm4py.read_xes(path)
    found = {
        "cases": int(log["case:concept:name"].nunique()),
        "events": len(log),
        "people": sorted(log["org:resource"].unique()),
        "ways": sorted([list(way), int(count)] for way, count in pm4py.get_variants(log).items()),
    }
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1])
