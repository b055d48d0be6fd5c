"""Who stands in for a person from a day to a day, and in whose place somebody acts."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance import periods
from martech import turns
from martech.audit.models import INSTEAD, Entry
from martech.errors import Refused
from martech.operations import NOW, Record, acting, begin, operation
from martech.overlap import NoOverlap
from martech.permissions import engine

if TYPE_CHECKING:
    from martech.accounts.models import User

PERSON = settings.AUTH_USER_MODEL
WHO_IS_WHO = "stand-ins"
"""The name under which whoever writes a period waits for whoever else does: a circle may be closed by two at once."""


class StandIns(models.QuerySet["StandIn"]):
    """Questions about periods of standing in."""

    def valid(self, on: date) -> Self:
        """Those that count on a day."""
        return self.filter(retired_at=None, from_on__lte=on, to_on__gte=on)

    def standing(self, on: date) -> Self:
        """Those that count on a day or will later."""
        return self.filter(retired_at=None, to_on__gte=on)

    def of(self, person: "User") -> Self:
        """Those in which this person is stood in for, or stands in."""
        return self.filter(Q(person=person) | Q(deputy=person))


class StandIn(Record):
    """A deputy answers and decides in a person's place, from a day to a day."""

    PREFIX = "STI"
    SEARCH = ("reason",)
    BIRTH = ("person", "deputy", "covers", "from_on")
    BLAMES: ClassVar = {"standin_two_people": "deputy", "standin_once": "from_on", "standin_days": "to_on"}
    MARKS: ClassVar = {"ended_by_leaving": ("attention", "Ended by leaving")}

    class Covers(models.TextChoices):
        EVERYTHING = "everything", "Everything that waits for an answer"
        CONSULTATIONS = "consultations", "Consultations and objections"
        ATTESTATIONS = "attestations", "Attestation"
        HANDOVERS = "handovers", "Hand-overs"

    person = models.ForeignKey(PERSON, models.PROTECT, related_name="stand_ins", verbose_name="in place of")
    deputy = models.ForeignKey(PERSON, models.PROTECT, related_name="stands_in", verbose_name="deputy")
    covers = models.CharField("for", max_length=13, choices=Covers, default=Covers.EVERYTHING)
    from_on = models.DateField("from", blank=True, help_text="Empty: from today.")
    to_on = models.DateField("to", help_text="The last day.")
    reason = models.CharField("reason", max_length=200, blank=True, help_text="Everybody can read it.")
    ended_by_leaving = models.BooleanField("ended by leaving", default=False, editable=False)

    objects = StandIns.as_manager()

    class Meta(Record.Meta):
        verbose_name = "stand-in"
        verbose_name_plural = "stand-ins"
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("deputy")),
                name="standin_two_people",
                violation_error_message="Nobody stands in for themselves.",
            ),
            models.CheckConstraint(
                condition=Q(from_on__lte=F("to_on")),
                name="standin_days",
                violation_error_message="It ends before it begins.",
            ),
            NoOverlap(
                name="standin_once",
                same=("person_id",),
                start="from_on",
                end="to_on",
                only={"retired_at": None},
                violation_error_message="Somebody stands in at that time already.",
            ),
        ]
        indexes = [
            models.Index(fields=["person", "to_on"], name="standin_person"),
            models.Index(fields=["deputy", "to_on"], name="standin_deputy"),
            models.Index(fields=["to_on", "id"], name="standin_end"),
        ]

    def __str__(self) -> str:
        return f"{self.deputy} in place of {self.person} {self.days}"

    @property
    def days(self) -> str:
        """The period in words."""
        if self.from_on == self.to_on:
            return f"on {self.to_on:%-d %B %Y}"
        same_year, same_month = self.from_on.year == self.to_on.year, self.from_on.month == self.to_on.month
        first = "%-d" if same_year and same_month else "%-d %B" if same_year else "%-d %B %Y"
        return f"from {self.from_on:{first}} to {self.to_on:%-d %B %Y}"

    @classmethod
    def add(cls, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """Somebody stands in for a person on these days, from today on."""
        with acting(by, at) as act:
            return begin(cls(created_at=act.at), by=by, at=act.at, note=note, **fields)

    def clean(self) -> None:
        today = timezone.localdate(self.created_at)
        self.reason = " ".join(self.reason.split())
        self.from_on = self.from_on or today
        if self.person_id == self.deputy_id:
            raise ValidationError({"deputy": "Nobody stands in for themselves."})
        if self._state.adding:
            if self.from_on < today:
                raise ValidationError({"from_on": "Nobody stands in for a day that has passed."})
            for name in ("person", "deputy"):
                if not getattr(self, name).signs_in:
                    raise ValidationError({name: f"{getattr(self, name)} does not sign in, and answers nothing."})
        if self.to_on < self.from_on:
            raise ValidationError({"to_on": "It ends before it begins."})
        turns.hold(WHO_IS_WHO)
        others = list(
            type(self)
            .objects.filter(retired_at=None, from_on__lte=self.to_on, to_on__gte=self.from_on)
            .exclude(pk=self.pk)
            .select_related("person", "deputy")
            .order_by("from_on", "pk")
        )
        for other in others:
            if other.person_id == self.person_id:
                raise ValidationError(
                    {
                        "from_on": f"{other.deputy} stands in for {other.person} {other.days} already: end that first, "
                        "or choose other days."
                    }
                )
        self._no_circle(others)

    def _no_circle(self, others: "list[StandIn]") -> None:
        """Raise ValidationError where on some day somebody would come to stand in for themselves."""
        found = periods.circle((other.period for other in others), self.period)
        if found:
            names = {other.person_id: str(other.person) for other in others}
            names[self.person_id] = str(self.person)
            road = ", ".join(f"{names[one.deputy]} for {names[one.person]}" for one in found)
            raise ValidationError(
                {"deputy": f"Nobody would be left to answer on {found[-1].first:%-d %B %Y}: {road} stands in that day."}
            )

    @property
    def period(self) -> periods.Period:
        return periods.Period(self.person_id, self.deputy_id, self.from_on, self.to_on)

    @operation
    def change(self, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> None:
        """Another last day or reason; a period that is over stays as it was."""
        self._still(at)
        self.put(fields, by)
        if self.to_on < timezone.localdate(at):
            raise ValidationError({"to_on": "This day has passed: end it instead."})

    @operation
    def end(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """It counts until yesterday; what has not begun never counts."""
        self._still(at)
        yesterday = timezone.localdate(at) - timedelta(days=1)
        if yesterday < self.from_on:
            self.retired_at = at
        else:
            self.to_on = yesterday

    def _still(self, at: datetime) -> None:
        if self.to_on < timezone.localdate(at):
            raise Refused(f"{self.number} was over on {self.to_on:%-d %B %Y}.")


def acts_for(
    record: Record,
    by: "User",
    asked: Collection[int],
    matter: str,
    *,
    instead_of: "User | None" = None,
    authors: Collection[int] = (),
    at: datetime,
) -> int:
    """In whose place somebody acts on a record: the key of one of those asked, or their own where nobody stands in.

    `authors` asked for it, or did what is to be judged: neither they nor who stands in for them act in another's place.
    That somebody acts for another is told in the trail. Refused where they may not; ValidationError where it is not
    plain whom they act for.
    """
    if instead_of is None and by.pk in asked:
        return int(by.pk)
    today = timezone.localdate(at)
    stood_for = engine.stood_in_for(by, matter, on=today, today=today)
    found = {key: one for key, one in stood_for.items() if key in asked}
    if instead_of is not None:
        if instead_of.pk == by.pk and by.pk in asked:
            return int(by.pk)
        if instead_of.pk not in found:
            raise Refused(f"You do not stand in for {instead_of} here today.")
        found = {instead_of.pk: found[instead_of.pk]}
    if not found:
        return int(by.pk)
    if len(found) > 1:
        names = " and ".join(sorted(one.name for one in found.values()))
        raise ValidationError({"instead_of": f"You stand in for {names}: say for whom you answer."})
    (key, principal), *_ = found.items()
    if by.pk in authors:
        raise Refused(f"This is your own: {principal.name} answers it, or waits until another stands in.")
    if key in authors:
        raise Refused(f"This is {principal.name}'s own: who stands in for them does not answer it.")
    record.tell(INSTEAD, None, {"id": key, "text": principal.name})
    return key


def proposed_by(record: Record) -> set[int]:
    """Who put a record there, by the trail."""
    told = Entry.objects.filter(kind=record._meta.label_lower, key=record.pk, verb="add")
    return set(told.values_list("by", flat=True))
