"""Reports over HTTP: which there are, and the numbers of one, cut to what the caller may see."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from orderkit.engine import report
from orderkit.engine.access import may_see_report
from orderkit.engine.report import ResultRow, ResultTable
from orderkit.engine.runtime import Runtime
from orderkit.model.analysis.reports import Grain
from orderkit.model.errors import NotFound
from orderkit.model.expressions.nodes import Scalar
from orderkit.model.labels import label, text_of
from orderkit.web.api.calls import Answer, Call, json_answer
from orderkit.web.api.problems import BadRequest, did_you_mean

WORDS = ("measures", "by", "where", "sort", "limit", "others")
MAX_ROWS = 20_000


def list_reports(runtime: Runtime, call: Call) -> Answer:
    """Return the reports that the caller may run, with what they may be asked for."""
    with call.reading(runtime) as unit:
        seen = [each for each in runtime.project.reports if may_see_report(unit, each.id)]
    items = [
        {
            "id": each.id,
            "label": text_of(each.label, call.locale),
            "dimensions": [
                {"id": dimension.id, "label": text_of(dimension.label, call.locale)}
                for dimension in each.dimensions
            ],
            "grains": [grain.value for grain in Grain] if each.time is not None else [],
            "measures": [
                {"id": measure.id, "label": text_of(measure.label, call.locale), "format": measure.format}
                for measure in each.measures
            ],
            "href": f"/api/v1/reports/{each.id}",
        }
        for each in seen
    ]
    return json_answer({"items": items})


def run_report(runtime: Runtime, call: Call) -> Answer:
    """Return the numbers of a report: `?measures=revenue&by=month&where=region:East&sort=-revenue`."""
    name = call.names["report"]
    asked = runtime.project.report_by_id.get(name)
    if asked is None:
        near = did_you_mean(name, runtime.project.report_by_id)
        raise NotFound(
            label(
                zh=f"没有报表 {name}" + (f"，{near['zh']}" if near else ""),
                en=f"there is no report `{name}`" + (f"; {near['en']}" if near else ""),
            )
        )
    given = _given(call)
    with call.reading(runtime) as unit:
        table = report.run(
            unit,
            name,
            measures=_listed(given["measures"]),
            by=_listed(given["by"]),
            where=report.parse_filters(unit, asked, given["where"]),
            sort=_listed(given["sort"]),
            limit=_limit(given["limit"]),
            with_others=given["others"] == ["true"],
        )
    return json_answer(_document(table, call.locale))


def _given(call: Call) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {word: [] for word in WORDS}
    for name, value in call.parameters:
        if name not in given:
            near = did_you_mean(name, WORDS)
            raise BadRequest(
                "bad_query",
                label(
                    zh=f"没有参数 {name}" + (f"，{near['zh']}" if near else ""),
                    en=f"there is no parameter `{name}`" + (f"; {near['en']}" if near else ""),
                ),
            )
        given[name].append(value)
    return given


def _listed(values: list[str]) -> list[str]:
    return [word.strip() for value in values for word in value.split(",") if word.strip()]


def _limit(values: list[str]) -> int | None:
    if not values:
        return None
    text = values[-1]
    if text.isdecimal() and text.isascii() and len(text) < 7 and 1 <= int(text) <= MAX_ROWS:
        return int(text)
    raise BadRequest(
        "bad_query", label(zh=f"limit 须在 1 到 {MAX_ROWS} 之间", en=f"`limit` must be from 1 to {MAX_ROWS}")
    )


def _document(table: ResultTable, locale: str) -> dict[str, Any]:
    period = table.period
    return {
        "report": table.report,
        "label": text_of(table.label, locale),
        "columns": [
            {
                "id": column.id,
                "label": text_of(column.label, locale),
                "kind": column.kind.value,
                "format": column.format,
                "form": column.form,
            }
            for column in table.columns
        ],
        "rows": [_row(row, table) for row in table.rows],
        "totals": {
            column.id: _json(cell.value) for column, cell in zip(table.measures, table.totals, strict=False)
        },
        "period": None
        if period is None
        else {
            "from": None if period.start is None else period.start.isoformat(),
            "before": None if period.end is None else period.end.isoformat(),
        },
        "notes": [text_of(note, locale) for note in table.notes],
        "is_truncated": table.is_truncated,
    }


def _row(row: ResultRow, table: ResultTable) -> dict[str, Any]:
    cells = list(zip(table.columns, row.cells, strict=True))
    document: dict[str, Any] = {column.id: _json(cell.value) for column, cell in cells}
    document["_texts"] = {column.id: cell.text for column, cell in cells}
    if row.is_others:
        document["_is_others"] = True
    return document


def _json(value: Scalar) -> object:
    match value:
        case Decimal():
            return format(value, "f")
        case datetime() | date():
            return value.isoformat()
        case None | bool() | int() | str():
            return value
        case _:
            return str(value)
