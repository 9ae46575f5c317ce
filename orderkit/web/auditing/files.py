"""The audit as a file that a spreadsheet opens, however many entries fit."""

import csv
from collections.abc import Sequence
from io import TextIOWrapper
from typing import Any, BinaryIO

from orderkit.engine.audit import searching
from orderkit.engine.audit.searching import Met, Sought
from orderkit.engine.rows import rows_of
from orderkit.engine.runtime import Unit
from orderkit.engine.trail import TrailEntry, trail
from orderkit.fields.formulas import harmless
from orderkit.web.auditing.rows import audit_rows
from orderkit.web.request.visit import Visit

AT_ONCE = 500


def write_csv(visit: Visit, unit: Unit, sought: Sought, target: BinaryIO) -> int:
    """Write entries as CSV in UTF-8 with a mark, as Excel opens it; no text becomes a formula there."""
    stream = TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(stream)
    heads = ("number", "time", "who", "behalf", "what", "about", "channel", "changes")
    writer.writerow([visit.t(f"audit.head_{each}") for each in heads])
    count = 0
    waiting: list[Met] = []
    for met in searching.every(unit, sought, at_once=AT_ONCE):
        waiting.append(met)
        if len(waiting) == AT_ONCE:
            count += _write_some(visit, unit, trail(unit, waiting), writer)
            waiting = []
            # A file of a million entries takes no more memory than one of a hundred.
            rows_of(unit).forget_everything()
    count += _write_some(visit, unit, trail(unit, waiting), writer)
    stream.flush()
    stream.detach()
    return count


def _write_some(visit: Visit, unit: Unit, entries: Sequence[TrailEntry], writer: Any) -> int:
    rows = list(audit_rows(visit, unit, entries))
    for each in rows:
        changes = "; ".join(
            f"{change.label}: {change.before} → {change.after}"
            if change.before
            else f"{change.label}: {change.after}"
            for change in each.changes
        )
        cells = (each.iso, each.who, each.behalf, each.what, each.about, each.channel, changes)
        writer.writerow([str(each.id), *(harmless(cell) for cell in cells)])
    return len(rows)
