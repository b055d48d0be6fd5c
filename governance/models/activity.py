"""The process model: what has to be done for a system, phase by phase, and which steps somebody must answer for."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance import tiers
from inventory.choices import Kind
from martech.errors import Refused
from martech.fields import Codes
from martech.operations import NOW, Record, begin, operation

if TYPE_CHECKING:
    from martech.accounts.models import User


class Phase(models.TextChoices):
    PLAN = "plan", "Plan"
    SELECT = "select", "Select"
    PROCURE = "procure", "Procure"
    IMPLEMENT = "implement", "Implement"
    INTEGRATE = "integrate", "Integrate"
    OPERATE = "operate", "Operate"
    IMPROVE = "improve", "Improve"
    RETIRE = "retire", "Retire"


ORDER = {phase: place for place, phase in enumerate(Phase.values, start=1)}


class Activities(models.QuerySet["Activity"]):
    """Questions about activities."""

    def current(self) -> Self:
        """The process model as it stands: phase by phase, in order."""
        return self.filter(retired_at=None).order_by("phase_order", "position", "id")

    def required(self, criticality: str, kind: str) -> "list[Activity]":
        """The activities that need somebody for a system of this criticality and kind."""
        return [one for one in self.current() if tiers.requires(one.required_from, one.kinds, criticality, kind)]


class Activity(Record):
    """One verb-led step of the deployment process model."""

    PREFIX = "ACT"
    SEARCH = ("name", "code", "description")
    BIRTH = ("code",)
    GIVEN = ("phase_order",)
    BLAMES = {"activity_code": "code"}

    Phase = Phase
    TIERS = tiers.TIERS

    name = models.CharField("name", max_length=120, help_text="Begins with a verb: Train people.")
    code = models.CharField(
        "code",
        max_length=40,
        validators=[RegexValidator(r"^[a-z][a-z0-9_]*\Z", "Small letters, digits and underscores; a letter first.")],
        help_text="What the rules and the REST interface call it; it stays.",
    )
    phase = models.CharField("phase", max_length=10, choices=Phase)
    position = models.PositiveSmallIntegerField("order", default=100)
    description = models.TextField("what belongs to it", blank=True)
    required_from = models.CharField(
        "required for", max_length=8, choices=tiers.TIERS, blank=True, help_text="Empty: nobody has to answer for it."
    )
    kinds = Codes("only for kinds", codes=Kind.choices, help_text="None chosen: every kind of system.")
    level = models.PositiveSmallIntegerField(
        "skill level needed",
        default=3,
        choices=tuple((level, str(level)) for level in range(1, 8)),
        help_text="1 follows to 7 sets strategy.",
    )
    phase_order = models.PositiveSmallIntegerField("order of the phase", default=0, editable=False)

    objects = Activities.as_manager()

    class Meta(Record.Meta):
        verbose_name = "activity"
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(retired_at=None),
                name="activity_code",
                violation_error_message="There is an activity of this code already.",
            )
        ]
        indexes = [models.Index(fields=["phase_order", "position", "id"], name="activity_order")]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        self.phase_order = ORDER.get(self.phase, 0)

    @operation
    def retire(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """No longer a step of the process. Refused for those whose letters the product itself reads."""
        if self.code in READ_BY_CODE:
            raise Refused(f"“{self.name}” decides whom the product asks: rename it, but keep it.")
        self.retired_at = at


READ_BY_CODE = frozenset({"operate", "support", "decide_renewal", "integrate", "select_vendor", "own_data_quality"})
"""Activities by which a subject finds the person accountable for it."""


class ProcessVersion(Record):
    """The process model as it was published: a frozen copy of every step, to compare with and to go back to."""

    PREFIX = "PMV"
    GIVEN = ("steps",)

    name = models.CharField("name", max_length=120, help_text="What is new in it.")
    published_on = models.DateField("published on", editable=False)
    steps = models.JSONField("steps", default=list, editable=False)

    class Meta(Record.Meta):
        verbose_name = "process version"
        indexes = [models.Index(fields=["published_on", "id"], name="process_version_order")]

    @classmethod
    def add(cls, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """Publish the model as it stands."""
        version = cls(published_on=timezone.localdate(at), steps=[_frozen(one) for one in Activity.objects.current()])
        return begin(version, by=by, at=at, note=note, **fields)

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        if not self.steps:
            raise ValidationError("There is no activity to publish.")


def _frozen(one: Activity) -> dict[str, Any]:
    """An activity as a version keeps it."""
    told = ("code", "name", "phase", "position", "description", "required_from", "kinds", "level")
    return {"activity": one.pk, **{name: getattr(one, name) for name in told}}
