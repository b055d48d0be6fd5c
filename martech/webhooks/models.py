"""Webhooks: where news of records goes, what of it, whose eyes it passes through, and what became of each message."""

import base64
import re
import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from martech import outbound
from martech.accounts.models import User, job_account
from martech.audit.models import Entry
from martech.columns import visible
from martech.errors import Refused
from martech.operations import NOW, Flow, Record, acting, begin, operation
from martech.webhooks import choosing, events

BOTH_SIGN = timedelta(hours=24)
"""How long the secret before signs as well, once there is a new one."""
KEPT = timedelta(days=30)
"""How long messages are kept, and how far back they can be sent again."""
MOST_LINES = 30


class Webhook(Record):
    """News of records, sent to an address as it happens, as far as its owner may see them at that moment."""

    PREFIX = "WEB"

    class Status(models.TextChoices):
        ACTIVE = "active", "Active"
        PAUSED = "paused", "Paused"
        DISABLED = "disabled", "Disabled"

    FLOW = Flow(
        pause=([Status.ACTIVE], Status.PAUSED),
        resume=([Status.PAUSED, Status.DISABLED], Status.ACTIVE),
        disable=([Status.ACTIVE], Status.DISABLED),
    )
    TONES = {Status.ACTIVE: "ok", Status.PAUSED: "muted", Status.DISABLED: "danger"}
    BIRTH = ("owner",)

    name = models.CharField("name", max_length=80, help_text="What hears of it, e.g. Data warehouse.")
    url = models.CharField("address", max_length=500, help_text="A public https address that takes POST.")
    events = choosing.Patterns("events", help_text="What happens to records. None chosen: everything.")
    conditions = choosing.Conditions(
        "only when a field changes", help_text="One of these is enough. None: whatever has changed."
    )
    days = choosing.Days(
        "days ahead", help_text="Also send word so many days before a date, once for each record and date."
    )
    owner = models.ForeignKey(
        User,
        models.PROTECT,
        blank=True,
        related_name="webhooks",
        verbose_name="acts as",
        help_text="It is told what this person may see. Empty: yourself.",
    )
    status = models.CharField("state", max_length=8, choices=Status, default=Status.ACTIVE, editable=False)

    secret: str = ""
    """The signing secret: on the instance that `add` or `rotate` returns, and nowhere else ever."""

    class Meta(Record.Meta):
        verbose_name = "webhook"
        indexes = [
            models.Index(fields=["name", "id"], name="webhook_name"),
            models.Index(fields=["owner", "id"], name="webhook_owner"),
        ]

    @classmethod
    def add(cls, *, by: User, at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """A new webhook; its `secret` is shown this once. Only one's own, or an administrator's service account."""
        owner = fields.pop("owner", None) or by
        owner = owner if isinstance(owner, User) else User.objects.filter(pk=owner).first() or by
        if owner.pk != by.pk and not (owner.kind == User.Kind.SERVICE and "administrator" in by.standing):
            raise PermissionDenied
        with acting(by, at) as act:
            hook = begin(cls(), by=by, at=at, note=note, owner=owner, **fields)
            Standing.objects.create(webhook=hook, since=act.at)
            hook.secret = Signing.begin(hook)
        return hook

    def clean(self) -> None:
        self.name, self.url = " ".join(self.name.split()), self.url.strip()
        wrong: dict[str, Any] = {
            "events": [f"{each!r:.80} is no event." for each in self.events if each not in events.known()],
            "conditions": [self._untrue(line, self.owner) for line in self.conditions],
            "days": [self._undated(line, self.owner) for line in self.days],
        }
        for name in wrong:
            if len(getattr(self, name)) > MOST_LINES:
                wrong[name] = [f"At most {MOST_LINES}."]
        try:
            if self._state.adding or self.url != Webhook.objects.values_list("url", flat=True).get(pk=self.pk):
                outbound.judge(self.url)
        except outbound.Blocked as error:
            wrong["url"] = [str(error)]
        if found := {name: told for name, lines in wrong.items() if (told := [line for line in lines if line])}:
            raise ValidationError(found)

    @staticmethod
    def _untrue(line: str, owner: User) -> str:
        """What is wrong with a condition; a field that the owner may not see is one that never was."""
        name, value = events.split(line)
        try:
            model, column = events.column(name)
        except KeyError:
            return f"{name!r:.80} is no field."
        if column.name not in visible(owner, model) or name not in {n for _, told in events.fields() for n, _ in told}:
            return f"{name!r:.80} is no field."
        if value and column.choices and value not in {str(code) for code in column.choices}:
            return f"{value!r:.80} is not one of {', '.join(str(code) for code in column.choices)}."
        return ""

    @classmethod
    def _undated(cls, line: str, owner: User) -> str:
        name, value = events.split(line)
        if name not in {each for _, told in events.days() for each, _ in told} or cls._untrue(name, owner):
            return f"{name!r:.80} is no date."
        if not re.fullmatch(r"[0-9]{1,4}", value) or int(value) > events.FARTHEST:
            return f"Say how many days before, 0 to {events.FARTHEST}."
        return ""

    @property
    def wants_acts(self) -> bool:
        """One that names days and nothing else is told of days alone."""
        return bool(self.events or self.conditions or not self.days)

    @operation
    def pause(self, *, by: User, note: str = "") -> None:
        """Nothing is sent until it is resumed; what happens meanwhile can be sent again afterwards."""

    @operation
    def resume(self, *, by: User, at: datetime = NOW, note: str = "") -> None:
        """News go out again, beginning with those that wait."""
        if not self.owner.present:
            raise Refused(f"{self.owner.display_name} has left; nobody can see for this webhook.")
        Standing.objects.filter(webhook=self).update(failures=0, failing_since=None, quiet_until=None, trouble="")

    @operation
    def disable(self, *, by: User, note: str) -> None:
        """Switched off by Interlock itself after failures, or because the address said that it is gone."""

    @operation
    def test(self, *, by: User, at: datetime = NOW) -> None:
        """A ping goes out now, by the same way as everything else, whatever the state."""
        Message.objects.create(webhook=self, cause=f"ping:{uuid.uuid4()}", event=events.PING, due_at=at, at=at)

    @operation
    def rotate(self, *, by: User, at: datetime = NOW) -> None:
        """A new secret, shown once. For 24 hours the one before signs as well."""
        Signing.objects.filter(webhook=self, until=None).update(until=at + BOTH_SIGN)
        self.secret = Signing.begin(self)

    @operation
    def replay(
        self, *, by: User, delivery: int | None = None, since: datetime | None = None, at: datetime = NOW
    ) -> None:
        """Send one delivery again, or everything since a moment, each under the id it had."""
        if (delivery is None) == (since is None):
            raise ValidationError("Name one delivery, or the moment since when.")
        mine = Message.objects.filter(webhook=self)
        if since is not None:
            if not at - KEPT <= since <= at:
                raise ValidationError({"since": f"Choose a moment of the last {KEPT.days} days."})
            first = Entry.objects.filter(at__gte=since).order_by("pk").values_list("pk", flat=True).first()
            mine.filter(at__gte=since, entry=None).exclude(event=events.PING).again(at)
            if first is not None:
                Standing.objects.filter(webhook=self).update(replayed=first - 1)
        elif not mine.filter(pk=delivery).exists():
            raise ValidationError({"delivery": "There is no such delivery."})
        elif not mine.filter(pk=delivery).again(at):
            raise Refused("This one is on its way already.")

    def stop(self, verb: str, note: str, at: datetime) -> None:
        """The product itself pauses or disables: it asks nobody, and the trail says why. Nothing where it stopped."""
        account = job_account()
        try:
            with acting(account, at) as act, act.deeper():
                getattr(self, verb)(by=account, note=note)
        except Refused:
            return


class Signing(models.Model):
    """What a secret is made of. The secret itself is kept nowhere: it is derived from this and the SECRET_KEY."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="+")
    salt = models.CharField(max_length=64)
    until = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["webhook", "id"], name="signing_webhook")]

    def __str__(self) -> str:
        return f"secret of {self.webhook_id}"

    @classmethod
    def begin(cls, hook: Webhook) -> str:
        """A new secret for the webhook, as its receiver is given it."""
        return cls.objects.create(webhook=hook, salt=secrets.token_hex(32)).secret

    @property
    def secret(self) -> str:
        """`whsec_` and 32 bytes in base64, as Standard Webhooks has it."""
        derived = salted_hmac("martech.webhooks.secret", f"{self.webhook_id}:{self.salt}", algorithm="sha256")
        return f"whsec_{base64.b64encode(derived.digest()).decode()}"

    @classmethod
    def of(cls, hooks: Iterable[Any], at: datetime) -> dict[Any, list[str]]:
        """The secrets that sign now, the newest first, by webhook; one statement."""
        found: dict[Any, list[str]] = defaultdict(list)
        rows = cls.objects.filter(Q(until=None) | Q(until__gt=at), webhook__in=list(hooks))
        for row in rows.order_by("-pk"):
            found[row.webhook_id].append(row.secret)
        return found


class Standing(models.Model):
    """How a webhook does: written by the relay, no part of the record and its version.

    `stem` makes the ids of its messages, the same for each cause whenever asked. `replayed` is the entry up to which
    everything is sent again; null where nobody asked.
    """

    webhook = models.OneToOneField(Webhook, models.CASCADE, primary_key=True, related_name="standing")
    stem = models.UUIDField(default=uuid.uuid4)
    since = models.DateTimeField("told since")
    succeeded_at = models.DateTimeField("last success", null=True)
    failed_at = models.DateTimeField("last failure", null=True)
    failing_since = models.DateTimeField("failing since", null=True)
    failures = models.PositiveIntegerField("failures in a row", default=0)
    trouble = models.CharField("what went wrong", max_length=200, blank=True)
    quiet_until = models.DateTimeField(null=True)
    replayed = models.BigIntegerField(null=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"standing of {self.webhook_id}"


class Messages(models.QuerySet["Message"]):
    """Questions about what goes out."""

    def again(self, at: datetime) -> int:
        """Send these once more, with their old ids; how many. What is on its way already stays."""
        ended = self.exclude(state__in=(Message.State.WAITING, Message.State.LEASED))
        return ended.update(
            state=Message.State.WAITING, due_at=at, tries=0, first_tried_at=None, gave_up_at=None, trouble=""
        )

    def waiting(self) -> Self:
        return self.filter(state__in=(Message.State.WAITING, Message.State.LEASED))

    def given_up(self) -> Self:
        return self.filter(state__in=(Message.State.DEAD, Message.State.BLOCKED))


class Message(models.Model):
    """One piece of news for one webhook; unique by its cause, so that it is written once however often it is found.

    Ids rise in the order of commits. What is sent is put together at the time of sending and kept nowhere.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        LEASED = "leased", "Being sent"
        SENT = "sent", "Delivered"
        DEAD = "dead", "Given up"
        BLOCKED = "blocked", "Blocked"
        VOID = "void", "Not told"

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="messages")
    cause = models.CharField(max_length=220)
    event = models.CharField("event", max_length=100)
    entry = models.ForeignKey(Entry, models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=60, blank=True)
    key = models.BigIntegerField(null=True)
    field = models.CharField(max_length=60, blank=True)
    day = models.DateField(null=True)
    ahead = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField("when")
    state = models.CharField("state", max_length=7, choices=State, default=State.WAITING)
    due_at = models.DateTimeField("due")
    tries = models.PositiveSmallIntegerField("tries", default=0)
    lease = models.UUIDField(null=True)
    lease_until = models.DateTimeField(null=True)
    first_tried_at = models.DateTimeField("first tried", null=True)
    tried_at = models.DateTimeField("last tried", null=True)
    sent_at = models.DateTimeField("delivered", null=True)
    gave_up_at = models.DateTimeField("given up", null=True)
    status = models.PositiveSmallIntegerField("answer", null=True)
    took = models.PositiveIntegerField("milliseconds", null=True)
    trouble = models.CharField("what went wrong", max_length=200, blank=True)

    objects = Messages.as_manager()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["webhook", "cause"], name="message_once")]
        indexes = [
            models.Index(fields=["webhook", "due_at", "id"], condition=Q(state="waiting"), name="message_waiting"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="message_leased"),
            models.Index(fields=["webhook", "-id"], name="message_log"),
            models.Index(fields=["webhook", "id"], condition=Q(state__in=("dead", "blocked")), name="message_given_up"),
            models.Index(fields=["at"], name="message_at"),
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.pk}"

    def id_under(self, stem: uuid.UUID) -> str:
        """`webhook-id`: the same whenever and however often this is sent."""
        return f"msg_{uuid.uuid5(stem, self.cause).hex}"
