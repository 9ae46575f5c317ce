"""JSON over HTTP as a project sees it: its settings, operations and arguments."""

from collections.abc import Mapping
from typing import ClassVar, cast

from orderkit.connectors.connector_type import Answer, Call, ConnectorType, Operation
from orderkit.connectors.http.settings import Arguments, ReadArguments, Settings
from orderkit.model import labels
from orderkit.model.options import OptionModel


class Http(ConnectorType):
    """JSON over HTTP, with a key that lets the other side recognize a repeated request."""

    name = "http"
    label = labels.label(zh="HTTP 接口", en="HTTP")
    description = labels.label(
        zh="任何使用 JSON 的 HTTP 接口；每次请求带 Idempotency-Key，重试不会重复入账",
        en="Any system that speaks JSON over HTTP; every request carries an Idempotency-Key",
    )
    Settings = Settings
    operations: ClassVar = {
        "get": Operation(
            name="get",
            label=labels.label(zh="读取", en="Read"),
            Arguments=ReadArguments,
            gives_rows=True,
        ),
        "post": Operation(name="post", label=labels.label(zh="发送", en="Send"), Arguments=Arguments),
        "put": Operation(name="put", label=labels.label(zh="写入", en="Put"), Arguments=Arguments),
        "patch": Operation(name="patch", label=labels.label(zh="修改", en="Change"), Arguments=Arguments),
        "delete": Operation(
            name="delete", label=labels.label(zh="删除", en="Delete"), Arguments=ReadArguments
        ),
    }

    def call(self, settings: OptionModel, call: Call) -> Answer:
        """Make one request. `result` is the JSON object; anything else stands in it as `value`."""
        # Here, so that checking a project needs no HTTP client.
        from orderkit.connectors.http.answers import read_answer  # noqa: PLC0415
        from orderkit.connectors.http.redaction import shown  # noqa: PLC0415
        from orderkit.connectors.http.request import Request  # noqa: PLC0415

        configured = cast("Settings", settings)
        arguments = self.operations[call.operation].Arguments.model_validate(dict(call.arguments))
        request = Request(configured, cast("Arguments", arguments), call)
        status, headers, body = request.send()
        value = read_answer(status, headers, body, is_write=call.operation != "get", request=request.account)
        result = value if isinstance(value, Mapping) else {} if value is None else {"value": value}
        return Answer(result=result, summary=f"{request.account} → {status} {shown(body)}")
