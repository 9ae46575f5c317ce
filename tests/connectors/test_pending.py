"""Connectors whose protocol comes later: declared like any other, and honest when they are called."""

import pytest

from orderkit.catalog import built_in
from orderkit.connectors.connector_type import Call
from orderkit.language.schema.options import about_options
from orderkit.model.errors import ConnectorFailed

CONNECTORS = built_in().connectors
PENDING = [each for each in CONNECTORS.values() if each.awaits_engine]


def test_every_connector_of_the_language_is_there():
    words = """dingtalk_robot wecom_robot feishu_robot dingtalk wecom webhook smtp kingdee_cloud kingdee_jdy
        yonyou_bip chanjet_tplus u8 sms_aliyun sms_tencent kuaidi100 kdniao http sql files"""
    assert set(CONNECTORS) == set(words.split())
    assert {each.name for each in PENDING} == set(CONNECTORS) - {"http", "smtp"}


@pytest.mark.parametrize("connector", PENDING, ids=lambda each: each.name)
def test_a_call_fails_for_good_and_says_which_operation(connector):
    settings = connector.Settings.model_construct()
    for operation in connector.operations:
        with pytest.raises(ConnectorFailed) as failed:
            connector.call(settings, Call(operation=operation, arguments={}, key="1", timeout_seconds=1))
        assert failed.value.is_permanent
        assert operation in failed.value.explain["en"]


@pytest.mark.parametrize("connector", CONNECTORS.values(), ids=lambda each: each.name)
def test_what_comes_back_is_described(connector):
    for operation in connector.operations.values():
        for back in (operation.Results, operation.Row):
            if back is not None:
                assert set(about_options(back)) == set(back.model_fields)
        assert operation.gives_rows or operation.Row is None
