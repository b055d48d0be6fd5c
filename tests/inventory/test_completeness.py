"""How complete a record is: bronze, silver and gold by one rule, for one record and for a list, and nothing blocks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from governance.models import Activity, Assignment
from inventory import completeness, measured
from inventory.models import Assurance, Capability, System, Vendor
from martech.accounts.models import Function
from martech.permissions import engine
from martech.statements import Statement

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def bits(system, on=TODAY):
    return System.objects.annotate(bits=measured.bits(on)).get(pk=system.pk).bits


def lacks(system, on=TODAY):
    return [point.code for point in completeness.lacking(bits(system, on))]


def level(system, on=TODAY):
    """By the record's own points, and by the list's condition, which has to say the same."""
    told = completeness.level(bits(system, on))
    assert [code for code, _ in completeness.LEVELS if System.objects.filter(measured.at([code], on)).exists()] == [
        told
    ]
    return told


@pytest.fixture
def letter(mona):
    def letter(system, letter, **holder):
        operate = Activity.objects.get(code="operate")
        return Assignment.add(by=mona, system=system, activity=operate, letter=letter, **holder)

    return letter


@pytest.fixture
def whole(mona, ivan, ada, letter):
    """A record at gold."""
    made = System.add(
        by=mona,
        name="Mail",
        description="Sends letters",
        owning_function=Function.add(by=ada, name="Marketing"),
        business_owner=mona,
        technical_owner=ivan,
        criticality="operational",
        vendor=Vendor.add(by=ivan, name="Acme"),
        primary_capability=Capability.objects.first(),
        audience="team",
        hosting="saas",
        data_classification="internal",
        personal_data="yes",
        sso="yes",
        functional_fit=3,
        technical_fit=3,
    )
    letter(made, "A", person=mona)
    letter(made, "R", person=ivan)
    Assurance.add(by=ivan, kind="dpa", system=made)
    return made.verify(by=mona)


def test_a_name_alone_lacks_every_point_that_is_asked_of_it(mona):
    shop = System.add(by=mona, name="Shop")
    asked = [point.code for point in completeness.POINTS if point.code != "dpa"]
    assert (level(shop), completeness.score(bits(shop)), lacks(shop)) == ("none", 0, asked)


def test_a_whole_record_is_gold(whole):
    assert (level(whole), completeness.score(bits(whole)), lacks(whole)) == ("gold", 100, [])


@pytest.mark.parametrize(
    ("change", "reached", "lacking"),
    [
        ({"description": ""}, "none", "description"),
        ({"owning_function": None}, "none", "owning_function"),
        ({"business_owner": None}, "none", "business_owner"),
        ({"criticality": ""}, "none", "criticality"),
        ({"technical_owner": None}, "bronze", "technical_owner"),
        ({"vendor": None}, "bronze", "vendor"),
        ({"primary_capability": None}, "bronze", "primary_capability"),
        ({"audience": ""}, "bronze", "audience"),
        ({"hosting": ""}, "bronze", "hosting"),
        ({"data_classification": ""}, "bronze", "data_classification"),
        ({"personal_data": "unknown"}, "bronze", "personal_data"),
        ({"functional_fit": None}, "silver", "functional_fit"),
        ({"technical_fit": None}, "silver", "technical_fit"),
        ({"sso": "no"}, "silver", "single_sign_on"),
    ],
)
def test_what_one_field_lacks_costs_the_levels_that_need_it(change, reached, lacking, whole, mona):
    whole.change(by=mona, **change)
    assert (level(whole), lacks(whole)) == (reached, [lacking])
    assert completeness.score(bits(whole)) < 100


def test_whoever_has_the_letter_counts_today_and_not_once_it_is_switched_off_or_over(whole, mona, ada, letter):
    operate = Assignment.objects.get(letter="A")
    operate.silence(by=mona, note="Not now.")
    assert (level(whole), lacks(whole)) == ("none", ["accountable"])
    operate.heed(by=mona)
    held = Assignment.objects.get(letter="R")
    held.end(by=mona, note="Moved on.")
    assert (level(whole), lacks(whole)) == ("bronze", ["responsible"])
    letter(whole, "R", function=Function.objects.get(name="Marketing"))
    assert level(whole) == "gold"


def test_an_agreement_of_the_vendor_counts_until_it_runs_out(whole, ivan):
    Assurance.objects.get().retire(by=ivan)
    assert (level(whole), lacks(whole)) == ("silver", ["dpa"])
    Assurance.add(by=ivan, kind="dpa", vendor=whole.vendor, expires_on=TODAY)
    assert level(whole) == "gold"
    assert lacks(whole, TODAY + timedelta(days=1)) == ["dpa"]


def test_what_is_not_asked_of_a_system_costs_nothing(whole, mona, ivan):
    Assurance.objects.get().retire(by=ivan)
    whole.change(by=mona, personal_data="no", vendor=None, kind="home_grown")
    assert (level(whole), completeness.score(bits(whole))) == ("gold", 100)


def test_gold_is_verified_within_a_year_and_undoubted(whole, mona):
    assert level(whole, TODAY + timedelta(days=365)) == "gold"
    assert (level(whole, TODAY + timedelta(days=366)), lacks(whole, TODAY + timedelta(days=366))) == (
        "silver",
        ["verified"],
    )
    System.objects.update(verification="needs_confirmation")
    assert (level(whole), lacks(whole)) == ("silver", ["verified"])


def test_a_level_needs_those_below(whole, mona):
    whole.change(by=mona, criticality="", hosting="")
    assert (level(whole), lacks(whole)) == ("none", ["criticality", "hosting"])


def test_the_list_is_asked_for_levels_and_shows_them_where_wanted(whole, mona, client):
    System.add(by=mona, name="Shop")
    client.force_login(mona)
    told = client.get("/api/v1/systems/?level=gold,silver&fields=name,level,completeness").json()
    assert told["results"] == [{"id": whole.pk, "name": "Mail", "level": "gold", "completeness": 100}]
    told = client.get("/api/v1/systems/?level=none&fields=name,level,completeness").json()["results"]
    assert [(one["name"], one["level"], one["completeness"]) for one in told] == [("Shop", "none", 0)]
    assert "level" not in client.get("/api/v1/systems/").json()["results"][0]
    assert client.get(f"/api/v1/systems/{whole.pk}/").json()["level"] == "gold"
    assert client.get("/api/v1/systems/?level=lead").json()["errors"] == {
        "level": ["'lead' is not one of none, bronze, silver, gold."]
    }
    rows = client.get("/inventory/systems/export/csv/?columns=level,completeness&ordering=name").getvalue().decode()
    assert [line.split(",")[1:] for line in rows.split()] == [
        ["name", "level", "completeness"],
        ["Mail", "gold", "100"],
        ["Shop", "none", "0"],
    ]


def test_the_page_shows_what_is_lacking_with_the_link_that_mends_it(whole, mona, client):
    Assignment.objects.get(letter="R").end(by=mona, note="Moved on.")
    whole.change(by=mona, hosting="")
    client.force_login(mona)
    page = client.get(f"/inventory/systems/{whole.pk}/").content.decode()
    for words in (
        "Bronze",
        f'<a href="/inventory/systems/{whole.pk}/change/#id_hosting">Say where it is hosted</a>',
        f'<a href="/inventory/systems/{whole.pk}/raci/">Name who is responsible for operating it</a>',
    ):
        assert words in page
    home = client.get("/").content.decode()
    assert '<a href="/inventory/systems/?level=bronze">Bronze</a></th><td>1</td>' in home


def test_the_day_is_no_part_of_a_statement_that_is_kept(whole):
    shape = engine.Shape(frozenset(), None)
    rows = System.objects.annotate(bits=measured.bits(shape.today)).values_list("bits")
    kept = Statement.of(rows)
    levels = [completeness.level(kept.run({"today": TODAY + timedelta(days=days)})[0][0]) for days in (0, 365, 366)]
    assert levels == ["gold", "gold", "silver"]
