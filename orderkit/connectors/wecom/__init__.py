"""The WeCom app of a company: messages and approvals."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.connector_type import Operation
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The company and its app."""

    corp_id: Annotated[str, About("企业 ID", "the company", '"${WECOM_CORP}"')]
    agent_id: Annotated[str, About("应用 AgentId", "the app", '"${WECOM_AGENT}"')]
    secret: Annotated[SecretStr, About("应用密钥", "its secret", '"${WECOM_SECRET}"')]
    base_url: Annotated[str | None, About("接口地址", "another address of the API", "https://…")] = None


class AppMessage(OptionModel):
    """A message of the app. With a link it is a card."""

    users: Annotated[tuple[str, ...] | str, About("成员账号", "who receives it", "=owner.wecom_id")]
    text: Annotated[str, About("正文", "the text", '"订单 {number} 待审批"')]
    title: Annotated[str | None, About("标题", "its title", '"订单审批"')] = None
    link: Annotated[str | None, About("点开的网址", "what it opens", "=link")] = None


class Sent(OptionModel):
    """What comes back of a message."""

    id: Annotated[str, About("消息编号", "its id")]


class Approval(OptionModel):
    """An approval in WeCom's own pages."""

    template: Annotated[str, About("审批模板编号", "the template", '"3Tka…"')]
    creator: Annotated[str, About("发起人账号", "who asks", "=owner.wecom_id")]
    values: Annotated[dict[str, str], About("控件编号 → 值", "control → value", "{Text-1: =number}")]
    approvers: Annotated[
        tuple[str, ...] | str | None, About("审批人账号", "who decides", "=owner.manager.wecom_id")
    ] = None


class Asked(OptionModel):
    """What comes back of an approval."""

    number: Annotated[str, About("审批单号", "its number")]


class WeCom(PendingConnector):
    """The WeCom app of a company: messages and approvals."""

    name = "wecom"
    label = labels.label(zh="企业微信应用", en="WeCom")
    description = labels.label(
        zh="企业内部应用：应用消息、审批", en="The app of a company: messages and approvals"
    )
    Settings = Settings
    operations: ClassVar = {
        "message": Operation(
            name="message",
            label=labels.label(zh="应用消息", en="Send a message"),
            Arguments=AppMessage,
            Results=Sent,
        ),
        "approval": Operation(
            name="approval",
            label=labels.label(zh="发起审批", en="Ask for an approval"),
            Arguments=Approval,
            Results=Asked,
        ),
    }


TYPE = WeCom()
