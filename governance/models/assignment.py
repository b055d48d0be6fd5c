"""Who is responsible, accountable, consulted and informed: per system and activity, from a day on, with the reason."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance import letters
from governance.models.activity import Activity
from governance.models.arranging import Arranging
from martech import locking
from martech.errors import Refused
from martech.operations import NOW, Record, operation
from martech.overlap import NoOverlap
from martech.permissions.answering import absent

if TYPE_CHECKING:
    from martech.accounts.models import User

ALWAYS = date.max
"""The last day of what has no end: every validity is a span of two days, so that one comparison answers."""


class Letter(models.TextChoices):
    R = "R", "Responsible"
    A = "A", "Accountable"
    C = "C", "Consulted"
    I = "I", "Informed"  # noqa: E741 the letter is the field's own word


DOES = frozenset({Letter.R, Letter.A})
"""Letters of those who do the work or answer for it; C and I are for everybody else."""


class Assignments(models.QuerySet["Assignment"]):
    """Questions about assignments."""

    def valid(self, on: date) -> Self:
        """Those that count on a day."""
        return self.filter(retired_at=None, from_on__lte=on, last_on__gte=on)

    def standing(self, on: date) -> Self:
        """Those that count on a day or will later."""
        return self.filter(retired_at=None, last_on__gte=on)

    def asking(self, person: "User", on: date) -> Self:
        """Letters that ask this person on a day: their own, and a function's as `engine.people` gives it to them."""
        head, deputy = Q(function__head=person), Q(function__deputy=person) & absent("function__head")
        mine = person.function_id if person.pk else None
        team = Q(letter=Letter.R, function=mine, function__gt=0) & absent("function__head") & absent("function__deputy")
        return self.valid(on).filter(Q(person=person) | head | deputy | team, silent=False)


class Assignment(Arranging, Record):
    """One letter of one person or function for an activity of a system, with validity dates and a reason."""

    PREFIX = "ASG"
    SEARCH = ("letter", "reason")
    BIRTH = ("system", "activity", "person", "function", "letter")
    GIVEN = ("last_on",)
    BLAMES: ClassVar = {
        "assignment_accountable": "letter",
        "assignment_holder": "person",
        "assignment_a_person": "letter",
        "assignment_dates": "to_on",
    }
    Letter = Letter
    TONES: ClassVar = {}
    MARKS: ClassVar = {"silent": ("attention", "Switched off"), "ended_by_leaving": ("attention", "Fell vacant")}

    system = models.ForeignKey("inventory.System", models.PROTECT, related_name="assignments", verbose_name="system")
    activity = models.ForeignKey(Activity, models.PROTECT, related_name="assignments", verbose_name="activity")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="assignments",
        verbose_name="person",
    )
    function = models.ForeignKey(
        "accounts.Function", models.PROTECT, null=True, blank=True, related_name="assignments", verbose_name="function"
    )
    letter = models.CharField("letter", max_length=1, choices=Letter)
    from_on = models.DateField("from", blank=True, help_text="Empty: from today.")
    to_on = models.DateField("to", null=True, blank=True, help_text="The last day it counts. Empty: no end.")
    reason = models.CharField("reason", max_length=300, blank=True)
    silent = models.BooleanField("does not act", default=False, editable=False)
    ended_by_leaving = models.BooleanField("fell vacant", default=False, editable=False)
    last_on = models.DateField(default=ALWAYS, editable=False)

    objects = Assignments.as_manager()

    class Meta(Record.Meta):
        verbose_name = "assignment"
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, function__isnull=False) | Q(person__isnull=False, function=None),
                name="assignment_holder",
                violation_error_message="Name a person or a function, one of the two.",
            ),
            models.CheckConstraint(
                condition=~Q(letter="A") | Q(person__isnull=False),
                name="assignment_a_person",
                violation_error_message="Accountable is always a person.",
            ),
            models.CheckConstraint(
                condition=Q(from_on__lte=F("last_on")),
                name="assignment_dates",
                violation_error_message="It ends before it begins.",
            ),
            NoOverlap(
                name="assignment_accountable",
                same=("system_id", "activity_id"),
                start="from_on",
                end="last_on",
                only={"letter": "A", "retired_at": None},
                violation_error_message="Somebody is accountable for this already at that time.",
            ),
        ]
        indexes = [
            models.Index(fields=["system", "activity", "letter"], name="assignment_cell"),
            models.Index(fields=["person", "letter", "last_on"], name="assignment_person"),
            models.Index(fields=["function", "letter", "last_on"], name="assignment_function"),
            models.Index(fields=["activity", "letter", "last_on"], name="assignment_activity"),
            models.Index(fields=["last_on", "id"], name="assignment_end"),
        ]

    def __str__(self) -> str:
        return f"{self.get_letter_display()} for “{self.activity}” of {self.system}: {self.holder}"

    @property
    def holder(self) -> Any:
        """The person or function who holds the letter."""
        return self.person if self.person_id else self.function

    @property
    def holder_key(self) -> str:
        """The holder as one word: `person-3` or `function-2`."""
        return letters.holder(self.person_id, self.function_id)

    def clean(self) -> None:
        self.from_on = self.from_on or timezone.localdate(self.created_at)
        self.last_on = self.to_on or ALWAYS
        self.reason = " ".join(self.reason.split())
        if bool(self.person_id) == bool(self.function_id):
            raise ValidationError({"person": "Name a person or a function, one of the two."})
        if self.letter == Letter.A and not self.person_id:
            raise ValidationError({"letter": "Accountable is always a person: a function cannot answer for it."})
        if self.letter == Letter.A and self.person and self.person.kind != "person":
            raise ValidationError({"person": "Accountable is a person, not a service account."})
        if self.last_on < self.from_on:
            raise ValidationError({"to_on": "It ends before it begins."})
        if self._state.adding:
            # One writer a system: two who make different people accountable at once wait for each other here, where
            # the second is told, instead of at the database's own constraint, where both may wait for ever.
            systems = type(self)._meta.get_field("system").related_model
            list(systems._base_manager.select_for_update(no_key=True).filter(pk=self.system_id).values_list("pk"))
            if self.person_id:
                person = locking.hold(self._meta.get_field("person").related_model, self.person_id)
                if person is None or not person.present:  # who leaves meanwhile takes no letter along
                    raise ValidationError({"person": "This person has left."})
        for other in self.beside():
            self._fits(other)

    def beside(self) -> Assignments:
        """Other letters of the same activity of the system that count on a day on which this one does."""
        rows: Assignments = type(self).objects.filter(
            retired_at=None,
            system=self.system_id,
            activity=self.activity_id,
            from_on__lte=self.last_on,
            last_on__gte=self.from_on,
        )
        return rows.exclude(pk=self.pk).select_related("person", "function").order_by("from_on", "pk")

    def _fits(self, other: "Assignment") -> None:
        """Raise ValidationError where this letter cannot stand beside the other."""
        if self.letter == other.letter == Letter.A and other.person_id != self.person_id:
            when = f" until {other.to_on:%-d %B %Y}" if other.to_on else ""
            raise ValidationError(
                {"letter": f"{other.holder} is accountable for this{when}: end that first, or hand it over."}
            )
        if (other.person_id, other.function_id) != (self.person_id, self.function_id):
            return
        if other.letter == self.letter:
            raise ValidationError({"letter": f"{self.holder} is {self.get_letter_display().lower()} for this already."})
        if not {self.letter, other.letter} <= DOES:
            raise ValidationError(
                {
                    "letter": f"{self.holder} is {other.get_letter_display().lower()} already. Consulted or "
                    "informed is only who is neither responsible nor accountable, and one of the two."
                }
            )

    @operation
    def end(self, *, by: "User", note: str, to_on: date | None = None, at: datetime = NOW) -> None:
        """The last day it counts, by default yesterday; the note says why. What has not begun never counts."""
        last = to_on or timezone.localdate(at) - timedelta(days=1)
        if last < self.from_on:
            self.retired_at = at
            return
        if self.last_on < last:
            raise Refused(f"{self.number} ends on {self.to_on:%-d %B %Y} already.")
        self.to_on = last

    @operation
    def silence(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """The letter stays on record but asks and tells nobody; the note says why."""
        if self.silent:
            raise Refused(f"{self.number} is silent already.")
        self.silent = True

    @operation
    def heed(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """The letter acts again."""
        if not self.silent:
            raise Refused(f"{self.number} acts.")
        self.silent = False
