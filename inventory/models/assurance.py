"""Proofs that run out: certificates and data-processing agreements of a system or vendor."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from martech.operations import NOW, Record, operation

if TYPE_CHECKING:
    from martech.accounts.models import User


class Assurances(models.QuerySet["Assurance"]):
    """Questions about assurances."""

    def running_out(self, on: date) -> Self:
        """Those that expire on or before a day and that nobody retired."""
        return self.filter(retired_at=None, expires_on__lte=on)


class Assurance(Record):
    """A certificate or agreement with a date it runs out; its owner is reminded until it is renewed or retired."""

    PREFIX = "ASR"
    NAMED_ELSEWHERE = True
    SEARCH = ("name", "reference")
    BLAMES = {"assurance_subject": "system"}

    class Kind(models.TextChoices):
        DPA = "dpa", "Data-processing agreement"
        ISO27001 = "iso27001", "ISO 27001"
        SOC2 = "soc2", "SOC 2"
        PENETRATION_TEST = "penetration_test", "Penetration test"
        TLS = "tls", "TLS certificate"
        DPIA = "dpia", "Data-protection impact assessment"
        OTHER = "other", "Other"

    name = models.CharField("name", max_length=200, blank=True, help_text="Empty: named after kind and subject.")
    kind = models.CharField("kind", max_length=16, choices=Kind)
    system = models.ForeignKey(
        "inventory.System", models.PROTECT, null=True, blank=True, related_name="assurances", verbose_name="system"
    )
    vendor = models.ForeignKey(
        "inventory.Vendor", models.PROTECT, null=True, blank=True, related_name="assurances", verbose_name="vendor"
    )
    reference = models.CharField("reference", max_length=120, blank=True, help_text="Certificate number or version.")
    issued_on = models.DateField("issued on", null=True, blank=True)
    expires_on = models.DateField("expires on", null=True, blank=True)
    acknowledged_at = models.DateTimeField("acknowledged", null=True, blank=True, editable=False)
    acknowledged_for = models.DateField(null=True, blank=True, editable=False)

    objects = Assurances.as_manager()

    class Meta(Record.Meta):
        verbose_name = "assurance"
        constraints = [
            models.CheckConstraint(
                condition=Q(system=None, vendor__isnull=False) | Q(system__isnull=False, vendor=None),
                name="assurance_subject",
                violation_error_message="Name a system or a vendor, one of the two.",
            ),
            models.CheckConstraint(
                condition=Q(expires_on=None) | Q(issued_on=None) | Q(expires_on__gte=models.F("issued_on")),
                name="assurance_dates",
                violation_error_message="It expires before it was issued.",
            ),
        ]
        indexes = [
            models.Index(fields=["expires_on", "id"], condition=Q(retired_at=None), name="assurance_expiry"),
            models.Index(fields=["name", "id"], name="assurance_order"),
        ]

    @property
    def subject(self) -> Any:
        """The system or vendor it speaks of."""
        return self.system if self.system_id else self.vendor

    @property
    def owner(self) -> "User | None":
        """Who is reminded: the system's owner, or the vendor's relationship owner."""
        if self.system_id and self.system:
            return self.system.owner
        return self.vendor.relationship_owner if self.vendor else None

    def clean(self) -> None:
        if bool(self.system_id) == bool(self.vendor_id):
            raise ValidationError({"system": "Name a system or a vendor, one of the two."})
        if self.issued_on and self.expires_on and self.expires_on < self.issued_on:
            raise ValidationError({"expires_on": "It expires before it was issued."})
        self.name = " ".join(self.name.split()) or f"{self.get_kind_display()} of {self.subject}"[:200]

    @operation
    def acknowledge(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Somebody takes care of it: no more reminders for this expiry date."""
        self.acknowledged_at, self.acknowledged_for = at, self.expires_on

    @operation
    def renew(
        self,
        *,
        by: "User",
        expires_on: date,
        issued_on: date | None = None,
        reference: str = "",
        at: datetime = NOW,
        note: str = "",
    ) -> None:
        """The next one is here: new dates, new reminders."""
        if self.expires_on and expires_on <= self.expires_on:
            raise ValidationError({"expires_on": "The new one expires later than the old one."})
        self.expires_on, self.issued_on = expires_on, issued_on or self.issued_on
        self.reference = reference or self.reference
