"""A data path between two systems."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models

from martech.operations import NOW, Flow, Record, operation

if TYPE_CHECKING:
    from inventory.models.system import System
    from martech.accounts.models import User


class Integration(Record):
    """What flows from one system to another, how, how often, and who owns it."""

    PREFIX = "INT"
    NAMED_ELSEWHERE = True
    SEARCH = ("name", "description")

    class Status(models.TextChoices):
        PLANNED = "planned", "Planned"
        ACTIVE = "active", "Active"
        DEGRADED = "degraded", "Degraded"
        PLANNED_DISCONNECT = "planned_disconnect", "To be disconnected"
        RETIRED = "retired", "Retired"

    class Direction(models.TextChoices):
        ONE_WAY = "one_way", "One way"
        TWO_WAY = "two_way", "Both ways"

    class Method(models.TextChoices):
        NATIVE = "native", "Native connector"
        API = "api", "API"
        FILE = "file", "File"
        MIDDLEWARE = "middleware", "Middleware"
        TAG = "tag", "Tag"
        MANUAL = "manual", "By hand"

    class Frequency(models.TextChoices):
        REAL_TIME = "real_time", "Real time"
        HOURLY = "hourly", "Hourly"
        DAILY = "daily", "Daily"
        WEEKLY = "weekly", "Weekly"
        MONTHLY = "monthly", "Monthly"
        ON_DEMAND = "on_demand", "On demand"

    TONES: ClassVar = {
        Status.PLANNED: "info",
        Status.ACTIVE: "ok",
        Status.DEGRADED: "danger",
        Status.PLANNED_DISCONNECT: "attention",
        Status.RETIRED: "muted",
    }
    _S = Status
    FLOW = Flow(
        activate=([_S.PLANNED, _S.DEGRADED, _S.PLANNED_DISCONNECT], _S.ACTIVE),
        degrade=([_S.ACTIVE], _S.DEGRADED),
        plan_disconnect=([_S.ACTIVE, _S.DEGRADED], _S.PLANNED_DISCONNECT),
        retire=([_S.PLANNED, _S.ACTIVE, _S.DEGRADED, _S.PLANNED_DISCONNECT], _S.RETIRED),
        restore=([_S.RETIRED], _S.PLANNED),
    )

    name = models.CharField("name", max_length=200, blank=True, help_text="Empty: named after its two ends.")
    source = models.ForeignKey("inventory.System", models.PROTECT, related_name="feeds", verbose_name="from")
    target = models.ForeignKey("inventory.System", models.PROTECT, related_name="fed_by", verbose_name="to")
    direction = models.CharField("direction", max_length=8, choices=Direction, default=Direction.ONE_WAY)
    method = models.CharField("method", max_length=10, choices=Method, default=Method.API)
    frequency = models.CharField("frequency", max_length=10, choices=Frequency, blank=True)
    data_objects = models.ManyToManyField(
        "inventory.DataObject", blank=True, related_name="integrations", verbose_name="data"
    )
    personal_data = models.BooleanField("carries personal data", default=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="integrations_owned",
        verbose_name="owner",
    )
    description = models.TextField("how it works", blank=True)
    disconnect_on = models.DateField("to be disconnected on", null=True, blank=True)
    status = models.CharField("status", max_length=18, choices=Status, default=Status.ACTIVE)

    BIRTH = ("status",)

    class Meta(Record.Meta):
        verbose_name = "integration"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(source=models.F("target")),
                name="integration_two_ends",
                violation_error_message="An integration joins two different systems.",
            )
        ]
        indexes = [
            models.Index(fields=["name", "id"], name="integration_order"),
            models.Index(fields=["created_at", "id"], name="integration_created"),
            models.Index(fields=["changed_at", "id"], name="integration_changed"),
            models.Index(fields=["status", "id"], name="integration_status"),
        ]

    def __str__(self) -> str:
        return self.name or self.number

    def clean(self) -> None:
        if self.source_id and self.source_id == self.target_id:
            raise ValidationError({"target": "An integration joins two different systems."})
        if self.source_id and self.target_id:
            self.name = " ".join(self.name.split()) or self._between(self.source, self.target)

    @staticmethod
    def _between(source: "System", target: "System") -> str:
        """The name where nobody gave one. A confidential end is not named: who sees the flow may not see the system."""
        one = "A confidential system" if source.confidential else source.name
        other = "a confidential system" if target.confidential else target.name
        return f"{one} to {other}"[:200]

    @operation
    def activate(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Data flows as it should."""
        self.disconnect_on = None

    @operation
    def degrade(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """Something is wrong with it; the note says what."""

    @operation
    def plan_disconnect(self, *, by: "User", disconnect_on: date, at: datetime = NOW, note: str = "") -> None:
        """It will be cut on a day."""
        self.disconnect_on = disconnect_on


@dataclass(frozen=True)
class Impact:
    """A system that loses data when another goes: over how many steps, and by which integration first."""

    system: int
    steps: int
    integration: int
    before: int


def impact(start: int, edges: Iterable[tuple[int, int, int, bool]]) -> list[Impact]:
    """What breaks if `start` goes. `edges` are (integration, from, to, both ways); nearest first, each system once."""
    onward: dict[int, list[tuple[int, int]]] = {}
    for key, source, target, both in edges:
        onward.setdefault(source, []).append((key, target))
        if both:
            onward.setdefault(target, []).append((key, source))
    found: dict[int, Impact] = {}
    queue = deque([(start, 0)])
    while queue:
        here, steps = queue.popleft()
        for key, there in onward.get(here, ()):
            if there != start and there not in found:
                found[there] = Impact(there, steps + 1, key, here)
                queue.append((there, steps + 1))
    return list(found.values())
