"""The base of every options class of a field type, an action or a connector operation."""

from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from orderkit.model.labels import Label


class OptionModel(BaseModel):
    """Options as a consultant writes them: unknown keys refused, frozen once read."""

    # Built when first used: most projects use few of the connectors.
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False, defer_build=True)


@dataclass(frozen=True, slots=True)
class About:
    """What an option is for, written into its `Annotated`: told by schemas and reference pages.

    `example` is a value as written in YAML.
    """

    zh: str
    en: str
    example: str = ""


class WrongOption(ValueError):
    """What a validator of options raises; `explain` is told to the consultant."""

    def __init__(self, explain: Label) -> None:
        self.explain = explain
        super().__init__(explain.get("en", ""))
