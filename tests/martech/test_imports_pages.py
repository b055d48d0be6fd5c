"""Imports through the page: bring, settle, preview, confirm, undo; hidden from everybody else."""

import os
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from inventory.models import System, Vendor
from martech.audit.models import Entry
from martech.imports import applying
from martech.imports.models import ImportBatch

pytestmark = pytest.mark.django_db
SAMPLES = Path(os.environ.get("SAMPLE_DATA", "").strip() or "/nowhere")


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def bring(client: Client, content: bytes | str, kind: str = "inventory.vendor", name: str = "list.csv") -> Any:
    content = content.encode() if isinstance(content, str) else content
    return client.post("/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, content)})


def settled(batch: ImportBatch, **also: str) -> dict[str, str]:
    """What the page of columns sends where nothing is touched."""
    places = {f"column-{place}": batch.settled.columns.get(column, "") for place, column in enumerate(batch.header)}
    return {
        **places,
        "key": batch.settled.key,
        "mode": "both",
        "source": batch.settled.source,
        "action": "preview",
        **also,
    }


def previewed(client: Client, content: str, kind: str = "inventory.vendor", **also: str) -> ImportBatch:
    answer = bring(client, content, kind)
    batch = ImportBatch.objects.latest("pk")
    assert answer.headers["Location"] == f"/imports/{batch.number}/"
    answer = client.post(f"/imports/{batch.number}/columns/", settled(batch, **also))
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/imports/{batch.number}/")
    batch.refresh_from_db()
    return batch


def test_a_file_goes_all_the_way_and_back(mona: Any) -> None:
    client = as_(mona)
    acme = Vendor.add(by=mona, name="Acme", description="Old words")
    text = "name,description,colour\nACME,New words,red\nBeta,,blue\nbeta,,\n"
    page = bring(client, text)
    batch = ImportBatch.objects.get()
    page = client.get(page.headers["Location"])
    assert page.status_code == 200
    assert b"1 of 3 columns is left out" in page.content
    client.post(f"/imports/{batch.number}/columns/", settled(batch))
    page = client.get(f"/imports/{batch.number}/").content.decode()
    assert "This is what would happen" in page
    assert "<del>Old words</del>" in page
    assert "<ins>New words</ins>" in page
    assert "“beta” is on line 3 already." in page
    assert Vendor.objects.count() == 1
    assert b"New words" not in client.get(f"/imports/{batch.number}/?outcome=create").content
    page = client.post(f"/imports/{batch.number}/confirm/", follow=True)
    assert b"Waiting for the worker" in page.content
    applying.resume()
    page = client.get(f"/imports/{batch.number}/").content.decode()
    assert "Imported" in page
    acme.refresh_from_db()
    assert (acme.description, acme.version, Vendor.objects.count()) == ("New words", 2, 2)
    errors = client.get(f"/imports/{batch.number}/errors/")
    assert b"".join(errors).decode().splitlines() == [
        "name,description,colour,Reason",
        "beta,,,“beta” is on line 3 already.",
    ]
    assert errors.headers["Content-Disposition"] == 'attachment; filename="list-errors.csv"'
    assert b"Take all of it back?" in client.get(f"/imports/{batch.number}/undo/").content
    client.post(f"/imports/{batch.number}/undo/")
    applying.resume()
    page = client.get(f"/imports/{batch.number}/").content.decode()
    assert "Taken back" in page
    acme.refresh_from_db()
    assert (acme.description, Vendor.objects.current().count()) == ("Old words", 1)


def test_a_second_confirmation_does_nothing(mona: Any) -> None:
    client = as_(mona)
    batch = previewed(client, "name\nAcme\n")
    for _ in range(3):
        answer = client.post(f"/imports/{batch.number}/confirm/")
        assert answer.headers["Location"] == f"/imports/{batch.number}/"
        applying.resume()
    assert Vendor.objects.count() == Entry.objects.filter(kind="inventory.vendor").count() == 1
    assert Entry.objects.filter(kind="imports.importbatch", verb="confirm").count() == 1


def test_data_changed_since_the_preview_asks_again(mona: Any) -> None:
    client = as_(mona)
    acme = Vendor.add(by=mona, name="Acme")
    batch = previewed(client, "name,country\nAcme,IE\nBeta,DE\n")
    acme.change(by=mona, description="Somebody was here")
    Vendor.add(by=mona, name="BETA")
    answer = client.post(f"/imports/{batch.number}/confirm/")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert f"line 2 ({acme.number})" in page
    assert "line 3 (“Beta” is here now)" in page
    assert "Preview again" in page
    client.post(f"/imports/{batch.number}/again/")
    batch.refresh_from_db()
    assert (batch.counts["create"], batch.counts["update"]) == (0, 2)
    assert client.post(f"/imports/{batch.number}/confirm/").status_code == 302


@pytest.mark.parametrize("path", ["", "columns/", "progress/", "errors/", "confirm/", "cancel/", "undo/"])
def test_nobody_else_sees_it_and_an_auditor_only_looks(cast: Any, mona: Any, path: str) -> None:
    batch = previewed(as_(mona), "name\nAcme\n")
    for other in (cast.it, cast.member, cast.administrator, cast.outsider):
        assert as_(other).get(f"/imports/{batch.number}/{path}").status_code == 404
        assert as_(other).post(f"/imports/{batch.number}/{path}").status_code in {404, 405}
    auditor = as_(cast.auditor)
    assert auditor.get(f"/imports/{batch.number}/").status_code == 200
    assert auditor.post(f"/imports/{batch.number}/confirm/").status_code == 403
    assert Client().get(f"/imports/{batch.number}/").status_code == 302
    batch.refresh_from_db()
    assert batch.status == "previewed"


def test_only_who_may_add_may_import(mia: Any, oskar: Any, mona: Any) -> None:
    assert as_(mia).get("/imports/new/").status_code == 403
    assert bring(as_(oskar), "name\nAcme\n").status_code == 403
    assert as_(mona).get("/imports/new/").status_code == 200
    assert b"Nothing imported yet" in as_(mona).get("/imports/").content


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The submitted file is empty."),
        (b'{"name": "Acme"}', "The file holds JSON, not a table."),
        (b"<!doctype html><table>", "HTML"),
        (b"name,Name\nA,B\n", "repeat"),
        (b"name\nA\0cme\n", "NUL"),
        (b"x" * (21 << 20), "larger than 20 MB"),
        (b"PK\x03\x04 broken", "damaged"),
    ],
)
def test_a_file_that_cannot_be_taken_is_told_at_the_form(mona: Any, content: bytes, told: str) -> None:
    answer = bring(as_(mona), content)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told.lower() in page.lower()
    assert (
        'value="inventory.vendor" required id="id_kind_0" checked' in page.replace(' aria-invalid="true"', "")
        or "checked" in page
    )
    assert ImportBatch.objects.count() == 0


def test_what_is_in_doubt_is_asked_on_the_page(mona: Any) -> None:
    client = as_(mona)
    bring(client, "name,lifecycle,live from\nA,Running,01/02/2026\nB,,\n", "inventory.system")
    batch = ImportBatch.objects.get()
    assert batch.settled.columns == {"name": "name", "lifecycle": "lifecycle", "live from": "live_on"}
    answer = client.post(f"/imports/{batch.number}/columns/", settled(batch))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“Running” (1 row)" in page
    fields = [part.split('"')[0] for part in page.split('name="answer-')[1:]]
    answers = {f"answer-{fields[0]}": "live", f"answer-{fields[1]}": "MM/DD/YYYY"}
    answer = client.post(f"/imports/{batch.number}/columns/", settled(batch, **answers))
    assert answer.status_code == 302
    client.post(f"/imports/{batch.number}/confirm/")
    applying.resume()
    assert {(one.name, one.lifecycle, str(one.live_on)) for one in System.objects.all()} == {
        ("A", "live", "2026-01-02"), ("B", "proposed", "None"),
    }  # fmt: skip
    bring(client, "name,lifecycle,live from\nC,running,01/02/2026\n", "inventory.system")
    again = ImportBatch.objects.latest("pk")
    assert again.settled.values == {"lifecycle": {"running": "live"}}, "what was answered is remembered"


def test_a_mapping_of_somebody_elses_making_is_not_taken(mona: Any) -> None:
    """The mapping is the server's: fields nobody offered, unknown keys and versions sent along change nothing."""
    client = as_(mona)
    batch = previewed(client, "name,x\nAcme,1\n")
    sent = settled(batch, **{"column-1": "name_key", "column-7": "name", "version": "9", "status": "done", "act": "x"})
    assert client.post(f"/imports/{batch.number}/columns/", sent).status_code == 302
    batch.refresh_from_db()
    assert (batch.settled.columns, batch.status) == ({"name": "name"}, "previewed")


def test_another_separator_makes_other_columns(mona: Any) -> None:
    client = as_(mona)
    bring(client, "name;website\nAcme, Inc.;https://acme.example\n")
    batch = ImportBatch.objects.get()
    assert batch.header == ["name", "website"]
    client.post(f"/imports/{batch.number}/columns/", settled(batch, separator=",", encoding="utf-8"))
    batch.refresh_from_db()
    assert batch.header == ["name;website"] or batch.header == ["name", "website"]


def test_progress_answers_until_there_is_a_result(mona: Any) -> None:
    client = as_(mona)
    batch = previewed(client, "name\nAcme\n")
    client.post(f"/imports/{batch.number}/confirm/")
    part = client.get(f"/imports/{batch.number}/progress/", headers={"HX-Request": "true"})
    assert b"Waiting for the worker" in part.content
    assert b"<html" not in part.content
    applying.resume()
    part = client.get(f"/imports/{batch.number}/progress/", headers={"HX-Request": "true"})
    assert part.headers["HX-Redirect"] == f"/imports/{batch.number}/"


def test_a_cancelled_import_writes_nothing_more(mona: Any) -> None:
    client = as_(mona)
    batch = previewed(client, "name\nAcme\n")
    client.post(f"/imports/{batch.number}/confirm/")
    assert b"Stop this import?" in client.get(f"/imports/{batch.number}/cancel/").content
    client.post(f"/imports/{batch.number}/cancel/")
    applying.resume()
    assert Vendor.objects.count() == 0
    assert b"Nothing was written." in client.get(f"/imports/{batch.number}/").content


@pytest.mark.sample
def test_the_published_vendor_list_through_the_page(mona: Any) -> None:
    client = as_(mona)
    answer = bring(client, (SAMPLES / "vendors.csv").read_bytes(), name="vendors.csv")
    batch = ImportBatch.objects.get()
    assert client.get(answer.headers["Location"]).status_code == 200
    client.post(f"/imports/{batch.number}/columns/", settled(batch))
    page = client.get(f"/imports/{batch.number}/").content
    assert b"Add 6,338" in page
    client.post(f"/imports/{batch.number}/confirm/")
    applying.resume()
    batch.refresh_from_db()
    assert (batch.status, batch.applied, Vendor.objects.count()) == ("done", {"created": 6338}, 6338)
    assert client.get(f"/imports/{batch.number}/").status_code == 200
    assert len(BytesIO(b"".join(client.get(f"/imports/{batch.number}/errors/"))).readlines()) == 3
