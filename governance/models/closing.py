"""Closing plans: systems that were in use when they came in bring many gaps at once, and each owner gets one plan."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from martech.accounts.models import User
from martech.audit import context
from martech.inserting import insert, update_all
from martech.operations import NOW, Act, Flow, Record, operation, record_entry
from martech.picture import begun, difference, labelled, picture

if TYPE_CHECKING:
    from governance.models.gap import Gap

NOBODY = "Closing plan of systems nobody owns"


class ClosingPlans(models.QuerySet["ClosingPlan"]):
    """Questions about closing plans."""

    def open(self) -> Self:
        """Those with gaps still to close."""
        return self.filter(status=ClosingPlan.Status.OPEN)

    def counted(self) -> Self:
        """Each with `all_gaps` and `closed_gaps`, counted now."""
        return self.annotate(
            all_gaps=models.Count("gaps"), closed_gaps=models.Count("gaps", filter=Q(gaps__closed_at__isnull=False))
        )


class ClosingPlan(Record):
    """The gaps of the systems one person answers for that came in live, and the day by which they are to be closed.

    The product makes it, adds to it and ends it; people postpone it. What nobody owns is one plan without an owner.
    """

    PREFIX = "CLP"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "All closed"

    TONES: ClassVar = {Status.OPEN: "attention", Status.DONE: "ok"}
    FLOW = Flow(postpone=([Status.OPEN], None), close=([Status.OPEN], Status.DONE))

    name = models.CharField("closing plan", max_length=200, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="closing_plans",
        verbose_name="owner",
        help_text="Empty: nobody is named, so IT is asked.",
    )
    due_on = models.DateField("to be closed by", editable=False)
    status = models.CharField("status", max_length=4, choices=Status, default=Status.OPEN, editable=False)
    size = models.PositiveIntegerField("gaps", default=0, editable=False)
    closed = models.PositiveIntegerField("closed gaps", default=0, editable=False)
    done_at = models.DateTimeField("all closed", null=True, blank=True, editable=False)

    all_gaps: int
    closed_gaps: int
    """What `counted` counts."""

    objects = ClosingPlans.as_manager()

    class Meta(Record.Meta):
        verbose_name = "closing plan"
        constraints = [
            models.UniqueConstraint(
                fields=["owner"],
                condition=Q(status="open"),
                name="closing_plan_of_owner",
                violation_error_message="This person has an open plan.",
            ),
            models.UniqueConstraint(
                fields=["status"],
                condition=Q(status="open", owner=None),
                name="closing_plan_of_nobody",
                violation_error_message="There is an open plan for what nobody owns.",
            ),
        ]
        indexes = [models.Index(fields=["status", "due_on", "id"], name="closing_plan_due")]

    @operation
    def postpone(self, *, by: User, due_on: date, note: str, at: datetime = NOW) -> None:
        """Its gaps are to be closed by another day; the note says why."""
        if due_on < timezone.localdate(at):
            raise ValidationError({"due_on": "Choose today or a later day."})
        self.due_on = due_on

    @operation
    def close(self, *, by: User, at: datetime = NOW, note: str = "") -> None:
        """No gap of it is open any more."""
        self.done_at = at

    @classmethod
    def take_in(cls, gaps: "Sequence[tuple[Gap, date]]", act: Act) -> None:
        """Put each gap into the open plan of whoever can mend it; a plan is made where there is none.

        With each gap goes the day by which it is to be closed: a plan's own day moves on to it, never back. The gaps
        are written by the caller. At most four statements, and none for no gaps.
        """
        days: dict[int | None, date] = {}
        for gap, day in gaps:
            days[gap.mender_id] = max(day, days.get(gap.mender_id, day))
        if not days:
            return
        asked = Q(owner__in=[owner for owner in days if owner]) | (Q(owner=None) if None in days else Q())
        rows = cls.objects.open().filter(asked).select_for_update(no_key=True, of=("self",)).order_by("pk")
        plans = {plan.owner_id: plan for plan in rows}
        later = [plan for owner, plan in plans.items() if plan.due_on < days[owner]]
        for plan in later:
            was = picture(plan)
            plan.due_on, plan.version, plan.changed_at = days[plan.owner_id], plan.version + 1, act.at
            record_entry(plan, act, "change", labelled(plan, difference(was, picture(plan))), "")
        update_all(later, ["due_on", "version", "changed_at"])
        missing = days.keys() - plans.keys()
        people = User.objects.in_bulk([owner for owner in missing if owner])
        made = [
            cls._made(people.get(owner or 0), days[owner], act) for owner in sorted(missing, key=lambda key: key or 0)
        ]
        insert(made)
        for plan in made:
            record_entry(plan, act, "add", labelled(plan, begun(picture(plan))), "")
        plans |= {plan.owner_id: plan for plan in made}
        for gap, _day in gaps:
            gap.plan = plans[gap.mender_id]

    @classmethod
    def count(cls, keys: Collection[int], act: Act) -> None:
        """Count the gaps of these plans anew; close those in which none is open. Two statements, none for no plans."""
        plans = list(cls.objects.open().filter(pk__in=keys).counted()) if keys else []
        for plan in plans:
            plan.size, plan.closed = plan.all_gaps, plan.closed_gaps
        update_all(plans, ["size", "closed"])
        with act.deeper():
            for plan in plans:
                if plan.size == plan.closed:
                    plan.close(by=act.by, at=act.at)

    @classmethod
    def _made(cls, owner: User | None, due_on: date, act: Act) -> Self:
        plan = cls(name=f"Closing plan of {owner}"[:200] if owner else NOBODY, owner=owner, due_on=due_on)
        plan.created_at = plan.changed_at = act.at
        plan.origin = context.current().name
        plan.lookup = plan.searched()
        return plan
