"""What people are told: the in-app inbox, the outbox to outside channels, the ledger of reminders, who wants what."""

import uuid
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from martech.notifications.hours import Hours
from martech.questions import question

PERSON = settings.AUTH_USER_MODEL


class Channel(models.TextChoices):
    INBOX = "inbox", "Inbox"
    EMAIL = "email", "E-mail"


class Preference(models.Model):
    """How somebody wants to be told outside the app; without a row it is one digest a day."""

    class Email(models.TextChoices):
        AT_ONCE = "at_once", "Each by itself"
        DAILY = "daily", "One mail a day"
        OFF = "off", "No mail"

    person = models.OneToOneField(PERSON, models.CASCADE, primary_key=True, related_name="+")
    email = models.CharField("e-mail", max_length=8, choices=Email, default=Email.DAILY)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return self.get_email_display()

    @classmethod
    def of(cls, people: Iterable[Any]) -> dict[Any, str]:
        """The choice of each of these people (keys), the default included; one statement."""
        keys = list(people)
        kept = dict(cls.objects.filter(pk__in=keys).values_list("pk", "email"))
        return {key: kept.get(key, cls.Email.DAILY.value) for key in keys}

    @classmethod
    def choose(cls, person: Any, email: str) -> None:
        """Keep somebody's own choice; ValidationError for a word that is none."""
        if email not in cls.Email.values:
            raise ValidationError({"email": "Choose one of the three."})
        cls.objects.update_or_create(person=person, defaults={"email": email})


class Deliveries(models.QuerySet["Delivery"]):
    """Questions about the outbox."""

    def to_send(self, at: datetime) -> Self:
        """Due now and held by nobody: waiting, or leased by a sender that did not come back."""
        return self.filter(
            Q(state=Delivery.State.WAITING, due_at__lte=at) | Q(state=Delivery.State.LEASED, lease_until__lte=at)
        )

    def dead(self) -> Self:
        """Given up; listed until somebody tries again."""
        return self.filter(state=Delivery.State.DEAD).select_related("person").order_by("-gave_up_at")

    def retry(self, at: datetime) -> int:
        """Send dead ones once more, with their old ids; how many."""
        return self.filter(state=Delivery.State.DEAD).update(
            state=Delivery.State.WAITING, due_at=at, tries=0, first_tried_at=None, gave_up_at=None
        )


class Delivery(models.Model):
    """The outbox: one row per message and channel, written with its cause, sent by the relay until it is through.

    A repeat after a crash carries the same Message-ID, which is made from the row.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LEASED = "leased", "Being sent"
        SENT = "sent", "Sent"
        DEAD = "dead", "Given up"
        VOID = "void", "No longer wanted"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField("channel", max_length=8, choices=[(Channel.EMAIL.value, Channel.EMAIL.label)])
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", verbose_name="to")
    digest_on = models.DateField("digest of", null=True, blank=True)
    state = models.CharField("state", max_length=7, choices=State, default=State.WAITING)
    due_at = models.DateTimeField("due")
    tries = models.PositiveSmallIntegerField("tries", default=0)
    lease = models.UUIDField(null=True, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    first_tried_at = models.DateTimeField("first tried", null=True, blank=True)
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    gave_up_at = models.DateTimeField("given up", null=True, blank=True)
    trouble = models.CharField("what went wrong", max_length=300, blank=True)

    objects = Deliveries.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "deliveries"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "channel", "digest_on"],
                condition=Q(digest_on__isnull=False),
                name="delivery_one_digest_a_day",
            )
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="delivery_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="delivery_leased"),
            models.Index(fields=["gave_up_at"], condition=Q(state="dead"), name="delivery_dead"),
            models.Index(fields=["sent_at"], condition=Q(state="sent"), name="delivery_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.id}"


class Reminders(models.QuerySet["Reminder"]):
    """Questions about the ledger."""

    def open(self) -> Self:
        return self.filter(state=Reminder.State.OPEN)

    def due(self, at: datetime) -> Self:
        return self.open().filter(due_at__lte=at)

    def about(self, kind: str, key: Any) -> Self:
        """What was and will be sent about one record, in order."""
        return self.filter(kind=kind, key=key).order_by("deadline", "-step", "pk")


class Reminder(models.Model):
    """The ledger: one row per (topic, record, deadline, step, person, channel), so that each goes out once.

    `inbox` rows are planned ahead and claimed by the sweep; rows of outside channels record what was handed to the
    outbox with them. A moved deadline begins new rows; what is no longer wanted is void and says why.
    """

    class State(models.TextChoices):
        OPEN = "open", "To be sent"
        SENT = "sent", "Sent"
        SKIPPED = "skipped", "Overtaken by a more urgent one"
        VOID = "void", "No longer wanted"

    topic = models.CharField(max_length=60)
    kind = models.CharField(max_length=60)
    key = models.BigIntegerField()
    number = models.CharField(max_length=24)
    text = models.CharField(max_length=200)
    note = models.CharField(max_length=200, blank=True)
    deadline = models.DateField("deadline")
    step = models.PositiveSmallIntegerField("days before")
    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", verbose_name="to")
    channel = models.CharField(max_length=8, choices=Channel, default=Channel.INBOX)
    state = models.CharField("state", max_length=7, choices=State, default=State.OPEN)
    due_at = models.DateTimeField("due")
    sent_at = models.DateTimeField("sent", null=True, blank=True)
    changed_at = models.DateTimeField(default=timezone.now)
    reason = models.CharField("why not", max_length=200, blank=True)

    objects = Reminders.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["topic", "key", "deadline", "step", "person", "channel"], name="reminder_once"
            )
        ]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="open"), name="reminder_due"),
            models.Index(fields=["kind", "key"], name="reminder_record"),
            models.Index(fields=["topic", "deadline"], name="reminder_topic"),
        ]

    def __str__(self) -> str:
        return f"{self.number}, {self.step} days before {self.deadline}"

    @property
    def late(self) -> timedelta | None:
        """How long after its time it was sent; None where it was not sent."""
        return self.sent_at - self.due_at if self.sent_at else None


class Notices(models.QuerySet["Notice"]):
    """Questions about the inbox."""

    def for_(self, person: Any) -> Self:
        """The person's own, newest first."""
        return self.filter(person=person).order_by("-at", "-pk")

    def showing(self, at: datetime) -> Self:
        """Without those that sleep until later."""
        return self.filter(Q(snoozed_until=None) | Q(snoozed_until__lte=at))

    def unread(self, at: datetime) -> Self:
        return self.showing(at).filter(read_at=None)

    def read(self, at: datetime) -> int:
        """Mark all of these as read; how many were not."""
        return self.unread(at).update(read_at=at)


class Notice(models.Model):
    """One line of somebody's inbox; seen by nobody else.

    `kind`, `key`, `number` and `text` name the record it speaks of (empty where it sums up many); `event` is the row of
    martech/notifications/table.py that told it. `mail` is the message it travels in, `mail_due_at` the opening at which
    it waits to be put into the day's digest.
    """

    person = models.ForeignKey(PERSON, models.CASCADE, related_name="+", verbose_name="to")
    kind = models.CharField("kind of record", max_length=60, blank=True)
    key = models.BigIntegerField("record", default=0)
    number = models.CharField("number", max_length=24, blank=True)
    text = models.CharField("name then", max_length=200, blank=True)
    event = models.CharField("event", max_length=80)
    sentence = models.CharField("what happened", max_length=600)
    link = models.CharField("where", max_length=300, blank=True)
    at = models.DateTimeField("when")
    read_at = models.DateTimeField("read", null=True, blank=True)
    snoozed_until = models.DateTimeField("sleeps until", null=True, blank=True)
    act = models.UUIDField("act", null=True, blank=True)
    reminder = models.OneToOneField(
        Reminder, models.SET_NULL, null=True, blank=True, related_name="notice", verbose_name="reminder"
    )
    mail = models.ForeignKey(Delivery, models.SET_NULL, null=True, blank=True, related_name="notices")
    mail_due_at = models.DateTimeField(null=True, blank=True)

    objects = Notices.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["act", "person", "kind", "key"], name="notice_once")]
        indexes = [
            models.Index(fields=["person", "-at", "-id"], name="notice_inbox"),
            models.Index(fields=["person", "snoozed_until"], condition=Q(read_at=None), name="notice_unread"),
            models.Index(fields=["mail_due_at"], condition=Q(mail=None), name="notice_waiting_for_mail"),
            models.Index(fields=["read_at"], name="notice_read"),
        ]

    def __str__(self) -> str:
        return self.sentence

    @classmethod
    def unread_count(cls, person: Any, at: datetime) -> int:
        """The figure beside the inbox, answered from an index."""
        counted = _unread(None, person=person.pk, at=at)
        return int(counted[0][0]) if counted else 0

    def mark_read(self, at: datetime) -> None:
        """Reading twice is reading."""
        if self.read_at is None:
            self.read_at = at
            self.save(update_fields=["read_at"])

    def snooze(self, until: date, at: datetime) -> None:
        """Sleep until working hours of that day, as unread then; a reminder not beyond its deadline.

        Further steps of the same reminder sleep with it. ValidationError for a day that is past or too late.
        """
        hours = Hours()
        wakes = hours.opening_of(self.person, until)
        if wakes <= at:
            raise ValidationError({"until": "Choose a day to come."})
        told = self.reminder
        if told:
            if until > told.deadline:
                raise ValidationError({"until": f"Not later than the deadline, {told.deadline:%-d %B %Y}."})
            wakes = hours.in_time(self.person, until, told.deadline)
            Reminder.objects.open().filter(
                topic=told.topic, key=told.key, deadline=told.deadline, person=self.person, due_at__lt=wakes
            ).update(due_at=wakes, changed_at=at)
        self.snoozed_until, self.read_at, self.mail_due_at = wakes, None, None
        self.save(update_fields=["snoozed_until", "read_at", "mail_due_at"])


@question
def _unread(_actor: None, *, person: Any, at: Any) -> Any:
    """How many are unread, in one row; no row where none is."""
    rows = Notice.objects.filter(person=person).unread(at).order_by()
    return rows.annotate(one=models.Value(1)).values("one").annotate(count=models.Count("pk")).values_list("count")


class Aside(models.QuerySet["Untold"]):
    """Questions about acts that could not be told."""

    def due(self, at: datetime) -> Self:
        """To be tried again now."""
        return self.filter(gave_up_at=None, due_at__lte=at)

    def given_up(self) -> Self:
        """Not tried any more, until somebody says so."""
        return self.filter(gave_up_at__isnull=False).order_by("-gave_up_at")

    def retry(self, at: datetime) -> int:
        """Try those given up once more; how many."""
        return self.given_up().update(gave_up_at=None, due_at=at, tries=0)


class Untold(models.Model):
    """An act whose news could not be written, put aside so that others are told meanwhile.

    `first` and `last` are its entries; `at` is when it happened.
    """

    act = models.UUIDField()
    first = models.BigIntegerField(primary_key=True)
    last = models.BigIntegerField()
    at = models.DateTimeField("when")
    tries = models.PositiveSmallIntegerField("tries", default=1)
    due_at = models.DateTimeField("due")
    gave_up_at = models.DateTimeField("given up", null=True, blank=True)
    trouble = models.CharField("what went wrong", max_length=300)

    objects = Aside.as_manager()

    class Meta:
        default_permissions = ()
        verbose_name_plural = "untold"
        indexes = [models.Index(fields=["due_at"], condition=Q(gave_up_at=None), name="untold_due")]

    def __str__(self) -> str:
        return f"act {self.act}"


class Heartbeat(models.Model):
    """That a job ran, on which machine, and whether that machine's clock can be believed.

    `anchor` is the wall clock less the time since the machine started. Where it leaps forward the outside channels are
    held until it comes back or an administrator says that the new time is right.
    """

    job = models.CharField(max_length=20)
    host = models.CharField(max_length=64)
    at = models.DateTimeField()
    anchor = models.FloatField()
    held_since = models.DateTimeField(null=True, blank=True)
    done = models.PositiveIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["job", "host"], name="heartbeat_once")]

    def __str__(self) -> str:
        return f"{self.job} on {self.host}"
