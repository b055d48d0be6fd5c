"""Gaps of ownership: which rule is broken for what, since when, and who can mend it."""

from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.models import Q
from django.utils import timezone

from governance import gap_rules
from martech import turns
from martech.accounts.models import job_account
from martech.audit import context
from martech.inserting import insert, update_all
from martech.operations import NOW, Flow, Record, acting, operation, record_entry

if TYPE_CHECKING:
    from martech.accounts.models import User

ARRIVED = ("import", "sync")
"""Doors by which systems come in that were in use already."""


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

    TONES: ClassVar = {Status.OPEN: "warning", Status.TOLERATED: "info", Status.CLOSED: "muted"}
    FLOW = Flow(
        tolerate=([Status.OPEN], Status.TOLERATED),
        reopen=([Status.TOLERATED], Status.OPEN),
        postpone=([Status.OPEN], None),
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
    due_on = models.DateField("to be closed by", null=True, blank=True, editable=False)
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

    @operation
    def postpone(self, *, by: "User", due_on: date, note: str, at: datetime = NOW) -> None:
        """It is to be closed by another day; the note says why."""
        if due_on < timezone.localdate(at):
            raise ValidationError({"due_on": "Choose today or a later day."})
        self.due_on = due_on

    @classmethod
    def sweep(cls, at: datetime) -> "tuple[int, int]":
        """Open what is a gap at this instant and close what no longer is; how many of each.

        One statement finds the difference. Two at once take turns, and the second finds nothing left to do.
        """
        on = timezone.localdate(at)
        with acting(job_account(), at) as act:
            turns.hold("governance.gaps")
            with connection.cursor() as cursor:
                cursor.execute(gap_rules.DIFFERENCE, {"on": on if connection.vendor == "postgresql" else f"{on}"})
                rows = cursor.fetchall()
            opened = [cls._opened(row, at) for row in rows if row[2] is not None and row[1] != row[2]]
            moved = {row[0]: row[7] for row in rows if row[1] is not None and row[1] == row[2]}
            gone = [row[0] for row in rows if row[1] is not None and row[1] != row[2]]
            expired = Q(status=cls.Status.TOLERATED, tolerated_until__lt=on)
            touched = list(cls.objects.filter(Q(pk__in=[*moved, *gone]) | expired, closed_at=None))
            ended = set(gone)
            for gap in touched:
                record_entry(gap, act, *gap._moved(ended, moved, on, at), "")
            update_all(touched, ["status", "closed_at", "mender", "tolerated_until", "version", "changed_at"])
            insert(opened)
            for gap in opened:
                record_entry(gap, act, "add", {"name": [None, gap.name]}, "")
        return len(opened), len(gone)

    def _moved(
        self, ended: set[int], moved: dict[int, int | None], on: date, at: datetime
    ) -> "tuple[str, dict[str, Any]]":
        """What the sweep does to a gap that stands: the verb and the changes for the trail."""
        before = self.status
        self.version, self.changed_at = self.version + 1, at
        if self.pk in ended:
            self.status, self.closed_at = self.Status.CLOSED, at
            return "close", {"status": [str(before), "closed"]}
        changes: dict[str, Any] = {}
        if self.pk in moved:
            self.mender_id, former = moved[self.pk], self.mender_id
            changes["mender"] = [former, self.mender_id]
        if self.tolerated_until and self.tolerated_until < on:
            self.status, self.tolerated_until = self.Status.OPEN, None
            changes["status"] = [str(before), "open"]
        return ("reopen" if "status" in changes else "change"), changes

    @classmethod
    def _opened(cls, row: "tuple[Any, ...]", at: datetime) -> "Gap":
        (
            _id,
            _was,
            rule,
            system,
            activity,
            person,
            function,
            mender,
            system_name,
            origin,
            arrived,
            step,
            called,
            team,
        ) = row
        name = gap_rules.RULES[rule].sentence.format(system=system_name, activity=step, holder=called or team)
        due = None
        if origin in ARRIVED:
            moment = arrived if timezone.is_aware(arrived) else arrived.replace(tzinfo=UTC)  # SQLite keeps UTC
            due = timezone.localdate(moment) + timedelta(days=gap_rules.DAYS_TO_CLOSE)
        gap = cls(
            name=name[:420],
            rule=rule,
            system_id=system,
            activity_id=activity,
            person_id=person,
            function_id=function,
            mender_id=mender,
            subject=":".join(str(one or "") for one in (system, activity, person, function)),
            since=at,
            due_on=due,
            created_at=at,
            changed_at=at,
            origin=context.current().name,
        )
        gap.lookup = gap.searched()
        return gap
