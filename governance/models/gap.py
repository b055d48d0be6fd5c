"""Gaps of ownership: which rule is broken for what, since when, and who can mend it."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from governance import gap_rules
from governance.models.closing import ClosingPlan
from inventory.choices import Stage
from martech import turns
from martech.accounts.models import job_account
from martech.audit import context
from martech.inserting import insert, update_all
from martech.operations import NOW, Flow, Record, acting, operation, record_entry
from martech.picture import difference, labelled, picture

if TYPE_CHECKING:
    from martech.accounts.models import User

ARRIVED = ("import", "sync", "demo")
"""Doors by which systems come in that were in use already."""


STAGES = {str(code): str(label) for code, label in Stage.choices}
AT_ONCE = 5_000
"""Keys one statement names at most."""
MOVES = ("status", "closed_at", "mender", "tolerated_until", "version", "changed_at")
"""What the sweep changes of a gap that stands."""


class Gaps(models.QuerySet["Gap"]):
    """Questions about gaps."""

    def counting(self) -> Self:
        """Those that are open and not tolerated."""
        return self.filter(status=Gap.Status.OPEN)

    def of(self, person: "User") -> Self:
        """Those that a person can mend and that count."""
        return self.counting().filter(mender=person)


class Gap(Record):
    """A rule of ownership that is broken for a subject. The product opens and closes it; nobody edits it."""

    PREFIX = "GAP"

    class Status(models.TextChoices):
        OPEN = "open", "Open"
        TOLERATED = "tolerated", "Tolerated"
        CLOSED = "closed", "Closed"

    TONES: ClassVar = {Status.OPEN: "attention", Status.TOLERATED: "info", Status.CLOSED: "muted"}
    FLOW = Flow(
        tolerate=([Status.OPEN], Status.TOLERATED),
        reopen=([Status.TOLERATED], Status.OPEN),
    )
    Rule = models.TextChoices("Rule", {name: (name, rule.label) for name, rule in gap_rules.RULES.items()})  # type: ignore[misc]

    name = models.CharField("gap", max_length=420, editable=False)
    rule = models.CharField("rule", max_length=16, choices=Rule, editable=False)
    status = models.CharField("status", max_length=9, choices=Status, default=Status.OPEN, editable=False)
    system = models.ForeignKey(
        "inventory.System",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="gaps",
        verbose_name="system",
    )
    activity = models.ForeignKey(
        "governance.Activity",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name="activity",
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="gaps",
        verbose_name="person",
    )
    function = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="gaps",
        verbose_name="function",
    )
    stage = models.ForeignKey(
        "governance.JourneyStage",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="gaps",
        verbose_name="journey stage",
    )
    step = models.ForeignKey(
        "governance.ProcessStep",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="gaps",
        verbose_name="process step",
    )
    mender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="gaps_to_mend",
        verbose_name="who can mend it",
        help_text="Empty: nobody is named, so IT is asked.",
    )
    subject = models.CharField(max_length=90, editable=False)
    since = models.DateTimeField("since", editable=False)
    closed_at = models.DateTimeField("closed", null=True, blank=True, editable=False)
    plan = models.ForeignKey(
        ClosingPlan,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="gaps",
        verbose_name="closing plan",
        help_text="Where its system came in live: the plan of whoever can mend it.",
    )
    tolerated_until = models.DateField("tolerated until", null=True, blank=True, editable=False)

    objects = Gaps.as_manager()

    class Meta(Record.Meta):
        verbose_name = "gap"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=Q(closed_at=None),
                name="gap_open_once",
                violation_error_message="This gap is open already.",
            )
        ]
        indexes = [
            models.Index(fields=["since", "id"], name="gap_since"),
            models.Index(fields=["system", "status"], name="gap_system"),
            models.Index(fields=["mender", "status"], name="gap_mender"),
            models.Index(fields=["rule", "status"], name="gap_rule"),
        ]

    @property
    def mend(self) -> str:
        """How it is mended, in a sentence."""
        return gap_rules.RULES[self.rule].mend

    @operation
    def tolerate(self, *, by: "User", tolerated_until: date, note: str, at: datetime = NOW) -> None:
        """Known and left as it is until a day, for the reason in the note; until then it does not count."""
        if tolerated_until < timezone.localdate(at):
            raise ValidationError({"tolerated_until": "Choose today or a later day."})
        self.tolerated_until = tolerated_until

    @operation
    def reopen(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """It counts again."""
        self.tolerated_until = None

    @classmethod
    def sweep(cls, at: datetime) -> "tuple[int, int]":
        """Open what is a gap at this instant and close what no longer is; how many of each.

        One statement finds the difference; mostly there is none, and nothing is locked. Two at once take turns, and the
        second finds nothing left to do.
        """
        on = timezone.localdate(at)
        if not cls._difference(on) and not cls.objects.filter(cls._expired(on)).exists():
            return 0, 0
        with acting(job_account(), at) as act:
            turns.hold("governance.gaps")
            rows = cls._difference(on)
            opened = [(cls._opened(row, at), row) for row in rows if row.opens]
            moved = {row.id: row.mender for row in rows if row.moves and row.id}
            gone = {row.id for row in rows if row.closes and row.id}
            touched = cls._touched([*moved, *gone], on)
            arrived = [(gap, _due(row.came)) for gap, row in opened if row.came and _taken_over(row, at)]
            was = {gap.pk: picture(gap) for gap in touched}
            verbs = {gap.pk: gap._moved(gone, moved, on, at) for gap in touched}
            passed = [(gap, gap.plan) for gap in touched if gap.plan and gap.pk in moved]
            ClosingPlan.take_in([*arrived, *((gap, plan.due_on) for gap, plan in passed)], act)
            update_all(touched, [*MOVES, "plan"])
            named = cls._named([*moved.values(), *(was[gap.pk]["mender_id"] for gap in touched)], passed, touched)
            for gap in touched:
                changes = labelled(gap, difference(was[gap.pk], picture(gap)), lambda item, key: named[item.name][key])
                record_entry(gap, act, verbs[gap.pk], changes, "")
            made = [gap for gap, _row in opened]
            insert(made)
            for gap in made:
                record_entry(gap, act, "add", {"name": [None, gap.name]}, "")
            plans = {gap.plan_id for gap in [*touched, *made] if gap.plan_id} | {plan.pk for _gap, plan in passed}
            ClosingPlan.count(plans, act)
        return len(made), len(gone)

    @classmethod
    def _difference(cls, on: date) -> list[gap_rules.Found]:
        with connection.cursor() as cursor:
            cursor.execute(gap_rules.DIFFERENCE, {"on": on if connection.vendor == "postgresql" else f"{on}"})
            return [gap_rules.Found(*row) for row in cursor.fetchall()]

    @classmethod
    def _expired(cls, on: date) -> Q:
        return Q(status=cls.Status.TOLERATED, tolerated_until__lt=on)

    @classmethod
    def _touched(cls, keys: list[int], on: date) -> "list[Gap]":
        """Open gaps with these keys, and those tolerated until a day that has passed; so many keys at a time."""
        asked = [cls._expired(on)]
        asked += [Q(pk__in=keys[start : start + AT_ONCE]) for start in range(0, len(keys), AT_ONCE)]
        asked[:2] = [asked[0] | asked[1]] if keys else asked
        rows = cls.objects.filter(closed_at=None).select_related("plan").order_by("pk")
        rows = rows.select_for_update(of=("self",), no_key=True)
        return list({gap.pk: gap for condition in asked for gap in rows.filter(condition)}.values())

    @classmethod
    def _named(
        cls, people: "Iterable[int | None]", passed: "list[tuple[Gap, ClosingPlan]]", touched: "list[Gap]"
    ) -> dict[str, dict[int, Any]]:
        """Menders and plans as the trail names them, by field and key; one statement."""
        persons: Any = cls._meta.get_field("mender").related_model
        plans = {plan.pk: plan for _gap, plan in passed} | {gap.plan.pk: gap.plan for gap in touched if gap.plan}
        return {"mender": persons._base_manager.in_bulk({key for key in people if key}), "plan": plans}

    def _moved(self, ended: set[int], moved: dict[int, int | None], on: date, at: datetime) -> str:
        """What the sweep does to a gap that stands: the verb."""
        self.version, self.changed_at = self.version + 1, at
        if self.pk in ended:
            self.status, self.closed_at = self.Status.CLOSED, at
            return "close"
        if self.pk in moved:
            self.mender_id = moved[self.pk]
        if self.tolerated_until and self.tolerated_until < on:
            self.status, self.tolerated_until = self.Status.OPEN, None
            return "reopen"
        return "change"

    @classmethod
    def _opened(cls, row: gap_rules.Found, at: datetime) -> "Gap":
        gap = cls(
            name=row.name(STAGES)[:420],
            rule=row.rule,
            system_id=row.system,
            activity_id=row.activity,
            person_id=row.person,
            function_id=row.function,
            stage_id=row.stage,
            step_id=row.step,
            mender_id=row.mender,
            subject=":".join(str(one or "") for one in row[3:9]),
            since=at,
            created_at=at,
            changed_at=at,
            origin=context.current().name,
        )
        gap.lookup = gap.searched()
        return gap


def _came(arrived: datetime) -> date:
    """The day a system came in, of the instant as the database tells it."""
    return timezone.localdate(arrived if timezone.is_aware(arrived) else arrived.replace(tzinfo=UTC))  # SQLite has UTC


def _due(arrived: datetime) -> date:
    return _came(arrived) + timedelta(days=gap_rules.DAYS_TO_CLOSE)


def _taken_over(row: gap_rules.Found, at: datetime) -> bool:
    """Whether a gap found now belongs to a system that came in live lately; what breaks later is no part of a plan."""
    return row.came is not None and row.door in ARRIVED and timezone.localdate(at) < _due(row.came)
