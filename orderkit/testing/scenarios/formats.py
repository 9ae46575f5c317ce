"""Results for people and for programs: text in one language, JSON with all of them, JUnit's XML."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from orderkit.model.labels import Label, label, text_of
from orderkit.testing.scenarios.coverage import Coverage, Kind
from orderkit.testing.scenarios.results import Failure, Result, failed

MOST_MISSED = 20
_KINDS: Mapping[Kind, Label] = {
    Kind.STATE: label(zh="状态", en="states"),
    Kind.TRANSITION: label(zh="流转", en="transitions"),
    Kind.ENDING: label(zh="审批结局", en="endings"),
    Kind.STEP: label(zh="审批步骤", en="steps"),
    Kind.BRANCH: label(zh="分支", en="branches"),
}
_ONE: Mapping[Kind, Label] = {
    Kind.STATE: label(zh="状态", en="state"),
    Kind.TRANSITION: label(zh="流转", en="transition"),
    Kind.ENDING: label(zh="审批结局", en="ending"),
    Kind.STEP: label(zh="审批步骤", en="step"),
    Kind.BRANCH: label(zh="分支", en="branch"),
}
# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All that a run has come to. `wanted` is the coverage asked for; `is_cut_short` after Ctrl-C."""

    results: Sequence[Result]
    coverage: Sequence[Coverage]
    seconds: float
    wanted: int = 0
    is_cut_short: bool = False

    @property
    def too_little(self) -> tuple[Coverage, ...]:
        """The workflows of which less was reached than wanted."""
        return tuple(each for each in self.coverage if each.percent < self.wanted)

    @property
    def is_clean(self) -> bool:
        """Whether everything is as wanted."""
        return not failed(self.results) and not self.too_little and not self.is_cut_short


def human_failure(result: Result, language: str) -> str:
    """Return how a scenario went wrong: place, step, what was expected and found, and what had happened."""
    assert result.failure is not None
    return "\n".join(_failure_lines(result, result.failure, language))


def _failure_lines(result: Result, failure: Failure, language: str) -> Iterator[str]:
    title = text_of(result.label, language)
    yield label(zh=f"失败 {result.scenario}：{title}", en=f"FAILED {result.scenario}: {title}")[language]
    if failure.origin is not None:
        yield f"  --> {place_of(failure)}"
    what = text_of(failure.what, language)
    if failure.number:
        yield label(zh=f"  第 {failure.number} 步：{what}", en=f"  step {failure.number}: {what}")[language]
    else:
        yield f"  {what}"
    for each in failure.mismatches:
        yield f"    {text_of(each.what, language)}"
        yield label(zh="      期望：", en="      expected: ")[language] + text_of(each.expected, language)
        yield label(zh="      实际：", en="      found:    ")[language] + text_of(each.found, language)
    if failure.timeline:
        yield label(zh="    到此为止：", en="    so far:")[language]
    for entry in failure.timeline:
        yield f"      {entry.at:%Y-%m-%d %H:%M}  {entry.who}  {text_of(entry.what, language)}"


def human(summary: Summary, language: str) -> str:
    """Return the summary; failures were shown as they came."""
    return "\n".join(_summary_lines(summary, language)) + "\n"


def _summary_lines(summary: Summary, language: str) -> Iterator[str]:
    for each in summary.coverage:
        yield from _coverage_lines(each, language)
    total, bad = len(summary.results), failed(summary.results)
    yield label(
        zh=f"{total} 个场景，{total - bad} 个通过，{bad} 个失败（{summary.seconds:.1f} 秒）",
        en=f"{total} {'scenario' if total == 1 else 'scenarios'}, {total - bad} passed, {bad} failed ({summary.seconds:.1f} s)",
    )[language]
    if summary.is_cut_short:
        yield label(zh="已中断，未全部运行", en="stopped before all of them were played")[language]
    for each in summary.too_little:
        yield label(
            zh=f"{each.workflow} 的覆盖率为 {each.percent}%，低于要求的 {summary.wanted}%",
            en=f"the scenarios reach {each.percent}% of {each.workflow}, less than the {summary.wanted}% asked for",
        )[language]


def _coverage_lines(coverage: Coverage, language: str) -> Iterator[str]:
    counts = ", ".join(
        f"{text_of(_KINDS[kind], language)} {done}/{total}" for kind, (done, total) in coverage.counts.items()
    )
    yield f"{coverage.workflow}: {coverage.percent}%  {counts}"
    for each in coverage.missed[:MOST_MISSED]:
        name = each.id if each.kind is not Kind.BRANCH else each.id.partition(":")[0]
        yield label(
            zh=f"  未到达：{text_of(_ONE[each.kind], 'zh')} {name}（{text_of(each.label, 'zh')}）",
            en=f"  not reached: {text_of(_ONE[each.kind], 'en')} {name} ({text_of(each.label, 'en')})",
        )[language]
    more = len(coverage.missed) - MOST_MISSED
    if more > 0:
        yield label(zh=f"  还有 {more} 处", en=f"  and {more} more")[language]


def as_json(summary: Summary, language: str) -> str:  # noqa: ARG001 - JSON holds every language
    """Return everything as one JSON document."""
    document = {
        "scenarios": [_result(each) for each in summary.results],
        "passed": len(summary.results) - failed(summary.results),
        "failed": failed(summary.results),
        "seconds": round(summary.seconds, 3),
        "is_cut_short": summary.is_cut_short,
        "coverage": [
            {
                "workflow": each.workflow,
                "percent": each.percent,
                "counts": {
                    str(kind): {"reached": done, "of": total} for kind, (done, total) in each.counts.items()
                },
                "missed": [
                    {"kind": str(point.kind), "id": point.id, "label": dict(point.label)}
                    for point in each.missed
                ],
            }
            for each in summary.coverage
        ],
        "coverage_min": summary.wanted,
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _result(result: Result) -> dict[str, object]:
    origin = result.origin
    found: dict[str, object] = {
        "scenario": result.scenario,
        "label": dict(result.label),
        "path": None if origin is None else origin.path,
        "passed": result.is_passed,
        "seconds": round(result.seconds, 3),
    }
    failure = result.failure
    if failure is not None:
        found["failure"] = {
            "step": failure.number,
            "what": dict(failure.what),
            "path": None if failure.origin is None else failure.origin.path,
            "line": None if failure.origin is None else failure.origin.line,
            "column": None if failure.origin is None else failure.origin.column,
            "mismatches": [
                {"what": dict(each.what), "expected": dict(each.expected), "found": dict(each.found)}
                for each in failure.mismatches
            ],
            "timeline": [
                {"at": each.at.isoformat(), "who": each.who, "what": dict(each.what)}
                for each in failure.timeline
            ],
        }
    return found


def junit(summary: Summary, language: str) -> str:
    """Return JUnit's XML: one test a scenario, and one for the coverage that was asked for."""
    bad = failed(summary.results) + len(summary.too_little)
    cases = [_case(each, language) for each in summary.results]
    if summary.wanted:
        cases += [_coverage_case(each, summary, language) for each in summary.coverage]
    counts = f'tests="{len(cases)}" failures="{bad}" errors="0" time="{summary.seconds:.3f}"'
    return "\n".join(
        [
            '<?xml version="1.0" encoding="UTF-8"?>',
            f'<testsuites name="orderkit test" {counts}>',
            f'  <testsuite name="orderkit test" {counts}>',
            *cases,
            "  </testsuite>",
            "</testsuites>\n",
        ]
    )


def _case(result: Result, language: str) -> str:
    file = "" if result.origin is None else f' file="{_xml(result.origin.path)}"'
    opening = (
        f'    <testcase classname="orderkit.test" name="{_xml(result.scenario)}"'
        f' time="{result.seconds:.3f}"{file}'
    )
    if result.failure is None:
        return f"{opening}/>"
    headline = text_of(result.failure.what, language)
    return (
        f'{opening}>\n      <failure type="scenario" message="{_xml(headline)}">'
        f"{_xml(human_failure(result, language))}</failure>\n    </testcase>"
    )


def _coverage_case(coverage: Coverage, summary: Summary, language: str) -> str:
    opening = f'    <testcase classname="orderkit.test.coverage" name="{_xml(coverage.workflow)}"'
    if coverage.percent >= summary.wanted:
        return f"{opening}/>"
    text = "\n".join(_coverage_lines(coverage, language))
    return (
        f'{opening}>\n      <failure type="coverage" message="{coverage.percent}% &lt; {summary.wanted}%">'
        f"{_xml(text)}</failure>\n    </testcase>"
    )


def place_of(failure: Failure) -> str:
    """Return `file:line:column` of the step that failed."""
    origin = failure.origin
    return "" if origin is None else f"{origin.path}:{origin.line}:{origin.column}"


def _xml(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


FORMATS: Mapping[str, Callable[[Summary, str], str]] = {"human": human, "json": as_json, "junit": junit}
