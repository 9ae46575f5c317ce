"""Whatever stands in the tables of a client, what is proposed compiles, and its import reads these tables."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from orderkit.catalog import built_in
from orderkit.engine.importing.matching.headings import bind
from orderkit.engine.importing.matching.mapping import plan_of
from orderkit.engine.importing.reading.cells import Cell, Row
from orderkit.engine.importing.reading.tables import Sheet
from orderkit.inference.proposing import propose
from orderkit.inference.tables import Table, merged, read_table
from orderkit.inference.writing import files_of, project_file
from orderkit.language.format import format_file
from tests.support.projects import compiled

_WORDS = (
    "客户编号 客户 名称 订单号 数量 单价 金额 日期 状态 备注 上级 是否启用 折扣 电话 orderNumber customer id owner value "
    "lines order name if then is status no number price 2026 *"
)
HEADINGS = st.one_of(
    st.sampled_from([*_WORDS.split(), "line no", "Reports to", "a: b", "x #1", "{y}", "- z", "'q'"]),
    st.text(max_size=60),
)
CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.none(),
    st.sampled_from(
        ["A1", "A2", "a1 ", "北", "是", "否", "合计", "total", "03/04/2026", "15%", "¥12.5", "1,234"]
    ),
    st.integers(-3, 12).map(Decimal),
    st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**6), max_value=10**6),
    st.floats(allow_nan=False, allow_infinity=False).map(lambda value: Decimal(format(value, ".15g"))),
    st.dates(min_value=date(1900, 1, 1)),
    st.datetimes(min_value=datetime(1900, 1, 1)),  # noqa: DTZ001 - a workbook has no zones
    st.times(),
    st.timedeltas(min_value=timedelta(0)),
    st.booleans(),
    st.text(max_size=40),
)


@st.composite
def sheets(draw: st.DrawFn) -> list[tuple[str, list[Row]]]:
    """Draw sheets whose columns often share a few cells, as those of real workbooks do."""
    found = []
    names = st.one_of(
        st.sampled_from(["订单", "订单明细", "customers", "orders", "Sheet1", "user", "tasks"]),
        st.text(max_size=40),
    )
    for _ in range(draw(st.integers(1, 3))):
        width, height = draw(st.integers(1, 5)), draw(st.integers(1, 12))
        headings: Row = tuple(draw(HEADINGS) for _ in range(width))
        columns = []
        for _ in range(width):
            pool = draw(st.lists(CELLS, min_size=1, max_size=6))
            columns.append([draw(st.sampled_from(pool)) for _ in range(height)])
        found.append((draw(names), [headings, *zip(*columns, strict=True)]))
    return found


@settings(max_examples=200)
@given(sheets())
def test_every_proposal_compiles_and_reads_what_it_was_made_of(found: list[tuple[str, list[Row]]]) -> None:
    tables: list[Table] = []
    sources: list[Sheet] = []
    for name, rows in found:
        table = read_table("book.xlsx", name, rows, is_alone=len(found) == 1)
        if table is not None:
            tables.append(table)
            sources.append(Sheet(name, tuple(rows)))
    proposal = propose(merged(tables), built_in())
    files = files_of(proposal) | {"orderkit.yaml": project_file(proposal, "shop")}
    project = compiled({path: text.encode() for path, text in files.items()})
    assert {form.id for form in proposal.forms} <= project.form_by_id.keys()
    for path, text in files.items():
        assert format_file(path, text.encode()).data == text.encode()
    for each in proposal.imports:
        wanted = {heading for _, heading in each.columns}
        source = next(
            source
            for table, source in zip(tables, sources, strict=True)
            if wanted <= {column.heading for column in table.columns} and each.sheet in (None, table.name)
        )
        problems = bind(plan_of(project, each.id), source).problems
        # What stands twice is for people to rename, and was reported.
        assert all(problem.code == "duplicate_heading" for problem in problems)
