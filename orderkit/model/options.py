"""The base of every options class of a field type, an action or a connector operation."""

from pydantic import BaseModel, ConfigDict


class OptionModel(BaseModel):
    """Options as a consultant writes them: unknown keys refused, frozen once read."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)
