"""Imports at the record: exports that come back unchanged, keys, references, undo, and workers killed in the middle."""

import os
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from inventory.models import Assurance, Capability, Contract, DataObject, Integration, System, Vendor
from martech import checks, export
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.columns import columns
from martech.errors import Refused
from martech.imports import applying, preview
from martech.imports.mapping import Mapping
from martech.imports.models import ImportBatch
from martech.records.models import ExternalRef

pytestmark = pytest.mark.django_db
AWKWARD = [
    "=1+1",
    "'=1+1",
    "''=x",
    "'tis",
    "+49 30 1",
    "-5",
    "@home",
    "＝1",
    "\ttab",
    "a;b",
    "back\\slash;",
    " =x",
    '“quoted”, "twice"',
]


def brought(
    by: Any, content: str | bytes, kind: str = "inventory.vendor", name: str = "list.csv", **settled: Any
) -> ImportBatch:
    content = content.encode() if isinstance(content, str) else content
    batch = ImportBatch.add(by=by, kind=kind, file_name=name, content=content)
    return batch.change(by=by, mapping={**batch.mapping, **settled}) if settled else batch


def previewed(*args: Any, **kwargs: Any) -> ImportBatch:
    batch = brought(*args, **kwargs)
    return batch.preview(by=args[0])


def imported(by: Any, *args: Any, **kwargs: Any) -> ImportBatch:
    batch = previewed(by, *args, **kwargs).confirm(by=by)
    applying.run(batch.pk)
    batch.refresh_from_db()
    return batch


def reasons(batch: ImportBatch) -> list[tuple[int, str]]:
    return list(batch.rows.filter(outcome="error").order_by("position").values_list("line", "reason"))


@pytest.fixture
def stack(mona: Any, ivan: Any, ada: Any) -> None:
    """Records with everything a column can hold."""
    function = Function.add(by=ada, name="Marketing operations", head=mona)
    parent = Vendor.add(by=mona, name="Group; and Sons", description="First line\r\nsecond line  ")
    for number, text in enumerate(AWKWARD):
        Vendor.add(
            by=mona, name=f"{text} {number}", description=text, aliases=[text.strip(), "plain"], parent=parent,
            categories=[text.strip(), "b;c"], kinds=["maker", "agency"], website="https://x.example/?a=1;b=2",
            relationship_owner=ivan, country="IE",
        )  # fmt: skip
    gone = Vendor.add(by=mona, name="Gone")
    first, second = Capability.objects.order_by("pk")[:2]
    crm = System.add(
        by=mona, name="CRM", vendor=gone, owning_function=function, business_owner=mona, technical_owner=ivan,
        primary_capability=first, capabilities=[first, second], journey_stages=["use", "buy"], user_count=1200,
        lifecycle="live", functional_fit=3,
        live_on=date(2024, 2, 29), personal_data="yes", confidential=False, aliases=["The book"], description="-",
    )  # fmt: skip
    gone.retire(by=ivan)
    cms = System.add(by=mona, name="CMS", target_system=crm, target_on=date(2027, 1, 31), disposition="migrate")
    customer = DataObject.add(by=mona, name="Customer")
    Integration.add(by=mona, source=crm, target=cms, data_objects=[customer], personal_data=True, owner=ivan)
    Integration.add(by=mona, source=cms, target=crm, status="planned", name="=cmd()")
    Assurance.add(
        by=mona, kind="dpa", system=crm, issued_on=date(2025, 1, 1), expires_on=date(2027, 1, 1), reference="007"
    )
    Assurance.add(by=mona, kind="tls", vendor=parent, expires_on=date(2026, 12, 1))
    Contract.add(
        by=mona, name="CRM, order 7", vendor=parent, systems=[crm, cms], owner=ivan, start_on=date(2024, 2, 29),
        initial_months=12, renewal_mode="automatic", renewal_months=12, notice_period=30, notice_unit="days",
        uplift_cap="4.5", seats=1200, mail_buffer_days=5, notice_address="1 Main St\nDublin",
    )  # fmt: skip
    Contract.add(by=mona, name="Draft")


@pytest.mark.parametrize(
    "kind",
    ["inventory.vendor", "inventory.system", "inventory.contract", "inventory.integration", "inventory.assurance"],
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_an_export_of_any_list_comes_back_with_zero_updates(stack: None, mona: Any, kind: str, form: str) -> None:
    model: Any = preview.targets.model_of(kind)
    names = tuple(columns(model))
    rows = model.objects.all()
    content = (
        b"".join(export.as_csv(model, rows, names, mona))
        if form == "csv"
        else export.as_xlsx(model, rows, names, mona).read()
    )
    for key in ("", "number"):
        batch = previewed(mona, content, kind, f"list.{form}", **({"key": key} if key else {}))
        assert batch.settled.key == "number"
        assert set(batch.settled.columns.values()) >= {name for name in model.fields_to_set() if name in batch.header}
        assert (reasons(batch), batch.counts) == (
            [], {"create": 0, "update": 0, "unchanged": rows.count(), "skipped": 0, "error": 0},
        )  # fmt: skip


def test_the_tables_tell_the_truth() -> None:
    assert list(checks.untruths()) == []


def test_rows_find_records_by_their_ids_in_a_source(mona: Any) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    text = "vendor id,name,country\nV-1,ACME,IE\nV-2,Beta,DE\nV-2,Gamma,DE\n"
    settled = {"key": "external_id", "source": "erp"}
    batch = imported(mona, text, **settled)
    assert batch.applied == {"changed": 1, "created": 1}
    assert reasons(batch) == [(4, "“V-2” is on line 3 already.")]
    beta = Vendor.objects.get(name="Beta")
    assert set(ExternalRef.objects.values_list("key", "external_id")) == {(acme.pk, "V-1"), (beta.pk, "V-2")}
    beta.change(by=mona, name="Beta Group")
    batch = imported(mona, "vendor id,country\nV-2,AT\nV-1,IE\n", **settled)
    assert (batch.counts["update"], batch.counts["unchanged"]) == (1, 1)
    beta.refresh_from_db()
    assert (beta.name, beta.country) == ("Beta Group", "AT")
    with pytest.raises(ValidationError, match="Name the source"):
        previewed(mona, text, key="external_id", source="")


def test_rows_find_records_by_domain_and_say_where_several_fit(mona: Any) -> None:
    Vendor.add(by=mona, name="One", website="https://www.one.example")
    two = Vendor.add(by=mona, name="Two", website="https://shared.example/a")
    three = Vendor.add(by=mona, name="Three", website="http://shared.example/b")
    batch = previewed(mona, "website,country\nhttps://one.example/start,IE\nhttps://shared.example,IE\n", key="domain")
    assert batch.counts["update"] == 1
    assert [reason for _, reason in reasons(batch)] == [
        f"Several records fit “shared.example”: {two.number}, {three.number}. Choose another key."
    ]


def test_an_alias_finds_the_record_and_does_not_rename_it(mona: Any) -> None:
    acme = Vendor.add(by=mona, name="Acme", aliases=["Old Acme"])
    imported(mona, "name,country\nOLD  acme,IE\n")
    acme.refresh_from_db()
    assert (acme.name, acme.country, Vendor.objects.count()) == ("Acme", "IE", 1)


def test_an_empty_cell_clears_only_where_it_is_ticked(mona: Any, ivan: Any) -> None:
    acme = Vendor.add(by=ivan, name="Acme", country="IE", aliases=["A"], status="preferred")
    text = "name,country,aliases,status\nAcme,,,\n"
    assert previewed(mona, text).counts["unchanged"] == 1
    imported(mona, text, clear=True)
    acme.refresh_from_db()
    assert (acme.country, acme.aliases, acme.status) == ("", [], "preferred")


def test_vendors_that_are_named_can_be_made_and_undone(mona: Any) -> None:
    Vendor.add(by=mona, name="Acme")
    text = "name,vendor\nCRM,acme\nCMS,Newco\nDAM,NEWCO \nCDP,\n"
    batch = previewed(mona, text, "inventory.system")
    assert reasons(batch) == [
        (line, f"Vendor: There is no vendor called “{name}”.") for line, name in ((3, "Newco"), (4, "NEWCO"))
    ]
    batch = imported(mona, text, "inventory.system", create=True)
    assert batch.applied == {"created inventory.vendor": 1, "created": 4}
    assert list(System.objects.order_by("pk").values_list("name", "vendor__name")) == [
        ("CRM", "Acme"), ("CMS", "Newco"), ("DAM", "Newco"), ("CDP", None),
    ]  # fmt: skip
    batch.undo(by=mona)
    applying.run(batch.pk)
    assert (System.objects.current().count(), list(Vendor.objects.current().values_list("name", flat=True))) == (
        0,
        ["Acme"],
    )


def test_assurances_may_name_vendors_yet_to_be_made(mona: Any) -> None:
    batch = imported(
        mona, "kind,vendor,expires on\nISO 27001,Newco,2030-01-01\n", "inventory.assurance", create=True, key="none"
    )
    assert (reasons(batch), Assurance.objects.get().name) == ([], "ISO 27001 of Newco")


def test_only_known_or_only_new_rows(mona: Any) -> None:
    Vendor.add(by=mona, name="Acme")
    text = "name,country\nAcme,IE\nBeta,DE\n"
    counts = previewed(mona, text, mode="update").counts
    assert (counts["update"], counts["create"], counts["skipped"]) == (1, 0, 1)
    counts = previewed(mona, text, mode="create").counts
    assert (counts["update"], counts["create"], counts["skipped"]) == (0, 1, 1)


def test_a_row_somebody_changes_after_the_confirmation_is_an_error(mona: Any) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    batch = previewed(mona, "name,country\nAcme,IE\nBeta,DE\n").confirm(by=mona)
    acme.change(by=mona, description="Quick")
    applying.run(batch.pk)
    batch.refresh_from_db()
    assert (batch.status, batch.applied) == ("done", {"error": 1, "created": 1})
    assert reasons(batch) == [(2, "It was changed since it was read.")]


def test_who_brought_it_alone_goes_on_with_it(mona: Any, ivan: Any) -> None:
    batch = previewed(mona, "name\nAcme\n")
    for act in ("preview", "confirm", "cancel", "change"):
        with pytest.raises(PermissionDenied):
            getattr(batch, act)(by=ivan)
    batch.confirm(by=mona)
    with pytest.raises(Refused):
        batch.confirm(by=mona)


def test_a_worker_that_holds_it_is_left_alone_and_a_dead_one_replaced(mona: Any) -> None:
    batch = previewed(mona, "name\nAcme\n").confirm(by=mona)
    ImportBatch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() + timedelta(seconds=50))
    assert applying.resume() == 0
    ImportBatch.objects.filter(pk=batch.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
    assert applying.resume() == 1
    assert Vendor.objects.count() == 1


def test_an_import_that_never_gets_further_stops(mona: Any) -> None:
    batch = previewed(mona, "name\nAcme\n").confirm(by=mona)
    ImportBatch.objects.filter(pk=batch.pk).update(attempts=applying.ATTEMPTS)
    applying.resume()
    batch.refresh_from_db()
    assert (batch.status, batch.failure) == ("failed", "It was begun 5 times without getting further.")


def test_a_mapping_names_only_what_there_is(mona: Any) -> None:
    batch = brought(mona, "name\nAcme\n")
    for wrong in (
        {"columns": {"other": "name"}},
        {"columns": {"name": "name_key"}},
        {"columns": {"name": "name"}, "mode": "x"},
    ):
        with pytest.raises(ValidationError):
            batch.change(by=mona, mapping={**Mapping().as_json(), **wrong})


ROUNDS = 4
CHILD = """
import django; django.setup()
from martech.imports import applying
real = applying._step
def slow(*given):
    import time; time.sleep({pause}); return real(*given)
applying._step = slow
print("begun", flush=True)
applying.run({key})
"""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_and_does_every_row_once(mona: Any, tmp_path: Path) -> None:
    for turn in range(ROUNDS):
        rows = 4000
        text = "name,categories\n" + "".join(f"Vendor {turn} {number},CRM\n" for number in range(rows))
        batch = previewed(mona, text).confirm(by=mona)
        applied_on = {**settings.DATABASES["default"], "NAME": connection.settings_dict["NAME"]}
        child = subprocess.Popen(
            [sys.executable, "-c", CHILD.format(pause=0.02, key=batch.pk)],
            stdout=subprocess.PIPE,
            env=_surroundings(applied_on),
        )
        assert child.stdout is not None
        assert child.stdout.readline() == b"begun\n"
        until = time.monotonic() + 30
        while time.monotonic() < until and not ImportBatch.objects.get(pk=batch.pk).place:
            time.sleep(0.01)
        time.sleep(0.04 * turn)
        child.send_signal(signal.SIGKILL)
        child.wait()
        batch.refresh_from_db()
        assert 0 < batch.place < rows, "killed in the middle"
        assert Vendor.objects.filter(name__startswith=f"Vendor {turn} ").count() == batch.place, (
            "whole batches or nothing"
        )
        ImportBatch.objects.filter(pk=batch.pk).update(lease_until=timezone.now())
        applying.resume()
        batch.refresh_from_db()
        assert (batch.status, batch.applied) == ("done", {"created": rows})
        names = Vendor.objects.filter(name__startswith=f"Vendor {turn} ")
        entries = Entry.objects.filter(act=batch.act)
        assert (names.count(), entries.count(), entries.values("key").distinct().count()) == (rows, rows, rows)


def _surroundings(database: dict[str, Any]) -> dict[str, str]:
    """The environment of a worker on the database of the test."""
    url = os.environ["TEST_DATABASE_URL"]
    head, _, query = url.partition("?")
    base = head.rpartition("/")[0]
    named = f"{base}/{database['NAME']}" + (f"?{query}" if query else "")
    return {
        **os.environ,
        "TEST_DATABASE_URL": named,
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(settings.BASE_DIR),
    }
