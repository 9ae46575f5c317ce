"""Attachments over HTTP: uploaded for a field, saved in a record, downloaded by who may see it."""

import httpx2
import pytest

from tests.web.api.shop import Caller, order

PDF = b"%PDF-1.4\n1 0 obj << >> endobj\ntrailer << >>\n%%EOF\n"


def upload(caller: Caller, path: str, content: bytes, name: str = "合同 一.pdf") -> httpx2.Response:
    return caller.client.post(
        f"/api/v1{path}",
        files={"file": (name, content, "application/pdf")},
        headers={"Authorization": f"Bearer {caller.token}", "Accept-Language": "en"},
    )


def test_an_upload_becomes_part_of_a_record(
    clerk: Caller, other_clerk: Caller, boss: Caller, customer: int
) -> None:
    answer = upload(clerk, "/files/order/contract", PDF)
    assert answer.status_code == 201, answer.text
    stored = answer.json()
    assert (stored["name"], stored["size"]) == ("合同 一.pdf", len(PDF))
    created = clerk.post("/order", order(customer, contract=stored["id"]))
    assert created["_files"]["contract"]["href"] == answer.headers["location"] == stored["href"]
    downloaded = boss.call("GET", f"/files/{stored['id']}")
    assert downloaded.content == PDF
    assert downloaded.headers["content-disposition"].startswith("attachment")
    assert downloaded.headers["x-content-type-options"] == "nosniff"
    other_clerk.refused(404, "GET", f"/files/{stored['id']}")


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"%PDF" + b"x" * 20_000, "big.pdf"),
        (b"MZ\x90\0", "virus.exe"),
        (b"<html>", "page.pdf"),
        (b"", "empty.pdf"),
    ],
    ids=["too large", "another type", "another content", "empty"],
)
def test_what_the_field_does_not_take_is_refused(clerk: Caller, content: bytes, name: str) -> None:
    assert upload(clerk, "/files/order/contract", content, name).status_code == 422


def test_only_fields_for_files_take_uploads(clerk: Caller) -> None:
    assert upload(clerk, "/files/order/carrier", PDF).status_code in {404, 422}
    assert upload(clerk, "/files/order/nothing", PDF).status_code == 404
    assert upload(clerk, "/files/ordr/contract", PDF).status_code == 404


def test_an_upload_without_a_file_is_refused(clerk: Caller) -> None:
    clerk.refused(400, "POST", "/files/order/contract", {"file": "x"})
    clerk.refused(
        400,
        "POST",
        "/files/order/contract",
        b"--x\r\n\r\n--x--",
        Content_Type="multipart/form-data; boundary=x",
    )
    clerk.refused(400, "POST", "/files/order/contract", b"junk", Content_Type="multipart/form-data")


def test_a_file_of_somebody_else_cannot_be_taken(clerk: Caller, other_clerk: Caller, customer: int) -> None:
    stored = upload(clerk, "/files/order/contract", PDF).json()
    answer = other_clerk.call("POST", "/order", order(customer, contract=stored["id"]))
    assert answer.status_code in {403, 404, 422}
