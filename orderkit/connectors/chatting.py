"""What is sent into a chat group by its robot, whichever the app."""

from typing import Annotated

from pydantic import SecretStr

from orderkit.connectors.connector_type import Operation
from orderkit.model.labels import label
from orderkit.model.options import About, OptionModel


class GroupMessage(OptionModel):
    """A message to a group. With a title the text is Markdown; with a link it can be opened."""

    text: Annotated[str, About("正文", "the text", '"订单 {number} 待审批"')]
    title: Annotated[str | None, About("标题", "its title", '"订单审批"')] = None
    link: Annotated[str | None, About("点开的网址", "what it opens", "=link")] = None
    mobiles: Annotated[
        tuple[str, ...] | str | None, About("@ 的手机号", "phones that are mentioned", "=owner.phone")
    ] = None
    users: Annotated[
        tuple[str, ...] | str | None, About("@ 的成员账号", "accounts that are mentioned", "zhangsan")
    ] = None
    everyone: Annotated[bool, About("是否 @ 所有人", "whether everybody is mentioned", "true")] = False


class Robot(OptionModel):
    """A robot of a group. Its address is a secret, for whoever knows it can write."""

    url: Annotated[SecretStr, About("机器人的 Webhook 地址", "its webhook address", '"${ROBOT_URL}"')]
    secret: Annotated[
        SecretStr | None, About("加签密钥", "the secret by which it is signed", '"${ROBOT_SECRET}"')
    ] = None


class UnsignedRobot(OptionModel):
    """A robot of a group that takes no signature. Its address is a secret."""

    url: Annotated[SecretStr, About("机器人的 Webhook 地址", "its webhook address", '"${ROBOT_URL}"')]


class Nothing(OptionModel):
    """The answer says no more than that it was taken."""


SEND = Operation(
    name="send",
    label=label(zh="发送群消息", en="Write to the group"),
    Arguments=GroupMessage,
    Results=Nothing,
)
