"""Who else could do it: options compared by cost and capacity, the choice recorded, money for those who may see it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from governance import reports
from governance.models import Activity, SourcingOption
from governance.sourcing import Cost, cheapest
from inventory.models import System, Vendor
from martech import timeline
from martech.accounts.models import Function
from martech.audit.models import Entry
from martech.errors import Refused
from martech.permissions import engine

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(ada, cast):
    return Function.add(by=ada, name="Sales", kind="sales", head=cast.legal)


@pytest.fixture
def train():
    return Activity.objects.get(code="train")


@pytest.fixture
def ways(ivan, team, train):
    """Ourselves, and an agency that costs more and carries more."""
    agency = Vendor.add(by=ivan, name="Lantern")
    common = {"by": ivan, "activity": train, "function": team}
    ours = SourcingOption.add(**common, name="Ourselves", way="in_house", provider=team, yearly="60000", hours=100)
    theirs = SourcingOption.add(
        **common, name="Agency", way="outsourced", vendor=agency, once="9000.50", yearly="72000", hours=150
    )
    return ours, theirs


def compared(user):
    (question,) = reports.ways(user, SourcingOption.objects.all())
    return [
        (one.record.name, one.once, one.yearly, one.total, one.hourly, one.share, one.carries, one.cheapest)
        for one in question.options
    ]


def test_cost_is_compared_over_three_years_and_by_the_hour(ways, cast):
    assert compared(cast.finance) == [
        ("Ourselves", None, Decimal(60000), Decimal(180000), Decimal("50.00"), 80, 67, True),
        ("Agency", Decimal("9000.5"), Decimal(72000), Decimal("225000.5"), Decimal("41.67"), 100, 100, False),
    ]


def test_money_is_for_those_who_may_see_it(ways, cast, mona, mia):
    hidden = [("Ourselves", None, None, None, None, 0, 67, False), ("Agency", None, None, None, None, 0, 100, False)]
    assert compared(mia) == compared(mona) == compared(cast.steering) == hidden
    shown = compared(cast.finance)
    assert compared(cast.auditor) == compared(cast.procurement) == compared(cast.it) == compared(cast.legal) == shown


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_money_is_hidden_alike_on_every_way_out(ways, mia, cast, client, format):
    ours, theirs = ways
    theirs.change(by=cast.it, yearly="73111")
    amounts = ("60000", "60\u202f000", "9000.5", "9\u202f000", "73111", "73\u202f111")
    client.force_login(mia, backend="martech.permissions.backend.TableBackend")
    for address in (
        f"/governance/sourcing-options/{theirs.pk}/",
        f"/governance/sourcing-options/{ours.pk}/",
        "/governance/sourcing-options/",
        "/governance/sourcing-options/?columns=name,once,yearly,currency",
        "/governance/sourcing/",
        f"/api/v1/sourcing-options/{theirs.pk}/",
        "/api/v1/sourcing-options/?fields=name,once,yearly",
        "/api/v1/changes/",
        "/api/v1/entries/",
        "/trail/",
        "/search/?q=Agency&all=1",
    ):
        answer = client.get(address).content.decode()
        assert [one for one in amounts if one in answer] == [], address
    answer = client.get(f"/governance/sourcing-options/export/{format}/?columns=name,once,yearly,currency")
    content = b"".join(answer.streaming_content)
    if format == "csv":
        assert [one for one in amounts if one in content.decode()] == []
    lines = timeline.lines(SourcingOption, list(Entry.objects.filter(kind="governance.sourcingoption")), mia)
    assert [one for one in amounts for line in lines if one in str(line.differences)] == []


def test_amounts_are_told_to_the_digit_by_the_api(ways, cast, client):
    client.force_login(cast.finance, backend="martech.permissions.backend.TableBackend")
    told = client.get(f"/api/v1/sourcing-options/{ways[1].pk}/").json()
    assert (told["once"], told["yearly"], told["currency"]) == ("9000.5", "72000", "EUR")
    client.force_login(cast.it, backend="martech.permissions.backend.TableBackend")
    address = f"/api/v1/sourcing-options/{ways[1].pk}/"
    for sent, status in (("81000.25", 200), (81000, 200), (0.1, 400), (True, 400), ("NaN", 400), ("-1", 400)):
        answer = client.patch(address, {"yearly": sent}, content_type="application/json")
        assert (sent, answer.status_code) == (sent, status)
    assert client.get(address).json()["yearly"] == "81000"


def test_an_amount_has_the_digits_of_its_currency(ways, ivan):
    with pytest.raises(ValidationError, match="EUR has 2 digits after the point"):
        ways[0].change(by=ivan, yearly="0.005")
    with pytest.raises(ValidationError, match="JPY has no digits after the point"):
        ways[1].change(by=ivan, currency="JPY")
    ways[0].change(by=ivan, currency="KWD", yearly="0.005")
    assert SourcingOption.objects.get(pk=ways[0].pk).yearly == Decimal("0.005")


def test_amounts_of_different_currencies_are_never_mixed(ways, ivan, cast):
    ways[0].change(by=ivan, currency="CHF")
    (question,) = reports.ways(cast.finance, SourcingOption.objects.all())
    assert (question.mixed, [(one.share, one.cheapest) for one in question.options]) == (True, [(0, False)] * 2)
    assert cheapest([(1, Cost(None, Decimal(5), "EUR")), (2, Cost(None, None, "CHF"))]) == frozenset()


def test_one_way_is_chosen_with_a_reason(ways, ivan, cast, mona):
    ours, theirs = ways
    with pytest.raises(PermissionDenied):
        ours.choose(by=mona, note="Cheaper.")
    with pytest.raises(ValidationError, match="still to come"):
        ours.choose(by=cast.legal, note="Cheaper.", review_on=timezone.localdate())
    later = timezone.localdate() + timedelta(days=300)
    ours.choose(by=cast.legal, note="Cheaper.", review_on=later)
    assert (ours.status, ours.chosen_on, ours.review_on) == ("chosen", timezone.localdate(), later)
    assert Entry.objects.filter(verb="choose").get().note == "Cheaper."
    with pytest.raises(ValidationError, match=f"Ourselves \\({ours.number}\\) is chosen for this: set it aside first"):
        theirs.choose(by=ivan, note="They carry more.")
    with pytest.raises(Refused):
        ours.change(by=ivan, hours=80)
    ours.set_aside(by=ivan, note="Two people left.")
    theirs.choose(by=ivan, note="They carry more.")
    assert (SourcingOption.objects.get(pk=ours.pk).chosen_on, theirs.status) == (None, "chosen")


def test_another_question_has_its_own_choice(ways, ivan, train):
    ways[0].choose(by=ivan, note="Cheaper.")
    till = System.add(by=ivan, name="Till")
    other = SourcingOption.add(by=ivan, name="IT", activity=train, system=till, way="shared")
    assert other.choose(by=ivan, note="For the till alone.").status == "chosen"
    told = [(one.title, one.about, str(one.chosen)) for one in reports.ways(ivan, SourcingOption.objects.all())]
    assert told == [("Train people", "for Till", "IT"), ("Train people", "for Sales", "Ourselves")]


def test_who_does_it_fits_the_way(ivan, team, train):
    agency = Vendor.add(by=ivan, name="Lantern")
    with pytest.raises(ValidationError, match="What is outsourced is done by a vendor"):
        SourcingOption.add(by=ivan, name="A", activity=train, way="outsourced", provider=team)
    with pytest.raises(ValidationError, match="Only what is outsourced"):
        SourcingOption.add(by=ivan, name="A", activity=train, way="shared", vendor=agency)


def test_options_for_a_confidential_system_are_seen_by_its_people_only(mona, ivan, mia, cast, train):
    secret = System.add(by=ivan, name="Secret", confidential=True, business_owner=mia, technical_owner=ivan)
    SourcingOption.add(by=ivan, name="IT", activity=train, way="shared", system=secret)
    rows = SourcingOption.objects.all()
    seen = {name for name, who in cast if engine.scope(who, rows).exists()}
    assert seen == {"member", "it", "steering", "auditor"}


def test_whoever_adds_an_option_sees_what_it_costs(mona, train, mia):
    mine = SourcingOption.add(by=mona, name="Ourselves", activity=train, way="in_house", yearly="100")
    assert mine.owner == mona
    assert [one.options[0].yearly for one in reports.ways(mona, SourcingOption.objects.all())] == [Decimal(100)]
    assert [one.options[0].yearly for one in reports.ways(mia, SourcingOption.objects.all())] == [None]


def test_a_day_that_can_begin_is_kept(ivan, train):
    made = SourcingOption.add(by=ivan, name="A", activity=train, way="shared", ready_on=date(2027, 3, 1))
    assert made.ready_on == date(2027, 3, 1)


def test_a_system_that_the_reader_does_not_see_is_not_named(ivan, mona, team, train, cast):
    secret = System.add(by=mona, name="Heron", confidential=True, business_owner=mona, technical_owner=ivan)
    SourcingOption.add(by=ivan, activity=train, function=team, system=secret, name="Ourselves", way="in_house")
    told = {one: reports.ways(one, SourcingOption.objects.all())[0] for one in (ivan, cast.legal)}
    assert told[ivan].about == "for Sales for Heron"
    assert told[ivan].add.endswith(f"&system={secret.number}")
    assert told[cast.legal].about == "for Sales for a system you do not see"
    assert "system" not in told[cast.legal].add


def test_a_chosen_option_is_not_named_to_whoever_does_not_see_it(ivan, mona, team, train, cast):
    secret = System.add(by=mona, name="Heron", confidential=True, business_owner=mona, technical_owner=ivan)
    common = {"by": ivan, "activity": train, "system": secret, "way": "in_house"}
    first = SourcingOption.add(name="Buy Initech", owner=mona, **common)
    second = SourcingOption.add(name="Do it", owner=ivan, **common)
    first.choose(by=ivan, note="Agreed.")
    System.objects.update(technical_owner=None)
    assert not engine.may(ivan, "governance.view_sourcingoption", first)
    with pytest.raises(ValidationError, match="Another option is chosen for this"):
        second.choose(by=ivan, note="Cheaper.")
