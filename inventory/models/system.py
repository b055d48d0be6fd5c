"""A product, or an in-house tool, in use here: with owners, a lifecycle and a place in the stack."""

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from inventory import choices, computed, fit, measured
from martech.errors import Refused
from martech.fields import Codes, Lines
from martech.folding import fold
from martech.operations import NOW, Flow, Record, operation

if TYPE_CHECKING:
    from martech.accounts.models import Function, User

PERSON = settings.AUTH_USER_MODEL


class Systems(models.QuerySet["System"]):
    """Questions about systems."""

    def current(self) -> Self:
        return self.filter(retired_at=None)

    def like(self, name: str) -> Self:
        """Systems this might be a second record of: the same name or alias but for case and space."""
        key = fold(name)
        return self.current().filter(Q(name_key=key) | Q(names__contains=f"\n{key}\n")) if key else self.none()

    def near(self, name: str) -> Self:
        """Systems whose name begins with what is typed, or holds it, once there are three letters."""
        key = fold(name)
        return self.current().filter(name_key__contains=key) if len(key) > 2 else self.none()

    def of(self, person: "User") -> Self:
        """Systems a person answers for as business or technical owner, or as head of the function that owns them."""
        return self.current().filter(
            Q(business_owner=person) | Q(technical_owner=person) | Q(owning_function__head=person)
        )

    def before_retire(self) -> Self:
        """With the number of integrations that still run, as `running`: what `retire` asks, for many at once."""
        running = System._meta.apps.get_model("inventory.Integration").objects.filter(
            Q(source=OuterRef("pk")) | Q(target=OuterRef("pk")), retired_at=None
        )
        counted = running.exclude(status="retired").order_by().annotate(one=Value(1)).values("one")
        return self.annotate(running=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0))

    def without_owner(self) -> Self:
        return self.current().filter(business_owner=None, technical_owner=None, owning_function__head=None)

    def trials_ending(self, on: date) -> Self:
        """Trials whose end date is on or before a day."""
        return self.current().filter(lifecycle=System.Lifecycle.EVALUATING, trial_ends_on__lte=on)


class System(Record):
    """One system of the stack. A name is enough to log it; everything else says how well it is kept."""

    PREFIX = "SYS"
    NAMED_ELSEWHERE = True
    STATE = "lifecycle"
    SEARCH = ("name", "aliases", "url", "description")
    GIVEN = ("name_key", "names")
    BIRTH = ("lifecycle",)
    PARTS: ClassVar = {"uses": "Functions"}

    Lifecycle = choices.Lifecycle
    Audience = choices.Audience
    Stage = choices.Stage
    Kind = choices.Kind
    Hosting = choices.Hosting
    Criticality = choices.Criticality
    Classification = choices.Classification
    Answer = choices.Answer
    Disposition = choices.Disposition
    Verification = choices.Verification
    TONES: ClassVar = choices.LIFECYCLE_TONES
    _L = Lifecycle
    FLOW = Flow(
        propose=([_L.DISCOVERED, _L.REJECTED], _L.PROPOSED),
        evaluate=([_L.DISCOVERED, _L.PROPOSED], _L.EVALUATING),
        extend_trial=([_L.EVALUATING], None),
        approve=([_L.PROPOSED, _L.EVALUATING], _L.APPROVED),
        reject=([_L.DISCOVERED, _L.PROPOSED, _L.EVALUATING, _L.APPROVED], _L.REJECTED),
        implement=([_L.APPROVED], _L.IMPLEMENTING),
        go_live=([_L.APPROVED, _L.IMPLEMENTING], _L.LIVE),
        phase_out=([_L.LIVE], _L.PHASING_OUT),
        retire=([state for state in _L if state != "retired"], _L.RETIRED),
    )

    name = models.CharField("name", max_length=200)
    aliases = Lines("also known as", help_text="Former and pet names, one a line.")
    description = models.TextField("what it is for", blank=True)
    vendor = models.ForeignKey(
        "inventory.Vendor", models.PROTECT, null=True, blank=True, related_name="systems", verbose_name="vendor"
    )
    kind = models.CharField("kind", max_length=14, choices=Kind, blank=True)
    url = models.URLField("address", max_length=300, blank=True)
    owning_function = models.ForeignKey(
        "accounts.Function",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="systems",
        verbose_name="owning function",
    )
    business_owner = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="systems_owned", verbose_name="business owner"
    )
    technical_owner = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="systems_run", verbose_name="technical owner"
    )
    primary_capability = models.ForeignKey(
        "inventory.Capability",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="primary_systems",
        verbose_name="main capability",
    )
    capabilities = models.ManyToManyField(
        "inventory.Capability", blank=True, related_name="systems", verbose_name="further capabilities"
    )
    journey_stages = Codes("customer journey", codes=Stage.choices)
    audience = models.CharField("audience", max_length=10, choices=Audience, blank=True)
    user_count = models.PositiveIntegerField("people using it", null=True, blank=True)
    lifecycle = models.CharField("lifecycle", max_length=12, choices=Lifecycle, default=Lifecycle.PROPOSED)
    proposed_on = models.DateField("proposed on", null=True, blank=True)
    evaluating_on = models.DateField("trial from", null=True, blank=True)
    trial_ends_on = models.DateField("trial ends on", null=True, blank=True)
    trial_extended = models.BooleanField("trial extended", default=False, editable=False)
    approved_on = models.DateField("approved on", null=True, blank=True)
    implementing_on = models.DateField("implementation from", null=True, blank=True)
    live_on = models.DateField("live from", null=True, blank=True)
    phasing_out_on = models.DateField("phasing out from", null=True, blank=True)
    retired_on = models.DateField("retired on", null=True, blank=True)
    retired_from = models.CharField(max_length=12, blank=True, editable=False)
    hosting = models.CharField("hosting", max_length=12, choices=Hosting, blank=True)
    criticality = models.CharField("business criticality", max_length=14, choices=Criticality, blank=True)
    data_classification = models.CharField("data classification", max_length=12, choices=Classification, blank=True)
    personal_data = models.CharField("personal data", max_length=9, choices=Answer, default=Answer.UNKNOWN)
    residency = models.CharField("data residency", max_length=80, blank=True, help_text="E.g. EU, or IE and DE.")
    sso = models.CharField("single sign-on", max_length=9, choices=Answer, default=Answer.UNKNOWN)
    scim = models.CharField("provisioning (SCIM)", max_length=9, choices=Answer, default=Answer.UNKNOWN)
    mfa = models.CharField("second factor", max_length=9, choices=Answer, default=Answer.UNKNOWN)
    functional_fit = models.PositiveSmallIntegerField("functional fit", choices=fit.FUNCTIONAL, null=True, blank=True)
    technical_fit = models.PositiveSmallIntegerField("technical fit", choices=fit.TECHNICAL, null=True, blank=True)
    functional_fit_on = models.DateField("functional fit assessed on", null=True, blank=True, editable=False)
    technical_fit_on = models.DateField("technical fit assessed on", null=True, blank=True, editable=False)
    disposition = models.CharField("disposition", max_length=8, choices=Disposition, blank=True)
    target_system = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaces", verbose_name="moves to"
    )
    target_on = models.DateField("by", null=True, blank=True)
    rationale = models.TextField("reason for the disposition", blank=True)
    last_verified_on = models.DateField("last verified", null=True, blank=True, editable=False)
    verification = models.CharField(
        "verification", max_length=18, choices=Verification, blank=True, default="", editable=False
    )
    confidential = models.BooleanField(
        "confidential", default=False, help_text="Only owners, steering and audit see it."
    )
    name_key = models.CharField("name as matched", max_length=200, editable=False)
    names = models.TextField("names as matched", blank=True, editable=False)

    COMPUTED: ClassVar = computed.SYSTEM
    FIGURES: ClassVar = {"points_there": measured.bits}
    objects = Systems.as_manager()

    class Meta(Record.Meta):
        verbose_name = "system"
        indexes = [
            models.Index(fields=["name", "id"], name="system_name_order"),
            models.Index(fields=["lifecycle", "criticality", "name", "id"], name="system_lifecycle"),
            models.Index(fields=["created_at", "id"], name="system_created"),
            models.Index(fields=["changed_at", "id"], name="system_changed"),
            models.Index(fields=["name_key"], name="system_name_key"),
            models.Index(fields=["confidential"], name="system_confidential"),
            models.Index(fields=["trial_ends_on"], name="system_trial", condition=Q(lifecycle="evaluating")),
        ]

    def clean(self) -> None:
        self.name = " ".join(self.name.split())
        self.name_key = fold(self.name)
        self.names = "".join(f"\n{fold(alias)}\n" for alias in self.aliases)
        if self.target_system_id and self.target_system_id == self.pk:
            raise ValidationError({"target_system": "A system does not move to itself."})
        begun: tuple[str, date] | None = None
        for phase in PHASES:
            day = getattr(self, f"{phase}_on")
            if day and begun and day < begun[1]:
                label = self._meta.get_field(f"{phase}_on").verbose_name
                raise ValidationError({f"{phase}_on": f"“{label}” lies before “{begun[0]}” ({begun[1]:%-d %B %Y})."})
            begun = (str(self._meta.get_field(f"{phase}_on").verbose_name), day) if day else begun
        if self.evaluating_on and self.trial_ends_on and self.trial_ends_on < self.evaluating_on:
            raise ValidationError({"trial_ends_on": "The trial ends before it begins."})

    @property
    def owner(self) -> "User | None":
        """Whom to ask: the business owner, else the technical owner, else the owning function's head."""
        head = self.owning_function.head if self.owning_function else None
        return self.business_owner or self.technical_owner or head

    @property
    def quadrant(self) -> str:
        """TIME: tolerate, invest, migrate or eliminate; empty while a fit is not assessed."""
        return fit.quadrant(self.functional_fit, self.technical_fit)

    def _enter(self, phase: str, at: datetime) -> None:
        day = timezone.localdate(at)
        if not getattr(self, f"{phase}_on") or getattr(self, f"{phase}_on") > day:
            setattr(self, f"{phase}_on", day)

    @operation
    def propose(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Somebody wants it."""
        self._enter("proposed", at)

    @operation
    def evaluate(self, *, by: "User", trial_ends_on: date, at: datetime = NOW, note: str = "") -> None:
        """A trial with an end date and without customer data."""
        if self.personal_data == self.Answer.YES:
            raise Refused("A trial runs without personal data: change that answer first, or approve the system.")
        if trial_ends_on <= timezone.localdate(at):
            raise ValidationError({"trial_ends_on": "The trial ends after today."})
        self.trial_ends_on = trial_ends_on
        self._enter("evaluating", at)

    @operation
    def extend_trial(self, *, by: "User", trial_ends_on: date, note: str, at: datetime = NOW) -> None:
        """Once, to a later day; the note says why."""
        if self.trial_extended:
            raise Refused("This trial was extended once already: buy it or stop it.")
        if self.trial_ends_on and trial_ends_on <= self.trial_ends_on:
            raise ValidationError({"trial_ends_on": "Choose a later day than now."})
        self.trial_ends_on, self.trial_extended = trial_ends_on, True

    @operation
    def approve(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """May be implemented."""
        self._enter("approved", at)

    @operation
    def reject(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """Not for us; the note says why."""

    @operation
    def implement(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Work on it begins."""
        self._enter("implementing", at)

    @operation
    def go_live(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """In use from today."""
        self._enter("live", at)

    @operation
    def phase_out(self, *, by: "User", note: str, at: datetime = NOW, retired_on: date | None = None) -> None:
        """Being left: the note says why, the date by when."""
        self._enter("phasing_out", at)
        self.retired_on = retired_on or self.retired_on

    @operation
    def retire(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Out of use. Refused while integrations still run."""
        running = self.__dict__.pop("running", None)
        if running is None:
            running = self.integrations().exclude(status="retired").count()
        if running:
            raise Refused(f"{running} integration(s) still run: retire those first.")
        self.retired_from, self.retired_at = self.lifecycle, at
        self._enter("retired", at)

    @operation
    def restore(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        if self.retired_at is None:
            raise Refused(f"{self.number} is not retired.")
        self.retired_at, self.retired_on = None, None
        self.lifecycle = self.retired_from or self.Lifecycle.LIVE

    @operation
    def verify(self, *, by: "User", at: datetime = NOW, note: str = "") -> None:
        """Somebody looked: what stands here is right today."""
        self.last_verified_on, self.verification = timezone.localdate(at), self.Verification.VERIFIED

    @operation
    def doubt(self, *, by: "User", verification: str, at: datetime = NOW, note: str = "") -> None:
        """It is no longer known to be right: nobody answered, or somebody else changed it. A badge, never the data."""
        self.verification = verification

    @operation
    def assess(
        self,
        *,
        by: "User",
        functional_fit: int | None = None,
        technical_fit: int | None = None,
        at: datetime = NOW,
        note: str = "",
    ) -> None:
        """Rate how well it serves (functional) and how well it is built (technical), each from 1 to 4, dated today."""
        if functional_fit is None and technical_fit is None:
            raise ValidationError({"functional_fit": "Rate at least one."})
        if functional_fit is not None:
            self.functional_fit, self.functional_fit_on = functional_fit, timezone.localdate(at)
        if technical_fit is not None:
            self.technical_fit, self.technical_fit_on = technical_fit, timezone.localdate(at)

    @operation
    def share(
        self,
        *,
        by: "User",
        function: "Function",
        part: str,
        purpose: str = "",
        people: int | None = None,
        at: datetime = NOW,
    ) -> None:
        """A function uses the system, feeds it, or receives its data; said again, its words are renewed."""
        row = SystemUse(system=self, function=function, part=part, purpose=purpose, people=people)
        row.clean_fields()
        before = SystemUse.objects.filter(system=self, function=function, part=part).first()
        row.pk = before.pk if before else None
        row.save()
        self.tell("uses", before.told if before else None, row.told)

    @operation
    def unshare(self, *, by: "User", function: "Function", part: str, at: datetime = NOW) -> None:
        """The function no longer uses, feeds or receives."""
        row = SystemUse.objects.filter(system=self, function=function, part=part).first()
        if row is None:
            raise ValidationError({"function": f"{function} has no such part in {self.name}."})
        self.tell("uses", row.told, None)
        row.delete()

    def integrations(self) -> models.QuerySet["Record"]:
        """Unretired integrations that begin or end here."""
        model = self._meta.apps.get_model("inventory.Integration")
        return model.objects.filter(Q(source=self) | Q(target=self), retired_at=None)


PHASES = ("proposed", "evaluating", "approved", "implementing", "live", "phasing_out", "retired")


class SystemUse(models.Model):
    """A function's part in a system: it uses it, feeds it, or receives its data."""

    class Part(models.TextChoices):
        USES = "uses", "Uses it"
        FEEDS = "feeds", "Feeds it"
        RECEIVES = "receives", "Receives its data"

    system = models.ForeignKey(System, models.CASCADE, related_name="uses")
    function = models.ForeignKey("accounts.Function", models.PROTECT, related_name="uses", verbose_name="function")
    part = models.CharField("part", max_length=8, choices=Part, default=Part.USES)
    purpose = models.CharField("what for", max_length=200, blank=True)
    people = models.PositiveIntegerField("how many people", null=True, blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["system", "function", "part"], name="system_use_once")]
        indexes = [models.Index(fields=["function", "part"], name="system_use_function")]

    def __str__(self) -> str:
        return f"{self.function} {self.get_part_display().lower()}"

    @property
    def told(self) -> str:
        """The part in words, as the trail keeps it."""
        people = f", {self.people} people" if self.people else ""
        return f"{self}{people}{': ' + self.purpose if self.purpose else ''}"
