"""The page that fixes the language, compiled: all its blocks are one project, with what they refer to beside them.

The page stands beside the repository; where it is missing, `conftest` leaves this out and says so. What the
page shows and `check` does not accept stands below with its reason.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from orderkit.catalog import built_in
from orderkit.language.compile import compile_project
from orderkit.language.findings import Finding, render_human
from orderkit.model.stored import from_json, to_json
from tests.acceptance.real_data import SHARED
from tests.language.examples import files_of

PAGE = SHARED.parent / "design" / "language.md"
CONTEXT = Path(__file__).with_name("design_context.txt")
_BLOCK = re.compile(r"^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
_DERIVATION = re.compile(r"`(create_from: \{.*?\})`$", re.MULTILINE)

DIFFERENCES = {
    ("integration shop_orders", "OK8303"): "the form of the page requires `need_by`, which nothing fills",
    ("portal track", "OK2101"): "the workflow of the page has no transition `confirm_receipt`",
    ("scenario big_order_needs_director", "OK4507"): "`opening` adds `amount`, so that it has to be given",
    ("workflow order_life", "OK4507"): "`receive` adds `amount`, so that it has to be given",
    ("workflow order_life", "OK3109"): "`term` and `kind` are not required, and may be emptied in `quoted`",
}


@cache
def files() -> dict[str, bytes]:
    """Return the objects of the page, each in a file named after it, and what they need."""
    page = PAGE.read_text("utf-8")
    (derivation,) = _DERIVATION.findall(page)
    context = CONTEXT.read_text("utf-8").replace("CREATE_FROM", derivation)
    found = {f"context/{path}": text for path, text in files_of(context).items() if text.strip()}
    found = {
        path.removeprefix("context/") if path.endswith("html") else path: text for path, text in found.items()
    }
    for block in _BLOCK.findall(page):
        for document in re.split(r"^---\n", block, flags=re.MULTILINE):
            kind, _, id_ = document.split("\n", 1)[0].partition(": ")
            found[f"{kind} {id_.split(' ')[0]}.yaml"] = document
    return {path: text.encode() for path, text in found.items()}


def compiled() -> tuple[Finding, ...]:
    return compile_project(files(), built_in()).found


def test_the_page_has_a_block_of_every_kind_but_few() -> None:
    kinds = Counter(path.split(" ")[0] for path in files() if " " in path)
    assert len(kinds) == 21, kinds


def test_every_block_compiles_but_for_what_is_said_above() -> None:
    found = {(each.path.removesuffix(".yaml"), each.code.id) for each in compiled()}
    sources = {path: text.decode() for path, text in files().items()}
    assert found == set(DIFFERENCES), render_human(compiled(), sources, "en")


def test_with_these_mended_the_page_is_a_project_that_is_stored_and_read_again() -> None:
    mended = {path: _mended(text.decode()).encode() for path, text in files().items()}
    outcome = compile_project(mended, built_in())
    assert outcome.found == (), render_human(
        outcome.found, {path: text.decode() for path, text in mended.items()}, "en"
    )
    assert outcome.value is not None
    assert from_json(to_json(outcome.value), built_in().fields) == outcome.value


def _mended(text: str) -> str:
    for old, new in (
        ("external_no: =body.order_no", "external_no: =body.order_no\n  need_by: =body.need_by"),
        # What the shop sends again may change what was approved, so it is to be approved again.
        ("    protects: [lines, term, total]", "    reapprove: true\n    protects: [lines, term, total]"),
        ("allow: [confirm_receipt] ", "allow: [expire] "),
        ("MAIN}, qty: 1000}", "MAIN}, qty: 1000, amount: 60000}"),
        (
            '"not item.product.stocked", qty: =item.qty}',
            '"not item.product.stocked", qty: =item.qty, amount: =item.cost}',
        ),
        ("repair: 返修}, default: standard}", "repair: 返修}, default: standard, required: true}"),
        (
            "{prepaid: 预付, credit: 月结}}",
            "{prepaid: 预付, credit: 月结}, default: prepaid, required: true}",
        ),
    ):
        text = text.replace(old, new)
    return text
