"""Those consulted are asked before a critical system changes hands or leaves its place in the lifecycle."""

from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from governance import tasks
from governance.models import Activity, Assignment, Consultation
from inventory.models import System
from martech import bulk
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.bulk.reversal import Reversal
from martech.errors import Refused
from martech.notifications.models import Notice, Reminder

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 23)


def noon(day):
    return timezone.make_aware(datetime(day.year, day.month, day.day, 12))


@pytest.fixture
def give(mona):
    def give(system, letter, *, code="operate", **holder):
        step = Activity.objects.get(code=code)
        return Assignment.add(by=mona, system=system, activity=step, letter=letter, from_on=date(2026, 1, 1), **holder)

    return give


@pytest.fixture
def till(mona, ivan, mia, cast, give):
    """Critical, live, owned by Mona; Ivan is accountable, Mia and Leo are consulted."""
    made = System.add(by=mona, name="Till", business_owner=mona, criticality="critical", lifecycle="live")
    give(made, "A", person=ivan)
    give(made, "C", person=mia)
    give(made, "C", person=cast.legal)
    return made


@pytest.fixture
def asked(till, mona, cast):
    """Put to Mia and Leo on a Monday: Fay is to own it."""
    return Consultation.add(
        by=mona, at=noon(MONDAY), system=till, verb="change", business_owner=cast.finance, reason="Mona moves on."
    )


def answers(consultation):
    return {one.person.name: one.answer for one in consultation.opinions.select_related("person")}


def test_a_change_of_owner_waits_for_those_consulted(till, mona, cast):
    with pytest.raises(Refused, match="Till is critical, and Leo Legal and Mia Member are consulted first") as refused:
        till.change(by=mona, business_owner=cast.finance)
    assert (refused.value.instead.action, refused.value.instead.kind, refused.value.instead.fields) == (
        "Consult",
        "governance.consultation",
        {"system": till.number, "verb": "change", "business_owner": cast.finance.number},
    )
    till.refresh_from_db()
    assert till.business_owner == mona
    till.change(by=mona, description="Sells.")
    assert till.description == "Sells."


def test_they_have_two_working_days_of_the_organisation(asked, till, mona, cast):
    assert (asked.answer_by_on, asked.open_until_on) == (date(2026, 11, 25), date(2026, 12, 9))
    friday = Consultation.add(by=mona, at=noon(date(2026, 11, 27)), system=till, verb="phase_out", reason="Old.")
    assert friday.answer_by_on == date(2026, 12, 1)
    assert answers(asked) == {"Mia Member": "", "Leo Legal": ""}


def test_when_all_agree_it_is_possible_for_a_fortnight_and_only_what_was_asked(asked, till, mona, mia, cast):
    at = noon(MONDAY + timedelta(1))
    asked.agree(by=mia, at=at)
    with pytest.raises(Refused, match="have until 25 November 2026 to answer CSN-"):
        till.change(by=mona, at=at, business_owner=cast.finance)
    asked.agree(by=cast.legal, at=at)
    assert (asked.status, asked.open_until_on) == ("clear", date(2026, 12, 8))
    with pytest.raises(Refused, match="consulted first"):
        till.change(by=mona, at=at, business_owner=cast.procurement)
    with pytest.raises(Refused, match="consulted first"):
        till.change(by=mona, at=noon(date(2026, 12, 9)), business_owner=cast.finance)
    till.change(by=mona, at=at, business_owner=cast.finance)
    assert till.business_owner == cast.finance


def test_silence_lets_it_pass_the_moment_the_time_is_over(asked, till, mona, mia, cast):
    last, after = noon(date(2026, 11, 25)), noon(date(2026, 11, 26))
    with pytest.raises(Refused):
        till.change(by=mona, at=last, business_owner=cast.finance)
    assert tasks.close_consultations(last) == 0
    with pytest.raises(Refused, match="The time to answer ended on 25 November 2026"):
        asked.agree(by=mia, at=after)
    till.change(by=mona, at=after, business_owner=cast.finance)
    assert till.business_owner == cast.finance
    assert tasks.close_consultations(after) == 1
    asked.refresh_from_db()
    assert (asked.status, answers(asked)) == ("clear", {"Mia Member": "silent", "Leo Legal": "silent"})
    assert Entry.objects.filter(kind="governance.consultation", verb="close").get().changes["opinions"] == [
        None,
        "2 gave no answer",
    ]
    assert tasks.close_consultations(after) == 0


def test_an_objection_keeps_it_closed_until_whoever_is_accountable_decides(asked, till, mona, mia, ivan, cast):
    at, late = noon(MONDAY), noon(date(2026, 11, 30))
    with pytest.raises(ValidationError):
        asked.object(by=mia, note=" ", at=at)
    asked.object(by=mia, note="Fay is away until May.", at=at)
    with pytest.raises(Refused, match=r"Mia Member objects: “Fay is away until May\.” Whoever is accountable decides"):
        till.change(by=mona, at=late, business_owner=cast.finance)
    with pytest.raises(Refused, match="That is for Ivan Itkin to decide"):
        asked.overrule(by=mona, note="I say so.", at=late)
    asked.overrule(by=ivan, note="Her deputy stands in.", at=late)
    till.change(by=mona, at=late, business_owner=cast.finance)
    assert (asked.status, till.business_owner) == ("overruled", cast.finance)


def test_whose_letters_count_is_asked_of_the_day_of_the_act(till, mona, mia, ivan, cast, give):
    System.objects.filter(pk=till.pk).update(technical_owner=cast.security)
    held = Assignment.objects.get(system=till, letter="A")
    held.end(by=mona, to_on=date(2026, 11, 29), note="Ivan moves on.")
    step = Activity.objects.get(code="operate")
    advent = {"system": till, "activity": step, "from_on": date(2026, 11, 30)}
    Assignment.add(by=mona, letter="A", person=cast.security, **advent)
    Assignment.add(by=mona, letter="C", person=cast.it, **advent)
    Assignment.objects.filter(system=till, letter="C", person=mia).update(silent=True)
    before, after = noon(date(2026, 11, 27)), noon(date(2026, 11, 30))
    for at, names in ((before, "Leo Legal is"), (after, "Ivan Itkin and Leo Legal are")):
        with pytest.raises(Refused, match=f"critical, and {names} consulted first"):
            till.change(by=mona, at=at, business_owner=cast.finance)
    asked = Consultation.add(
        by=mona, at=after, system=till, verb="change", business_owner=cast.finance, reason="Mona moves on."
    )
    assert answers(asked) == {"Ivan Itkin": "", "Leo Legal": ""}
    asked.object(by=cast.legal, note="Not before May.", at=after)
    with pytest.raises(Refused, match="That is for Selma Secure to decide"):
        asked.overrule(by=mona, note="I say so.", at=after)
    asked.overrule(by=cast.security, note="May is too late.", at=after)
    assert (asked.status, asked.open_until_on) == ("overruled", date(2026, 12, 14))


def test_who_objected_may_take_it_back(asked, till, mona, mia, cast):
    asked.object(by=mia, note="Not before May.", at=noon(MONDAY))
    asked.agree(by=mia, note="May it is.", at=noon(MONDAY))
    assert asked.status == "asking"
    asked.object(by=cast.legal, note="The contract.", at=noon(MONDAY))
    asked.agree(by=cast.legal, at=noon(date(2026, 12, 1)))
    assert (asked.status, asked.open_until_on) == ("clear", date(2026, 12, 15))


def test_only_those_asked_answer_and_only_who_asked_or_is_accountable_withdraws(asked, mona, ivan, cast):
    with pytest.raises(PermissionDenied):
        asked.agree(by=cast.finance, at=noon(MONDAY))
    with pytest.raises(PermissionDenied):
        asked.withdraw(by=cast.legal, note="No.")
    asked.withdraw(by=mona, note="Mona stays.")
    assert asked.status == "withdrawn"


@pytest.mark.parametrize("verb", ["phase_out", "retire"])
def test_an_ending_is_put_to_those_consulted_for_retiring_too(till, mona, give, cast, verb):
    give(till, "C", person=cast.security, code="retire")
    with pytest.raises(Refused, match="Leo Legal, Mia Member and Selma Secure are consulted first"):
        getattr(till, verb)(by=mona, note="Old.")
    made = Consultation.add(by=mona, system=till, verb=verb, reason="Old.")
    assert sorted(answers(made)) == ["Leo Legal", "Mia Member", "Selma Secure"]
    for one in (cast.security, cast.legal, cast.member):
        made.agree(by=one)
    getattr(till, verb)(by=mona, note="Old.")
    assert till.lifecycle == {"phase_out": "phasing_out", "retire": "retired"}[verb]


def test_what_belonged_to_somebody_who_left_passes_at_once(till, mona, ada, cast):
    till.change(by=mona, technical_owner=cast.security)
    cast.security.retire(by=ada)
    till.change(by=mona, technical_owner=cast.procurement)
    assert till.technical_owner == cast.procurement
    mona.retire(by=ada)
    till.change(by=cast.it, business_owner=cast.finance)
    assert till.business_owner == cast.finance


def test_elsewhere_nothing_is_held_and_those_consulted_are_told(mona, mia, cast, give):
    mail = System.add(by=mona, name="Mail", business_owner=mona, criticality="operational")
    give(mail, "C", person=mia)
    mail.change(by=mona, business_owner=cast.finance)
    told = Notice.objects.filter(person=mia, event="inventory.system.change").get()
    assert told.sentence == "Mona Marketing changed business owner of Mail."
    with pytest.raises(ValidationError, match="Mail is not critical"):
        Consultation.add(by=mona, system=mail, verb="change", business_owner=mona, reason="Back.")


def test_without_those_consulted_or_with_their_letters_silent_nothing_is_held(mona, mia, cast, give):
    shop = System.add(by=mona, name="Shop", business_owner=mona, criticality="mission")
    shop.change(by=mona, business_owner=cast.legal)
    letter = give(shop, "C", person=mia)
    letter.silence(by=mona, note="During the merger.")
    shop.change(by=mona, business_owner=cast.finance)
    letter.heed(by=mona)
    with pytest.raises(Refused, match="Mia Member is consulted first"):
        shop.change(by=mona, business_owner=mona)


def test_a_rating_is_not_lowered_to_pass_in_one_act(till, mona, cast):
    with pytest.raises(Refused):
        till.change(by=mona, business_owner=cast.finance, criticality="operational")


def test_what_is_asked_must_be_possible(till, mona, cast):
    for fields, where in (
        ({"verb": "go_live"}, "verb"),
        ({"verb": "change"}, "business_owner"),
        ({"verb": "change", "business_owner": mona}, "business_owner"),
        ({"verb": "retire", "business_owner": cast.finance}, "business_owner"),
    ):
        with pytest.raises(ValidationError) as told:
            Consultation.add(by=mona, system=till, reason="Why not?", **fields)
        assert list(told.value.message_dict) == [where]


def test_the_same_is_put_to_them_once(asked, till, mona, cast):
    with pytest.raises(ValidationError, match="put to those consulted already"):
        Consultation.add(by=mona, system=till, verb="change", business_owner=cast.finance, reason="Again.")


def test_a_bulk_change_tells_it_as_that_row_s_error(till, mona, ada, cast):
    mail = System.add(by=mona, name="Mail", business_owner=mona)
    rows = [(till.pk, None, {"business_owner": cast.finance.pk}), (mail.pk, None, {"business_owner": cast.finance.pk})]
    told = bulk.apply(System, [], rows, by=mona)
    assert [one.outcome for one in told] == ["error", "changed"]
    assert told[0].errors["__all__"][0].startswith("Not yet: Till is critical, and Leo Legal and Mia Member")


def test_a_sync_tells_it_as_that_item_s_error_and_takes_the_others(mona, mia, cast, give, client):
    client.force_login(mona)

    def sync(owner):
        items = [
            {"external_id": "S-1", "name": "Till", "criticality": "critical", "business_owner": owner.email},
            {"external_id": "S-2", "name": "Mail", "criticality": "operational", "business_owner": owner.email},
        ]
        body = {"source": "erp", "mode": "partial", "items": items}
        return client.post("/api/v1/systems/sync/", body, content_type="application/json").json()

    sync(mona)
    give(System.objects.get(name="Till"), "C", person=mia)
    told = sync(cast.finance)["items"]
    assert [one["outcome"] for one in told] == ["error", "updated"]
    assert "Till is critical, and Mia Member is consulted first" in str(told[0]["errors"])
    body = {"source": "erp", "mode": "full", "items": [{"external_id": "S-2", "name": "Mail"}], "confirm_retire": True}
    whole = client.post("/api/v1/systems/sync/", body, content_type="application/json").json()
    assert (whole["totals"]["retired"], whole["totals"]["kept"]) == (0, 1)
    assert "Till is critical, and Mia Member is consulted first" in str(whole)


def test_a_bulk_change_asks_for_all_rows_at_once(mona, mia, cast, give, django_assert_max_num_queries):
    systems = [System.add(by=mona, name=f"S{n}", business_owner=mona, criticality="critical") for n in range(20)]
    for system in systems:
        give(system, "C", person=mia)
    rows = [(one.pk, None, {"business_owner": cast.finance.pk}) for one in systems]
    with django_assert_max_num_queries(16):
        told = bulk.apply(System, [], rows, by=mona)
    assert {one.outcome for one in told} == {"error"}


def test_an_undo_leaves_what_those_consulted_were_not_asked_for_and_does_the_rest(mona, mia, cast, give):
    rated = {"business_owner": mona, "criticality": "critical", "lifecycle": "discovered"}
    till, shop = (System.add(by=mona, name=name, **rated) for name in ("Till", "Shop"))
    mail = System.add(by=mona, name="Mail", business_owner=mona)
    owned = {"business_owner": cast.finance.pk}
    made, *_ = bulk.apply(
        System,
        [{"name": "New", "criticality": "critical"}, {"name": "Alone", "criticality": "critical"}],
        [(till.pk, None, owned), (shop.pk, None, {"lifecycle": "proposed"}), (mail.pk, None, owned)],
        by=mona,
    )
    entries = list(Entry.objects.filter(act=Entry.objects.latest("pk").act).order_by("pk"))
    for system in (till, shop, System.objects.get(pk=made.key)):
        give(system, "C", person=mia)
    told = {one.entry.text: one for one in Reversal(System, by=mona).take_back(entries)}
    assert {text: one.outcome for text, one in told.items()} == {
        "New": "left", "Alone": "retired", "Till": "left", "Shop": "left", "Mail": "restored",
    }  # fmt: skip
    assert {text: one.reason for text, one in told.items() if one.outcome == "left"} == {
        "New": "Not yet: New is critical, and Mia Member is consulted first: put it to them.",
        "Till": "Not yet: Till is critical, and Mia Member is consulted first: put it to them.",
        "Shop": "Not yet: Shop is critical, and Mia Member is consulted before its lifecycle changes.",
    }
    asked = Consultation.add(by=mona, system=till, verb="change", business_owner=mona, reason="It was a slip.")
    asked.agree(by=mia)
    again = {one.entry.text: one.outcome for one in Reversal(System, by=mona).take_back(entries)}
    assert again == {"New": "left", "Alone": "left", "Till": "restored", "Shop": "left", "Mail": "left"}
    till.refresh_from_db()
    assert till.business_owner == mona


def test_who_is_asked_hears_of_it_and_is_reminded_a_working_day_before(asked, mia, mona, cast, ivan):
    told = Notice.objects.filter(event="governance.consultation.add")
    assert {one.person: one.sentence for one in told} == dict.fromkeys(
        (mia, cast.legal, ivan), "Mona Marketing puts to you: Till: new business owner Fay Finance. “Mona moves on.”"
    )
    asked.agree(by=mia, at=noon(MONDAY))
    tasks.plan_consultation_reminders(noon(MONDAY))
    planned = Reminder.objects.filter(topic=tasks.TOPIC)
    assert [(one.person, one.step, timezone.localdate(one.due_at)) for one in planned] == [
        (cast.legal, 1, date(2026, 11, 24))
    ]
    asked.withdraw(by=mona, note="Mona stays.", at=noon(MONDAY))
    assert [one.state for one in Reminder.objects.filter(topic=tasks.TOPIC)] == ["void"]


def test_a_function_consulted_is_asked_through_its_head(mona, ada, cast, give):
    law = Function.add(by=ada, name="Legal", head=cast.legal)
    till = System.add(by=mona, name="Till", business_owner=mona, criticality="critical")
    give(till, "C", function=law)
    made = Consultation.add(by=mona, system=till, verb="approve", reason="Needed.")
    assert answers(made) == {"Leo Legal": ""}


def test_the_page_keeps_what_was_typed_and_leads_to_the_form_that_asks(till, mona, cast, client):
    client.force_login(mona)
    page = client.get(f"/inventory/systems/{till.pk}/change/")
    form = page.context["form"]
    sent = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    sent |= {"business_owner": cast.finance.number, "description": "Typed and kept."}
    refused = client.post(f"/inventory/systems/{till.pk}/change/", sent)
    body = refused.content.decode()
    assert refused.status_code == 409
    assert "Typed and kept." in body
    address = (
        f"/governance/consultations/new/?system={till.number}&amp;verb=change&amp;business_owner={cast.finance.number}"
    )
    assert f'<a href="{address}">Consult</a>' in body
    asking = client.get(address.replace("&amp;", "&")).content.decode()
    assert f"Fay Finance ({cast.finance.number})" in asking
    acted = client.post(f"/inventory/systems/{till.pk}/phase-out/", {"note": "It is old.", "version": till.version})
    assert acted.status_code == 409
    assert "verb=phase_out&amp;reason=It+is+old." in acted.content.decode()


def test_rest_says_what_to_do(till, mona, cast, client):
    client.force_login(mona)
    sent = {"business_owner": cast.finance.pk}
    problem = client.patch(f"/api/v1/systems/{till.pk}/", sent, content_type="application/json").json()
    assert (problem["status"], problem["type"]) == (409, "/problems/not-now")
    assert problem["detail"] == (
        "Not yet: Till is critical, and Leo Legal and Mia Member are consulted first: put it to them. "
        "Send it to /api/v1/consultations/, with a reason: "
        f'{{"system": "{till.number}", "verb": "change", "business_owner": "{cast.finance.number}"}}'
    )
    made = client.post(
        "/api/v1/consultations/",
        {"system": till.pk, "verb": "change", "business_owner": cast.finance.pk, "reason": "Mona moves on."},
        content_type="application/json",
    ).json()
    again = client.patch(f"/api/v1/systems/{till.pk}/", sent, content_type="application/json").json()
    assert again["detail"].endswith(f" See /api/v1/consultations/{made['id']}/.")
    told = client.get(f"/api/v1/consultations/{made['id']}/opinions/").json()
    assert [(one["person_name"], one["answer"]) for one in told] == [("Leo Legal", ""), ("Mia Member", "")]
