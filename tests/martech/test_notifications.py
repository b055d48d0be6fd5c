"""Who hears of what: notices are written with the act, for those whom it concerns and who may see it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from inventory.models import System, Vendor
from martech.accounts.models import Function
from martech.audit.context import through
from martech.audit.models import Entry
from martech.notifications import news
from martech.notifications.checks import untruths
from martech.notifications.models import Delivery, Notice, Preference
from martech.notifications.table import EVENTS, REMINDERS, Heard, Reminding
from martech.notifications.writing import placeholders, sentence, shortened
from martech.operations import acting
from martech.records.models import Follow

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)


def told(person):
    return list(Notice.objects.for_(person).order_by("pk").values_list("event", "sentence"))


def test_whoever_follows_a_record_hears_of_it(mona, mia) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    Follow.begin(acme, mia)
    acme.change(by=mona, description="Mail at scale", website="https://acme.example")
    assert told(mia) == [
        ("inventory.vendor.change", "Mona Marketing changed website and what they do of Acme."),
    ]
    notice = Notice.objects.get(person=mia)
    assert (notice.kind, notice.key, notice.number, notice.text) == ("inventory.vendor", acme.pk, acme.number, "Acme")


def test_nobody_hears_of_what_they_did_themselves(mona) -> None:
    acme = Vendor.add(by=mona, name="Acme", relationship_owner=mona)
    Follow.begin(acme, mona)
    acme.change(by=mona, description="Mail at scale")
    assert told(mona) == []


def test_somebody_named_in_a_record_reads_what_they_became(mona, mia) -> None:
    System.add(by=mona, name="Mailer", business_owner=mia)
    assert told(mia) == [("inventory.system.add", "Mona Marketing made you business owner of Mailer.")]


def test_a_record_one_may_not_see_is_not_told_of(mona, mia, cast) -> None:
    secret = System.add(by=mona, name="Secret", confidential=True)
    for person in (mia, cast.steering, cast.outsider):
        Follow.begin(secret, person)
    secret.remark(by=mona, note="The price is right")
    assert told(mia) == told(cast.outsider) == []
    assert told(cast.steering) == [
        ("inventory.system.remark", "Mona Marketing wrote about Secret: “The price is right”")
    ]


def test_a_field_that_not_everybody_sees_is_not_named(ivan, mona, mia) -> None:
    acme = Vendor.add(by=ivan, name="Acme")
    Follow.begin(acme, mia)
    acme.change(by=ivan, risk_tier="high")
    assert told(mia) == [("inventory.vendor.change", "Ivan Itkin changed something of Acme.")]


def test_the_head_of_a_function_hears_of_its_systems(mona, mia, ada) -> None:
    events = Function.add(by=ada, name="Events", head=mia)
    System.add(by=mona, name="Ticketing", owning_function=events)
    assert told(mia)[-1] == ("inventory.system.add", "Mona Marketing logged Ticketing; you answer for it.")


def test_somebody_who_left_is_not_told(mona, mia, ada) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    Follow.begin(acme, mia)
    mia.retire(by=ada)
    acme.remark(by=mona, note="Hello?")
    assert told(mia) == []


def test_an_act_that_fails_tells_nobody(mona, mia) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    Follow.begin(acme, mia)
    with transaction.atomic():
        acme.remark(by=mona, note="Soon gone")
        transaction.set_rollback(True)
    assert told(mia) == []


def test_one_record_touched_twice_in_an_act_is_one_notice(mona, mia) -> None:
    acme = Vendor.add(by=mona, name="Acme")
    Follow.begin(acme, mia)
    with acting(mona):
        acme.change(by=mona, description="Mail")
        acme.remark(by=mona, note="Done")
    assert told(mia) == [("inventory.vendor.remark", "Mona Marketing wrote about Acme: “Done”")]


def test_more_than_five_records_in_one_act_are_one_notice(mona, mia) -> None:
    vendors = [Vendor.add(by=mona, name=f"Vendor {n}") for n in range(6)]
    for vendor in vendors:
        Follow.begin(vendor, mia)
    with acting(mona):
        for vendor in vendors[:5]:
            vendor.change(by=mona, description="a")
    assert len(told(mia)) == 5
    Notice.objects.all().delete()
    with acting(mona) as act:
        for vendor in vendors:
            vendor.change(by=mona, description="b")
    assert told(mia) == [("many", "Mona Marketing changed 6 vendors in one go.")]
    assert Notice.objects.get(person=mia).link == f"/trail/?act={act.id}"


def test_the_parts_of_an_import_are_one_notice(mona, mia) -> None:
    vendors = [Vendor.add(by=mona, name=f"Vendor {n}") for n in range(12)]
    for vendor in vendors:
        Follow.begin(vendor, mia)
    with through("import", origin="IMP-3"):
        for part in (vendors[:6], vendors[6:]):
            with acting(mona):
                for vendor in part:
                    vendor.change(by=mona, description="imported")
    assert told(mia) == [("import", "Mona Marketing changed many records you follow or answer for in one go (IMP-3).")]


def test_the_statements_of_an_act_do_not_grow_with_records_or_followers(mona, cast) -> None:
    people = [person for _, person in cast if person != mona]
    counts = []
    for several, crowd in ((2, people[:2]), (40, people)):
        vendors = [Vendor.add(by=mona, name=f"Vendor {several} {n}") for n in range(several)]
        Follow.objects.bulk_create(
            Follow(kind="inventory.vendor", key=vendor.pk, person=person) for vendor in vendors for person in crowd
        )
        with acting(mona):
            for vendor in vendors:
                vendor.remark(by=mona, note="All of you")
        entries = list(Entry.objects.filter(verb="remark").select_related("by").order_by("-pk")[:several])
        Notice.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            news.tell([entries], MONDAY)
        counts.append(len(queries))
        assert Notice.objects.values("person").distinct().count() == len([p for p in crowd if p.standing])
    assert counts[0] == counts[1]


def test_an_ordinary_act_of_little_interest_costs_two_statements(mona, django_assert_num_queries) -> None:

    acme = Vendor.add(by=mona, name="Acme")
    acme.remark(by=mona, note="x")
    entry = Entry.objects.select_related("by").get(verb="remark")
    with django_assert_num_queries(2):  # followers, owner
        news.tell([[entry]], MONDAY)


def test_the_inbox_counts_what_is_unread_and_awake(mona, mia) -> None:
    acme = Vendor.add(by=mona, name="Acme", at=MONDAY)
    Follow.begin(acme, mia)
    for word in ("one", "two", "three"):
        acme.remark(by=mona, note=word, at=MONDAY)
    first, second, _third = Notice.objects.filter(person=mia).order_by("pk")
    first.mark_read(MONDAY)
    second.snooze(date(2026, 5, 6), MONDAY)
    assert second.snoozed_until == datetime(2026, 5, 6, 9, 0, tzinfo=UTC)
    assert Notice.unread_count(mia, MONDAY) == 1
    assert Notice.unread_count(mia, MONDAY + timedelta(days=3)) == 2
    assert Notice.objects.for_(mia).read(MONDAY) == 1
    assert Notice.unread_count(mia, MONDAY) == 0
    assert Notice.unread_count(mona, MONDAY) == 0


def test_a_notice_does_not_sleep_until_a_day_that_is_past(mona, mia) -> None:
    acme = Vendor.add(by=mona, name="Acme", at=MONDAY)
    Follow.begin(acme, mia)
    acme.remark(by=mona, note="one", at=MONDAY)
    with pytest.raises(ValidationError, match="Choose a day to come"):
        Notice.objects.get(person=mia).snooze(MONDAY.date(), MONDAY)


@pytest.mark.parametrize(
    ("choice", "own_mail", "waits"),
    [("at_once", True, None), ("daily", False, datetime(2026, 5, 5, 9, 5, tzinfo=UTC)), ("off", False, None)],
)
def test_mail_is_as_each_person_chose(mona, mia, choice, own_mail, waits) -> None:
    Preference.choose(mia, choice)
    acme = Vendor.add(by=mona, name="Acme", at=MONDAY)
    Follow.begin(acme, mia)
    acme.remark(by=mona, note="Hello", at=MONDAY)
    notice = Notice.objects.get(person=mia)
    assert (notice.mail is not None, notice.mail_due_at) == (own_mail, waits)
    assert Delivery.objects.count() == own_mail


def test_a_flood_goes_into_the_digest(mona, mia) -> None:
    Preference.choose(mia, "at_once")
    acme = Vendor.add(by=mona, name="Acme", at=MONDAY)
    Follow.begin(acme, mia)
    for number in range(33):
        acme.remark(by=mona, note=f"{number}", at=MONDAY + timedelta(seconds=number))
    assert (Delivery.objects.count(), Notice.objects.filter(mail_due_at__isnull=False).count()) == (30, 3)
    acme.remark(by=mona, note="later", at=MONDAY + timedelta(hours=2))
    assert Delivery.objects.count() == 31


def test_a_choice_that_is_none_is_refused(mia) -> None:
    with pytest.raises(ValidationError, match="Choose one of the three"):
        Preference.choose(mia, "hourly")


def test_what_people_write_is_never_read_as_a_template() -> None:
    words = {"by": "{note}", "text": "%(x)s {0.__class__}", "note": "{{ settings.SECRET_KEY }}"}
    assert sentence("{by} wrote about {text}: “{note}”", words) == (
        "{note} wrote about %(x)s {0.__class__}: “{{ settings.SECRET_KEY }}”"
    )


def test_a_sentence_is_one_line_of_bounded_length() -> None:
    assert shortened("a\r\nBcc: x\x00\u2028b", 100) == "a Bcc: x b"
    assert len(sentence("{note}", {"note": "x" * 5000})) == 240


def test_the_table_tells_the_truth() -> None:
    assert list(untruths(EVENTS, REMINDERS)) == []


def test_an_untrue_row_is_named() -> None:
    events = {
        "inventory.nothing.add": Heard("owner", "{by}"),
        "inventory.vendor.fly": Heard("owner", "{by}"),
        "inventory.vendor.add": Heard("neighbour", "{by} {text.__class__}"),
    }
    reminders = {"x": Reminding("inventory.assurance", "ends_on", (1, 7), "{by}", "", "fly")}
    assert list(untruths(events, reminders)) == [
        "EVENTS names inventory.nothing.add, but inventory.nothing is no kind of record.",
        "EVENTS names inventory.vendor.fly, but there is no operation fly.",
        "inventory.vendor.add is heard by neighbour, which is neither a role nor a person's relation to it.",
        "inventory.vendor.add has the placeholder {text.__class__}; there are by, note, number, text, what.",
        "x: inventory.assurance has no field ends_on.",
        "x ends with fly, which is no operation of inventory.assurance.",
        "x: steps are days before the deadline, from many to few.",
        "x has the placeholder {by}; there are note, number, text, when.",
    ]
    assert placeholders("{a!r} {b:>3}") == {"a!r:", "b!None:>3"}
