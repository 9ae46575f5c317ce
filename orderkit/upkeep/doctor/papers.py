"""Whether this machine can make PDFs of the documents that a project prints."""

from collections.abc import Iterator

from orderkit.model.codes import WARNING, Code
from orderkit.model.labels import label
from orderkit.model.project import Project
from orderkit.upkeep.doctor.observation import Observation
from orderkit.web.printing import pdf

NO_PDF = Code(
    "OK6607",
    "no-pdf",
    WARNING,
    since="0.1",
    explain="""
        The project prints documents, and this machine cannot make PDFs of them: WeasyPrint (the extra `pdf`),
        the library Pango, or a font with Chinese characters is missing. They are printed from the browser all
        the same.
    """,
    zh="项目有要打印的单据，而这台机器不能生成 PDF：缺少 WeasyPrint（extra `pdf`）、系统库 Pango，或带中文的字体。单据照样可以从浏览器打印。",
)


def papers(project: Project) -> Iterator[Observation]:
    """Yield what is to be installed, where a small PDF cannot be made."""
    lacks = pdf.tried() if project.prints else None
    if lacks is not None:
        words = label(
            zh="这台机器不能生成 PDF，单据只能从浏览器打印",
            en="this machine cannot make PDFs; documents are printed from the browser only",
        )
        yield Observation(code=NO_PDF, place="", words=words, help=lacks, is_fault=False)
