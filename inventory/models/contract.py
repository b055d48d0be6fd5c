"""An agreement with a vendor, and the days that follow from what was agreed about its time."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from inventory import outcome
from inventory.terms import InvalidTerms, Mode, State, Terms, TermState, Unit
from martech.operations import Record

AGREED = tuple(one.name for one in fields(Terms))
FIELDS = {"start": "start_on"}
"""Arguments of the term engine that have another name on the record."""
DERIVED = (
    "term_end",
    "notice_deadline",
    "act_by",
    "send_by",
    "renewal_deadline",
    "next_notice_deadline",
    "committed_until",
)
"""What is worked out and never typed: columns named as in TermState, so that lists can be asked for them."""


class Contracts(models.QuerySet["Contract"]):
    """Questions about contracts."""

    def current(self) -> Self:
        return self.filter(retired_at=None)

    def moved_on(self, on: date) -> Self:
        """Those whose dates, as they stand, hold no longer on a day."""
        return self.current().filter(stands_until__lt=on)


class Contract(Record):
    """One agreement: with whom, for which systems, from when, how it ends or renews, by when one has to act."""

    PREFIX = "CON"
    NAMED_ELSEWHERE = True
    SEARCH = ("name", "reference", "description")

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        PENDING = State.PENDING.value, "Not begun"
        ACTIVE = State.ACTIVE.value, "Active"
        IN_NOTICE_WINDOW = State.IN_NOTICE_WINDOW.value, "Notice is due"
        COMMITTED = State.COMMITTED.value, "Committed"
        ENDED = State.ENDED.value, "Ended"
        RETIRED = "retired", "Retired"

    class RenewalMode(models.TextChoices):
        NONE = Mode.NONE.value, "Ends"
        MANUAL = Mode.MANUAL.value, "Renewed by saying so"
        AUTOMATIC = Mode.AUTOMATIC.value, "Renews itself"
        OPEN_ENDED = Mode.OPEN_ENDED.value, "No end"

    class NoticeUnit(models.TextChoices):
        DAYS = Unit.DAYS.value, "Days"
        MONTHS = Unit.MONTHS.value, "Months"

    class NoticeMethod(models.TextChoices):
        LETTER = "letter", "Letter"
        REGISTERED_LETTER = "registered_letter", "Registered letter"
        EMAIL = "email", "E-mail"
        PORTAL = "portal", "Vendor's portal"
        OTHER = "other", "Another way"

    TONES: ClassVar = {
        Status.DRAFT: "attention",
        Status.PENDING: "info",
        Status.ACTIVE: "ok",
        Status.IN_NOTICE_WINDOW: "danger",
        Status.COMMITTED: "info",
        Status.ENDED: "muted",
        Status.RETIRED: "muted",
    }

    name = models.CharField("name", max_length=200)
    reference = models.CharField("their number", max_length=120, blank=True, help_text="What the other side calls it.")
    vendor = models.ForeignKey(
        "inventory.Vendor", models.PROTECT, null=True, blank=True, related_name="contracts", verbose_name="vendor"
    )
    systems = models.ManyToManyField(
        "inventory.System", blank=True, related_name="contracts", verbose_name="systems it covers"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contracts_owned",
        verbose_name="owner",
    )
    start_on = models.DateField("starts on", null=True, blank=True)
    initial_months = models.PositiveSmallIntegerField("initial term, in months", null=True, blank=True)
    initial_until = models.DateField(
        "initial term until", null=True, blank=True, help_text="Its last day, where it is no whole number of months."
    )
    renewal_mode = models.CharField(
        "at the end of a term", max_length=10, choices=RenewalMode, default=RenewalMode.NONE
    )
    renewal_months = models.PositiveSmallIntegerField("renewed for, in months", null=True, blank=True)
    notice_period = models.PositiveSmallIntegerField("notice period", null=True, blank=True)
    notice_unit = models.CharField("notice counts", max_length=6, choices=NoticeUnit, default=NoticeUnit.MONTHS)
    notice_method = models.CharField("notice by", max_length=18, choices=NoticeMethod, blank=True)
    notice_address = models.TextField("notice goes to", blank=True)
    minimum_until = models.DateField(
        "bound at least until", null=True, blank=True, help_text="It cannot end before this day."
    )
    mail_buffer_days = models.PositiveSmallIntegerField(
        "delivery allowance, in days", default=0, help_text="Calendar days that delivery of the notice takes."
    )
    uplift_cap = models.DecimalField(
        "uplift cap, in percent",
        max_digits=6,
        decimal_places=3,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(), "A cap is not below nothing.")],
        help_text="By how much the price may rise at a renewal.",
    )
    seats = models.PositiveIntegerField("licences", null=True, blank=True, help_text="How many are bought.")
    description = models.TextField("what was agreed", blank=True)
    status = models.CharField("state", max_length=16, choices=Status, default=Status.DRAFT, editable=False)
    term_number = models.PositiveIntegerField("term", null=True, editable=False)
    term_end = models.DateField("term ends on", null=True, editable=False)
    notice_deadline = models.DateField("last day for notice", null=True, editable=False)
    act_by = models.DateField("decide by", null=True, editable=False)
    send_by = models.DateField("send notice by", null=True, editable=False)
    renewal_deadline = models.DateField("renewal deadline", null=True, editable=False)
    next_notice_deadline = models.DateField("next day for notice", null=True, editable=False)
    committed_until = models.DateField("committed until", null=True, editable=False)
    stands_until = models.DateField(null=True, editable=False)
    confidential = models.BooleanField("covers a confidential system", default=False, editable=False)

    objects = Contracts.as_manager()

    class Meta(Record.Meta):
        verbose_name = "contract"
        indexes = [
            models.Index(fields=["name", "id"], name="contract_order"),
            models.Index(fields=["created_at", "id"], name="contract_created"),
            models.Index(fields=["changed_at", "id"], name="contract_changed"),
            models.Index(fields=["status", "id"], name="contract_status"),
            models.Index(fields=["act_by", "id"], condition=Q(retired_at=None), name="contract_act_by"),
            models.Index(fields=["renewal_deadline", "id"], condition=Q(retired_at=None), name="contract_renewal"),
            models.Index(fields=["term_end", "id"], condition=Q(retired_at=None), name="contract_term_end"),
            models.Index(fields=["stands_until"], condition=Q(retired_at=None), name="contract_stands"),
        ]

    @property
    def whole(self) -> bool:
        """Whether it says when it begins and how long its initial term is; else it is a draft."""
        return not outcome.lacking(self)

    @property
    def needs_notice(self) -> bool:
        """Whether it goes on unless somebody gives notice."""
        return self.renewal_mode in {Mode.AUTOMATIC, Mode.OPEN_ENDED}

    def terms(self, **assumed: Any) -> Terms:
        """What was agreed about its time; InvalidTerms where that cannot be, as of a draft.

        A period of notice that nobody told is none: notice counts until the last day. `assumed` stands in
        for what is not known.
        """
        told = {name: getattr(self, FIELDS.get(name, name)) for name in AGREED}
        return Terms(**{**told, "notice_period": self.notice_period or 0, **assumed})

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is legal and worth a second look, a sentence each; never a reason to refuse."""
        if not self.whole or not self.needs_notice or self.retired_at:
            return ()
        unknown = "No period of notice is on record: the days are reckoned as if notice counted until the last day."
        return (*self.terms().warnings, *([unknown] if self.notice_period is None else []))

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        try:
            self.terms(**({} if self.whole else self._assumed()))
        except InvalidTerms as error:
            raise ValidationError({FIELDS.get(error.field, error.field): str(error)}) from None

    def _assumed(self) -> dict[str, Any]:
        """What a draft lacks, as if it were there: what contradicts itself is refused of a draft too."""
        known = [day for day in (self.initial_until, self.minimum_until) if day]
        made: dict[str, Any] = {} if self.start_on else {"start": min(known, default=date(2000, 1, 1))}
        if self.initial_months is None and not self.initial_until:
            made["initial_months"] = 1
        return made if self.renewal_months is not None else {**made, "renewal_months": 1}

    def stand(self, seen: TermState | None, until: date | None) -> bool:
        """Take over how it stands, and the last day on which that holds; whether anything is other than before."""
        if self.retired_at:
            state = Contract.Status.RETIRED.value
        else:
            state = seen.state.value if seen else Contract.Status.DRAFT.value
        told = {name: getattr(seen, name) if seen else None for name in DERIVED}
        told |= {"term_number": seen.number if seen else None, "status": state, "stands_until": until}
        before = {name: getattr(self, name) for name in told}
        for name, value in told.items():
            setattr(self, name, value)
        return before != told
