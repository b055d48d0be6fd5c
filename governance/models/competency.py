"""What a person is able to do: a level for an activity, said by themselves or confirmed, for twelve months."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance import skills
from governance.models.activity import Activity
from martech.errors import Refused
from martech.operations import NOW, Flow, Record, acting, begin, operation

if TYPE_CHECKING:
    from martech.accounts.models import User


class Competencies(models.QuerySet["Competency"]):
    """Questions about competencies."""

    def current(self) -> Self:
        return self.filter(retired_at=None)

    def over(self, on: date) -> Self:
        """Those that count no longer on a day and are not marked so yet."""
        return self.current().filter(valid_until__lt=on).exclude(status=Competency.Status.EXPIRED)


class Competency(Record):
    """One person, one activity, one of seven levels."""

    PREFIX = "CMP"
    SEARCH = ("evidence",)
    BIRTH = ("person", "activity", "level")
    GIVEN = ("rated_on", "valid_until")
    BLAMES: ClassVar = {"competency_once": "activity"}

    class Status(models.TextChoices):
        SELF = "self", "Said by themselves"
        CONFIRMED = "confirmed", "Confirmed"
        EXPIRED = "expired", "Out of date"

    _S = Status
    TONES: ClassVar = {Status.SELF: "info", Status.CONFIRMED: "ok", Status.EXPIRED: "attention"}
    FLOW = Flow(
        rate=([_S.SELF, _S.CONFIRMED, _S.EXPIRED], _S.SELF),
        confirm=([_S.SELF, _S.EXPIRED], _S.CONFIRMED),
        expire=([_S.SELF, _S.CONFIRMED], _S.EXPIRED),
    )

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="competencies", verbose_name="person"
    )
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="competencies", verbose_name="activity")
    level = models.PositiveSmallIntegerField("level", choices=skills.LEVELS)
    evidence = models.TextField("what shows it", blank=True)
    status = models.CharField("status", max_length=9, choices=Status, default=Status.SELF, editable=False)
    rated_on = models.DateField("said on", editable=False)
    valid_until = models.DateField("counts until", editable=False)

    objects = Competencies.as_manager()

    class Meta(Record.Meta):
        verbose_name = "competency"
        verbose_name_plural = "competencies"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "activity"],
                condition=Q(retired_at=None),
                name="competency_once",
                violation_error_message="This person's level for this activity is on record already.",
            )
        ]
        indexes = [
            models.Index(fields=["activity", "level"], name="competency_activity"),
            models.Index(fields=["valid_until", "status"], name="competency_until"),
        ]

    def __str__(self) -> str:
        return f"{self.person}: “{self.activity}” at level {self.level}"

    @classmethod
    def add(cls, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """A level on record, until it is confirmed as the person's own word."""
        made = cls()
        made._counts_from(timezone.localdate(at))
        return begin(made, by=by, at=at, note=note, **fields)

    def clean(self) -> None:
        if self._state.adding and (self.person.kind != "person" or not self.person.present):
            raise ValidationError({"person": "Only people who are here have a level."})

    @operation
    def rate(self, *, by: "User", level: int, at: datetime = NOW, note: str = "") -> None:
        """Another level, or the same after another look; it is to be confirmed anew."""
        self.level = level
        self._counts_from(timezone.localdate(at))

    @operation
    def confirm(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Somebody else has seen that it is so; it counts for another twelve months."""
        self._counts_from(timezone.localdate(at))

    @operation
    def expire(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Nobody has looked for twelve months: it counts no longer."""
        if self.valid_until >= timezone.localdate(at):
            raise Refused(f"It counts until {self.valid_until:%-d %B %Y}.")

    def _counts_from(self, on: date) -> None:
        self.rated_on = on
        year, month = divmod(on.month - 1 + skills.MONTHS, 12)
        self.valid_until = date(on.year + year, month + 1, min(on.day, 28))


def expire(at: datetime, by: Any) -> int:
    """Mark what nobody has looked at for too long; how many."""
    rows = Competency.objects.over(timezone.localdate(at)).select_related("person", "activity").order_by("pk")
    with acting(by, at) as act, act.deeper():
        over = list(rows.select_for_update(no_key=True, of=("self",)))
        for one in over:
            one.expire(by=by)
    return len(over)
