"""Who else could do it: in-house, shared with another function, or outsourced, with cost, capacity and the choice."""

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from martech import money
from martech.operations import NOW, Flow, Record, operation
from martech.permissions import engine

if TYPE_CHECKING:
    from martech.accounts.models import User


def currency() -> str:
    """The organisation's currency."""
    return str(settings.ORG_CURRENCY)


def _amount(label: str) -> "models.DecimalField[Decimal | None, Decimal | None]":
    return models.DecimalField(
        label,
        max_digits=money.DIGITS,
        decimal_places=money.PLACES,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(), "An amount is not below nothing.")],
    )


class SourcingOption(Record):
    """One way to have an activity done, for a function, a system, or for everybody; beside others of its question."""

    PREFIX = "SRC"
    SEARCH = ("name", "advantages", "drawbacks")
    BIRTH = ("activity", "function", "system")
    GIVEN = ("question",)
    BLAMES: ClassVar = {"sourcing_chosen": "activity"}

    class Way(models.TextChoices):
        IN_HOUSE = "in_house", "In-house"
        SHARED = "shared", "Shared"
        OUTSOURCED = "outsourced", "Outsourced"

    class Status(models.TextChoices):
        CONSIDERED = "considered", "Considered"
        CHOSEN = "chosen", "Chosen"
        SET_ASIDE = "set_aside", "Set aside"

    _S = Status
    TONES: ClassVar = {Status.CONSIDERED: "info", Status.CHOSEN: "ok", Status.SET_ASIDE: "muted"}
    FLOW = Flow(
        choose=([_S.CONSIDERED], _S.CHOSEN),
        set_aside=([_S.CONSIDERED, _S.CHOSEN], _S.SET_ASIDE),
        consider=([_S.SET_ASIDE], _S.CONSIDERED),
        change=([_S.CONSIDERED], None),
    )

    name = models.CharField("name", max_length=120, help_text="Who would do it, in a few words.")
    activity = models.ForeignKey(
        "governance.Activity", models.PROTECT, related_name="sourcing_options", verbose_name="activity"
    )
    function = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sourcing_options",
        verbose_name="for function",
        help_text="Whose work it is. Empty: everybody's.",
    )
    system = models.ForeignKey(
        "inventory.System",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sourcing_options",
        verbose_name="for system",
        help_text="Empty: every system.",
    )
    way = models.CharField("way", max_length=10, choices=Way)
    provider = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="done by function",
        help_text="The function that does it, in-house or for others too.",
    )
    vendor = models.ForeignKey(
        "inventory.Vendor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sourcing_options",
        verbose_name="done by vendor",
    )
    once = _amount("cost once")
    yearly = _amount("cost a year")
    currency = models.CharField(
        "currency",
        max_length=3,
        default=currency,
        validators=[RegexValidator(r"^[A-Z]{3}\Z", "Three capital letters, such as EUR.")],
    )
    hours = models.PositiveIntegerField("capacity, hours a month", null=True, blank=True)
    ready_on = models.DateField("can begin on", null=True, blank=True)
    advantages = models.TextField("what speaks for it", blank=True)
    drawbacks = models.TextField("what speaks against it", blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="looked after by",
        help_text="Empty: whoever adds it.",
    )
    status = models.CharField("status", max_length=10, choices=Status, default=Status.CONSIDERED, editable=False)
    chosen_on = models.DateField("chosen on", null=True, blank=True, editable=False)
    review_on = models.DateField("looked at again on", null=True, blank=True, editable=False)
    question = models.CharField(max_length=60, editable=False)

    class Meta(Record.Meta):
        verbose_name = "sourcing option"
        constraints = [
            models.UniqueConstraint(
                fields=["question"],
                condition=Q(status="chosen", retired_at=None),
                name="sourcing_chosen",
                violation_error_message="Another option is chosen for this: set it aside first.",
            )
        ]
        indexes = [
            models.Index(fields=["activity", "id"], name="sourcing_activity"),
            models.Index(fields=["question", "id"], name="sourcing_question"),
            models.Index(fields=["name", "id"], name="sourcing_name"),
        ]

    @classmethod
    def add(cls, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """A way to have it done, looked after by whoever adds it unless somebody is named."""
        return super().add(by=by, at=at, note=note, **{"owner": by, **fields})

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        self.question = f"{self.activity_id}-{self.function_id or 0}-{self.system_id or 0}"
        if self.way == self.Way.OUTSOURCED and self.provider_id:
            raise ValidationError({"provider": "What is outsourced is done by a vendor."})
        if self.way != self.Way.OUTSOURCED and self.vendor_id:
            raise ValidationError({"vendor": "Only what is outsourced is done by a vendor."})
        for name in ("once", "yearly"):
            amount = getattr(self, name)
            if amount is not None and money.rounded(amount, self.currency) != amount:
                digits = money.minor_unit(self.currency)
                raise ValidationError({name: f"{self.currency} has {digits or 'no'} digits after the point."})
        if self.status == self.Status.CHOSEN and self.retired_at is None and self._chosen():
            raise ValidationError({"activity": "Another option is chosen for this: set it aside first."})

    def beside(self) -> "models.QuerySet[SourcingOption]":
        """The other options of the same question."""
        return type(self).objects.filter(question=self.question, retired_at=None).exclude(pk=self.pk)

    def _chosen(self) -> "SourcingOption | None":
        return self.beside().filter(status=self.Status.CHOSEN).first()

    @operation
    def choose(self, *, by: "User", note: str, review_on: date | None = None, at: datetime = NOW) -> None:
        """This is how it is done from now on; the note says why, and a day may be named to look at it again."""
        today = timezone.localdate(at)
        if other := self._chosen():
            told = (
                f"{other} ({other.number})"
                if engine.may(by, "governance.view_sourcingoption", other)
                else "Another option"
            )
            raise ValidationError({"activity": f"{told} is chosen for this: set it aside first."})
        if review_on is not None and review_on <= today:
            raise ValidationError({"review_on": "Choose a day that is still to come."})
        self.chosen_on, self.review_on = today, review_on

    @operation
    def set_aside(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """It is not, or no longer, done like this; the note says why."""
        self.chosen_on = self.review_on = None

    @operation
    def consider(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """It is worth another look."""
