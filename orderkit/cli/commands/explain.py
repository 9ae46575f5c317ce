"""`orderkit explain`: what a code of `check` means, with an example that is wrong and one that is right."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orderkit.cli import console
from orderkit.model.errors import NotFound
from orderkit.model.labels import label

if TYPE_CHECKING:
    from orderkit.language.findings import Code


def explain(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="The code, `OK2101`, or its name.")
    ] = None,
    *,
    list_: Annotated[bool, typer.Option("--list", help="List every code.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON, in both languages.")] = False,
) -> None:
    """Explain a code that a command reports, with an example that is wrong and one that is right.

    Example: `orderkit explain OK1201`
    """
    from orderkit.cli.ledger import every_code  # noqa: PLC0415 - `--help` does without

    if (code is None) is not list_:
        raise typer.BadParameter("CODE | --list")
    codes = every_code()
    if code is None:
        _list(codes, as_json=as_json)
        return
    found = _named(code, codes)
    if as_json:
        console.document(json.dumps(_facts(found), ensure_ascii=False, indent=2))
    else:
        _show(found)


def _named(text: str, codes: "Mapping[str, Code]") -> "Code":
    from orderkit.language.findings import did_you_mean  # noqa: PLC0415

    wanted = text.strip().removeprefix("[").removesuffix("]")
    found = codes.get(wanted.upper()) or next(
        (each for each in codes.values() if each.name == wanted.lower()), None
    )
    if found is None:
        names = {each.name for each in codes.values()}
        near = did_you_mean(wanted, names | codes.keys()) or label(zh="", en="")
        raise NotFound(
            label(
                zh=f"没有代码 `{wanted}`。{near['zh']}",
                en=f"there is no code `{wanted}`. {near['en']}".rstrip(". "),
            )
        )
    return found


def _list(codes: "Mapping[str, Code]", *, as_json: bool) -> None:
    if as_json:
        console.document(json.dumps([_facts(each) for each in codes.values()], ensure_ascii=False, indent=2))
        return
    widest = max(len(each.name) for each in codes.values())
    console.data(
        "\n".join(
            f"{each.id}  {each.severity.value:<7}  {each.name:<{widest}}".rstrip() for each in codes.values()
        )
    )


def _facts(code: "Code") -> dict[str, Any]:
    return {
        "code": code.id,
        "name": code.name,
        "severity": code.severity.value,
        "since": code.since,
        "explanation": dict(code.explained),
        "wrong": code.bad or None,
        "right": code.good or None,
    }


def _show(code: "Code") -> None:
    language = console.language()
    console.data(f"{code.severity.value}[{code.id}] {code.name}\n\n{code.explained[language]}")
    headings = label(zh="错误：|正确：", en="Wrong:|Right:")[language].split("|")
    for heading, example in zip(headings, (code.bad, code.good), strict=True):
        if example:
            console.data(f"\n{heading}\n\n" + "".join(f"    {line}\n" for line in example.splitlines()))
    console.data("\n" + label(zh="自 {since} 版起", en="Since {since}")[language].format(since=code.since))
