"""The ids of a seal as text: what was written is read, everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderkit.engine.audit import ids


@given(st.sets(st.integers(1, 2**40), min_size=1, max_size=60))
def test_what_was_written_is_read(found):
    listed = sorted(found)
    assert ids.read(ids.written(listed), most=60) == listed


@pytest.mark.parametrize(
    "text",
    ["", "0", "-1", "3-1", "2,1", "1,1", "1,2", "1-2,3", "01", "1,", " 1", "1-99999999999", "１", None, 7],
)
def test_nothing_else_is_read(text):
    """Two ways to write the same ids would let a seal change unseen; a giant run would fill the memory."""
    with pytest.raises(ids.WrongIds):
        ids.read(text, most=1000)
