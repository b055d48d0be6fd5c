"""Half a year of marketing operations: what the time goes into, who is able, who does it now, and who else could."""

import pytest
from django.utils import timezone

from governance.models import Activity, Assignment, Competency, LetterProposal, ResourceAssessment, SourcingOption
from inventory.models import System
from martech.accounts.models import Function
from tests.conftest import person

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(cast):
    """Priya leads marketing operations, Wen works there; nobody has a letter for their mail system."""
    priya = person("marketing_ops", "Priya Raman")
    made = Function.add(by=cast.administrator, name="Marketing operations", kind="marketing", head=priya)
    for one in (priya, person("member", "Wen Li")):
        one.change(by=cast.administrator, function=made)
    System.add(by=priya, name="Mail", owning_function=made, criticality="administrative")
    return made


def test_a_head_learns_who_should_do_what_and_makes_it_so(client, cast, team):
    priya, operate = team.head, Activity.objects.get(code="operate")
    wen = team.people.get(name="Wen Li")

    # Priya writes down what half a year went into, mistypes the period, and finds everything still typed.
    client.force_login(priya)
    period = {"function": team.pk, "from_on": "2027-01-01", "to_on": "2027-06-30"}
    typed = {
        **period,
        "people": "2",
        "hours": "75",
        "infrastructure": "55",
        "data": "50",
        "below": "Data: Consent 20 %",
    }
    wrong = client.post("/governance/assessments/new/", {**typed, "to_on": "2026-12-31"})
    assert wrong.status_code == 422
    assert "The period ends before it begins." in wrong.content.decode()
    assert "Data: Consent 20 %" in wrong.content.decode()
    client.post("/governance/assessments/new/", typed)
    record = ResourceAssessment.objects.get()

    # The page tells her what it means, and where the figure of the field comes from.
    page = client.get(f"/governance/assessments/{record.pk}/").content.decode()
    for words in ("105 % of the time is given away", "15 points more than the field reports (40 %)", "SiriusDecisions"):
        assert words in page

    # Wen says what she is able to do; Priya confirms it.
    client.force_login(wen)
    client.post("/governance/competencies/new/", {"person": "Wen Li", "activity": operate.name, "level": "4"})
    skill = Competency.objects.get()
    client.force_login(priya)
    client.post(f"/governance/competencies/{skill.pk}/confirm/", {"version": "1"})
    page = client.get(f"/governance/assessments/{record.pk}/").content.decode()
    assert "Wen Li alone is able" in page

    # She asks for advice and adopts with one click what it says of Wen.
    client.post(f"/governance/assessments/{record.pk}/advise/")
    proposal = LetterProposal.objects.get(person=wen)
    page = client.get(f"/governance/assessments/{record.pk}/").content.decode()
    assert "Wen Li alone is able: level 4, 3 is needed." in page
    client.post(f"/governance/letter-proposals/{proposal.pk}/adopt/")
    letters = Assignment.objects.valid(timezone.localdate()).values_list("system__name", "person__name", "letter")
    assert list(letters) == [("Mail", "Wen Li", "R")]

    # Wen alone is not enough: she weighs two ways to have it done and asks IT to choose.
    for told in (
        {"name": "Ourselves", "way": "in_house", "yearly": "48000", "hours": "60"},
        {"name": "IT", "way": "shared", "yearly": "39000", "hours": "40"},
    ):
        question = {"activity": operate.name, "function": team.pk, "currency": "EUR"}
        client.post("/governance/sourcing-options/new/", {**question, **told})
    assert "EUR" in client.get("/governance/sourcing/").content.decode()
    client.force_login(wen)
    assert "You may not see" in client.get("/governance/sourcing/").content.decode()
    chosen = SourcingOption.objects.get(name="IT")
    client.force_login(cast.it)
    client.post(f"/governance/sourcing-options/{chosen.pk}/choose/", {"note": "We run the servers.", "version": "1"})
    assert "Chosen is <b>IT</b>" in client.get("/governance/sourcing/").content.decode()

    # Both sides agree; what was found stays as it is.
    client.force_login(priya)
    record.refresh_from_db()
    client.post(f"/governance/assessments/{record.pk}/conclude/", {"version": str(record.version)})
    skill.refresh_from_db()
    skill.rate(by=wen, level=2)
    page = client.get(f"/governance/assessments/{record.pk}/").content.decode()
    assert ("As they were when this was concluded." in page, "Wen Li alone is able" in page) == (True, True)
