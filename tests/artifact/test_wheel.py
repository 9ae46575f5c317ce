"""The wheel beside an artifact: complete, the same each time, and one that pip accepts."""

import base64
import csv
import hashlib
import io
import zipfile
from pathlib import Path

import pytest

import orderkit
from orderkit.artifact.wheel import FrontEndMissing, make_wheel, require_front_end, wheel_name


@pytest.fixture(scope="module")
def archive() -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(make_wheel()))


def test_it_holds_the_package_with_templates_and_the_built_front_end(archive):
    names = archive.namelist()
    package = Path(orderkit.__file__).parent
    for pattern in (
        "model/forms.py",
        "web/**/*.html",
        "web/static/*.js",
        "artifact/requirements.lock",
        "py.typed",
    ):
        found = list(package.glob(pattern))
        assert found
        assert all(f"orderkit/{path.relative_to(package).as_posix()}" in names for path in found)
    assert not [name for name in names if name.endswith(".pyc") or "__pycache__" in name]


def test_it_says_what_it_needs_and_how_it_starts(archive):
    metadata = archive.read("orderkit-0.1.0.dist-info/METADATA").decode()
    assert "Requires-Dist: sqlalchemy" in metadata
    assert (
        "orderkit = orderkit.cli:main" in archive.read("orderkit-0.1.0.dist-info/entry_points.txt").decode()
    )


def test_its_record_is_right(archive):
    record = {
        row[0]: row[1] for row in csv.reader(io.StringIO(archive.read(archive.namelist()[-1]).decode()))
    }
    assert sorted(record) == sorted(archive.namelist())
    for name, digest in record.items():
        if digest:
            made = base64.urlsafe_b64encode(hashlib.sha256(archive.read(name)).digest()).rstrip(b"=").decode()
            assert digest == f"sha256={made}"


def test_the_same_files_give_the_same_bytes():
    assert make_wheel() == make_wheel()
    assert {entry.date_time for entry in zipfile.ZipFile(io.BytesIO(make_wheel())).infolist()} == {
        (1980, 1, 1, 0, 0, 0)
    }
    assert wheel_name() == f"orderkit-{orderkit.__version__}-py3-none-any.whl"


def test_a_checkout_without_a_front_end_is_refused(tmp_path):
    with pytest.raises(FrontEndMissing):
        require_front_end(tmp_path)
