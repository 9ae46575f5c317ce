"""The history of the example, from the small shop that it was to the YAML of today: `python -m tests.acceptance.example_history`.

Only today's files are kept whole. A stage says what its change put into them, so that the files of the
stage before are found by putting the old texts back. The command writes the revisions into the example;
what is to be a revision of its own becomes a stage here.
"""

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from orderkit.catalog import built_in
from orderkit.database.revisions.writing import write_next_revision
from orderkit.language.source.directory import read_directory
from orderkit.model.project import Project
from tests.support.projects import EXAMPLE, compiled

MIGRATIONS = EXAMPLE / "migrations"
Files = Mapping[str, bytes]

ORDER, CUSTOMER = "forms/order.yaml", "forms/customer.yaml"
LIFE, RECEIPT_LIFE = "workflows/order_life.yaml", "workflows/receipt_life.yaml"
PLANNER, WAREHOUSE, SALES = "roles/planner.yaml", "roles/warehouse.yaml", "roles/sales.yaml"
FINANCE, DIRECTOR = "roles/finance.yaml", "roles/director.yaml"
PRINTS = ("carton_label", "contract", "delivery_note", "payment_receipt", "quotation", "statement")
MENU, RETAIL = "menus/main.yaml", "imports/online_retail.yaml"
# The stories of today, which speak of the fields and states of today.
SCENARIOS = tuple(f"scenarios/{path.name}" for path in sorted(EXAMPLE.glob("scenarios/*.yaml")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A change of the example.

    Attributes:
        title: what it was about.
        edits: by path, texts before and after; the one after stands there once.
        renames: by path, a name before and after, wherever it stands; made before the edits.
        new_files: what was not there before.
        allow_drop: what the build was told may go with its data.
    """

    title: str
    edits: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)
    renames: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    new_files: frozenset[str] = frozenset()
    allow_drop: frozenset[str] = frozenset()

    def undone(self, files: Files) -> Files:
        """Return the files as they were before this change."""
        texts = {path: data for path, data in files.items() if path not in self.new_files}
        assert len(texts) == len(files) - len(self.new_files), self.title
        for path, pairs in self.edits.items():
            for before, after in reversed(pairs):
                assert texts[path].count(after.encode()) == 1, f"{self.title}: {path}: {after}"
                texts[path] = texts[path].replace(after.encode(), before.encode())
        for path, (before, after) in self.renames.items():
            assert after.encode() in texts[path], f"{self.title}: {path}: {after}"
            texts[path] = texts[path].replace(after.encode(), before.encode())
        return texts


_FIRST = Stage(title="orders with lines, products, customers, receipts")

_OLD_ORDERS = Stage(
    title="orders carry the customer's own number, and those of the old system are imported",
    edits={
        ORDER: (
            ("", "      import: {zh: 历史导入, en: Imported history}\n"),
            ("", "  external_no: {type: text, label: {zh: 外部单号, en: External number}}\n"),
            ("", "unique: [[external_no, customer]]\n"),
            ("fields: [contract", "fields: [external_no, contract"),
        ),
        MENU: (("", "      - {import: online_retail}\n"),),
    },
    new_files=frozenset({RETAIL}),
)

_NEEDED = "en: Needed by}, required: true}"
_RENAMED = "en: Needed by}, required: true, renamed_from: delivery_date}"
_BETTER_NAME = Stage(
    title="the delivery date is the day by which the customer needs the goods, and now called so",
    renames=dict.fromkeys(
        (ORDER, LIFE, RETAIL, "integrations/prepare_goods.yaml"), ("delivery_date", "need_by")
    ),
    edits={ORDER: ((_NEEDED, _RENAMED),)},
)

_CUSTOM = "      custom: {label: {zh: 定制, en: Custom}, renamed_from: special}\n"
_USUAL = "    default: standard\n"
_TOLD_APART = f"""{_USUAL}    backfill: "'repair' if process == null else 'custom'"\n"""
_TWO_KINDS = Stage(
    title="special orders turn out to be of two kinds: made to order, and repairs",
    edits={
        ORDER: (
            (_RENAMED, _NEEDED),
            ("      special: {zh: 特殊, en: Special}\n", _CUSTOM),
            ("", "      repair: {zh: 返修, en: Repair}\n"),
            (_USUAL, _TOLD_APART),
            (
                "visible_if: \"kind == 'special'\"",
                "visible_if: \"kind == 'custom'\", required_if: \"kind == 'custom'\"",
            ),
        ),
    },
)

_NOT_TOO_MUCH = """\
    guard:
      - {that: "coalesce(amount, 0) <= coalesce(order.balance, 0)", error: {zh: 收款金额超过订单未回款金额, en: The amount is more than what is still open on the order}}
"""
_HIGHER_TIER = Stage(
    title="the director sees orders from 50,000 only; customers get a credit limit, and receipts a check",
    edits={
        ORDER: ((_CUSTOM, "      custom: {zh: 定制, en: Custom}\n"), (_TOLD_APART, _USUAL)),
        LIFE: (("> 30000", "> 50000"),),
        RECEIPT_LIFE: (("", _NOT_TOO_MUCH),),
        CUSTOMER: (
            (
                "",
                "  credit_limit: {type: money, label: {zh: 信用额度, en: Credit limit}, default: 0, min: 0}\n",
            ),
            ("province, salesperson, active]}", "province, salesperson, credit_limit, active]}"),
            ("province, salesperson, active]\n", "province, salesperson, credit_limit, active]\n"),
        ),
        FINANCE: (("write: [note]", "write: [credit_limit, note]"),),
        PLANNER: (("mask: [phone]}", "mask: [phone], hide: [credit_limit]}"),),
        WAREHOUSE: (("mask: [phone]}", "mask: [phone], hide: [credit_limit]}"),),
        "seeds/customers.yaml": (
            ("", ", credit_limit: 200000"),
            ("", ", credit_limit: 120000"),
            ("", ", credit_limit: 50000"),
        ),
    },
)

_DISCOUNT = "type: percent, label: {zh: 折扣, en: Discount}, default: 0, min: 0, max: 1"
_COST = 'type: money, label: {zh: 成本, en: Cost}, copy: "qty * product.cost"'
_COST_BEFORE = 'backfill: "qty * product.cost"'
_MARGINS = Stage(
    title="lines carry discounts and costs, so that reports know margins; orders of the shop before come in",
    edits={
        ORDER: (
            ("", f"      discount: {{{_DISCOUNT}, backfill: 0}}\n"),
            ('compute: "qty * price"', 'compute: "qty * price * (1 - discount)"'),
            ("", f"      cost:     {{{_COST}, {_COST_BEFORE}}}\n"),
        ),
        LIFE: (("edit: [lines.price, quote", "edit: [lines.price, lines.discount, quote"),),
        PLANNER: (("lines.price, lines.amount]", "lines.price, lines.discount, lines.amount, lines.cost]"),),
        WAREHOUSE: (
            ("lines.price, lines.amount]", "lines.price, lines.discount, lines.amount, lines.cost]"),
        ),
        SALES: (("", " hide: [lines.cost],"),),
        DIRECTOR: (
            ("", "  history_order: {read: true, export: true}\n"),
            ("all_orders]", "all_orders, history]"),
        ),
        MENU: (
            (
                "",
                "      - {form: history_order, icon: archive}\n      - {report: history, icon: chart-line}\n",
            ),
            ("", "      - {import: superstore}\n"),
        ),
        "reports/sales.yaml": (
            ("", "  cost:     {agg: sum, expr: cost, format: money, label: {zh: 成本, en: Cost}}\n"),
            (
                "",
                '  margin:   {ratio: "(revenue - cost) / revenue", format: percent, label: {zh: 毛利率, en: Gross margin}}\n',
            ),
        ),
        "dashboards/overview.yaml": (
            (
                "",
                "  - {kpi: sales.margin, compare: previous_period, width: 3, label: {zh: 毛利率, en: Gross margin}}\n",
            ),
        ),
    },
    new_files=frozenset({"forms/history_order.yaml", "imports/superstore.yaml", "reports/history.yaml"}),
)

_BY_PLANNER = "    by: role(planner)\n"
_PACK = """\
  pack:
    label: {zh: 包装完成, en: Packed}
    from: packing
    to: ready
    by: role(warehouse)
    ask: [{field: packed_on, required: true}]
"""
_DEADLINES = """\
    sla:
      due: 8wh
      remind: [{before_due: 2wh}]
      overdue: [{after_due: 0wh, escalate: manager_of(approver)}, {after_due: 8wh, notify: role(admin)}]
sla:
  delivery:
    label: {zh: 交付, en: Delivery}
    start: planning
    stop: shipped
    due: need_by
    remind: [{before_due: 2wd}]
    overdue: [{after_due: 0wh, notify: owner}]
timers:
  planning_stuck: {in: planning, after: 2wd, every: 1wd, do: [{task: role(planner), text: "订单还没有排产 · Not planned yet"}]}
"""
_NO_PACKING = Stage(
    title="nobody presses a button for packing any more: the state goes, its orders are ready to ship",
    edits={
        LIFE: (
            ("", "in_flight: migrate\nmigrate: {packing: ready}\n"),
            (
                "  packing:   {label: {zh: 包装中, en: Packing}, holder: role(warehouse)}\n  ready:     {",
                "  ready:     {",
            ),
            ("to: packing\n" + _BY_PLANNER + _PACK, "to: ready\n" + _BY_PLANNER),
            ("", _DEADLINES),
        ),
        "orderkit.yaml": (("", "calendar: china\n"),),
        ORDER: (
            (
                "  packed_on:   {type: date, label: {zh: 包装日期, en: Packed on}}\n  carrier:     {",
                "  carrier:     {",
            ),
            (f"{_DISCOUNT}, backfill: 0}}", f"{_DISCOUNT}}}"),
            (f"{_COST}, {_COST_BEFORE}}}", f"{_COST}}}"),
            ("'producing', 'packing', 'ready'", "'producing', 'ready'"),
            ("plan_end, packed_on, carrier", "plan_end, carrier"),
        ),
        WAREHOUSE: (("'producing', 'packing', 'ready'", "'producing', 'ready'"),),
        MENU: (("", "      - {page: deliveries, icon: truck}\n"),),
    },
    new_files=frozenset(
        {
            "calendars/china.yaml",
            *SCENARIOS,
            "pages/deliveries.yaml",
            "templates/pages/deliveries.html",
            "automations/cancelled_in_planning.yaml",
            "automations/stale_quotes.yaml",
            *(f"prints/{name}.yaml" for name in PRINTS),
            *(f"templates/prints/{name}.html" for name in PRINTS),
        }
    ),
    allow_drop=frozenset({"order.packed_on"}),
)

STAGES = (_FIRST, _OLD_ORDERS, _BETTER_NAME, _TWO_KINDS, _HIGHER_TIER, _MARGINS, _NO_PACKING)


@cache
def files_of(number: int) -> Files:
    """Return the files of the example as they were at a stage, the first being 1."""
    if number == len(STAGES):
        return dict(read_directory(EXAMPLE))
    return STAGES[number].undone(files_of(number + 1))


@cache
def project_of(number: int) -> Project:
    """Return the example as it was at a stage, checked by today's compiler."""
    return compiled(files_of(number))


def build(folder: Path) -> None:
    """Write the revisions of all stages into an empty `migrations` folder."""
    for number, stage in enumerate(STAGES, 1):
        written = write_next_revision(project_of(number), built_in(), folder, allow_drop=stage.allow_drop)
        assert written is not None, f"{stage.title}: no revision"
        assert int(written.number) == number


if __name__ == "__main__":
    with TemporaryDirectory() as made:
        build(Path(made))
        shutil.rmtree(MIGRATIONS)
        shutil.copytree(made, MIGRATIONS)
