"""Letters that an assessment proposes: adopted by who may give letters, declined with a reason, or out of date."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance import advice
from governance.letters import CHOICES, Cell, Held, holder, read
from governance.models.assignment import Assignment
from martech import locking
from martech.errors import Refused
from martech.operations import NOW, Flow, Record, operation

if TYPE_CHECKING:
    from martech.accounts.models import User

PERSON = settings.AUTH_USER_MODEL


class LetterProposals(models.QuerySet["LetterProposal"]):
    """Questions about proposed letters."""

    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(status="open", retired_at=None)


class LetterProposal(Record):
    """Letters for one holder, one activity, one system, with the reason; it rests on what stood there then."""

    PREFIX = "PRL"
    SEARCH = ("name", "reason")

    class Status(models.TextChoices):
        OPEN = "open", "Proposed"
        ADOPTED = "adopted", "Adopted"
        DECLINED = "declined", "Declined"
        LAPSED = "lapsed", "Out of date"

    TONES: ClassVar = {Status.OPEN: "info", Status.ADOPTED: "ok", Status.DECLINED: "muted", Status.LAPSED: "muted"}
    FLOW = Flow(
        adopt=([Status.OPEN], Status.ADOPTED),
        decline=([Status.OPEN], Status.DECLINED),
        lapse=([Status.OPEN], Status.LAPSED),
    )
    Rule = models.TextChoices("Rule", {code: (code, words) for code, words in advice.RULES.items()})  # type: ignore[misc]

    name = models.CharField("proposal", max_length=520, editable=False)
    assessment = models.ForeignKey(
        "governance.ResourceAssessment",
        models.PROTECT,
        related_name="proposals",
        verbose_name="assessment",
        editable=False,
    )
    system = models.ForeignKey(
        "inventory.System", models.PROTECT, related_name="+", verbose_name="system", editable=False
    )
    activity = models.ForeignKey(
        "governance.Activity", models.PROTECT, related_name="+", verbose_name="activity", editable=False
    )
    person = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="person", editable=False
    )
    function = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="function",
        editable=False,
    )
    letters = models.CharField("letters", max_length=2, choices=CHOICES, editable=False)
    instead_of = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="instead of", editable=False
    )
    rule = models.CharField("why", max_length=12, choices=Rule, editable=False)
    reason = models.CharField("reason", max_length=500, editable=False)
    basis = models.JSONField("rests on", default=dict, editable=False)
    status = models.CharField("status", max_length=8, choices=Status, default=Status.OPEN, editable=False)

    objects = LetterProposals.as_manager()

    class Meta(Record.Meta):
        verbose_name = "proposed letter"
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, function__isnull=False) | Q(person__isnull=False, function=None),
                name="letter_proposal_holder",
                violation_error_message="A proposal is for a person or a function.",
            )
        ]
        indexes = [
            models.Index(fields=["assessment", "status", "id"], name="letter_proposal_assessment"),
            models.Index(fields=["system", "activity", "status"], name="letter_proposal_cell"),
        ]

    @property
    def holder(self) -> Any:
        """The person or function it is for."""
        return self.person if self.person_id else self.function

    @property
    def proposed(self) -> advice.Proposed:
        """The proposal as the pure rules know it."""
        who = holder(self.person_id, self.function_id)
        instead = holder(self.instead_of_id) if self.instead_of_id else ""
        return advice.Proposed(self.system_id, self.activity_id, who, self.letters, self.rule, self.reason, instead)

    def moved(self, held: dict[Cell, str]) -> bool:
        """Whether the letters of the system that count today are others than those the proposal rests on."""
        return self.proposed.basis(cell(held, self.activity_id)) != self.basis

    @operation
    def adopt(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """The letters are given from today. Refused where others stand there by now than when it was proposed."""
        today = timezone.localdate(at)
        system = locking.taken(self.system)  # nobody arranges its letters between the look and the act
        held = read(Assignment.held(system, today), today)
        if self.moved(held):
            raise Refused(
                f"The letters for “{self.activity}” of {system} have changed since this was proposed: look again."
            )
        wanted = self.proposed.wanted(cell(held, self.activity_id))
        reason = f"{self.assessment.number}: {note or self.reason}"
        Assignment.arrange(system, wanted, by=by, on=today, note=reason)

    @operation
    def decline(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """It stays as it is, for the reason given; this assessment does not propose it again."""

    @operation
    def lapse(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """It no longer holds."""


def cells_of(systems: Iterable[int], on: date) -> dict[int, dict[Cell, str]]:
    """The letters of systems on a day, by system: those without any are left out; one statement."""
    held: dict[int, list[Held]] = defaultdict(list)
    for one in Assignment.objects.valid(on).filter(system__in=systems):
        held[one.system_id].append(Held(one.activity_id, one.holder_key, one.letter, one.from_on, one.last_on))
    return {system: read(some, on) for system, some in held.items()}


def cell(held: Mapping[Cell, str], activity: int) -> dict[str, str]:
    """The letters of one activity: holder -> letters."""
    return {holder: told for (key, holder), told in held.items() if key == activity}
