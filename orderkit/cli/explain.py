"""`orderkit explain`: what a code of `check` means, with an example that is wrong and one that is right."""

from typing import Annotated

import typer

from orderkit.cli import console
from orderkit.model.errors import NotFound
from orderkit.model.labels import label


def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="The code, `OK2101`, or its name.")],
) -> None:
    """Explain a code that `check` reports, with an example that is wrong and one that is right.

    Example: `orderkit explain OK1201`
    """
    from orderkit.language.findings import Code, did_you_mean  # noqa: PLC0415 - `--help` does without
    from orderkit.language.findings.ledger import all_codes  # noqa: PLC0415

    codes = all_codes()
    wanted = code.strip().removeprefix("[").removesuffix("]")
    found: Code | None = codes.get(wanted.upper()) or next(
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
    language = console.language()
    console.data(f"{found.severity.value}[{found.id}] {found.name}\n\n{found.explained[language]}")
    headings = label(zh="错误：|正确：", en="Wrong:|Right:")[language].split("|")
    for heading, example in zip(headings, (found.bad, found.good), strict=True):
        if example:
            console.data(f"\n{heading}\n\n" + "".join(f"    {line}\n" for line in example.splitlines()))
