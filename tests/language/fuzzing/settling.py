"""What must hold for any bytes: the compiler ends soon, in little memory, and says where the fault is."""

import gc
import time
import tracemalloc
from collections.abc import Mapping

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import Finding, has_errors, render_human

MOST_SECONDS = 2
MOST_MEGABYTES = 200
CATALOG = built_in()
PROJECT_FILE = "orderkit.yaml"


def assert_settled(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Compile files; return what was found, each finding at a place that exists."""
    files = {PROJECT_FILE: b"project: fuzz\n", **files}
    # As `orderkit check` compiles: without looking for garbage, which takes the longer the more tests ran before.
    gc.disable()
    try:
        begin = time.process_time()
        outcome = compile_project(files, CATALOG)
        # The processor's time: a busy machine is no fault of the compiler.
        seconds = time.process_time() - begin
    finally:
        gc.enable()
    assert seconds < MOST_SECONDS
    assert (outcome.value is None) == has_errors(outcome.found)
    texts = {path: data.decode("utf-8", errors="replace") for path, data in files.items()}
    for finding in outcome.found:
        lines = texts[finding.path].split("\n")
        assert 1 <= finding.span.line <= len(lines)
        assert finding.span.column >= 1
        assert finding.span[3:] >= finding.span[1:3]
    render_human(outcome.found, texts, "zh")
    return outcome.found


def megabytes_of(files: Mapping[str, bytes]) -> float:
    """Return the most memory that compiling files takes, besides the files."""
    tracemalloc.start()
    try:
        compile_project(files, CATALOG)
        return tracemalloc.get_traced_memory()[1] / 1e6
    finally:
        tracemalloc.stop()
