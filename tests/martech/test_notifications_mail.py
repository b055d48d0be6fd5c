"""The outbox: at least once with the same id, one digest a day, retried with patience and given up openly."""

import smtplib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext

from inventory.models import System, Vendor
from martech.notifications import clock, deliver, tasks
from martech.notifications.health import health
from martech.notifications.models import Channel, Delivery, Heartbeat, Notice, Preference, Reminder
from martech.notifications.tidying import tidy
from martech.records.models import Follow

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
TUESDAY = datetime(2026, 5, 5, 9, 6, tzinfo=UTC)
HERE = "tests.martech.test_notifications_mail"


class Recorded(EmailBackend):
    """Sends into mail.outbox; what a test planted in `trouble` happens first or after."""

    before: list[BaseException] = []
    after: list[BaseException] = []

    def open(self) -> bool:
        if self.before and isinstance(self.before[0], ConnectionRefusedError):
            raise self.before.pop(0)
        return True

    def send_messages(self, messages):
        if self.before:
            raise self.before.pop(0)
        sent = super().send_messages(messages)
        if self.after:
            raise self.after.pop(0)
        return sent


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{HERE}.Recorded"
    Recorded.before, Recorded.after = [], []
    return Recorded


@pytest.fixture
def acme(mona, mia, server):
    vendor = Vendor.add(by=mona, name="Acme", at=MONDAY)
    Follow.begin(vendor, mia)
    return vendor


@pytest.fixture
def at_once(mia) -> None:
    Preference.choose(mia, "at_once")


def states() -> list[str]:
    return list(Delivery.objects.order_by("due_at").values_list("state", flat=True))


def test_a_mail_at_once_says_what_happened_and_where(acme, at_once, mona, settings) -> None:
    acme.remark(by=mona, note="Price <b>doubled</b>", at=MONDAY)
    assert deliver.relay(MONDAY).sent == 1
    (message,) = mail.outbox
    assert message.subject == "Mona Marketing wrote about Acme: “Price <b>doubled</b>”"
    assert (message.to, message.from_email) == (["mia@cast.example"], settings.DEFAULT_FROM_EMAIL)
    delivery = Delivery.objects.get()
    assert message.extra_headers["Message-ID"] == f"<{delivery.pk.hex}@127.0.0.1>"
    (html,) = message.alternatives
    assert "Price &lt;b&gt;doubled&lt;/b&gt;" in html.content
    link = Notice.objects.get().link
    assert f"{settings.BASE_URL}{link}" in message.body
    assert f'href="{settings.BASE_URL}{link}"' in html.content
    assert (delivery.state, delivery.sent_at, delivery.tries, delivery.lease) == ("sent", MONDAY, 1, None)


def test_a_name_cannot_smuggle_a_header_into_a_mail(acme, at_once, mona) -> None:
    acme.change(by=mona, name="Acme\r\nBcc: everybody@evil.example", at=MONDAY)
    acme.remark(by=mona, note="x\nBcc: y@evil.example", at=MONDAY)
    assert deliver.relay(MONDAY).sent == 2
    for message in mail.outbox:
        raw = message.message()
        assert (raw["Bcc"], raw["Cc"], "\n" in message.subject) == (None, None, False)
        assert message.recipients() == ["mia@cast.example"]


def test_a_sent_message_is_not_sent_again(acme, at_once, mona) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    assert [deliver.relay(MONDAY + timedelta(hours=n)).sent for n in range(3)] == [1, 0, 0]
    assert len(mail.outbox) == 1


def test_a_message_leased_by_somebody_is_left_alone_until_the_lease_is_over(acme, at_once, mona) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    (held,) = deliver.lease(MONDAY)  # and then its sender dies
    assert deliver.relay(MONDAY + timedelta(seconds=60)).sent == 0
    assert deliver.relay(MONDAY + timedelta(seconds=121)).sent == 1
    assert [message.extra_headers["Message-ID"] for message in mail.outbox] == [deliver.message_id(held)]


def test_a_crash_after_sending_repeats_the_mail_under_the_same_id(acme, at_once, mona, server) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    batch = deliver.lease(MONDAY)
    server.after.append(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        deliver.send(batch, MONDAY, float("inf"), deliver.Round())
    assert states() == ["leased"]
    assert deliver.relay(MONDAY + timedelta(minutes=3)).sent == 1
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 1
    assert (len(mail.outbox), states()) == (2, ["sent"])


def test_a_sender_that_comes_back_late_does_not_touch_what_another_has_done(acme, at_once, mona) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    slow = deliver.lease(MONDAY)
    assert deliver.relay(MONDAY + timedelta(minutes=3)).sent == 1
    done = deliver.Round()
    deliver.send(slow, MONDAY, float("inf"), done)
    assert (done.sent, states()) == (0, ["sent"])


def test_trouble_is_tried_again_with_growing_pauses_and_given_up_after_a_day(acme, at_once, mona, server) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    at, pauses = MONDAY, []
    for _ in range(60):
        server.before.append(smtplib.SMTPServerDisconnected("gone"))
        deliver.relay(at)
        delivery = Delivery.objects.get()
        if delivery.state == "dead":
            break
        pauses.append((delivery.due_at - at).total_seconds())
        at = delivery.due_at
    assert delivery.trouble == "SMTPServerDisconnected: gone"
    assert timedelta(hours=24) <= at - MONDAY < timedelta(hours=26)
    assert all(22 <= pauses[n] / 2**n <= 38 for n in range(6))
    assert max(pauses) <= 4500
    assert [row.person.name for row in Delivery.objects.dead()] == ["Mia Member"]
    server.before.clear()
    assert Delivery.objects.dead().retry(at) == 1
    assert deliver.relay(at).sent == 1
    assert mail.outbox[0].extra_headers["Message-ID"] == deliver.message_id(delivery)


def test_mail_that_waited_out_our_own_outage_is_not_given_up_at_the_first_trouble(acme, at_once, mona, server) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    server.before.append(TimeoutError("slow"))
    deliver.relay(MONDAY + timedelta(days=3))
    assert states() == ["waiting"]


def test_an_address_refused_for_good_is_given_up_at_once(acme, at_once, mona, server) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    server.before.append(smtplib.SMTPRecipientsRefused({"mia@cast.example": (550, b"no such user")}))
    deliver.relay(MONDAY)
    assert states() == ["dead"]


def test_without_a_mail_server_everything_waits_and_nothing_is_lost(acme, at_once, mona, server) -> None:
    for word in ("one", "two", "three"):
        acme.remark(by=mona, note=word, at=MONDAY)
    server.before.append(ConnectionRefusedError("no server"))
    assert deliver.relay(MONDAY).failed == 3
    assert deliver.relay(MONDAY + timedelta(minutes=1)).sent == 3


def test_what_is_not_begun_in_time_is_given_back(acme, at_once, mona) -> None:
    acme.remark(by=mona, note="one", at=MONDAY)
    deliver.send(deliver.lease(MONDAY), MONDAY, float("-inf"), deliver.Round())
    assert list(Delivery.objects.values_list("state", "tries")) == [("waiting", 0)]


def test_one_digest_a_day_holds_what_is_unread(acme, mona, mia) -> None:
    for word in ("one", "two", "three"):
        acme.remark(by=mona, note=word, at=MONDAY)
    Notice.objects.for_(mia).last().mark_read(MONDAY)
    assert deliver.gather(MONDAY) == 0
    assert [deliver.gather(TUESDAY) for _ in range(3)] == [1, 0, 0]
    assert deliver.relay(TUESDAY).sent == 1
    (message,) = mail.outbox
    assert message.subject == "Your day: 2 pieces of news"
    assert [word in message.body for word in ("“one”", "“two”", "“three”")] == [False, True, True]
    assert Delivery.objects.get().digest_on == date(2026, 5, 5)


def test_a_digest_of_nothing_unread_is_not_sent(acme, mona, mia) -> None:
    acme.remark(by=mona, note="one", at=MONDAY)
    Notice.objects.for_(mia).read(MONDAY)
    assert deliver.gather(TUESDAY) == 0
    assert not Delivery.objects.exists()


def test_what_comes_too_late_for_a_digest_is_in_the_next_one(acme, mona, mia) -> None:
    acme.remark(by=mona, note="early", at=MONDAY)
    deliver.gather(TUESDAY)
    acme.remark(by=mona, note="late", at=MONDAY)  # recorded before, committed only now
    assert deliver.gather(TUESDAY + timedelta(minutes=1)) == 0
    late = Notice.objects.for_(mia).first()
    assert (late.mail, late.mail_due_at) == (None, datetime(2026, 5, 6, 9, 5, tzinfo=UTC))
    assert deliver.gather(late.mail_due_at) == 1
    assert list(Delivery.objects.order_by("digest_on").values_list("digest_on", flat=True)) == [
        date(2026, 5, 5),
        date(2026, 5, 6),
    ]


def test_a_digest_goes_out_in_working_hours(acme, mona, mia) -> None:
    acme.remark(by=mona, note="friday night", at=datetime(2026, 5, 8, 22, 0, tzinfo=UTC))
    assert Notice.objects.get().mail_due_at == datetime(2026, 5, 11, 9, 5, tzinfo=UTC)


def test_the_statements_of_gathering_do_not_grow_with_people(cast, mona, server) -> None:
    counts = []
    people = [person for _, person in cast if person.standing]
    for number, crowd in enumerate((people[:2], people[2:9])):
        Notice.objects.bulk_create(
            Notice(person=p, event="x", sentence="x", at=MONDAY, mail_due_at=MONDAY) for p in crowd for _ in range(3)
        )
        with CaptureQueriesContext(connection) as queries:
            assert deliver.gather(TUESDAY + timedelta(days=number)) == len(crowd)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_mail_does_not_name_what_its_reader_may_no_longer_see(mona, mia, at_once, server) -> None:
    mailer = System.add(by=mona, name="Mailer", at=MONDAY)
    Follow.begin(mailer, mia)
    mailer.remark(by=mona, note="Secret plans", at=MONDAY)
    mailer.change(by=mona, confidential=True, at=MONDAY)
    assert deliver.relay(MONDAY).void == 1
    assert (mail.outbox, states()) == ([], ["void"])


def test_somebody_who_left_gets_no_mail(acme, at_once, mona, mia, ada) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    mia.retire(by=ada)
    assert deliver.relay(MONDAY).void == 1
    assert mail.outbox == []


def test_a_clock_that_leaps_ahead_holds_the_channels_until_it_is_believed(acme, at_once, mona) -> None:
    acme.remark(by=mona, note="Hello", at=MONDAY)
    clock.beat("sweep", MONDAY, host="here", running=1000.0)
    leapt = MONDAY + timedelta(days=1)
    clock.beat("sweep", leapt, host="here", running=1015.0)
    assert deliver.relay(leapt).held
    assert (states(), health(leapt).held_since, health(leapt).well) == (["waiting"], leapt, False)
    assert clock.believe() == 1
    assert deliver.relay(leapt).sent == 1


def test_a_clock_that_comes_back_frees_the_channels_by_itself() -> None:
    clock.beat("sweep", MONDAY, host="here", running=1000.0)
    clock.beat("sweep", MONDAY + timedelta(hours=1), host="here", running=1015.0)
    assert clock.held(MONDAY + timedelta(hours=1)) is not None
    clock.beat("sweep", MONDAY + timedelta(seconds=30), host="here", running=1030.0)
    assert clock.held(MONDAY + timedelta(seconds=30)) is None


def test_time_passing_is_not_a_leap() -> None:
    clock.beat("sweep", MONDAY, host="here", running=1000.0)
    clock.beat("sweep", MONDAY + timedelta(days=1), host="here", running=1000.0 + 86_400)
    clock.beat("sweep", MONDAY, host="elsewhere", running=5.0)
    assert clock.held(MONDAY + timedelta(days=1)) is None


def test_the_jobs_leave_their_heartbeat() -> None:
    tasks.sweep()
    tasks.relay()
    tasks.tidy()
    now = clock.now()
    assert set(Heartbeat.objects.values_list("job", "host")) == {("sweep", clock.machine()), ("relay", clock.machine())}
    seen = health(now)
    assert seen.well
    assert all(timedelta(0) <= now - beat < timedelta(minutes=1) for beat in (seen.swept_at, seen.relayed_at))


def test_the_clock_of_jobs_is_the_databases() -> None:
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_tidying_removes_what_is_past_its_time_and_nothing_else(mia) -> None:
    old = MONDAY - timedelta(days=401)
    line = {"person": mia, "event": "x", "sentence": "x"}
    Notice.objects.create(**line, at=old, read_at=old)
    Notice.objects.create(**line, at=old)
    Notice.objects.create(**line, at=MONDAY, read_at=MONDAY)
    for state, due_at in (("sent", old), ("dead", old), ("waiting", old), ("sent", MONDAY)):
        Delivery.objects.create(channel=Channel.EMAIL, person=mia, state=state, due_at=due_at)
    Reminder.objects.create(
        topic="x", kind="x", key=1, number="", text="", person=mia, step=1, due_at=old, deadline=date(2020, 1, 1)
    )
    assert tidy(MONDAY) == {"notices": 1, "deliveries": 1, "reminders": 1, "heartbeats": 0}
    assert (Notice.objects.count(), Delivery.objects.count(), Reminder.objects.count()) == (2, 3, 0)
