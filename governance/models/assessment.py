"""What a function can carry in a period: its people, what their time goes into, who steps in, how work flows."""

from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from governance import work
from governance.models import advising
from martech.errors import Refused
from martech.fields import Lines
from martech.operations import NOW, Flow, Record, operation
from martech.overlap import NoOverlap

if TYPE_CHECKING:
    from martech.accounts.models import User

PERSON = settings.AUTH_USER_MODEL
SCORES = (
    (1, "1, by chance"),
    (2, "2, here and there"),
    (3, "3, agreed"),
    (4, "4, measured"),
    (5, "5, improved all the time"),
)
"""Five steps from chance to habit, for how work flows and how functions work together."""


def _share(label: str) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(
        label, null=True, blank=True, validators=[MaxValueValidator(100, "A share is at most 100 %.")]
    )


class ResourceAssessment(Record):
    """One function in one period: people, allocation, succession, workflow and collaboration."""

    PREFIX = "ASM"
    SEARCH = ("summary", "workflow_note", "collaboration_note")
    BIRTH = ("function",)
    PARTS: ClassVar = {"proposals": "Proposed letters"}
    BLAMES: ClassVar = {"assessment_period": "from_on", "assessment_dates": "to_on"}

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        CONCLUDED = "concluded", "Concluded"

    class Able(models.TextChoices):
        ABLE = "able", "Able now"
        LEARNING = "learning", "Learning"
        NOT_YET = "not_yet", "Not yet able"

    TONES: ClassVar = {Status.DRAFT: "info", Status.CONCLUDED: "ok"}
    FLOW = Flow(
        change=([Status.DRAFT], None),
        conclude=([Status.DRAFT], Status.CONCLUDED),
        reopen=([Status.CONCLUDED], Status.DRAFT),
    )

    function = models.ForeignKey(
        "accounts.Function", models.PROTECT, related_name="assessments", verbose_name="function"
    )
    from_on = models.DateField("from")
    to_on = models.DateField("to", help_text="The last day of the period.")
    people = models.PositiveSmallIntegerField("people", null=True, blank=True)
    hours = models.PositiveIntegerField(
        "hours a week", null=True, blank=True, help_text="Of all its people together, without leave."
    )
    measurement = _share("measurement, %")
    planning = _share("planning, %")
    infrastructure = _share("infrastructure, %")
    data = _share("data, %")
    other = _share("everything else, %")
    below = Lines("what lies below", help_text="One a line, such as “Measurement: Dashboards 15 %”.")
    successor = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="steps in for the head",
        help_text="Empty: the function's deputy head.",
    )
    successor_able = models.CharField("able to step in", max_length=8, choices=Able, blank=True)
    workflow = models.PositiveSmallIntegerField("workflow", choices=SCORES, null=True, blank=True)
    workflow_note = models.TextField("how work flows", blank=True)
    collaboration = models.PositiveSmallIntegerField("collaboration", choices=SCORES, null=True, blank=True)
    collaboration_note = models.TextField("how it works with others", blank=True)
    summary = models.TextField("what was found", blank=True)
    status = models.CharField("status", max_length=9, choices=Status, default=Status.DRAFT, editable=False)
    concluded_on = models.DateField("concluded on", null=True, blank=True, editable=False)
    advised_on = models.DateField("letters proposed on", null=True, blank=True, editable=False)
    kept = models.JSONField("people and skills then", default=dict, editable=False)

    class Meta(Record.Meta):
        verbose_name = "assessment"
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__lte=F("to_on")),
                name="assessment_dates",
                violation_error_message="The period ends before it begins.",
            ),
            NoOverlap(
                name="assessment_period",
                same=("function_id",),
                start="from_on",
                end="to_on",
                only={"retired_at": None},
                violation_error_message="This function has an assessment of that time already.",
            ),
        ]
        indexes = [models.Index(fields=["function", "from_on"], name="assessment_function")]

    def __str__(self) -> str:
        return f"{self.function}, {self.from_on:%-d %b %Y} to {self.to_on:%-d %b %Y}"

    def clean(self) -> None:
        if self.to_on < self.from_on:
            raise ValidationError({"to_on": "The period ends before it begins."})
        beside = type(self).objects.filter(function=self.function_id, retired_at=None).exclude(pk=self.pk)
        other = beside.filter(from_on__lte=self.to_on, to_on__gte=self.from_on).first()
        if other is not None and self.retired_at is None:
            raise ValidationError({"from_on": f"{other.number} is about this function at that time already."})
        if self.successor_id and self.successor_id == self.function.head_id:
            raise ValidationError({"successor": f"{self.successor} is the head: name who steps in for them."})
        try:
            parts = [work.read(line) for line in self.below]
        except ValueError as error:
            raise ValidationError({"below": str(error)}) from None
        for area, total in work.excess(parts, self.shares).items():
            told = f"{self.shares[area] or 0} %"
            raise ValidationError({"below": f"The parts of {work.AREAS[area].lower()} come to {total} %, not {told}."})
        self.below = [str(part) for part in parts]

    @property
    def shares(self) -> dict[str, int | None]:
        """The share of each area in percent; None where nobody has said it."""
        return {area: getattr(self, area) for area in work.AREAS}

    @property
    def allocated(self) -> int:
        """All shares together, in percent: more than 100 is more than there is."""
        return sum(share or 0 for share in self.shares.values())

    def before(self) -> "ResourceAssessment | None":
        """The assessment of the same function before this one."""
        rows = type(self).objects.filter(function=self.function_id, retired_at=None, to_on__lt=self.from_on)
        return rows.order_by("-to_on").first()

    @operation
    def conclude(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """It is agreed: what stands here, and who was able to do what, stays so for the next period."""
        if not self.people:
            raise Refused("Say how many people the function has first.")
        if not self.allocated:
            raise Refused("Say what their time goes into first.")
        self.concluded_on, self.kept = timezone.localdate(at), advising.group(self.function).kept()

    @operation
    def reopen(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """It was concluded too soon; the note says what is to be put right."""
        self.concluded_on, self.kept = None, {}

    @operation
    def advise(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Propose letters for the systems of the function, from who is able and what each carries; old ones lapse."""
        today = timezone.localdate(at)
        new, lapsed = advising.draw(self, by, at, today)
        self.advised_on = today
        self.tell("proposals", None, f"{new} proposed, {lapsed} out of date")
