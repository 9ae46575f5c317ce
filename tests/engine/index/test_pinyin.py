"""Pinyin initials, with every common reading of each character."""

import pytest

from orderkit.engine.index.pinyin import initials, wanted_initials
from tests.support.pinyin_readings import TARGET, table


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("广州贸易", "gzmy"),
        ("广州贸易", "MY"),
        ("广州（贸易）有限公司", "gzmyyx"),
        ("ABC电子2厂", "abcdz2c"),
        ("重庆银行", "cqyh"),
        ("单记五金", "sjwj"),
        ("厦门长城", "xmcc"),
        ("东莞市宏图精密五金塑胶制品有限公司", "dgshtjmwjsjzp"),
    ],
)
def test_a_name_is_found_by_the_initials_of_any_part(text, typed):
    letters = wanted_initials(typed)
    assert letters is not None
    assert any(each.startswith(letters) for each in initials(text))


@pytest.mark.parametrize("typed", ["g", "12", "广州", "g-z", "", "é1"])
def test_what_cannot_be_meant_as_initials_is_not_taken_so(typed):
    assert wanted_initials(typed) is None


def test_a_text_without_chinese_has_no_initials():
    assert initials("ABC 12") == set()


def test_many_readings_do_not_make_endless_entries():
    assert len(initials("重长单行" * 20)) < 1000


def test_the_readings_are_those_of_the_library():
    assert TARGET.read_text(encoding="utf-8") == table()
