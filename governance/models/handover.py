"""What a person held goes on to others: proposed, decided by who receives it, carried out in one act."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from governance import holdings
from governance.models.assignment import Assignment
from governance.models.handed import HandoverItem
from governance.models.standin import acts_for, proposed_by
from martech.accounts.models import User, job_account
from martech.errors import Refused
from martech.fields import Lines
from martech.operations import NOW, Flow, Record, acting, begin, operation

if TYPE_CHECKING:
    from collections.abc import Sequence


def next_for(person: User) -> User | None:
    """Who is proposed for what a person held: their deputy, else the head of their function, whoever is there."""
    function = person.function
    for one in (person.deputy, function.head if function else None):
        if one is not None and one.pk != person.pk and one.signs_in:
            return one
    return None


MATTER = "handovers"
"""What a deputy must stand in for, to take over or decline in another's place."""
LONGEST = timedelta(days=14)
"""A proposal nobody answers lapses after so long."""


class Handovers(models.QuerySet["Handover"]):
    """Questions about hand-overs."""

    def current(self) -> Self:
        """Those that wait for a decision."""
        return self.filter(retired_at=None, status="proposed")

    def lapsed(self, on: date) -> Self:
        """Proposals whose last day has passed; what a leaver held has no last day."""
        return self.current().filter(cause="asked", expires_on__lt=on)


class Handover(Record):
    """Everything somebody held, each thing with a proposed successor, until it is decided."""

    PREFIX = "HND"
    SEARCH = ("checklist",)
    BIRTH = ("person", "receiver")
    PARTS: ClassVar = {"items": "Things handed over"}
    BLAMES: ClassVar = {"handover_two_people": "receiver"}

    class Status(models.TextChoices):
        PROPOSED = "proposed", "Proposed"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        EXPIRED = "expired", "Expired"
        WITHDRAWN = "withdrawn", "Withdrawn"

    class Cause(models.TextChoices):
        ASKED = "asked", "Asked for"
        LEAVING = "leaving", "The person left"

    TONES: ClassVar = {
        "proposed": "attention",
        "accepted": "positive",
        "declined": "danger",
        "expired": "muted",
        "withdrawn": "muted",
    }
    _P = Status.PROPOSED
    FLOW = Flow(
        take_over=([_P], Status.ACCEPTED),
        carry_out=([_P], Status.ACCEPTED),
        decline=([_P], Status.DECLINED),
        expire=([_P], Status.EXPIRED),
        withdraw=([_P], Status.WITHDRAWN),
        assign=([_P], None),
        leave_out=([_P], None),
        offer_back=([_P], None),
        tick=([_P, Status.ACCEPTED], None),
        untick=([_P, Status.ACCEPTED], None),
    )

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers", verbose_name="handed over by"
    )
    receiver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="handovers_received",
        verbose_name="to",
        help_text="Empty: whoever stands in, or the head of the function.",
    )
    checklist = Lines("to be done", help_text="What has to be shown or told, one a line.")
    ticked = Lines("done already", editable=False)
    expires_on = models.DateField("answer by", blank=True, help_text="Empty: in 14 days.")
    cause = models.CharField("why", max_length=8, choices=Cause, default=Cause.ASKED, editable=False)
    status = models.CharField("status", max_length=10, choices=Status, default=Status.PROPOSED, editable=False)

    objects = Handovers.as_manager()

    class Meta(Record.Meta):
        verbose_name = "hand-over"
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(person=models.F("receiver")),
                name="handover_two_people",
                violation_error_message="Nobody hands over to themselves.",
            )
        ]
        indexes = [
            models.Index(fields=["status", "expires_on"], name="handover_open"),
            models.Index(fields=["receiver", "status"], name="handover_receiver"),
        ]

    def __str__(self) -> str:
        return f"Hand-over of {self.person}"

    @classmethod
    def add(cls, *, by: User, at: datetime = NOW, note: str = "", **fields: Any) -> Self:
        """All that the person holds, proposed to the receiver or to whoever stands in for them."""
        person = fields.get("person")
        if not fields.get("receiver") and person:
            person = person if isinstance(person, User) else User.objects.filter(pk=person).first()
            fields["receiver"] = next_for(person) if person else None
        with transaction.atomic():
            made = begin(cls(), by=by, at=at, note=note, **fields)
            letters = Assignment.objects.standing(timezone.localdate(made.created_at)).filter(person=made.person)
            made.gather(letters.select_related("activity", "system").order_by("pk"))
        return made

    @classmethod
    def of_leaver(cls, person: User, letters: "Sequence[Assignment]", *, by: User, at: datetime) -> "Handover | None":
        """What somebody who left held, with the letters that fell vacant; None where they held nothing."""
        rows = list(holdings.held(person))
        if not rows and not letters:
            return None
        made = begin(cls(person=person, receiver=next_for(person), cause=cls.Cause.LEAVING), by=by, at=at)
        made.gather(letters, rows)
        return made

    def clean(self) -> None:
        self.expires_on = self.expires_on or timezone.localdate(self.created_at) + LONGEST
        if self.person_id == self.receiver_id:
            raise ValidationError({"receiver": "Nobody hands over to themselves."})
        if self.receiver_id is None and self.cause == self.Cause.ASKED:
            raise ValidationError({"receiver": f"Nobody stands in for {self.person}: name who is to have it."})
        if self._state.adding and self.receiver and not self.receiver.signs_in:
            raise ValidationError({"receiver": f"{self.receiver} cannot take anything over."})

    def gather(self, letters: "Iterable[Assignment]", rows: "Iterable[holdings.Held] | None" = None) -> None:
        """Write down what is handed over and to whom: the receiver, else the head of the thing."""
        rows = list(holdings.held(self.person)) if rows is None else list(rows)
        letters = list(letters)
        heads = dict(
            Assignment.objects.filter(pk__in=[one.pk for one in letters]).values_list(
                "pk", "system__owning_function__head"
            )
        )
        wanted = {key for key in (*heads.values(), *(row.head for row in rows)) if key}
        present = User.objects.filter(pk__in=wanted, is_active=True, retired_at=None, kind="person")
        there: dict[int | None, int] = {
            key: key for key in present.values_list("pk", flat=True) if key != self.person_id
        }
        chosen = self.receiver_id
        things = [
            HandoverItem(
                handover=self,
                kind=holdings.LETTER,
                key=one.pk,
                field="person",
                label=one.get_letter_display().lower(),
                text=f"{one.activity} of {one.system}"[:200],
                successor_id=chosen or there.get(heads[one.pk]),
            )
            for one in letters
        ]
        things += [
            HandoverItem(
                handover=self,
                kind=row.kind,
                key=row.key,
                field=row.field,
                label=row.label,
                text=row.text,
                successor_id=chosen or there.get(row.head),
            )
            for row in rows
        ]
        if chosen and self.cause == self.Cause.ASKED:  # nobody can become their own deputy, so that stays behind
            things = [one for one in things if one.suits(chosen)]
        for one in things:
            if one.successor_id and not one.suits(one.successor_id):
                one.successor_id = None
        HandoverItem.objects.bulk_create(things)

    @operation
    def assign(self, *, by: User, item: int, successor: User, at: datetime = NOW, note: str = "") -> None:
        """Another successor for one of the things; its number stands before it."""
        row = self._item(item)
        if not self._fits(successor) or not row.suits(successor.pk):
            raise ValidationError({"successor": f"{successor} cannot take this over."})
        self.tell("items", f"{item}: {row.successor or 'nobody'}", f"{item}: {successor}")
        row.successor = successor
        row.save(update_fields=["successor"])

    def settle(
        self, successors: Mapping[int, User | None], *, by: User, carry_out: bool = True, at: datetime = NOW
    ) -> Self:
        """Name successors, key of the item -> who has it next, and by default carry it out: one act, whole or not.

        ValidationError by the key of the item where somebody cannot take it over, or nobody is named to carry it out.
        """
        wrong = {}
        with acting(by, at):
            items = list(self.items.select_related("successor").order_by("pk"))
            for item in items:
                wanted = successors.get(item.pk, item.successor)
                if wanted is None and (carry_out or item.successor):
                    wrong[str(item.pk)] = "Name who has it next."
                elif wanted and wanted.pk != item.successor_id and not (self._fits(wanted) and item.suits(wanted.pk)):
                    wrong[str(item.pk)] = f"{wanted} cannot take this over."
            if wrong:
                raise ValidationError(wrong)
            for item in items:
                wanted = successors.get(item.pk)
                if wanted and wanted.pk != item.successor_id:
                    self.assign(by=by, item=item.pk, successor=wanted)
            if carry_out:
                self.carry_out(by=by)
        return self

    @operation
    def tick(self, *, by: User, line: int, at: datetime = NOW, note: str = "") -> None:
        """One line of what has to be shown or told is done; its number counts from 1."""
        told = self._line(line)
        if told in self.ticked:
            raise Refused(f"“{told}” is done already.")
        self.ticked = [*self.ticked, told]

    @operation
    def untick(self, *, by: User, line: int, at: datetime = NOW, note: str = "") -> None:
        """One line is not done after all."""
        told = self._line(line)
        self.ticked = [one for one in self.ticked if one != told]

    def _line(self, number: int) -> str:
        if not 1 <= number <= len(self.checklist):
            raise ValidationError({"line": "There is no such line."})
        return str(self.checklist[number - 1])

    @operation
    def offer_back(self, *, by: User, at: datetime = NOW, note: str = "") -> None:
        """Who left is here again before it was decided: all of it is proposed to them."""
        self.items.update(successor=self.person)
        self.tell("items", "", f"all: {self.person}")

    def _fits(self, successor: User) -> bool:
        """Whether this person can have something of it."""
        return successor.signs_in and (successor.pk != self.person_id or self.cause == self.Cause.LEAVING)

    def possible(self) -> list[str]:
        """What its state and its cause allow; what a leaver held is carried out, never withdrawn or thinned."""
        never = {"withdraw", "leave_out"} if self.cause == self.Cause.LEAVING else {"carry_out"}
        never |= set() if self.checklist else {"tick", "untick"}
        return [verb for verb in super().possible() if verb not in never]

    @operation
    def leave_out(self, *, by: User, item: int, note: str, at: datetime = NOW) -> None:
        """One of the things is not handed over; the note says why. What a leaver held always is."""
        row = self._item(item)
        if self.cause == self.Cause.LEAVING:
            raise Refused("What somebody who left held needs a successor: nothing of it is left out.")
        self.tell("items", str(item), "")
        row.delete()

    @operation
    def take_over(self, *, by: User, at: datetime = NOW, note: str = "") -> None:
        """Take over everything, from today."""
        self._received(by, at)
        others = self.items.exclude(successor=self.receiver_id).count()
        if others:
            raise Refused(f"{others} of the things go to others: each needs a hand-over of its own.")
        self._carry(by, at)

    @operation
    def carry_out(self, *, by: User, at: datetime = NOW, note: str = "") -> None:
        """What somebody who left held goes to the successors named, from today."""
        if self.cause != self.Cause.LEAVING:
            raise Refused(f"{self.person} is still here: {self.receiver or 'the receiver'} answers this.")
        lacking = self.items.filter(successor=None).count()
        if lacking:
            raise Refused(f"{lacking} of the things have no successor yet: name one for each.")
        self._carry(by, at)

    @operation
    def decline(self, *, by: User, note: str, at: datetime = NOW) -> None:
        """Not taken over; the note says why. It is proposed to the next one up.

        With nobody above, the person keeps what they hold; what a leaver held waits for IT to name successors.
        """
        self._received(by, at)
        above = self._above()
        if above is None and self.cause != self.Cause.LEAVING:
            return
        again = type(self)(person=self.person, receiver=above, cause=self.cause, checklist=self.checklist)
        begin(again, by=by, at=at)
        rows = [row.copied(again, self.receiver_id, above) for row in self.items.order_by("pk")]
        HandoverItem.objects.bulk_create(rows)

    def _received(self, by: User, at: datetime) -> None:
        """Answered by the receiver, or in their place by somebody who did not propose it."""
        asked = {self.receiver_id} if self.receiver_id else set()
        acts_for(self, by, asked, MATTER, authors={self.person_id, *proposed_by(self)}, at=at)

    def _above(self) -> User | None:
        """The next head above the receiver who is there and has not declined it."""
        asked = {self.receiver_id, self.person_id}
        if self.cause == self.Cause.LEAVING:
            declined = type(self).objects.filter(person=self.person_id, cause=self.cause, status=self.Status.DECLINED)
            asked |= set(declined.values_list("receiver", flat=True))
        function = self.receiver.function if self.receiver else None
        while function is not None:
            head = function.head
            if head and head.pk not in asked and head.signs_in:
                return head
            function = function.parent
        return None

    @operation
    def withdraw(self, *, by: User, note: str, at: datetime = NOW) -> None:
        """No longer proposed; the note says why."""
        if self.cause == self.Cause.LEAVING:
            raise Refused("What somebody who left held needs a successor: it cannot be withdrawn.")

    @operation
    def expire(self, *, by: User, at: datetime = NOW, note: str = "") -> None:
        """Nobody answered in time."""
        if timezone.localdate(at) <= self.expires_on:
            raise Refused(f"There is time until {self.expires_on:%-d %B %Y}.")

    @classmethod
    def lapse(cls, at: datetime) -> None:
        """The product itself lets proposals lapse that nobody answered in time. What a leaver held stays open."""
        account = job_account()
        for row in cls.objects.lapsed(timezone.localdate(at)).order_by("pk"):
            try:
                with acting(account, at) as act, act.deeper():
                    row.expire(by=account)
            except (Refused, ValidationError):
                continue  # decided in the meantime, or not sound: no row keeps the others back

    def _item(self, key: int) -> "HandoverItem":
        found = self.items.filter(pk=key).select_related("successor").first()
        if found is None:
            raise ValidationError({"item": "There is no such thing in this hand-over."})
        return found

    def _carry(self, by: User, at: datetime) -> None:
        """Each thing to its successor by its own operation; what is no longer held is passed over."""
        items = list(self.items.select_related("successor").order_by("pk"))
        _hold(items)
        for item in items:
            if item.successor is None or not item.successor.present:
                raise Refused(f"{item.successor or 'Nobody'} cannot take over number {item.pk}: name somebody else.")
            item.passed_over = not item.pass_on(self, by, at)
        over = [item.pk for item in items if item.passed_over]
        self.items.filter(pk__in=over).update(passed_over=True)
        self.tell("items", f"{self.person}", f"{len(items) - len(over)} handed over")


def _hold(items: "Sequence[HandoverItem]") -> None:
    """Lock what is handed over kind by kind in the order of its keys, so that two hand-overs never wait for each other.

    The letters of a system are held by its row.
    """
    wanted: dict[str, set[int]] = defaultdict(set)
    for item in items:
        wanted[item.kind].add(item.key)
    given = wanted.pop(holdings.LETTER, None)
    if given:
        wanted["inventory.system"] |= set(Assignment.objects.filter(pk__in=given).values_list("system", flat=True))
    for kind, keys in sorted(wanted.items()):
        rows = apps.get_model(kind)._base_manager.select_for_update(no_key=True)
        list(rows.filter(pk__in=keys).order_by("pk").values_list("pk"))
