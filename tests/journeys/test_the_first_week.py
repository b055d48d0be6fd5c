"""The first week with Interlock, as its people tell it, through pages and REST alike."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from inventory import tasks
from inventory.models import Assurance, System, Vendor
from martech.accounts.models import Function, Token
from martech.audit.models import Entry
from martech.calendars.models import DAYS, Calendar
from martech.notifications.models import Notice, Preference
from martech.notifications.tasks import relay, sweep

pytestmark = pytest.mark.django_db


def window(person):
    """A browser of this person's own."""
    client = Client()
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


def words(response):
    """The page's text, as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_marketing_logs_a_tool_it_completes_it_and_the_owner_is_reminded(cast):
    mona, ivan, ada = cast.marketing_ops, cast.it, cast.administrator
    marketing, desk = window(mona), window(ivan)

    # Mona works around the clock, so that the hour at which this is told makes no difference.
    always = Calendar.add(by=ada, name="Always", time_zone="UTC", weekly={day: [["00:00", "24:00"]] for day in DAYS})
    mona.change(by=ada, calendar=always)

    # The administrator names a function and its head.
    demand = Function.add(by=ada, name="Demand generation", kind="marketing", head=mona)

    # Mona logs a tool: a name is enough. She lands on its page and reads what is missing.
    answer = marketing.post("/new/", {"name": "Petal Mail", "lifecycle": "live"}, follow=True)
    petal = System.objects.get(name="Petal Mail")
    assert answer.redirect_chain[-1][0] == f"/inventory/systems/{petal.pk}/"
    assert "Name a technical owner" in words(answer)

    # Logging it again she is warned, with the number of the one that is there.
    assert petal.number in words(marketing.get("/inventory/systems/like/", {"name": "petal  MAIL"}))

    # Ivan adds the vendor and what technology knows; Mona meanwhile names herself. Nobody overwrites anybody.
    desk.post(
        "/inventory/vendors/new/",
        {"name": "Petal Labs", "website": "https://www.petal.example", "status": "known", "risk_tier": "low"},
    )
    vendor = Vendor.objects.get(name="Petal Labs")
    form = desk.get(f"/inventory/systems/{petal.pk}/change/").context["form"]
    seen = {name: form[name].value() for name in form.fields}
    marketing.post(
        f"/inventory/systems/{petal.pk}/change/",
        sent(seen, business_owner=f"{mona} ({mona.number})", owning_function=demand.pk),
    )
    desk.post(
        f"/inventory/systems/{petal.pk}/change/",
        sent(seen, vendor=vendor.number, technical_owner=ivan.email, hosting="saas", sso="yes"),
    )
    petal.refresh_from_db()
    assert (petal.business_owner, petal.technical_owner, petal.vendor, petal.owning_function) == (
        mona,
        ivan,
        vendor,
        demand,
    )

    # IT records the agreement, which runs out soon; the job reminds Mona, once, in her inbox and by mail.
    Preference.choose(mona, "at_once")
    Assurance.add(by=ivan, kind="dpa", system=petal, expires_on=timezone.localdate() + timedelta(days=5))
    for _ in range(3):
        tasks.remind_of_assurances()
        sweep()
    reminders = Notice.objects.filter(person=mona, reminder__isnull=False)
    assert reminders.count() == 1
    assert "Data-processing agreement" in reminders.get().sentence
    assert reminders.get().sentence in words(marketing.get("/inbox/"))
    relay()
    letters = [letter.subject for letter in mail.outbox if letter.to == [mona.email]]
    added = f"{ivan.name} added Data-processing agreement of Petal Mail."
    assert sorted(letters) == sorted([added, reminders.get().sentence])

    # She renews it: the old reminder rests and the story of the record tells it in a sentence.
    agreement = Assurance.objects.get(system=petal)
    later = timezone.localdate() + timedelta(days=370)
    marketing.post(f"/inventory/assurances/{agreement.pk}/renew/", {"expires_on": later.isoformat()})
    tasks.remind_of_assurances()
    sweep()
    assert Notice.objects.filter(person=mona, reminder__isnull=False).count() == 1
    assert f"{mona.name} renewed" in words(marketing.get(f"/inventory/assurances/{agreement.pk}/"))

    # An ERP reads and writes with a token; it learns what it may do, and is told plainly what it may not.
    secret = Token.add(by=mona, name="ERP", write=True).secret
    erp = Client(headers={"Authorization": f"Bearer {secret}"})
    found = erp.get("/api/v1/systems/", {"vendor": vendor.pk, "fields": "name,owner_name"}).json()
    assert (found["count"], found["results"][0]["owner_name"]) == (1, mona.name)
    one = erp.get(f"/api/v1/systems/{petal.number}/")
    stale = {"If-Match": '"1"'}
    refused = erp.patch(
        f"/api/v1/systems/{petal.pk}/", {"description": "x"}, content_type="application/json", headers=stale
    )
    assert (refused.status_code, refused["Content-Type"]) == (412, "application/problem+json")
    kept = erp.patch(
        f"/api/v1/systems/{petal.pk}/",
        {"description": "Campaign mail"},
        content_type="application/json",
        headers={"If-Match": one["ETag"]},
    )
    assert (kept.status_code, kept.json()["description"]) == (200, "Campaign mail")
    wrong = erp.post("/api/v1/systems/", {"name": "X", "colour": "red", "version": 9}, content_type="application/json")
    assert wrong.json()["errors"] == {"colour": ["There is no such field."], "version": ["This is read-only."]}

    # Otto, the auditor, reads the whole story: who, through which door, in order.
    told = window(cast.auditor).get("/trail/", {"kind": "inventory.system", "key": petal.pk})
    assert "Mona Marketing" in words(told)
    doors = list(
        Entry.objects.filter(kind="inventory.system", key=petal.pk).order_by("id").values_list("door", flat=True)
    )
    assert doors == ["page", "page", "page", "api"]

    # The list leaves as CSV and says what the page says.
    response = marketing.get(
        "/inventory/systems/export/csv/", {"q": "petal", "columns": "vendor,business_owner,lifecycle"}
    )
    rows = list(csv.DictReader(io.StringIO(b"".join(response.streaming_content).decode())))
    assert [(row["name"], row["vendor"], row["lifecycle"]) for row in rows] == [("Petal Mail", vendor.number, "live")]

    # Somebody without a role sees none of it.
    assert window(cast.outsider).get(f"/inventory/systems/{petal.pk}/").status_code == 404


def sent(seen, **changes):
    """A form as the browser sends it: what was shown, with what was typed over it."""
    values = {**seen, **changes}
    return {name: value for name, value in values.items() if value is not None and value != []}
