"""The demo company: whole, in order, dated from today, and loaded once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance import reports
from governance.models import ClosingPlan, Gap, Handover, OperatingModel
from inventory.models import Assurance, Contract, DataObject, DataSource, Integration, System, SystemUse, Vendor
from martech.accounts.models import Function, User
from martech.audit.models import Entry
from martech.calendars import models as calendars
from martech.checks import untruths
from martech.demo import PASSWORD, ROLES, email
from martech.files.models import Document
from martech.permissions import engine
from martech.records.models import Follow, SavedView


def seed(*arguments: str) -> str:
    said = StringIO()
    call_command("seed", *arguments, stdout=said)
    return said.getvalue()


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The company, loaded once for this module and rolled back after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        seed()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def company(loaded: None, db: None) -> None:
    """The company as it was loaded: each test's own changes are rolled back."""


def test_the_company_is_as_large_as_promised(company: None) -> None:
    people = User.objects.filter(kind="person")
    assert {
        "functions": Function.objects.count(),
        "people at work": people.filter(is_active=True).count(),
        "people who left": people.filter(is_active=False).count(),
        "vendors": Vendor.objects.current().count(),
        "merged vendors": Vendor.objects.exclude(merged_into=None).count(),
        "systems": System.objects.count(),
        "integrations": Integration.objects.count(),
        "data objects": DataObject.objects.count(),
        "data sources": DataSource.objects.count(),
        "assurances": Assurance.objects.count(),
        "contracts": Contract.objects.count(),
        "documents": Document.objects.count(),
        "confidential systems": System.objects.filter(confidential=True).count(),
    } == {
        "functions": 18,
        "people at work": 40,
        "people who left": 1,
        "vendors": 46,
        "merged vendors": 1,
        "systems": 60,
        "integrations": 78,
        "data objects": 12,
        "data sources": 25,
        "assurances": 30,
        "contracts": 14,
        "documents": 20,
        "confidential systems": 2,
    }
    assert SystemUse.objects.count() > 120
    assert Follow.objects.count() == 24
    assert Entry.objects.filter(verb="remark").count() > 75


def test_one_person_per_role_signs_in_and_nobody_else_can(company: None) -> None:
    able = {user.email: set(user.roles) for user in User.objects.all() if user.has_usable_password()}
    assert able == {email(role): {role} for role in ROLES}
    assert {authenticate(None, username=email(role), password=PASSWORD).email for role in ROLES} == set(able)
    assert all(user.standing for user in User.objects.filter(kind="person", is_active=True))


def test_every_state_and_answer_appears(company: None) -> None:
    def kept(model: type, field: str) -> set[str]:
        return set(model.objects.values_list(field, flat=True)) - {""}

    assert kept(System, "lifecycle") == set(System.Lifecycle.values)
    assert kept(System, "criticality") == set(System.Criticality.values)
    assert kept(System, "audience") == set(System.Audience.values)
    assert kept(System, "kind") == set(System.Kind.values)
    assert kept(System, "hosting") == set(System.Hosting.values)
    assert kept(System, "data_classification") == set(System.Classification.values)
    assert kept(System, "personal_data") == {"unknown", "yes", "no"}
    assert kept(System, "sso") == {"unknown", "yes", "no", "paid_tier"}
    assert kept(System, "disposition") == set(System.Disposition.values)
    assert kept(Vendor, "status") == set(Vendor.Status.values)
    assert kept(Vendor, "risk_tier") == set(Vendor.Risk.values)
    assert {kind for vendor in Vendor.objects.all() for kind in vendor.kinds} == set(Vendor.Kind.values)
    assert kept(Integration, "status") == set(Integration.Status.values)
    assert kept(Integration, "method") == set(Integration.Method.values)
    assert kept(Assurance, "kind") == set(Assurance.Kind.values)
    assert {stage for system in System.objects.all() for stage in system.journey_stages} == set(System.Stage.values)
    assert {system.quadrant for system in System.objects.all()} == {"", "invest", "tolerate", "migrate", "eliminate"}


def test_what_is_missing_is_missing_on_purpose(company: None) -> None:
    assert set(System.objects.without_owner().values_list("name", flat=True)) == {"Chatmarrow", "Murmurwell Listen"}
    assert not System.objects.filter(business_owner__is_active=False).exists()
    assert not Vendor.objects.current().filter(name__startswith="Postwren (").exists()


def test_who_came_in_a_leaver_s_place_has_what_he_held_and_he_still_answers_for_his_days(company: None) -> None:
    webinars, today = System.objects.get(name="Vantrell Webinars"), timezone.localdate()
    then = {
        ago: [str(one) for one in engine.people(webinars, "accountable", on=today - timedelta(ago))]
        for ago in (120, 80, 0)
    }
    assert then == {120: ["Gareth Lomax"], 80: [], 0: ["Laura Stahl"]}
    assert str(webinars.business_owner) == "Laura Stahl"
    told = Handover.objects.order_by("pk").values_list("person__name", "receiver__name", "status")
    assert list(told) == [
        ("Gareth Lomax", "Fiona Garrity", "accepted"),
        ("Inês Duarte", "Priya Raman", "proposed"),
    ]


def test_some_systems_are_answered_for_in_full_and_some_have_gaps_on_purpose(company: None) -> None:
    today, tomasz = timezone.localdate(), User.objects.get(name="Tomasz Wilk")
    missing = {}
    for system in System.objects.filter(assignments__last_on__gte=today).distinct():
        seen = reports.matrix(system, tomasz, today)
        missing[system.name] = sum(bool(row.missing) for row in seen.rows)
    assert {name for name, many in missing.items() if not many} == {
        "Answerby Chat", "Attribution workbook", "Brackenlight", "Channelwick Portal", "Data warehouse", "Formwold",
        "Hexlowe ERP", "Ostrelle CRM", "Passbarrow", "Pipefell", "Planthorne", "Postwren", "Project Heron room",
        "Quillmark Engage", "Quillmark Pages", "Seekmoor", "Shared picture drive", "Tarnwater Shop",
        "Tidemast Analytics", "Tidemast Tags", "Tonguewell", "Vantrell Webinars", "Videlbrook", "Yesfold",
    }  # fmt: skip
    assert {name: many for name, many in missing.items() if many} == {
        "Answerby Desk": 13,
        "Bidwharf Console": 3,
        "Chirrupline": 9,
        "Dealer price book": 6,
        "Lettergrove": 3,
        "Signcroft Quotes": 19,
        "Spare parts catalogue": 20,
        "Splitfield": 1,
        "Tarnwater Pay": 6,
    }


def test_gaps_grow_fewer_and_what_came_in_live_has_its_plans(company: None) -> None:
    plans = ClosingPlan.objects.order_by("pk").values_list("owner__name", "closed", "size", "status")
    assert list(plans) == [
        ("Leila Haddad", 7, 20, "open"),
        ("Tess Moreau", 9, 9, "done"),
        ("Charles Ogden", 3, 3, "done"),
    ]
    told = reports.trend(Gap.objects.all(), timezone.localdate(), 26)
    assert (told.weeks[0].open > told.now > 150, told.closed > 100, told.opened > 10) == (True, True, True)
    assert Gap.objects.filter(status="tolerated").count() == 1


def test_a_system_changed_its_operating_model_and_the_former_still_answers_for_its_days(company: None) -> None:
    crm, today = System.objects.get(name="Ostrelle CRM"), timezone.localdate()
    then = {ago: [str(one) for one in engine.people(crm, "accountable", on=today - timedelta(ago))] for ago in (200, 0)}
    assert then == {200: ["Rajiv Menon"], 0: ["Chloé Marchetti"]}
    own = OperatingModel.objects.get(code="small_tools")
    assert (own.origin, own.read()[0].activity) == ("demo", "operate")


def test_dates_are_counted_from_today(company: None) -> None:
    today = timezone.localdate()
    ahead = Counter(
        next(step for step in (0, 1, 7, 14, 30, 60) if (row.expires_on - today).days <= step)
        for row in Assurance.objects.running_out(today + timedelta(days=60)).filter(expires_on__gte=today)
    )
    assert ahead == {0: 1, 1: 1, 7: 2, 14: 2, 30: 2, 60: 4}
    assert Assurance.objects.running_out(today - timedelta(days=1)).count() == 3
    assert all(row.owner and row.owner.present for row in Assurance.objects.running_out(today + timedelta(days=60)))
    trials = {
        row.name: (row.trial_ends_on - today).days for row in System.objects.trials_ending(today + timedelta(days=30))
    }
    assert trials == {"Partnerbeck": -17, "Loyalbourne Club": 9}
    assert Entry.objects.latest("id").at < timezone.now()
    assert (timezone.now() - Entry.objects.earliest("id").at).days > 725


def test_history_happened_in_order_and_through_the_demo_door(company: None) -> None:
    instants = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert instants == sorted(instants)
    assert {at.weekday() for at in instants} == {0, 1, 2, 3, 4}
    assert set(Entry.objects.values_list("door", flat=True)) == {"demo"}
    for kind in (Function, Vendor, System, Integration, DataObject, DataSource, Assurance, Document, SavedView):
        sent = {("demo", "Hexlowe ERP")} if kind is Vendor else set()
        assert set(kind._base_manager.values_list("origin", "origin_detail")) == {("demo", "Fernhollow")} | sent
    assert list(untruths()) == []


def test_calendars_know_the_holidays_and_the_part_timer(company: None) -> None:
    organisation = calendars.organisation()
    assert (organisation.country, organisation.time_zone) == ("IE", "Europe/Dublin")
    felix = User.objects.get(name="Felix Baumann")
    assert felix.calendar is not None
    assert sorted(felix.calendar.weekly) == ["monday", "thursday", "tuesday", "wednesday"]


def test_papers_open_as_what_they_are(company: None) -> None:
    assert set(Document.objects.values_list("media_type", flat=True)) == {"application/pdf", "text/plain"}
    assert all(document.path.stat().st_size == document.size for document in Document.objects.all())


def test_it_refuses_to_load_the_company_twice(company: None) -> None:
    before = Entry.objects.count()
    with pytest.raises(CommandError, match="Fernhollow is here already"):
        seed()
    assert seed("--if-empty") == ""
    assert Entry.objects.count() == before


def test_generated_systems_come_with_their_trail_in_batches(company: None) -> None:
    with CaptureQueriesContext(connection) as few:
        seed("--scale", "300")
    assert (System.objects.count(), Vendor.objects.current().count(), Integration.objects.count()) == (360, 146, 678)
    assert Entry.objects.filter(origin="generated").count() == 300 + 100 + 600
    assert len(few) < 80
    assert set(System.objects.filter(lookup="").values_list("name")) == set()
    instants = list(Entry.objects.order_by("id").values_list("at", flat=True))
    assert instants == sorted(instants)
    seed("--scale", "30")
    assert System.objects.count() == 390
