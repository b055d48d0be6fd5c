"""Attestation: whoever answers for a system says that what stands here is still right, or what to do instead.

Asked by a campaign, or by the interval of the system's criticality. Silence changes a badge, never the data.
"""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance import tiers
from governance.models.assignment import Assignment
from inventory.models import System
from martech.errors import Refused
from martech.operations import NOW, Flow, Record, operation

if TYPE_CHECKING:
    from martech.accounts.models import User

PERSON = settings.AUTH_USER_MODEL
EVERY = {tiers.CRITICAL: 6, tiers.STANDARD: 12, tiers.LIGHT: 12}
"""Months after which a system of a tier is asked about again. Source: the field's custom, half a year for critical."""
TIME = timedelta(days=21)
"""How long somebody has to answer."""


def since(tier: str, on: date) -> date:
    """A system of this tier that was last verified before this day is asked about on the day `on`."""
    months = EVERY[tier]
    year, month = divmod(on.year * 12 + on.month - 1 - months, 12)
    return date(year, month + 1, min(on.day, 28))


class Campaign(Record):
    """“Still right?” asked of everybody who answers for a system of some sort, with a day by which to answer."""

    PREFIX = "ATC"
    SEARCH = ("name", "question")

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        RUNNING = "running", "Running"
        CLOSED = "closed", "Closed"

    TONES: ClassVar = {Status.PLANNED: "muted", Status.RUNNING: "info", Status.CLOSED: "ok"}
    FLOW = Flow(
        start=([Status.PLANNED], Status.RUNNING),
        close=([Status.RUNNING], Status.CLOSED),
        change=([Status.PLANNED], None),
    )

    class Tier(models.TextChoices):
        CRITICAL = "critical", "Critical systems"
        STANDARD = "standard", "Standard systems"
        LIGHT = "light", "Light systems"

    name = models.CharField("name", max_length=120)
    question = models.TextField("what is asked", blank=True, help_text="Empty: is what stands here still right?")
    tier = models.CharField("only", max_length=8, choices=Tier, blank=True, help_text="Empty: systems of every tier.")
    owning_function = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="campaigns",
        verbose_name="only of function",
    )
    unverified_days = models.PositiveSmallIntegerField(
        "only not verified for days", null=True, blank=True, help_text="Empty: whenever it was verified."
    )
    due_on = models.DateField("answer by")
    status = models.CharField("status", max_length=8, choices=Status, default=Status.PLANNED, editable=False)
    started_at = models.DateTimeField("started", null=True, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "campaign"
        indexes = [models.Index(fields=["status", "due_on", "id"], name="campaign_due")]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())

    def systems(self, on: date) -> "models.QuerySet[System]":
        """The systems in use that the campaign asks about."""
        rows = System.objects.current().filter(lifecycle__in=IN_USE)
        if self.tier:
            rows = rows.filter(of_tier(self.tier))
        if self.owning_function_id:
            rows = rows.filter(owning_function=self.owning_function_id)
        if self.unverified_days:
            day = on - timedelta(days=self.unverified_days)
            rows = rows.filter(Q(last_verified_on=None) | Q(last_verified_on__lt=day))
        return rows.order_by("pk")

    @operation
    def start(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Ask everybody who answers for one of these systems, each once; who is asked already is not asked again."""
        today = timezone.localdate(at)
        if self.due_on <= today:
            raise Refused("The day to answer by has passed: choose a later one first.")
        asked = ask(self.systems(today), by=by, at=at, due_on=self.due_on, campaign=self)
        if not asked:
            raise Refused("There is nobody to ask: no system fits, or all of them are being asked about already.")
        self.started_at = at

    @operation
    def close(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """End it: what nobody has answered lapses, and its systems are shown as unverified."""
        lapse(Attestation.objects.filter(campaign=self), by=by, at=at)


IN_USE = ("implementing", "live", "phasing_out")


def of_tier(tier: str) -> Q:
    """What holds of a system of this tier."""
    codes = [code for code, its in tiers.TIER_OF_CRITICALITY.items() if its == tier]
    return Q(criticality__in=[*codes, ""] if tier == tiers.STANDARD else codes)


class Attestations(models.QuerySet["Attestation"]):
    """Questions about attestations."""

    def open(self) -> Self:
        return self.filter(status=Attestation.Status.OPEN, retired_at=None)

    def of(self, person: "User") -> Self:
        """What one person is asked."""
        return self.open().filter(person=person)

    def over(self, on: date) -> Self:
        """Open ones whose last day has passed."""
        return self.open().filter(due_on__lt=on)


class Attestation(Record):
    """One person asked about one system, and what they said."""

    PREFIX = "ATT"
    SEARCH = ("note",)
    BLAMES: ClassVar = {"attestation_once": "system"}

    class Status(models.TextChoices):
        OPEN = "open", "Asked"
        CONFIRMED = "confirmed", "Confirmed"
        CORRECTED = "corrected", "Corrected"
        HANDED_OVER = "handed_over", "Handed over"
        ENDED = "ended", "To be retired"
        LAPSED = "lapsed", "Not answered"

    TONES: ClassVar = {
        Status.OPEN: "info",
        Status.CONFIRMED: "ok",
        Status.CORRECTED: "ok",
        Status.HANDED_OVER: "muted",
        Status.ENDED: "attention",
        Status.LAPSED: "danger",
    }
    _S = Status
    FLOW = Flow(
        confirm=([_S.OPEN, _S.LAPSED], _S.CONFIRMED),
        correct=([_S.OPEN, _S.LAPSED], _S.CORRECTED),
        hand_over=([_S.OPEN], _S.HANDED_OVER),
        end_use=([_S.OPEN, _S.LAPSED], _S.ENDED),
        lapse=([_S.OPEN], _S.LAPSED),
    )

    system = models.ForeignKey("inventory.System", models.PROTECT, related_name="attestations", verbose_name="system")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="attestations", verbose_name="asked of")
    campaign = models.ForeignKey(
        Campaign, models.PROTECT, null=True, blank=True, related_name="attestations", verbose_name="campaign"
    )
    due_on = models.DateField("answer by")
    status = models.CharField("status", max_length=12, choices=Status, default=Status.OPEN, editable=False)
    answered_at = models.DateTimeField("answered", null=True, blank=True, editable=False)
    note = models.TextField("what was said", blank=True, editable=False)

    objects = Attestations.as_manager()

    class Meta(Record.Meta):
        verbose_name = "attestation"
        constraints = [
            models.UniqueConstraint(
                fields=["system"],
                condition=Q(status="open", retired_at=None),
                name="attestation_once",
                violation_error_message="Somebody is asked about this system already.",
            )
        ]
        indexes = [
            models.Index(fields=["person", "status", "due_on"], name="attestation_person"),
            models.Index(fields=["status", "due_on", "id"], name="attestation_due"),
            models.Index(fields=["campaign", "status"], name="attestation_campaign"),
        ]

    def __str__(self) -> str:
        return f"Is {self.system} still right?"

    def _answer(self, at: datetime, note: str) -> None:
        self.answered_at, self.note = at, note

    @operation
    def confirm(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Nothing has changed: what stands here is right today."""
        self.system.verify(by=by)
        self._answer(at, note)

    @operation
    def correct(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """The record was put right; the note says what had changed."""
        self.system.verify(by=by)
        self._answer(at, note)

    @operation
    def hand_over(self, *, by: "User", to: "User", note: str, at: datetime = NOW) -> None:
        """It is somebody else's: they become its owner in place of whoever was asked, and are asked instead."""
        if to.pk == self.person_id:
            raise ValidationError({"to": f"{to} is asked already."})
        if not to.signs_in:
            raise ValidationError({"to": f"{to} cannot answer: choose somebody who signs in."})
        system = self.system
        field = "technical_owner" if system.technical_owner_id == self.person_id else "business_owner"
        system.change(by=by, note=note, **{field: to})
        type(self).objects.filter(pk=self.pk).update(status=self.Status.HANDED_OVER)  # frees the system for the next
        due = max(self.due_on, timezone.localdate(at) + timedelta(days=7))
        type(self).add(by=by, system=system, person=to, campaign=self.campaign, due_on=due)
        self._answer(at, note)

    @operation
    def end_use(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """It is no longer needed: a live system is phased out from today, any other is retired."""
        system = self.system
        if system.lifecycle == System.Lifecycle.LIVE:
            system.phase_out(by=by, note=note)
        elif system.lifecycle != System.Lifecycle.PHASING_OUT:
            system.retire(by=by, note=note)
        self._answer(at, note)

    @operation
    def lapse(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Nobody answered in time: the system is shown as unverified, and its data stays as it is."""
        self.system.doubt(by=by, verification=System.Verification.UNVERIFIED)


def ask(
    systems: "models.QuerySet[System]", *, by: Any, at: datetime, due_on: date, campaign: Campaign | None = None
) -> int:
    """Ask whoever answers for each of these systems that nobody is asked about now; how many were asked.

    Asked is the person accountable for operating it, else its owner; a system without either is a gap, not a question.
    """
    free = systems.exclude(pk__in=Attestation.objects.open().values("system"))
    today = timezone.localdate(at)
    accountable = (
        Assignment.objects.valid(today)
        .filter(letter="A", silent=False, activity__code="operate", person__is_active=True, person__retired_at=None)
        .filter(system__in=free.values("pk"))
    )
    holders = dict(accountable.values_list("system", "person"))
    made = 0
    for system in free.select_related("business_owner", "technical_owner", "owning_function__head"):
        owners = (system.business_owner, system.technical_owner, system.owning_function and system.owning_function.head)
        person = holders.get(system.pk) or next((one.pk for one in owners if one and one.signs_in), None)
        if person:
            Attestation.add(by=by, at=at, system=system, person=person, campaign=campaign, due_on=due_on)
            made += 1
    return made


def lapse(rows: Attestations, *, by: Any, at: datetime) -> int:
    """Let open questions lapse; how many."""
    found = list(rows.open().select_related("system").order_by("pk"))
    for one in found:
        one.lapse(by=by, at=at)
    return len(found)


def by_interval(at: datetime, by: Any) -> int:
    """Ask about systems whose interval has passed since anybody verified them; how many."""
    today = timezone.localdate(at)
    return ask(due_for_a_question(today), by=by, at=at, due_on=today + TIME)


def due_for_a_question(on: date) -> "models.QuerySet[System]":
    """Systems in use whose interval has passed since they were verified, or since they were logged."""
    whens = Q()
    for tier in EVERY:
        day = since(tier, on)
        never = Q(last_verified_on=None, created_at__date__lt=day)
        whens |= of_tier(tier) & (Q(last_verified_on__lt=day) | never)
    return (
        System.objects.current()
        .filter(whens, lifecycle__in=IN_USE)
        .order_by(F("last_verified_on").asc(nulls_first=True), "pk")
    )


def touched(record: System, by: Any, at: datetime) -> None:
    """A verified system was edited by somebody who does not answer for it: whoever does is to confirm it."""
    answers = {record.business_owner_id, record.technical_owner_id}
    if record.verification == System.Verification.VERIFIED and by.pk not in answers:
        record.doubt(by=by, verification=System.Verification.NEEDS_CONFIRMATION)
