"""What is asked of services that follow parcels, whichever the service."""

from datetime import datetime
from typing import Annotated, Literal

from orderkit.connectors.connector_type import Operation
from orderkit.model.labels import label
from orderkit.model.options import About, OptionModel


class Parcel(OptionModel):
    """Which parcel."""

    company: Annotated[str, About("快递公司编码", "the code of the carrier", "shunfeng")]
    number: Annotated[str, About("快递单号", "the number of the parcel", "=tracking_no")]
    phone: Annotated[
        str | None,
        About("收寄件人手机号（顺丰、中通必填）", "a phone, which some carriers want", "=customer.phone"),
    ] = None


State = Literal["unknown", "collected", "moving", "delivering", "signed", "problem", "returned"]


class Whereabouts(OptionModel):
    """Where a parcel is."""

    state: Annotated[State, About("状态", "how it stands")]
    is_signed: Annotated[bool, About("是否已签收", "whether it was received")]
    at: Annotated[datetime | None, About("最近一条的时间", "when it was last seen")] = None
    text: Annotated[str, About("最近一条的内容", "what was last said of it")] = ""


class Trace(OptionModel):
    """One stop of a parcel."""

    at: Annotated[datetime, About("时间", "when")]
    text: Annotated[str, About("内容", "what happened")]


TRACK = Operation(
    name="track", label=label(zh="查询到哪了", en="Where it is"), Arguments=Parcel, Results=Whereabouts
)
TRACES = Operation(
    name="traces",
    label=label(zh="查询全部轨迹", en="All its stops"),
    Arguments=Parcel,
    gives_rows=True,
    Row=Trace,
)
