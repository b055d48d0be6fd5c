"""Business processes over the stack: which function does each step with which system, and who answers where one hands
over to the next; and who answers for each stage of the customer's journey."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from inventory.choices import Stage
from martech.errors import Refused
from martech.fields import Codes, Lines
from martech.operations import NOW, Record, operation

if TYPE_CHECKING:
    from martech.accounts.models import User

PERSON = settings.AUTH_USER_MODEL


class BusinessProcess(Record):
    """One process of the business, such as lead management: its owner, its steps in versions, its metric."""

    PREFIX = "BPR"
    SEARCH = ("name", "description", "metric")
    BLAMES: ClassVar = {"business_process_name": "name"}
    PARTS: ClassVar = {"editions": "Versions"}

    name = models.CharField("name", max_length=120)
    description = models.TextField("what it is for", blank=True)
    owner = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="processes_owned",
        verbose_name="owner",
        help_text="The person accountable for the process from end to end.",
    )
    owning_function = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="processes",
        verbose_name="owning function",
    )
    journey_stages = Codes("customer journey", codes=Stage.choices)
    metric = models.CharField("metric", max_length=120, blank=True, help_text="What tells whether it works.")
    metric_now = models.CharField("stands at", max_length=60, blank=True)
    metric_target = models.CharField("is to be", max_length=60, blank=True)
    metric_on = models.DateField("measured on", null=True, blank=True)
    improvements = Lines("improvements", help_text="What is to become better, one a line.")
    edition = models.PositiveIntegerField("published version", default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = "business process"
        verbose_name_plural = "business processes"
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(retired_at=None),
                name="business_process_name",
                violation_error_message="There is a process of this name already.",
            )
        ]
        indexes = [models.Index(fields=["name", "id"], name="business_process_order")]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())

    def current_steps(self) -> "list[ProcessStep]":
        """Its steps in order, each with function, system and who answers for the hand-over."""
        rows = self.steps.filter(retired_at=None).select_related("function", "system", "handover_accountable")
        return list(rows.order_by("position", "pk"))

    @operation
    def publish(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """Keep the steps as they are now as the next version; the note says what is new."""
        frozen = [step.frozen() for step in self.current_steps()]
        if not frozen:
            raise Refused("There is no step to publish: describe the process first.")
        last = self.editions.order_by("-number").first()
        if last is not None and last.steps == frozen:
            raise Refused(f"Version {last.number} has the same steps.")
        self.edition += 1
        made = ProcessEdition(process=self, number=self.edition, published_on=timezone.localdate(at), note=note)
        made.steps = frozen
        made.save()
        self.tell("editions", None, f"version {made.number}, {len(frozen)} steps")


class ProcessStep(Record):
    """One step: who does it, with which system. Where the next one is another function's, somebody answers for it."""

    PREFIX = "PST"
    SEARCH = ("name", "description")
    BIRTH = ("process",)

    process = models.ForeignKey(BusinessProcess, models.PROTECT, related_name="steps", verbose_name="process")
    name = models.CharField("step", max_length=120, help_text="Begins with a verb: Score the lead.")
    position = models.PositiveSmallIntegerField("order", default=100)
    function = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="process_steps",
        verbose_name="done by",
    )
    system = models.ForeignKey(
        "inventory.System", models.PROTECT, null=True, blank=True, related_name="process_steps", verbose_name="with"
    )
    description = models.TextField("what happens", blank=True)
    handover_accountable = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers_answered",
        verbose_name="accountable for handing over",
        help_text="Where the next step is another function's: who answers for it arriving.",
    )

    class Meta(Record.Meta):
        verbose_name = "process step"
        indexes = [
            models.Index(fields=["process", "position", "id"], name="process_step_order"),
            models.Index(fields=["system"], name="process_step_system"),
        ]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        if self.process.retired_at:
            raise ValidationError({"process": f"{self.process.number} is retired."})

    def frozen(self) -> dict[str, Any]:
        """The step as a version keeps it; names are looked up when it is shown, as far as the reader may see them."""
        return {
            "name": self.name,
            "function": self.function_id,
            "system": self.system_id,
            "handover_accountable": self.handover_accountable_id,
        }


class ProcessEdition(models.Model):
    """A published version of a process."""

    process = models.ForeignKey(BusinessProcess, models.CASCADE, related_name="editions")
    number = models.PositiveIntegerField()
    published_on = models.DateField()
    note = models.TextField(blank=True)
    steps = models.JSONField(default=list)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["process", "number"], name="process_edition_number")]

    def __str__(self) -> str:
        return f"Version {self.number}"


class JourneyStage(Record):
    """A stage of the customer's journey, and the one person who answers for it as a whole."""

    PREFIX = "JST"
    SEARCH = ("code", "description")
    BIRTH = ("code",)
    BLAMES: ClassVar = {"journey_stage_code": "code"}

    code = models.CharField("stage", max_length=8, choices=Stage)
    accountable = models.ForeignKey(
        PERSON,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="stages_answered",
        verbose_name="accountable",
    )
    description = models.TextField("what the customer does", blank=True)

    class Meta(Record.Meta):
        verbose_name = "journey stage"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(retired_at=None),
                name="journey_stage_code",
                violation_error_message="This stage is there already.",
            )
        ]
        indexes = [models.Index(fields=["code", "id"], name="journey_stage_order")]

    def __str__(self) -> str:
        return self.get_code_display()


@dataclass(frozen=True)
class Passing:
    """Where one function's step ends and another's begins; without `accountable` nobody answers for it arriving."""

    before: ProcessStep
    after: ProcessStep

    @property
    def accountable(self) -> "User | None":
        holder = self.before.handover_accountable
        return holder if holder is not None and holder.present else None


def passings(steps: list[ProcessStep]) -> list[Passing]:
    """The hand-overs between owners in steps that are in order: neighbours done by different functions."""
    return [
        Passing(before, after)
        for before, after in pairwise(steps)
        if before.function_id and after.function_id and before.function_id != after.function_id
    ]
