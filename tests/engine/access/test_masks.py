from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine.access.masks import masked
from orderkit.model.forms import Mask


@pytest.mark.parametrize(
    ("value", "manner", "shown"),
    [
        (None, None, None),
        (None, Mask.ALL, None),
        ("13812345678", None, "138****5678"),
        ("李小龙", None, "李****"),
        ("li@example.com", None, "l****@example.com"),
        (Decimal("1.5"), None, "****"),
        (Decimal("1.5"), Mask.MIDDLE, "****"),
        ("13812345678", Mask.PHONE, "138****5678"),
        ("110101199003071234", Mask.ID_CARD, "110****1234"),
        ("6222021234567890123", Mask.BANK_CARD, "****0123"),
        ("李小龙", Mask.NAME, "李****"),
        ("李", Mask.NAME, "****"),
        ("li@example.com", Mask.EMAIL, "l****@example.com"),
        ("no address", Mask.EMAIL, "****"),
        ("l@example.com", Mask.EMAIL, "****@example.com"),
        ("l@example.com", None, "****@example.com"),
        ("李", None, "****"),
        ("江苏省南京市玄武区中山路1号", Mask.ADDRESS, "江苏省南京市****"),
        ("AB-2026-07", Mask.MIDDLE, "AB-****-07"),
        ("secret", Mask.ALL, "****"),
        ("1234567", Mask.PHONE, "1****"),
    ],
)
def test_a_manner_keeps_what_it_says(value, manner, shown):
    assert masked(value, manner) == shown


@given(value=st.text(min_size=1, max_size=40), manner=st.none() | st.sampled_from(Mask))
def test_no_manner_shows_a_whole_value(value, manner):
    shown = masked(value, manner)
    assert shown is not None
    assert "****" in shown
    kept = shown.replace("****", "", 1)
    assert len(kept) < len(value) or "****" in value or len(value) == 1
