"""Imports by command: vendors and systems, counts explained, the same twice, and back again."""

import csv
import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from inventory.models import System, Vendor
from martech.audit.models import Entry
from martech.imports import applying
from martech.imports.models import ImportBatch

pytestmark = pytest.mark.django_db
SAMPLES = Path(os.environ.get("SAMPLE_DATA", "").strip() or "/nowhere")


def run(name: str, *arguments: Any, **options: Any) -> str:
    out = StringIO()
    call_command(name, *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


@pytest.fixture
def vendors(tmp_path: Path) -> Path:
    target = tmp_path / "vendors.csv"
    target.write_text("name,website,categories,tier\nAcme,https://acme.example,CRM;CMS,low\nBeta,,,\nACME ,,,\n")
    return target


def test_it_says_what_it_would_do_and_does_nothing(mona: Any, vendors: Path) -> None:
    told = run("import_vendors", vendors, dry_run=True)
    assert "2 new, 0 to change, 0 unchanged, 0 skipped, 1 error" in told
    assert "Not imported: tier" in told
    assert "line 4: “acme” is on line 2 already." in told
    assert Vendor.objects.count() == 0


def test_it_imports_once_and_the_second_time_changes_nothing(mona: Any, vendors: Path) -> None:
    told = run("import_vendors", vendors, key="name")
    assert "2 created, 0 changed, 1 error" in told
    acme = Vendor.objects.get(name="Acme")
    assert (acme.categories, acme.domain, acme.origin, acme.origin_detail) == (
        ["CRM", "CMS"], "acme.example", "import", ImportBatch.objects.get().number,
    )  # fmt: skip
    entries = Entry.objects.count()
    told = run("import_vendors", vendors, key="name")
    assert "0 new, 0 to change, 2 unchanged, 0 skipped, 1 error" in told
    assert Entry.objects.exclude(kind="imports.importbatch").count() == 2 < entries


def test_it_names_who_is_missing(db: Any, vendors: Path) -> None:
    with pytest.raises(CommandError, match="Nobody here may import yet"):
        run("import_vendors", vendors)
    with pytest.raises(CommandError, match="nobody with the e-mail"):
        run("import_vendors", vendors, email="x@y.example")


def test_a_person_without_the_right_may_not(mia: Any, vendors: Path) -> None:
    with pytest.raises(CommandError, match="may not import"):
        run("import_vendors", vendors, email=mia.email)


def test_dates_and_values_in_doubt_are_asked_and_never_guessed(ivan: Any, tmp_path: Path) -> None:
    file = tmp_path / "systems.csv"
    file.write_text(
        "Standard Name,Status,Due\nOne,Approved,2020-03\nTwo,Denied,2019/04\nThree,Denied,01/05/18\nFour,Pilot,-\n"
    )
    with pytest.raises(CommandError) as refused:
        run("import_systems", file, map=["Due=target_on"])
    assert "“Status” goes to “Lifecycle”: what does “Denied” (2 rows) mean?; what does “Pilot” (1 row) mean?" in str(
        refused.value
    )
    assert "“01/05/18” (1 row) mean?" in str(refused.value)
    assert "“A month without a day”" in str(refused.value)
    assert System.objects.count() == 0
    told = run(
        "import_systems",
        file,
        map=["Due=target_on"],
        values=["Status:denied=rejected;Pilot=evaluating"],
        dates=["DD/MM/YY,last"],
    )
    assert "4 created" in told
    made = {row.name: (row.lifecycle, str(row.target_on)) for row in System.objects.all()}
    assert made == {
        "One": ("approved", "2020-03-31"), "Two": ("rejected", "2019-04-30"), "Three": ("rejected", "2018-05-01"),
        "Four": ("evaluating", "None"),
    }  # fmt: skip


@pytest.mark.sample
def test_the_vendor_list_as_published(mona: Any) -> None:
    told = run("import_vendors", SAMPLES / "vendors.csv", key="name")
    assert "6,338 new, 0 to change, 0 unchanged, 0 skipped, 2 errors" in told
    assert "line 1,847: “fastspring” is on line 1,846 already." in told
    assert "line 4,173: “publive” is on line 4,172 already." in told
    assert "Not imported: groups, price_tier, pricing_models, saas, open_source" in told
    assert "6,338 created, 0 changed, 2 errors" in told
    assert Vendor.objects.count() == Entry.objects.filter(kind="inventory.vendor", verb="add").count() == 6338
    batch = ImportBatch.objects.get()
    told = run("import_vendors", SAMPLES / "vendors.csv", key="name")
    assert "0 new, 0 to change, 6,338 unchanged, 0 skipped, 2 errors" in told
    edited = Vendor.objects.get(name="11Sight").change(by=mona, country="US")
    batch.undo(by=mona)
    applying.run(batch.pk)
    batch.refresh_from_db()
    assert batch.status == "undone"
    assert {k: v for k, v in batch.applied["undone"].items() if k != "rows"} == {
        "restored": 0,
        "retired": 6337,
        "left": 1,
    }
    assert batch.applied["undone"]["rows"] == [
        {"number": edited.number, "text": "11Sight", "reason": "It was changed since."}
    ]
    assert Vendor.objects.current().get() == edited
    told = run("import_vendors", SAMPLES / "vendors.csv", key="name")
    assert "6,337 new, 0 to change, 1 unchanged, 0 skipped, 2 errors" in told


@pytest.mark.sample
def test_a_published_list_of_standards(ivan: Any) -> None:
    """Nothing of its four shapes of dates, ten states and five kinds of hosting is guessed."""
    file = SAMPLES / "it_standards_2018-04-12.csv"
    due = ["Approval Expiration Date=target_on"]
    with pytest.raises(CommandError) as refused:
        run("import_systems", file, map=due)
    told = str(refused.value)
    for text in (
        "Exception",
        "Denied",
        "Sunsetting",
        "Grandfathered Exception",
        "Desktop",
        "Server",
        "- Not Identified",
        "01/05/18",
    ):
        assert f"“{text}”" in told
    values = [
        "Status:Exception=live;Denied=rejected;Approved - Preferred=live;Not yet submitted=discovered",
        "Status:Sunsetting=phasing_out;Approved - Maintain=live;Pilot=evaluating",
        "Status:CTO Dispensation=live;Grandfathered Exception=live",
        "Deployment Type:Desktop=on_premises;Server=on_premises;PaaS=cloud;*=",
    ]
    told = run("import_systems", file, map=due, values=values, dates=["MM/DD/YY", "last"], email=ivan.email)
    assert "1,543 new, 0 to change, 0 unchanged, 0 skipped, 0 errors" in told
    with file.open(encoding="utf-8") as lines:
        wanted = {row["Standard Name"]: row["Approval Expiration Date"] for row in csv.DictReader(lines)}
    made = {row.name: row.target_on for row in System.objects.all()}
    blank = {" ".join(name.split()) for name, text in wanted.items() if text == "-"}
    assert {name for name, day in made.items() if day is None} == blank
    assert str(made["IBM Sterling File Gateway 2.x"]) == "2018-01-05"
    assert str(made["Adobe Framemaker 2015"]) == "2019-11-30"
    assert str(made["7-Zip 16.04"]) == "2019-06-30"
    again = run("import_systems", file, map=due, values=values, dates=["MM/DD/YY", "last"])
    assert "0 new, 0 to change, 1,543 unchanged, 0 skipped, 0 errors" in again
