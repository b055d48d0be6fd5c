"""Letters that an assessment proposes become assignments in one act, or are told to be out of date."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from governance.models import Activity, Assignment, Competency, LetterProposal, ResourceAssessment
from inventory.models import System
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.errors import Refused
from martech.permissions import engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(ada, cast):
    made = Function.add(by=ada, name="Sales", kind="sales", head=cast.legal)
    for person in (cast.legal, cast.member, cast.finance):
        person.change(by=ada, function=made)
    return made


@pytest.fixture
def till(mona, team):
    return System.add(by=mona, name="Till", owning_function=team, criticality="administrative")


@pytest.fixture
def assessed(team, till, cast, mona):
    for person, level in ((cast.member, 5), (cast.finance, 4)):
        Competency.add(by=mona, person=person, activity=Activity.objects.get(code="operate"), level=level)
    period = {"from_on": date(2027, 1, 1), "to_on": date(2027, 6, 30)}
    record = ResourceAssessment.add(by=mona, function=team, people=3, data=40, **period)
    return record.advise(by=mona)


def proposed(record, *, status="open"):
    rows = LetterProposal.objects.filter(assessment=record, status=status).select_related("activity")
    return sorted((one.activity.code, str(one.holder), one.letters) for one in rows)


def operates(record, letters):
    return LetterProposal.objects.get(assessment=record, activity__code="operate", letters=letters, status="open")


def standing(system):
    today = timezone.localdate()
    rows = Assignment.objects.filter(system=system).valid(today)
    return sorted(rows.values_list("activity__code", "person__name", "letter"))


def test_advice_names_who_is_able_and_who_leads(assessed):
    assert proposed(assessed) == [
        ("administer_users", "Leo Legal", "A"),
        ("decide_renewal", "Leo Legal", "A"),
        ("operate", "Leo Legal", "A"),
        ("operate", "Mia Member", "R"),
    ]
    entry = Entry.objects.filter(verb="advise").latest("pk")
    assert entry.changes["proposals"] == [None, "4 proposed, 0 out of date"]


def test_an_adopted_proposal_is_an_assignment_with_its_reason(assessed, till, cast):
    record = operates(assessed, "R")
    record.adopt(by=cast.legal)
    assert standing(till) == [("operate", "Mia Member", "R")]
    made = Assignment.objects.get(system=till)
    assert made.reason == f"{assessed.number}: {record.reason}"[:300]
    acts = Entry.objects.filter(verb__in=["adopt", "add"], act=Entry.objects.filter(verb="adopt").latest("pk").act)
    assert list(acts.order_by("pk").values_list("kind", "verb")) == [
        ("governance.assignment", "add"),
        ("governance.letterproposal", "adopt"),
    ]


def test_only_who_may_give_letters_adopts(assessed, mia, cast):
    record = operates(assessed, "R")
    for somebody in (mia, cast.steering, cast.auditor):
        with pytest.raises(PermissionDenied):
            record.adopt(by=somebody)
    assert LetterProposal.objects.get(pk=record.pk).status == "open"


def test_a_proposal_is_refused_once_others_stand_there(assessed, till, mona, cast):
    record = operates(assessed, "R")
    Assignment.add(by=mona, system=till, activity=record.activity, person=cast.finance, letter="R")
    with pytest.raises(Refused, match="have changed since this was proposed: look again"):
        record.adopt(by=mona)
    assert standing(till) == [("operate", "Fay Finance", "R")]
    assert operates(assessed, "A").adopt(by=mona).status == "adopted"  # rests on who is accountable alone


def test_advice_drawn_anew_lets_lapse_what_no_longer_holds_and_repeats_nothing(assessed, till, mona, cast):
    Assignment.add(by=mona, system=till, activity=Activity.objects.get(code="operate"), person=cast.finance, letter="R")
    operates(assessed, "A").decline(by=mona, note="The head of service answers for it.")
    assessed.advise(by=mona)
    assert proposed(assessed) == [("administer_users", "Leo Legal", "A"), ("decide_renewal", "Leo Legal", "A")]
    assert proposed(assessed, status="lapsed") == [("operate", "Mia Member", "R")]
    assert proposed(assessed, status="declined") == [("operate", "Leo Legal", "A")]


def test_what_a_person_may_not_see_is_neither_proposed_nor_shown(team, cast, mona, ivan, mia):
    System.add(by=mona, name="Secret", owning_function=team, criticality="administrative", confidential=True)
    period = {"from_on": date(2027, 1, 1), "to_on": date(2027, 6, 30)}
    record = ResourceAssessment.add(by=mona, function=team, **period)
    record.advise(by=ivan)
    assert proposed(record) == []
    record.advise(by=cast.legal)  # the head of the function that owns it
    assert {one[1] for one in proposed(record)} == {"Leo Legal"}
    rows = LetterProposal.objects.all()
    seen = {who.name: engine.scope(who, rows).count() for who in (cast.legal, cast.auditor, ivan, mona, mia)}
    assert seen == {"Leo Legal": 3, "Otto Auditor": 3, "Ivan Itkin": 0, "Mona Marketing": 0, "Mia Member": 0}
    with pytest.raises(PermissionDenied):
        rows.first().adopt(by=ivan)


def test_functions_that_give_or_get_data_are_proposed_to_be_asked_or_told(team, mona, ada):
    till = System.add(by=mona, name="Till", owning_function=team, criticality="operational")
    service = Function.add(by=ada, name="Service")
    till.share(by=mona, function=service, part="feeds", purpose="Repairs")
    record = ResourceAssessment.add(by=mona, function=team, from_on=date(2027, 1, 1), to_on=date(2027, 6, 30))
    record.advise(by=mona)
    one = LetterProposal.objects.get(function=service)
    assert (one.activity.code, one.letters, one.reason) == (
        "own_data_quality",
        "C",
        "Service gives data to the system and is to be asked about the quality of the data.",
    )


def test_the_page_adopts_in_one_sending_and_tells_of_what_is_out_of_date(assessed, till, mona, client, cast):
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")
    page = client.get(f"/governance/assessments/{assessed.pk}/").content.decode()
    record = operates(assessed, "R")
    address = f"/governance/letter-proposals/{record.pk}/adopt/"
    assert page.count("Out of date") == 0
    assert f'action="{address}"' in page
    answer = client.post(address)
    assert (answer.status_code, answer.url) == (302, f"/governance/assessments/{assessed.pk}/#advice")
    assert standing(till) == [("operate", "Mia Member", "R")]
    other = operates(assessed, "A")
    Assignment.add(by=mona, system=till, activity=other.activity, person=cast.finance, letter="A")
    page = client.get(f"/governance/assessments/{assessed.pk}/").content.decode()
    assert (page.count(">Out of date<"), f"/governance/letter-proposals/{other.pk}/adopt/" in page) == (1, False)
    answer = client.post(f"/governance/letter-proposals/{other.pk}/adopt/")
    assert (answer.status_code, "look again" in answer.content.decode()) == (409, True)


def test_the_page_takes_as_many_statements_for_many_people_and_systems(assessed, team, mona, ada, cast, client):
    client.force_login(mona, backend="martech.permissions.backend.TableBackend")
    address = f"/governance/assessments/{assessed.pk}/"
    client.get(address)

    def counted():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    few = counted()
    for place, step in enumerate(Activity.objects.current()[:12]):
        System.add(by=mona, name=f"Till {place}", owning_function=team, criticality="critical")
        Competency.add(by=mona, person=cast.legal, activity=step, level=1 + place % 7)
    assessed.advise(by=mona)
    assert (LetterProposal.objects.open().count(), counted()) == (60, few)
