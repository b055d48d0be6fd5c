"""Attestation: whoever answers for a system says that what stands here is still right, or what to do instead.

Asked by a campaign, or by the interval of the system's criticality. Silence changes a badge, never the data.
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.utils import timezone

from governance import tiers
from governance.models.assignment import Assignment
from governance.models.standin import acts_for
from inventory.models import System
from martech.audit import context
from martech.audit.models import Entry
from martech.errors import Refused
from martech.inserting import insert
from martech.operations import NOW, Flow, Record, acting, operation, record_entry
from martech.permissions import engine
from martech.picture import begun, labelled, picture

if TYPE_CHECKING:
    from martech.accounts.models import User

PERSON = settings.AUTH_USER_MODEL
EVERY = {tiers.CRITICAL: 6, tiers.STANDARD: 12, tiers.LIGHT: 12}
"""Months after which a system of a tier is asked about again. Source: the field's custom, half a year for critical."""
MATTER = "attestations"
"""What a deputy must stand in for, to answer in another's place."""
TIME, AGAIN = timedelta(days=21), timedelta(days=90)
"""How long somebody has to answer, and how long nobody is asked again after silence."""


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
        if not ask(self.systems(today), by=by, at=at, due_on=self.due_on, campaign=self):
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
        """Those that wait for an answer; nobody is asked about a system that is retired."""
        return self.filter(status=Attestation.Status.OPEN, retired_at=None, system__retired_at=None)

    def of(self, person: "User", instead: Collection[int] = ()) -> Self:
        """What one person is asked, and those in whose place they answer; confidential systems wait for the person."""
        theirs = Q(person__in=instead, system__confidential=False) if instead else Q(pk__in=())
        return self.open().filter(Q(person=person) | theirs)

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
    answered_by = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="answered by",
        editable=False,
    )
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

    def clean(self) -> None:
        if self._state.adding and not engine.may(self.person, "inventory.view_system", self.system):
            raise ValidationError(
                {"person": f"{self.person} may not see this system, and cannot say whether it is right."}
            )

    def _answer(self, by: "User", at: datetime, note: str) -> bool:
        """Whether it is answered in the place of whoever was asked."""
        authors = self._doubted_by() if self.person_id != by.pk else set()
        key = acts_for(self, by, {self.person_id}, MATTER, authors=authors, at=at)
        self.answered_at, self.answered_by, self.note = at, by, note
        return key != by.pk

    def _doubted_by(self) -> set[int]:
        """Whose change is to be confirmed: they do not confirm it in another's place."""
        if self.system.verification != System.Verification.NEEDS_CONFIRMATION:
            return set()
        told = Entry.objects.filter(kind=System._meta.label_lower, key=self.system_id, verb__in=("doubt", "verify"))
        last = told.order_by("-pk").values_list("verb", "by").first()
        return {last[1]} if last and last[0] == "doubt" else set()

    @operation
    def confirm(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Nothing has changed: what stands here is right today."""
        self._answer(by, at, note)
        self.system.verify(by=by)

    @operation
    def correct(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """The record was put right; the note says what had changed."""
        self._answer(by, at, note)
        self.system.verify(by=by)

    @operation
    def hand_over(self, *, by: "User", to: "User", note: str, at: datetime = NOW) -> None:
        """It is somebody else's: they become its owner in place of whoever was asked, and are asked instead."""
        if self._answer(by, at, note) and to.pk == by.pk:
            raise Refused(f"You answer in {self.person}'s place: nobody makes themselves the owner that way.")
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

    @operation
    def end_use(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """It is no longer needed: a live system is phased out from today, any other is retired."""
        self._answer(by, at, note)
        system = self.system
        if system.lifecycle == System.Lifecycle.LIVE:
            system.phase_out(by=by, note=note)
        elif system.lifecycle != System.Lifecycle.PHASING_OUT:
            system.retire(by=by, note=note)

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
    letters = (
        Assignment.objects.valid(today)
        .filter(letter="A", silent=False, activity__code="operate", person__is_active=True, person__retired_at=None)
        .filter(system__in=free.values("pk"))
    )
    accountable = {one.system_id: one.person for one in letters.select_related("person")}
    door, rows = context.current(), []
    for system in free.select_related("business_owner", "technical_owner", "owning_function__head"):
        owners = (system.business_owner, system.technical_owner, system.owning_function and system.owning_function.head)
        person = accountable.get(system.pk) or next((one for one in owners if one and one.signs_in), None)
        if person:
            row = Attestation(system=system, person=person, campaign=campaign, due_on=due_on)
            row.created_at = row.changed_at = at
            row.origin, row.origin_detail = door.name, door.origin
            rows.append(row)
    with acting(by, at) as act:
        try:
            insert(rows)
        except IntegrityError as error:
            raise Refused("Somebody else asks about one of these systems this very moment: try again.") from error
        for row in rows:
            record_entry(row, act, "add", labelled(row, begun(picture(row))), "")
    return len(rows)


def lapse(rows: Attestations, *, by: Any, at: datetime) -> None:
    """Let open questions lapse, each for itself: one that was answered meanwhile stays, and keeps no other back."""
    for one in rows.open().select_related("system").order_by("pk"):
        with suppress(Refused), transaction.atomic(), acting(by, at) as act, act.deeper():
            one.lapse(by=by)


def by_interval(at: datetime, by: Any) -> int:
    """Ask about systems whose interval has passed since anybody verified them; how many."""
    today = timezone.localdate(at)
    return ask(due_for_a_question(today), by=by, at=at, due_on=today + TIME)


def due_for_a_question(on: date) -> "models.QuerySet[System]":
    """Systems in use whose interval has passed since they were verified, or since they were logged.

    Where nobody answered the last question, the next one waits for AGAIN.
    """
    whens = Q()
    for tier in EVERY:
        day = since(tier, on)
        never = Q(last_verified_on=None, created_at__date__lt=day)
        whens |= of_tier(tier) & (Q(last_verified_on__lt=day) | never)
    silent = Attestation.objects.filter(status=Attestation.Status.LAPSED, due_on__gte=on - AGAIN)
    return (
        System.objects.current()
        .filter(whens, lifecycle__in=IN_USE)
        .exclude(pk__in=silent.values("system"))
        .order_by(F("last_verified_on").asc(nulls_first=True), "pk")
    )


def touched(records: Sequence[System], by: Any, at: datetime) -> None:
    """Follows `inventory.change_system`: verified systems that a person changed who does not answer for them are to be
    confirmed by whoever does. A program keeps what its source says and casts no doubt. Two statements, if any.
    """
    verified = {one.pk: one for one in records if one.verification == System.Verification.VERIFIED}
    if not verified or by.kind != by.Kind.PERSON:
        return
    letters = Assignment.objects.valid(timezone.localdate(at)).filter(letter="A", activity__code="operate", person=by)
    theirs = System.objects.filter(Q(pk__in=System.objects.of(by)) | Q(pk__in=letters.values("system")))
    rows = System.objects.filter(pk__in=verified).exclude(pk__in=theirs)
    doubted, wanted = list(rows.values_list("pk", flat=True)), System.Verification.NEEDS_CONFIRMATION
    System.objects.filter(pk__in=doubted).update(verification=wanted, version=F("version") + 1)
    with acting(by, at) as act:
        for key in doubted:
            one = verified[key]
            changes = {"verification": [str(one.verification), str(wanted)]}
            one.verification, one.version = wanted, one.version + 1
            record_entry(one, act, "doubt", changes, "")
