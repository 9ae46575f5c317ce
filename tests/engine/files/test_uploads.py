"""Attachments: stored once by content, told by their bytes, tied to the record that is saved with them."""

import hashlib
import io
import zipfile

import pytest

from orderkit.engine import files, records
from orderkit.engine.files.media_types import media_type_of
from orderkit.engine.files.uploads import clean_name
from orderkit.engine.records import Create, Delete, Update
from orderkit.engine.runtime import Channel
from orderkit.model.errors import Denied, NotFound, Refused

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def upload(shop, login, name, content, *, form="product", field="photo"):
    person = shop.office.person(login)
    chunks = (content[start : start + 7] for start in range(0, len(content), 7))
    return records.upload(shop.office.runtime, person, Channel.PAGE, form, field, name=name, chunks=chunks)


def opened(shop, login, file_id):
    with shop.office.look(login) as unit:
        view, path = records.open_attachment(unit, file_id)
        return view, path.read_bytes()


def test_a_file_is_uploaded_saved_with_its_record_and_opened(shop):
    view = upload(shop, "max", "C:\\fakepath\\图 1.PNG", PNG)
    assert (view.name, view.media_type, view.size) == ("图 1.PNG", "image/png", len(PNG))
    assert opened(shop, "max", view.id)[1] == PNG
    with pytest.raises(NotFound):
        opened(shop, "ann", view.id)
    shop.office.update("max", "product", shop.bolt, photo=view.id)
    assert opened(shop, "ann", view.id) == (view, PNG)
    with pytest.raises(NotFound):
        opened(shop, "guest", view.id)
    with shop.office.look("ann") as unit:
        product = records.get(unit, "product", shop.bolt)
    assert product.files["photo"] == view
    shop.office.update("max", "product", shop.bolt, photo=None)
    with pytest.raises(NotFound):
        opened(shop, "max", view.id)


def test_a_file_of_a_record_in_the_bin_is_opened_by_who_may_restore_it(shop):
    with shop.office.act("root") as unit:
        (made,) = records.apply(unit, [Create(form="product", values={"code": "Z", "name": "z"})])
    view = upload(shop, "max", "a.png", PNG)
    shop.office.update("max", "product", made.id, photo=view.id)
    with shop.office.act("root") as unit:
        records.apply(unit, [Delete(form="product", id=made.id)])
    assert opened(shop, "root", view.id)[1] == PNG
    for login in ("ann", "guest"):
        with pytest.raises(NotFound):
            opened(shop, login, view.id)


def test_a_file_whose_bytes_are_lost_is_not_found_and_says_what_to_do(shop):
    view = upload(shop, "max", "a.png", PNG)
    with shop.office.look("max") as unit:
        records.open_attachment(unit, view.id)[1].unlink()
    with pytest.raises(NotFound, match="backup"):
        opened(shop, "max", view.id)


def test_an_archive_whose_parts_are_broken_is_just_of_no_known_type(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/ofd")
    whole = buffer.getvalue()
    start = whole.index(b"mimetype") + len("mimetype")
    path = tmp_path / "a.ofd"
    path.write_bytes(whole[:start] + b"\xff" * 4 + whole[start + 4 :])
    assert media_type_of(path, "ofd") == "application/octet-stream"


def test_the_same_content_is_kept_once_under_its_digest(shop):
    upload(shop, "max", "a.png", PNG)
    upload(shop, "max", "b.png", PNG)
    digest = hashlib.sha256(PNG).hexdigest()
    folder = shop.office.runtime.files_folder
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()] == [
        f"{digest[:2]}/{digest[2:]}"
    ]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        pytest.param("a.png", PNG + b"\x00" * 1024, "too_large", id="too large"),
        pytest.param("a.png", b"", "file_type", id="empty"),
        pytest.param("a.png", b"<script>alert(1)</script>", "file_type", id="no picture at all"),
        pytest.param("a.pdf", b"%PDF-1.7 ...", "file_type", id="another type"),
    ],
)
def test_what_the_field_does_not_accept_is_refused_and_leaves_nothing(shop, name, content, code):
    with pytest.raises(Refused) as caught:
        upload(shop, "max", name, content)
    assert caught.value.problems[0].code == code
    folder = shop.office.runtime.files_folder
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_who_may_not_write_the_field_uploads_nothing(shop):
    with pytest.raises(Denied):
        upload(shop, "ann", "a.png", PNG)
    for form, field in (("product", "name"), ("nonsense", "photo")):
        with pytest.raises(NotFound):
            upload(shop, "max", "a.png", PNG, form=form, field=field)


def test_a_file_of_somebody_else_or_of_another_record_cannot_be_taken(shop):
    mine = upload(shop, "max", "a.png", PNG)
    change = Update(form="product", id=shop.bolt, values={"photo": mine.id})
    assert shop.refused(change, login="root") == {"photo": "not_found"}
    shop.office.update("max", "product", shop.bolt, photo=mine.id)
    change = Update(form="product", id=shop.nut, values={"photo": mine.id})
    assert shop.refused(change, login="max") == {"photo": "not_found"}


def test_uploads_that_no_record_took_go_after_fifteen_days(shop, clock):
    kept = upload(shop, "max", "a.png", PNG)
    shop.office.update("max", "product", shop.bolt, photo=kept.id)
    upload(shop, "max", "same.png", PNG)
    lost = upload(shop, "max", "b.png", PNG + b"1")
    clock.advance(days=15, hours=1)
    fresh = upload(shop, "max", "c.png", PNG + b"2")
    with shop.office.act(None) as unit:
        assert files.remove_untied(unit) == 2
    assert opened(shop, "max", kept.id)[1] == PNG
    assert opened(shop, "max", fresh.id)
    with pytest.raises(NotFound):
        opened(shop, "max", lost.id)
    assert len([path for path in shop.office.runtime.files_folder.rglob("*") if path.is_file()]) == 2


@pytest.mark.parametrize(
    ("content", "extension", "media_type"),
    [
        (b"%PDF-1.7", "png", "application/pdf"),
        (b"\xff\xd8\xff\xe0", "png", "image/jpeg"),
        (b"GIF89a", "", "image/gif"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "webp", "image/webp"),
        (zipped("word/document.xml"), "docx", files.media_types.BY_EXTENSION["docx"]),
        (zipped("xl/workbook.xml"), "docx", files.media_types.BY_EXTENSION["xlsx"]),
        (zipped("other"), "docx", "application/zip"),
        (b"PK\x03\x04 broken", "docx", "application/octet-stream"),
        ("姓名,数量".encode(), "csv", "text/csv"),
        (b"<html>", "png", "application/octet-stream"),
        (b"", "png", "application/octet-stream"),
    ],
)
def test_what_a_file_is_is_told_by_its_bytes(tmp_path, content, extension, media_type):
    path = tmp_path / "file"
    path.write_bytes(content)
    assert files.media_types.media_type_of(path, extension) == media_type


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\合同.pdf", "合同.pdf"),
        (".htaccess", "htaccess"),
        ("a\x00b\u202ecod.exe", "abcod.exe"),
        ('a<b>:"c|?*.txt', "abc.txt"),
        ("", "file"),
        ("x" * 300 + ".pdf", "x" * 146 + ".pdf"),
    ],
)
def test_names_are_cleaned(name, clean):
    assert clean_name(name) == clean
