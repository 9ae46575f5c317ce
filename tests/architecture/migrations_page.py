"""Makes `docs/reference/migrations.md` from what `judge` says about examples: `python -m tests.architecture.migrations_page`."""

from collections.abc import Iterator
from dataclasses import dataclass

from orderkit.database.changes.judging import Judgement, Lock, Severity, judge_all
from orderkit.database.revisions.describing import describe
from tests.architecture.repository import ROOT
from tests.database.projects import difference

PAGE = ROOT / "docs" / "reference" / "migrations.md"
HEAD = """\
# What a change becomes

Made by `make generate` from what orderkit says about these examples.

`orderkit build` compares the model of the last revision with that of today and writes what lies between as a revision in `migrations/versions/`, and the model that it leads to beside it in `migrations/models/`.
Nothing is guessed: what is gone is refused until the YAML says that it was renamed (`renamed_from`) or moved (`moved_from`), or `--allow-drop` says that it may go.
What may go is kept in a shadow table (`retired_…`) for 90 days.

- **Severity**: *safe* never fails on any data; *backfill* writes rows that exist; *breaking* may be refused by rows that do not fit, or breaks whoever reads by the old name or type; *destructive* takes data out of sight.
- **Lock**: how long others wait at a large table of PostgreSQL: not at all, a moment, or while its rows are gone through. On SQLite a migration is one transaction.
- **Older program**: whether that of the revision before may go on reading and writing.
- **Undone**: whether the downgrade brings back what was; where not, it says why.

A revision may be edited by hand, to treat rows in a way of one's own (`ok.once`).
It must still lead to the same tables: `build` runs the whole line on an empty database in memory and compares.

Two branches that each wrote a revision are found by `build`, which then asks for `orderkit build --rebase`.
It keeps the revision whose snapshot stands in `migrations/models/`: a snapshot is one file for each number, so the merge has chosen already (`git checkout --ours` or `--theirs` chooses the other).
What the other branch did is found anew in the YAML, and written as a revision at the end of the line.
A revision that somebody edited is never taken away.

Names are passed on one after the other, with a build after each; two that are exchanged need a third one for a while.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A change of YAML; `fields` of the form `order` unless whole files are given."""

    title: str
    before: str
    after: str
    allow_drop: str = ""


EXAMPLES = (
    Example(title="A new field", before="", after="note: {type: text}"),
    Example(
        title="A new required field with a value for older records",
        before="due: {type: date}",
        after='due: {type: date}\nplaced: {type: date, required: true, backfill: "coalesce(due, today())"}',
    ),
    Example(
        title="A new computed field",
        before="qty: {type: integer}",
        after='qty: {type: integer}\ntwice: {type: integer, compute: "qty * 2"}',
    ),
    Example(
        title="Another formula",
        before='qty: {type: integer}\ntwice: {type: integer, compute: "qty * 2"}',
        after='qty: {type: integer}\ntwice: {type: integer, compute: "qty + qty + 1"}',
    ),
    Example(
        title="A field under a new name",
        before="note: {type: text}",
        after="remark: {type: text, renamed_from: note}",
    ),
    Example(title="Text that becomes a number", before="qty: {type: text}", after="qty: {type: integer}"),
    Example(
        title="More decimal places",
        before="qty: {type: decimal, scale: 2}",
        after="qty: {type: decimal, scale: 3}",
    ),
    Example(
        title="Fewer decimal places",
        before="qty: {type: decimal, scale: 3}",
        after="qty: {type: decimal, scale: 2}",
    ),
    Example(
        title="A type without a cast",
        before="due: {type: date}",
        after="due: {type: integer, convert: \"number(replace(value, '-', ''))\"}",
    ),
    Example(
        title="An optional field that becomes required",
        before="note: {type: text}",
        after="note: {type: text, required: true, backfill: \"'-'\"}",
    ),
    Example(
        title="A required field that becomes optional",
        before="note: {type: text, required: true}",
        after="note: {type: text}",
    ),
    Example(title="A unique field", before="no: {type: text}", after="no: {type: text, unique: true}"),
    Example(title="An index", before="no: {type: text}", after="no: {type: text, index: true}"),
    Example(
        title="More options, in another order",
        before="kind: {type: choice, options: [a, b]}",
        after="kind: {type: choice, options: [c, b, a]}",
    ),
    Example(
        title="An option under a new name",
        before="kind: {type: choice, options: {std: 标准}}",
        after="kind: {type: choice, options: {normal: {label: 标准, renamed_from: std}}}",
    ),
    Example(
        title="An option that is split",
        before="big: {type: boolean}\nkind: {type: choice, options: {rush: 加急}}",
        after="big: {type: boolean}\nkind:\n  type: choice\n  options: {urgent: {label: 特急, renamed_from: rush}, "
        "fast: 加急}\n  backfill: \"'urgent' if big else 'fast'\"",
    ),
    Example(
        title="An option that goes",
        before="kind: {type: choice, options: [a, b]}",
        after="kind: {type: choice, options: [a]}",
        allow_drop="order.kind.b",
    ),
    Example(
        title="A field that moves to the lines",
        before="memo: {type: text}\nlines: {type: lines, fields: {qty: {type: integer}}}",
        after="lines: {type: lines, fields: {qty: {type: integer}, memo: {type: text, moved_from: order.memo}}}",
    ),
    Example(
        title="A field that moves up from the lines",
        before="lines: {type: lines, fields: {qty: {type: integer}, memo: {type: text}}}",
        after="memo: {type: text, moved_from: order.lines.memo}\nlines: {type: lines, fields: {qty: {type: integer}}}",
    ),
    Example(
        title="Another bound of a ledger",
        before="# order.yaml\nform: order\nfields: {lot: {type: text}}\n"
        "# stock.yaml\nledger: stock\nkeys: {lot: text}\nmeasures: {on_hand: integer}\n"
        'never: ["on_hand < 0"]\npostings: {receive: {on_hand: +qty}}',
        after="# order.yaml\nform: order\nfields: {lot: {type: text}}\n"
        "# stock.yaml\nledger: stock\nkeys: {lot: text}\nmeasures: {on_hand: integer}\n"
        'never: ["on_hand < 0", "on_hand > 999"]\npostings: {receive: {on_hand: +qty}}',
    ),
    Example(title="A field that goes", before="note: {type: text}", after="", allow_drop="order.note"),
    Example(
        title="A reference to another form",
        before="# a.yaml\nform: customer\nfields: {code: {type: text, unique: true}}\n"
        "# b.yaml\nform: client\nfields: {code: {type: text, unique: true}}\n"
        "# order.yaml\nform: order\nfields: {buyer: {type: ref, to: customer}}",
        after="# a.yaml\nform: customer\nfields: {code: {type: text, unique: true}}\n"
        "# b.yaml\nform: client\nfields: {code: {type: text, unique: true}}\n"
        "# order.yaml\nform: order\nfields: {buyer: {type: ref, to: client}}",
    ),
    Example(
        title="Records that become lines",
        before="# order.yaml\nform: order\nfields: {note: {type: text}}\n"
        "# item.yaml\nform: item\nfields: {of: {type: ref, to: order}, qty: {type: integer}}",
        after="form: order\nfields:\n  note: {type: text}\n"
        "  items: {type: lines, moved_from: item.of, fields: {qty: {type: integer}}}",
    ),
    Example(
        title="Lines that become records",
        before="form: order\nfields:\n  note: {type: text}\n  items: {type: lines, fields: {qty: {type: integer}}}",
        after="# order.yaml\nform: order\nfields: {note: {type: text}}\n# item.yaml\nform: item\nfields:\n"
        "  of: {type: ref, to: order, moved_from: order.items.order}\n  qty: {type: integer}",
    ),
    Example(
        title="A form under a new name",
        before="form: order\nfields: {note: {type: text}}",
        after="form: sale\nrenamed_from: order\nfields: {note: {type: text}}",
    ),
    Example(
        title="A form that goes",
        before="# order.yaml\nform: order\nfields: {note: {type: text}}\n"
        "# draft.yaml\nform: draft\nfields: {note: {type: text}}",
        after="form: order\nfields: {note: {type: text}}",
        allow_drop="draft",
    ),
)

_LOCKS = {Lock.NONE: "none", Lock.BRIEF: "a moment", Lock.LONG: "long"}


def page() -> str:
    """Return the page."""
    return (
        "\n".join([HEAD, *(line for example in EXAMPLES for line in _section(example))]).rstrip("\n") + "\n"
    )


def project_text(text: str) -> str:
    """Return the YAML of a whole project: what is no form stands in one."""
    if "form:" in text:
        return text
    lines = "".join(f"  {line}\n" for line in ["no_1: {type: text}", *text.splitlines()])
    return f"form: order\nfields:\n{lines}"


def _section(example: Example) -> Iterator[str]:
    yield f"## {example.title}\n"
    yield f"```yaml\n{example.before or '# nothing'}\n```\n"
    option = f" with `orderkit build --allow-drop {example.allow_drop}`" if example.allow_drop else ""
    yield f"becomes{option}\n"
    yield f"```yaml\n{example.after or '# nothing'}\n```\n"
    yield "| change | severity | lock | older program | undone | why |\n|---|---|---|---|---|---|"
    allowed = (example.allow_drop,) if example.allow_drop else ()
    found = difference(project_text(example.before), project_text(example.after), *allowed)
    assert not found.problems, f"{example.title}: {found.problems}"
    judged = judge_all(found.changes, found.before, found.target)
    yield "\n".join(dict.fromkeys(_row(describe(change), judgement) for change, judgement in judged)) + "\n"


def _row(words: str, judgement: Judgement) -> str:
    severity = "backfill" if judgement.severity is Severity.BACKFILL else judgement.severity.name.lower()
    return (
        f"| {words} | {severity} | {_LOCKS[judgement.lock]} "
        f"| {'goes on' if judgement.is_safe_for_older else 'must stop'} "
        f"| {'yes' if judgement.is_reversible else 'no'} | {judgement.reason['en']} |"
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8", newline="\n")
