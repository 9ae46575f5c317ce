"""What the catalog of this installation holds, and when a folder of it is read."""

import subprocess
import sys

import pytest

from orderkit.catalog import built_in


@pytest.mark.parametrize("part", ["fields", "actions", "connectors"])
def test_an_entry_is_called_as_its_folder(part):
    entries = getattr(built_in(), part)
    assert {name: entry.name for name, entry in entries.items()} == {name: name for name in entries}


def test_what_is_no_folder_is_not_there():
    fields = built_in().fields
    assert fields.get("nothing") is None
    assert "nothing" not in fields
    with pytest.raises(KeyError):
        fields["nothing"]


def test_a_folder_is_read_when_it_is_first_asked_for():
    code = (
        "import sys; from orderkit.catalog import built_in; fields = built_in().fields;"
        "assert 'money' in fields and 'orderkit.fields.money' not in sys.modules;"
        "assert fields['money'].name == 'money' and 'orderkit.fields.signature' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_two_entries_of_one_name_are_an_error():
    with pytest.raises(ValueError, match="money"):
        built_in().with_(fields=(built_in().fields["money"],))
