"""One line a finding, as compilers print them and editors read them."""

from orderkit.language.findings.formats.frames import visible, where
from orderkit.language.findings.formats.human import title
from orderkit.language.findings.formats.report import Format, Report
from orderkit.model.labels import text_of


def render(report: Report) -> str:
    """Return `file:line:column: error[OK1201] unknown-key: …`, a line each."""
    return "".join(
        f"{where(each.span)}: {title(each)}: {visible(text_of(each.headline, report.lang))}\n"
        for each in report.findings
    )


FORMAT = Format(render)
