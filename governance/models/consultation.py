"""Those consulted are asked before an act on a critical system: what, whom, until when, and what they say."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone

from governance import tiers
from governance.models.standin import acts_for
from inventory.models import System
from martech import worktime
from martech.accounts.models import job_account
from martech.calendars.models import organisation
from martech.errors import Refused
from martech.operations import NOW, Flow, Record, acting, begin, operation
from martech.permissions import engine

if TYPE_CHECKING:
    from martech.accounts.models import User

PERSON = settings.AUTH_USER_MODEL
ANSWER_WITHIN = 2
"""Working days of the organisation in which an objection is to be made. Source: the design, part 3."""
MATTER = "consultations"
"""What a deputy must stand in for, to answer or decide here."""
OPEN_FOR = timedelta(days=14)
"""How long the act is possible once nothing stands against it."""
OWNERS = ("business_owner", "technical_owner", "owning_function")
LIFECYCLE = tuple(System.FLOW.moves)
ENDINGS = frozenset({"retire", "phase_out"})
"""Acts on which those consulted for the activity `retire` have a word too."""


def consulted(system: System, verb: str, on: date) -> dict[int, str]:
    """Who is consulted before this is done to the system on a day: key of a person -> name."""
    return consulted_of([system.pk], verb, on)[system.pk]


def consulted_of(keys: list[int], verb: str, on: date) -> dict[int, dict[int, str]]:
    """The same for many systems, in two statements, four where it is an ending."""
    found: dict[int, dict[int, str]] = {key: {} for key in keys}
    for activity in ("operate", "retire") if verb in ENDINGS else ("operate",):
        told = engine.answers(System._meta.label_lower, keys, "consulted", activity=activity, today=on)
        for key, answer in told.items():
            found[key].update((one.pk, one.name) for one in answer.people)
    return found


class Consultations(models.QuerySet["Consultation"]):
    """Questions about consultations."""

    def current(self) -> Self:
        return self.filter(retired_at=None)

    def asking(self, on: date) -> Self:
        """Those still open to an answer on a day."""
        return self.current().filter(status=Consultation.Status.ASKING, answer_by_on__gte=on)

    def over(self, on: date) -> Self:
        """Those whose time has passed without an objection, and that nobody has closed yet."""
        return self.current().filter(status=Consultation.Status.ASKING, answer_by_on__lt=on)


class Consultation(Record):
    """A change of owner or lifecycle of a critical system, put to those consulted before it is made."""

    PREFIX = "CSN"
    SEARCH = ("reason",)
    PARTS: ClassVar = {"opinions": "Asked"}
    BLAMES: ClassVar = {"consultation_once": "verb"}

    class Status(models.TextChoices):
        ASKING = "asking", "Being asked"
        CLEAR = "clear", "Nothing against it"
        OBJECTED = "objected", "Objected to"
        OVERRULED = "overruled", "Objection overruled"
        WITHDRAWN = "withdrawn", "Withdrawn"

    _S = Status
    FLOW = Flow(
        agree=([_S.ASKING, _S.OBJECTED], None),
        object=([_S.ASKING, _S.OBJECTED], None),
        overrule=([_S.OBJECTED], _S.OVERRULED),
        withdraw=([_S.ASKING, _S.CLEAR, _S.OBJECTED], _S.WITHDRAWN),
        close=([_S.ASKING], _S.CLEAR),
    )
    TONES: ClassVar = {
        _S.ASKING: "attention",
        _S.CLEAR: "ok",
        _S.OBJECTED: "danger",
        _S.OVERRULED: "ok",
        _S.WITHDRAWN: "muted",
    }
    BIRTH = ("system", "verb", *OWNERS, "reason")
    GIVEN = ("answer_by_on", "open_until_on")

    system = models.ForeignKey(System, models.PROTECT, related_name="consultations", verbose_name="system")
    verb = models.CharField(
        "what is to be done",
        max_length=12,
        choices=[
            ("change", "Change its owner"),
            ("propose", "Propose it"),
            ("evaluate", "Start a trial"),
            ("approve", "Approve it"),
            ("reject", "Reject it"),
            ("implement", "Implement it"),
            ("go_live", "Take it live"),
            ("phase_out", "Phase it out"),
            ("retire", "Retire it"),
        ],
    )
    business_owner = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="new business owner"
    )
    technical_owner = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="new technical owner"
    )
    owning_function = models.ForeignKey(
        "accounts.Function", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="new owning function"
    )
    reason = models.TextField("reason", help_text="What those consulted should know.")
    asked_by = models.ForeignKey(
        PERSON, models.PROTECT, related_name="consultations", verbose_name="asked by", editable=False
    )
    status = models.CharField("status", max_length=10, choices=Status, default=Status.ASKING, editable=False)
    answer_by_on = models.DateField("answer by", editable=False)
    open_until_on = models.DateField("possible until", editable=False)

    objects = Consultations.as_manager()

    class Meta(Record.Meta):
        verbose_name = "consultation"
        constraints = [
            models.UniqueConstraint(
                fields=["system", "verb"],
                condition=Q(retired_at=None, status__in=("asking", "objected")),
                name="consultation_once",
                violation_error_message="This is put to those consulted already: wait for their answer, or withdraw.",
            )
        ]
        indexes = [models.Index(fields=["status", "answer_by_on"], name="consultation_due")]

    def __str__(self) -> str:
        if self.verb == "change":
            what = " and ".join(
                f"{self._meta.get_field(name).verbose_name} {getattr(self, name)}"
                for name in OWNERS
                if getattr(self, f"{name}_id")
            )
            return f"{self.system}: {what}"
        return f"{self.system}: {self.get_verb_display().lower()}"

    @classmethod
    def add(cls, *, by: "User", at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """Put it to everybody consulted now; whoever asks and is one of them agrees by asking."""
        with acting(by, at) as act:
            made = begin(
                cls(asked_by=by, created_at=act.at), by=by, at=act.at, note=note or fields.get("reason", ""), **fields
            )
            Opinion.objects.bulk_create(
                Opinion(
                    consultation=made,
                    person_id=key,
                    answer=Opinion.Answer.AGREES if key == by.pk else "",
                    answered_at=act.at if key == by.pk else None,
                    answered_by_id=key if key == by.pk else None,
                )
                for key in consulted(made.system, made.verb, made.asked_on)
            )
        return made

    def put(self, fields: Mapping[str, Any], by: Any) -> None:
        super().put(fields, by)
        if self._state.adding and self.system_id:
            # Who may not change the system is told so, before what is wrong with what they ask.
            engine.require(by, engine.name(System, "change"), self.system)
            self.tell("opinions", None, ", ".join(sorted(consulted(self.system, self.verb, self.asked_on).values())))

    def clean(self) -> None:
        if not self._state.adding:
            return
        self.reason = self.reason.strip()
        system = self.system
        if tiers.tier(system.criticality) != tiers.CRITICAL:
            raise ValidationError({"system": f"{system} is not critical: those consulted are told afterwards."})
        self._possible(system)
        if not consulted(system, self.verb, self.asked_on).keys() - {self.asked_by_id}:
            raise ValidationError({"system": f"Nobody else is consulted for {system}: nothing waits for them."})
        calendar, today = organisation(), self.asked_on
        self.answer_by_on = worktime.add_working_days(calendar.hours(today.year), today, ANSWER_WITHIN)
        self.open_until_on = self.answer_by_on + OPEN_FOR

    def _possible(self, system: System) -> None:
        """Raise ValidationError where what is asked could not be done, or would change nothing."""
        named = [name for name in OWNERS if getattr(self, f"{name}_id")]
        if system.retired_at:
            raise ValidationError({"system": f"{system.number} is retired."})
        if self.verb != "change":
            if not system.FLOW.possible(self.verb, system.lifecycle):
                told = system.get_lifecycle_display().lower()
                raise ValidationError({"verb": f"{system} is {told}: this is not possible now."})
            if named:
                raise ValidationError({named[0]: "Ask for a change of owner by itself."})
        elif not named:
            raise ValidationError({"business_owner": "Name who follows."})
        for name in named:
            if getattr(system, f"{name}_id") == getattr(self, f"{name}_id"):
                raise ValidationError({name: "This is so already."})

    @property
    def asked_on(self) -> date:
        """The day of the act that asks: whose letters count then are those consulted."""
        return timezone.localdate(self.created_at)

    def opens(self, verb: str, wanted: Mapping[str, Any], on: date) -> bool:
        """Whether it lets an act pass on a day: the verb, and for owners the columns with their new values."""
        if self.verb != verb or any(getattr(self, name) != value for name, value in wanted.items()):
            return False
        return self.clear_on(on)

    def clear_on(self, on: date) -> bool:
        """Nothing stands against it on a day: all agree, it was overruled, or the time passed without an objection."""
        answered = self.status in (self.Status.CLEAR, self.Status.OVERRULED)
        silent = self.status == self.Status.ASKING and on > self.answer_by_on
        return (answered or silent) and on <= self.open_until_on

    @operation
    def agree(self, *, by: "User", instead_of: "User | None" = None, at: datetime = NOW, note: str = "") -> None:
        """Nothing against it; also who objected may say so later."""
        self._answers(by, Opinion.Answer.AGREES, note, at, instead_of)

    @operation
    def object(self, *, by: "User", note: str, instead_of: "User | None" = None, at: datetime = NOW) -> None:
        """Against it; the note says why. It stays closed until whoever is accountable decides."""
        self._answers(by, Opinion.Answer.OBJECTS, note, at, instead_of)

    def _answers(self, by: "User", answer: str, note: str, at: datetime, instead_of: "User | None") -> None:
        today = timezone.localdate(at)
        asked = {one.person_id: one for one in self.opinions.select_related("person", "answered_by")}
        own = asked.get(acts_for(self, by, asked, MATTER, instead_of=instead_of, authors=(self.asked_by_id,), at=at))
        if own is None:
            raise Refused("You are not asked here, nor is anybody you stand in for.")
        if own.person_id != by.pk and own.answer and not own.by_deputy:
            raise Refused(f"{own.person} has answered already; their own word counts.")
        if self.status == self.Status.ASKING and today > self.answer_by_on:
            raise Refused(f"The time to answer ended on {self.answer_by_on:%-d %B %Y}.")
        before = own.told if own.answer else None
        own.answer, own.note, own.answered_at, own.answered_by = answer, note.strip(), at, by
        own.save()
        self.tell("opinions", before, own.told)
        said = list(self.opinions.values_list("answer", flat=True))
        if Opinion.Answer.OBJECTS in said:
            self.status = self.Status.OBJECTED
        elif all(one == Opinion.Answer.AGREES for one in said) or today > self.answer_by_on:
            self.status, self.open_until_on = self.Status.CLEAR, today + OPEN_FOR
        else:
            self.status = self.Status.ASKING

    @operation
    def overrule(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """Whoever is accountable decides against the objection; the note says why."""
        today = timezone.localdate(at)
        answer = engine.answer(self.system, "accountable", today=today)
        decide = {one.pk for one in answer.people}
        if acts_for(self, by, decide, MATTER, authors=(self.asked_by_id,), at=at) not in decide:
            names = " or ".join(one.name for one in answer.people) or "whoever is accountable"
            raise Refused(f"That is for {names} to decide.")
        self.open_until_on = today + OPEN_FOR

    @operation
    def withdraw(self, *, by: "User", note: str, at: datetime = NOW) -> None:
        """It is no longer asked; the note says why."""

    @operation
    def close(self, *, by: "User", at: datetime = NOW) -> None:
        """The time passed without an objection; who said nothing is on record as that."""
        if timezone.localdate(at) <= self.answer_by_on:
            raise Refused(f"They have until {self.answer_by_on:%-d %B %Y} to answer.")
        silent = self.opinions.filter(answer="").update(answer=Opinion.Answer.SILENT)
        self.tell("opinions", None, f"{silent} gave no answer")

    def time_passed(self, at: datetime) -> None:
        """The product itself closes it; nothing where somebody was quicker."""
        account = job_account()
        try:
            with acting(account, at) as act, act.deeper():
                self.close(by=account)
        except Refused:
            return


class Opinion(models.Model):
    """What one of those consulted says to a consultation."""

    class Answer(models.TextChoices):
        AGREES = "agrees", "Agrees"
        OBJECTS = "objects", "Objects"
        SILENT = "silent", "No answer"

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="opinions")
    person = models.ForeignKey(PERSON, models.PROTECT, related_name="opinions", verbose_name="person")
    answer = models.CharField("answer", max_length=7, choices=Answer, blank=True)
    note = models.TextField("note", blank=True)
    answered_at = models.DateTimeField("answered", null=True, blank=True)
    answered_by = models.ForeignKey(
        PERSON, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="answered by"
    )

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["consultation", "person"], name="opinion_once")]

    def __str__(self) -> str:
        return self.told

    @property
    def told(self) -> str:
        """The answer in words, as the trail keeps it."""
        said = self.get_answer_display().lower() if self.answer else "has not answered"
        who = f"{self.answered_by} for {self.person}" if self.by_deputy else str(self.person)
        return f"{who} {said}{': ' + self.note if self.note else ''}"

    @property
    def by_deputy(self) -> bool:
        """Whether somebody else answered in the person's place."""
        return self.answered_by_id is not None and self.answered_by_id != self.person_id
