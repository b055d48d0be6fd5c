"""One place says who answers for a system now, and who did on a day past."""

from datetime import date, timedelta
from random import Random

import pytest
from django.utils import timezone

from governance.models import Activity, Assignment
from inventory.models import Integration, System
from martech.accounts.models import Function, User
from martech.permissions import engine
from martech.permissions.answering import Answer

pytestmark = pytest.mark.django_db
MAY = date(2026, 5, 3)


@pytest.fixture
def mail(mona, cast):
    return System.add(by=mona, name="Mail", business_owner=mona, technical_owner=cast.security)


@pytest.fixture
def give(mail, mona):
    def give(letter, *, code="operate", **holder):
        return Assignment.add(
            by=mona, system=mail, activity=Activity.objects.get(code=code), letter=letter, from_on=MAY, **holder
        )

    return give


def names(mail, word, **asked):
    return [one.name for one in engine.people(mail, word, **asked)]


def test_who_holds_the_letter_is_asked_for_the_activity_named(mail, give, ivan, mia):
    give("A", person=ivan)
    give("A", person=mia, code="support")
    assert names(mail, "accountable") == ["Ivan Itkin"]
    assert names(mail, "accountable", activity="support") == ["Mia Member"]
    assert engine.answer(mail, "accountable").why == ""


def test_a_letter_of_a_function_asks_its_head_then_its_deputy_then_its_people(mail, give, mona, ivan, mia, ada, cast):
    web = Function.add(by=ada, name="Web", head=ivan, deputy=mia)
    mona.change(by=ada, function=web)
    for letter, code in (("R", "operate"), ("C", "train"), ("I", "retire")):
        give(letter, function=web, code=code)
    asked = (("responsible", "operate"), ("consulted", "train"), ("informed", "retire"))

    def told():
        return [names(mail, word, activity=code) for word, code in asked]

    assert told() == [["Ivan Itkin"]] * 3
    ivan.retire(by=ada)
    assert told() == [["Mia Member"]] * 3
    mia.retire(by=ada)
    assert told() == [["Mona Marketing"], [], []]


def test_who_left_is_passed_over_and_the_next_is_asked_with_the_reason(mail, give, mona, ivan, ada, cast):
    give("A", person=ivan)
    ivan.retire(by=ada)
    assert engine.answer(mail, "accountable").why == "Nobody is accountable, so the owner is asked."
    assert names(mail, "accountable") == ["Mona Marketing"]
    mona.retire(by=ada)
    assert engine.answer(mail, "accountable").why == "Nobody is accountable, so the technical owner is asked."
    cast.security.retire(by=ada)
    assert engine.answer(mail, "accountable") == Answer((), "Nobody is accountable.", "accountable")


def test_where_nobody_is_responsible_the_accountable_person_is_asked(mail, give, ivan):
    give("A", person=ivan)
    told = engine.answer(mail, "responsible")
    assert ([one.name for one in told.people], told.why, told.word) == (
        ["Ivan Itkin"],
        "Nobody is responsible, so whoever is accountable is asked.",
        "accountable",
    )
    assert engine.answer(mail, "consulted") == Answer((), "Nobody is consulted.", "consulted")


def test_a_silent_letter_asks_nobody(mail, give, mona, ivan):
    held = give("C", person=ivan)
    held.silence(by=mona, note="Until the merger is done.")
    assert names(mail, "consulted") == []
    held.heed(by=mona)
    assert names(mail, "consulted") == ["Ivan Itkin"]


def test_a_day_past_is_answered_by_the_letters_of_that_day(mail, give, mona, ivan, mia, ada):
    given = give("A", person=ivan)
    given.end(by=mona, to_on=date(2026, 7, 31), note="Ivan moves on.")
    Assignment.add(by=mona, system=mail, activity=given.activity, person=mia, letter="A", from_on=date(2026, 8, 1))
    ivan.retire(by=ada)
    days = (MAY - timedelta(1), MAY, date(2026, 7, 31), timezone.localdate())
    assert [names(mail, "accountable", on=day) for day in days] == [[], ["Ivan Itkin"], ["Ivan Itkin"], ["Mia Member"]]


def test_an_integration_names_its_activity_and_both_its_ends(mail, give, mona, ivan, mia):
    shop = System.add(by=mona, name="Shop")
    feed = Integration.add(by=mona, source=mail, target=shop, owner=mona)
    assert names(feed, "accountable") == ["Mona Marketing"]
    give("A", person=ivan, code="integrate")
    step = Activity.objects.get(code="integrate")
    Assignment.add(by=mona, system=shop, activity=step, person=mia, letter="A")
    assert names(feed, "accountable") == ["Ivan Itkin", "Mia Member"]


def test_what_knows_no_letters_is_a_mistake_of_the_program(mail, mona):
    with pytest.raises(ValueError, match=r"Nobody is adored for inventory\.system"):
        engine.people(mail, "adored")
    with pytest.raises(ValueError, match=r"Nobody is accountable for accounts\.user"):
        engine.people(mona, "accountable")


WORDS = ("accountable", "responsible", "consulted", "informed")


@pytest.mark.parametrize("word", WORDS)
def test_a_hundred_systems_are_two_statements(mail, mona, word, django_assert_num_queries):
    keys = [mail.pk, *(System.add(by=mona, name=f"System {n}", business_owner=mona).pk for n in range(30))]
    with django_assert_num_queries(2 if word in {"accountable", "responsible"} else 1):
        told = engine.answers("inventory.system", keys, word)
    assert [bool(told[key].people) for key in keys] == [word in {"accountable", "responsible"}] * 31
    with django_assert_num_queries(2 if word in {"accountable", "responsible"} else 1):
        engine.answers("inventory.system", System.objects.filter(pk__in=keys), word)


def here(person):
    return person is not None and person.present and person.kind == "person"


def held(system, letter, on, *, past):
    """Who holds a letter for `operate`, read letter by letter."""
    found = set()
    for one in Assignment.objects.valid(on).filter(system=system, activity__code="operate", letter=letter):
        if one.silent and not past:
            continue
        if one.person is not None:
            found |= {one.person} if past or here(one.person) else set()
            continue
        stands = [one.function.head, one.function.deputy]
        first = next((person for person in stands if here(person)), None)
        found |= {first} if first else set(filter(here, one.function.people.all())) if letter == "R" else set()
    return found


def by_hand(system, word, on):
    """The answer as the page tells the rule, without the engine."""
    past, letter = on < timezone.localdate(), word[0].upper()
    found = held(system, letter, on, past=past)
    if not found and word == "responsible" and not past:
        found = held(system, "A", on, past=past)
    owning, owner, technical = system.owning_function, system.business_owner, system.technical_owner
    team = [owning.head, owning.deputy] if owning else []
    asked = {"accountable": [owner, technical, *team], "responsible": [technical, owner, *team]}.get(word, [])
    if not found and not past:
        found = {next((person for person in asked if here(person)), None)} - {None}
    return sorted(person.pk for person in found)


def test_many_at_once_are_answered_as_by_hand(mona, ada, cast):
    chance = Random(7)
    people = [User.objects.create_user(f"{n}@cast.example", name=f"Person {n:02}") for n in range(24)]
    teams = [
        Function.add(
            by=ada, name=f"Team {n}", head=chance.choice([None, *people]), deputy=chance.choice([None, *people])
        )
        for n in range(6)
    ]
    for person in people[:18]:
        User.objects.filter(pk=person.pk).update(function=chance.choice(teams))
    step, keys = Activity.objects.get(code="operate"), []
    for n in range(60):
        owners = {name: chance.choice([None, *people]) for name in ("business_owner", "technical_owner")}
        system = System.add(by=mona, name=f"System {n}", owning_function=chance.choice([None, *teams]), **owners)
        keys.append(system.pk)
        for letter in chance.sample("ARCI", chance.randrange(4)):
            by_team = letter != "A" and chance.random() < 0.5
            holder = (
                {"function": chance.choice(teams)} if by_team else {"person": people["ARCI".index(letter) * 6 + n % 6]}
            )
            days = {"from_on": MAY, "to_on": chance.choice([None, date(2026, 7, 31)])}
            made = Assignment.add(by=mona, system=system, activity=step, letter=letter, **holder, **days)
            Assignment.objects.filter(pk=made.pk).update(silent=chance.random() < 0.2)
    User.objects.filter(pk__in=[person.pk for person in people[::4]]).update(is_active=False)
    for on in (None, date(2026, 7, 31), MAY - timedelta(1)):
        for word in WORDS:
            told = engine.answers("inventory.system", keys, word, on=on)
            systems = System.objects.in_bulk(keys)
            day = on or timezone.localdate()
            assert {key: sorted(one.pk for one in told[key].people) for key in keys} == {
                key: by_hand(systems[key], word, day) for key in keys
            }
            for key in keys[::9]:
                assert engine.answer(systems[key], word, on=on) == told[key]


def test_rest_says_who_answers_and_why(mail, give, ivan, mia, client):
    give("C", person=ivan)
    client.force_login(mia)
    told = client.get(f"/api/v1/systems/{mail.number}/answers/?activity=operate").json()
    alone = {"deputy": None, "deputy_name": None}
    asked = {"people": [{"id": mail.business_owner_id, "name": "Mona Marketing", **alone}]}
    assert told == [
        {"word": "accountable", **asked, "why": "Nobody is accountable, so the owner is asked."},
        {
            "word": "responsible",
            "people": [{"id": mail.technical_owner_id, "name": "Selma Secure", **alone}],
            "why": "Nobody is responsible, so the technical owner is asked.",
        },
        {"word": "consulted", "people": [{"id": ivan.pk, "name": "Ivan Itkin", **alone}], "why": ""},
        {"word": "informed", "people": [], "why": "Nobody is informed."},
    ]
    past = client.get(f"/api/v1/systems/{mail.pk}/answers/?on=2026-05-02").json()
    assert [row["people"] for row in past] == [[], [], [], []]
    for asked, field in (("activity=dance", "activity"), ("on=monday", "on"), ("of=me", "of")):
        problem = client.get(f"/api/v1/systems/{mail.pk}/answers/?{asked}").json()
        assert (problem["status"], list(problem["errors"])) == (400, [field])


def test_whoever_sees_the_system_is_told_who_answers_though_not_every_letter(mail, give, mia, ivan, client):
    give("C", person=mia)
    given = give("A", person=ivan)
    System.objects.filter(pk=mail.pk).update(confidential=True)
    client.force_login(mia)
    told = client.get(f"/api/v1/systems/{mail.pk}/answers/").json()
    assert [[one["name"] for one in row["people"]] for row in told][::2] == [["Ivan Itkin"], ["Mia Member"]]
    assert client.get(f"/api/v1/assignments/{given.pk}/").json()["status"] == 404
    assert [row["letter"] for row in client.get("/api/v1/assignments/").json()["results"]] == ["C"]
