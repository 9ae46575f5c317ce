"""Amounts in Chinese words, case by case from the rules for filling in bills and vouchers."""

from decimal import Decimal

import pytest

from orderkit.model.expressions.evaluation import EvaluationError
from orderkit.model.expressions.evaluation.rmb import rmb_upper

CASES = [
    # The examples that the rules themselves give; where they leave a zero open, it is not written.
    ("1409.50", "壹仟肆佰零玖元伍角"),
    ("6007.14", "陆仟零柒元壹角肆分"),
    ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
    ("107000.53", "壹拾万柒仟元伍角叁分"),
    ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
    ("325.04", "叁佰贰拾伍元零肆分"),
    # Nothing, and less than one yuan.
    ("0", "零元整"),
    ("0.05", "伍分"),
    ("0.50", "伍角"),
    ("0.55", "伍角伍分"),
    # Ten is read with its one; a whole amount ends in 整.
    ("10", "壹拾元整"),
    ("18", "壹拾捌元整"),
    ("100", "壹佰元整"),
    ("1000", "壹仟元整"),
    ("1001", "壹仟零壹元整"),
    ("1010", "壹仟零壹拾元整"),
    ("10000", "壹万元整"),
    ("10001", "壹万零壹元整"),
    ("10100", "壹万零壹佰元整"),
    ("11000", "壹万壹仟元整"),
    ("100100", "壹拾万零壹佰元整"),
    ("1000000", "壹佰万元整"),
    ("10010001", "壹仟零壹万零壹元整"),
    ("100000000", "壹亿元整"),
    ("100000001", "壹亿零壹元整"),
    ("100001000", "壹亿零壹仟元整"),
    ("100010000", "壹亿零壹万元整"),
    ("110000000", "壹亿壹仟万元整"),
    ("1000000000000", "壹万亿元整"),
    ("1000000010000", "壹万亿零壹万元整"),
    ("9999999999999999.99", "玖仟玖佰玖拾玖万玖仟玖佰玖拾玖亿玖仟玖佰玖拾玖万玖仟玖佰玖拾玖元玖角玖分"),
    ("1234567890123456.78", "壹仟贰佰叁拾肆万伍仟陆佰柒拾捌亿玖仟零壹拾贰万叁仟肆佰伍拾陆元柒角捌分"),
    # A negative amount, and half a fen.
    ("-1409.50", "负壹仟肆佰零玖元伍角"),
    ("-0.01", "负壹分"),
    ("1.005", "壹元零壹分"),
    ("-0.004", "零元整"),
]


@pytest.mark.parametrize(("amount", "words"), CASES)
def test_an_amount_in_words(amount: str, words: str) -> None:
    assert rmb_upper(Decimal(amount)) == words


def test_a_nineteenth_digit_is_refused() -> None:
    with pytest.raises(EvaluationError):
        rmb_upper(Decimal(10000000000000000))
