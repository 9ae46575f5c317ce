"""Run measurements and print them: `python -m benchmarks [check edit create list import import-all export serve plan migrate search type browse rules storm bulk phone lives inbox history]`."""

import json
import os
import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from benchmarks.measuring import Figure, Measured, Result

MODULES = {
    "check": "checking",
    "edit": "editing",
    "create": "creating",
    "list": "listing",
    "import": "importing",
    "import-all": "importing_whole",
    "export": "exporting",
    "serve": "serving",
    "plan": "planning",
    "migrate": "migrating",
    "search": "searching",
    "type": "keystrokes",
    "browse": "browsing",
    "rules": "row_rules",
    "storm": "sign_in_storm",
    "bulk": "many",
    "phone": "phone",
    "lives": "lives",
    "inbox": "inbox",
    "history": "history",
}
RESULTS = Path(__file__).parents[1] / ".cache" / "benchmarks" / "results.json"


def main(names: list[str]) -> int:
    """Measure what is named, or everything."""
    unknown = sorted(set(names) - MODULES.keys())
    if unknown:
        print(
            f"there is no measurement {', '.join(unknown)}; there are: {', '.join(MODULES)}", file=sys.stderr
        )
        return 2
    print(machine(), flush=True)
    print("\n| what | orderkit | baseline | ratio | runs | note |\n|---|---|---|---|---|---|")
    results = []
    for name in names or MODULES:
        measure: Callable[[], Iterable[Measured]] = import_module(f"benchmarks.{MODULES[name]}").measure
        for measured in measure():
            results.append(asdict(measured))
            print(row(measured), flush=True)
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": machine(), "results": results}, indent=2), encoding="utf-8")
    return 0


def row(measured: Measured) -> str:
    """Return one line of the table, which `docs/explanation/performance.md` takes as it is."""
    if isinstance(measured, Figure):
        return f"| {measured.name} | {measured.value:,.2f} {measured.unit} | | | | {measured.note} |"
    return (
        f"| {measured.name} | {duration(measured.our_seconds)} ({measured.ours})"
        f" | {duration(measured.baseline_seconds)} ({measured.baseline})"
        f" | {ratio(measured)} | {measured.rounds} | {measured.note} |"
    )


def ratio(measured: Result) -> str:
    """Return the ratio reached, beside the ratio wanted where there is one; small ones with more digits."""
    reached = f"**{measured.ratio:.1f}**" if measured.ratio >= 1 else f"**{measured.ratio:.2f}**"
    return reached if measured.wanted is None else f"{reached} (wanted: {measured.wanted:g})"


def duration(seconds: float) -> str:
    """Return a duration with a fitting unit."""
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1e3:.2f} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.0f} µs"


def machine() -> str:
    """Return what this was measured on."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [
            line for line in info.read_text(encoding="utf-8").splitlines() if line.startswith("model name")
        ]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{os.cpu_count()} × {model}, {platform.system()} {platform.release()}, Python {platform.python_version()}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
