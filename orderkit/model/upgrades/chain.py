"""Steps from one stored format to the next, and the refusal of what is newer than they lead."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orderkit.model.codes import ERROR, Code
from orderkit.model.errors import OrderkitError
from orderkit.model.labels import Label, label

NEWER = Code(
    "OK6710",
    "stored-by-a-newer-orderkit",
    ERROR,
    since="0.1",
    explain="""
        A model, in an artifact or beside a running record, was written by a newer orderkit than this one, in a
        format that it cannot know. Install the version that the artifact brings:
        `pip install --require-hashes -r build/requirements.txt`. Older formats are read without asking.
    """,
    zh="模型（在部署包里，或运行中单据所附的流程定义）由更新版本的 orderkit 写成，本程序不认识它的格式。请安装部署包自带的版本：`pip install --require-hashes -r build/requirements.txt`。旧格式总能读取。",
)
DAMAGED = Code(
    "OK6711",
    "stored-model-damaged",
    ERROR,
    since="0.1",
    explain="""
        A stored model cannot be read: it was cut off, edited by hand, or never was one. Build the project again
        (`orderkit build`); if it is a workflow kept for running records, restore the database from a backup.
    """,
    zh="存储的模型无法读取：文件不完整、被手工改过，或根本不是模型。请重新构建项目（`orderkit build`）；如果是为运行中单据保存的流程定义，请从备份恢复数据库。",
)


class WrongFormat(OrderkitError):
    """This model cannot be read by this orderkit; build the project again."""

    known_as = DAMAGED


class NewerFormat(WrongFormat):
    """This model was written by a newer orderkit; install that version."""

    known_as = NEWER


class Damaged(WrongFormat):
    """This stored model is damaged; build the project again."""

    def __init__(self, why: object) -> None:
        super().__init__(
            label(
                zh=f"模型已损坏（{why}）；请重新运行 `orderkit build`",
                en=f"the model is damaged ({why}); run `orderkit build` again",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What leads from one format to the next. Both functions return new JSON and leave theirs alone.

    `part` is given an object with its class name under `is`, or a list of such; what the change does not touch
    is returned as it is.
    """

    title: str
    project: Callable[[Any], Any]
    part: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Chain:
    """Every step there is, in order. `format` is what they lead to: the one in which this orderkit writes."""

    steps: tuple[Step, ...]

    @property
    def format(self) -> int:
        """The format of what is written now."""
        return len(self.steps) + 1

    def project(self, data: Any, written_in: object) -> Any:
        """Return the JSON of a project in the format of now. Raises WrongFormat."""
        return self._led([step.project for step in self._ahead(written_in)], data)

    def part(self, data: Any, written_in: object) -> Any:
        """Return the JSON of a part in the format of now. Raises WrongFormat."""
        return self._led([step.part for step in self._ahead(written_in)], data)

    def _led(self, steps: list[Callable[[Any], Any]], data: Any) -> Any:
        for step in steps:
            try:
                data = step(data)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                raise Damaged(error) from error
        return data

    def _ahead(self, written_in: object) -> tuple[Step, ...]:
        """Return the steps that are left from a format."""
        if type(written_in) is not int or written_in < 1:
            raise Damaged(f"format {written_in}")
        if written_in > self.format:
            raise NewerFormat(_newer(written_in, self.format))
        return self.steps[written_in - 1 :]


def _newer(found: int, known: int) -> Label:
    return label(
        zh=f"模型的格式版本是 {found}，本程序只认识到 {known}：请安装部署包自带的 orderkit"
        "（`pip install -r build/requirements.txt`），或用本程序重新运行 `orderkit build`",
        en=f"the model has format version {found}, this program reads up to {known}: install the orderkit that came "
        "with the artifact (`pip install -r build/requirements.txt`), or run `orderkit build` again with this one",
    )
