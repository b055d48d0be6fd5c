"""Tools come in that are in use already; what they lack is one plan, and is closed by giving letters."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from governance import tasks
from governance.models import Activity, ClosingPlan, Gap
from inventory.models import System
from martech.accounts.models import Function, Token
from martech.audit.models import Entry
from martech.notifications.models import Notice
from martech.notifications.tasks import sweep
from tests.conftest import person

pytestmark = pytest.mark.django_db


def window(somebody):
    """A browser of this person's own."""
    client = Client()
    client.force_login(somebody, backend="martech.permissions.backend.TableBackend")
    return client


def words(response):
    """The page's text, as it is read."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


@pytest.fixture
def leila(cast):
    """She leads customer service, whose tools are brought in, and has a deputy."""
    somebody = person("marketing_ops", "Leila Haddad", "leila@cast.example")
    somebody.change(by=cast.administrator, deputy=cast.member)
    Function.add(by=cast.administrator, name="Customer service", head=somebody, deputy=cast.member)
    return somebody


def test_tools_in_use_come_in_and_their_owner_closes_what_is_missing(cast, leila):
    desk, today = window(leila), timezone.localdate()
    train = Activity.objects.get(code="train")
    Activity.objects.exclude(code="train").update(required_from="")
    Activity.objects.filter(code="train").update(required_from="light", kinds=[])

    # The help desk's own list brings two tools that are in use, and names Leila for both.
    secret = Token.add(by=cast.it, name="Help desk list", write=True).secret
    items = [
        {"external_id": f"T{n}", "name": name, "lifecycle": "live", "business_owner": leila.pk}
        for n, name in enumerate(("Answer desk", "Answer chat"))
    ]
    sent = Client(headers={"Authorization": f"Bearer {secret}"}).post(
        "/api/v1/systems/sync/",
        {"source": "help-desk", "mode": "partial", "items": items},
        content_type="application/json",
    )
    assert sent.json()["totals"]["created"] == 2
    tasks.sweep_gaps()

    # Leila is told once, not twice, and finds one plan with a day on her home page.
    plan = ClosingPlan.objects.get()
    assert (plan.name, plan.size, plan.due_on) == ("Closing plan of Leila Haddad", 2, today + timedelta(days=30))
    assert Notice.objects.filter(person=leila, kind="governance.closingplan").count() == 1
    assert "Closing plan of Leila Haddad 2 of 2 gaps open; close them by" in words(desk.get("/"))

    # The page of a tool says what is missing; she names herself and Mia in its matrix.
    answer_desk, chat = System.objects.order_by("-name")
    page = words(desk.get(f"/inventory/systems/{answer_desk.pk}/"))
    assert "Gaps in who does what" in page
    assert "Nobody named Train people" in page
    cells = {f"cell-{train.pk}-person-{leila.pk}": "A", f"cell-{train.pk}-person-{cast.member.pk}": "R"}
    desk.post(f"/inventory/systems/{answer_desk.pk}/raci/", {**cells, "note": "As we do it already."})
    tasks.sweep_gaps()
    assert "Every rule of ownership holds here." in words(desk.get(f"/inventory/systems/{answer_desk.pk}/"))
    assert "1 of 2 gaps closed" in words(desk.get(f"/governance/closing-plans/{plan.pk}/"))

    # The other goes in summer: she tolerates the gap until then, with the reason, and it leaves her list.
    gap = Gap.objects.get(system=chat)
    later = today + timedelta(days=90)
    desk.post(f"/governance/gaps/{gap.pk}/tolerate/", {"tolerated_until": later.isoformat(), "note": "Goes in summer."})
    gap.refresh_from_db()
    assert (gap.status, gap.tolerated_until) == ("tolerated", later)

    # Two weeks before the day she is reminded, once, however often the jobs run.
    plan.refresh_from_db()
    desk.post(
        f"/governance/closing-plans/{plan.pk}/postpone/",
        {"due_on": (today + timedelta(days=14)).isoformat(), "note": "Sooner."},
    )
    for _run in range(3):
        tasks.remind_of_closing_plans()
        sweep()
    reminders = Notice.objects.filter(person=leila, reminder__isnull=False).values_list("sentence", flat=True)
    assert [sentence.split(" is to be done")[0] for sentence in reminders] == ["Closing plan of Leila Haddad"]

    # The chat is retired: nothing is missing any more, the plan is done and says so.
    chat.refresh_from_db()
    desk.post(f"/inventory/systems/{chat.pk}/phase-out/", {"note": "Nobody writes there."})
    tasks.sweep_gaps()
    plan.refresh_from_db()
    assert (plan.status, plan.closed, plan.size) == ("done", 2, 2)
    verbs = Entry.objects.filter(kind="governance.closingplan").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["add", "postpone", "close"]

    # Mia leaves: her letter is a gap the same day, the picture by week counts it, and the auditor takes the list along.
    cast.member.retire(by=cast.administrator, note="Left the company.")
    tasks.sweep_gaps()
    still = list(Gap.objects.filter(closed_at=None, system=answer_desk).values_list("rule", flat=True))
    assert still == ["no_responsible"]
    reader = window(cast.auditor)
    week = reader.get(f"/api/v1/gaps/trend/?weeks=1&system={answer_desk.pk}").json()
    assert [(one["opened"], one["closed"], one["open"]) for one in week] == [(2, 1, 1)]
    table = reader.get(f"/api/v1/gaps/?format=csv&system={answer_desk.pk}&status=open")
    assert "Nobody is responsible for “Train people” of Answer desk" in b"".join(table.streaming_content).decode()
