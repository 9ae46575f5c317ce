"""The DingTalk app of a company: work notices, to-dos, approvals."""

from typing import Annotated, ClassVar

from pydantic import SecretStr

from orderkit.connectors.connector_type import Operation
from orderkit.connectors.pending import PendingConnector
from orderkit.model import labels
from orderkit.model.options import About, OptionModel


class Settings(OptionModel):
    """The app of the company. Its interfaces are of two generations, with an address each."""

    app_key: Annotated[str, About("应用 Key", "the app", '"${DINGTALK_KEY}"')]
    app_secret: Annotated[SecretStr, About("应用密钥", "its secret", '"${DINGTALK_SECRET}"')]
    agent_id: Annotated[str, About("应用 AgentId", "the agent that notices come from", '"${DINGTALK_AGENT}"')]
    oapi_base_url: Annotated[str | None, About("旧接口地址", "another address, old", "https://…")] = None
    api_base_url: Annotated[str | None, About("新接口地址", "another address, new", "https://…")] = None


class Notice(OptionModel):
    """A work notice."""

    users: Annotated[tuple[str, ...] | str, About("成员账号", "who receives it", "=owner.dingtalk_id")]
    title: Annotated[str, About("标题", "its title", '"订单 {number}"')]
    text: Annotated[str, About("正文（Markdown）", "its text, as Markdown", '"订单 {number} 待审批"')]
    link: Annotated[str | None, About("点开的网址", "what it opens", "=link")] = None


class Noticed(OptionModel):
    """What comes back of a notice."""

    task_id: Annotated[str, About("任务编号", "the id of the sending")]


class Todo(OptionModel):
    """A to-do. One of the same `source` is not made twice."""

    users: Annotated[tuple[str, ...] | str, About("执行人的 unionId", "who is to do it", "=owner.union_id")]
    subject: Annotated[str, About("标题", "what is to be done", '"审批订单 {number}"')]
    source: Annotated[str, About("来源编号", "what it is for", '"{id}:approve"')]
    text: Annotated[str | None, About("说明", "more about it", '"客户 {customer.name}"')] = None
    link: Annotated[str | None, About("点开的网址", "what it opens", "=link")] = None


class Made(OptionModel):
    """What comes back of something that was made."""

    id: Annotated[str, About("编号", "its id")]


class Approval(OptionModel):
    """An approval in DingTalk's own pages."""

    process: Annotated[str, About("审批模板编码", "the template", '"PROC-…"')]
    originator: Annotated[str, About("发起人账号", "who asks", "=owner.dingtalk_id")]
    values: Annotated[dict[str, str], About("控件名称 → 值", "control → value", "{单号: =number}")]
    approvers: Annotated[
        tuple[str, ...] | str | None, About("审批人账号", "who decides", "=owner.manager.dingtalk_id")
    ] = None


class DingTalk(PendingConnector):
    """The DingTalk app of a company: work notices, to-dos, approvals."""

    name = "dingtalk"
    label = labels.label(zh="钉钉应用", en="DingTalk")
    description = labels.label(
        zh="企业内部应用：工作通知、待办、审批", en="The app of a company: work notices, to-dos, approvals"
    )
    Settings = Settings
    operations: ClassVar = {
        "notice": Operation(
            name="notice",
            label=labels.label(zh="工作通知", en="Send a work notice"),
            Arguments=Notice,
            Results=Noticed,
        ),
        "todo": Operation(
            name="todo", label=labels.label(zh="新建待办", en="Make a to-do"), Arguments=Todo, Results=Made
        ),
        "approval": Operation(
            name="approval",
            label=labels.label(zh="发起审批", en="Ask for an approval"),
            Arguments=Approval,
            Results=Made,
        ),
    }


TYPE = DingTalk()
