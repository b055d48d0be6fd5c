"""My work: what waits for me, what is mine, what changed, how we stand. Each list in a fixed number of statements."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from inventory import halves
from inventory.models import Assurance, Integration, System
from martech import timeline
from martech.audit.models import Entry
from martech.home import letters, standing
from martech.notifications.models import Notice
from martech.permissions import engine
from martech.records.models import Follow
from martech.web import links

NEAR = 14
"""Days in which a deadline is near."""
TRIALS, ASSURANCES = 30, 60
"""Days ahead in which a trial that ends and an assurance that runs out wait for somebody."""
MOST = 8
CONSULTATIONS = "/governance/consultations/"
HANDOVERS = "/governance/handovers/"
CONFIRM = "/governance/attestations/mine/"
GAPS, PLANS = "/governance/gaps/", "/governance/closing-plans/"


@dataclass(frozen=True)
class Task:
    """One thing that waits: what and where, a second line, its day with a tone, and the one act that settles it."""

    title: str
    url: str
    note: str
    day: date | None
    tone: str
    action: str
    action_url: str
    sent: bool = False


@dataclass(frozen=True)
class Waiting:
    """Tasks of one kind; `url` lists all of them."""

    title: str
    icon: str
    tasks: tuple[Task, ...]
    url: str


@dataclass(frozen=True)
class Mine:
    """A system I answer for, how full its halves are, and what is still missing: (words, where to mend it)."""

    system: System
    business: float
    technology: float
    missing: tuple[tuple[str, str], ...]


def of(user: Any) -> dict[str, Any]:
    """The home page's context."""
    today, now = timezone.localdate(), timezone.now()
    systems = list(engine.scope(user, System.objects.of(user)).order_by("name")[:50])
    followed = list(Follow.objects.filter(person=user).values_list("kind", "key")[:200])
    proofs = assurances(user, today)
    periods = letters.standing_in(user, today)
    consulted = letters.covered(user, periods, "consultations")
    receiving = letters.covered(user, periods, "handovers")
    asked, objected = letters.to_answer(user, today, consulted), letters.to_decide(user, consulted)
    confirming = letters.to_confirm(user, letters.covered(user, periods, "attestations"))
    handed = letters.to_hand_over(user, receiving)
    closing, mending = letters.to_close(user), letters.to_mend(user)
    told = [
        notice
        for notice in Notice.objects.for_(user).unread(now)[:MOST]
        if not _told_below(notice, [*proofs, *asked, *objected, *handed, *confirming, *closing])
    ]
    groups = [
        Waiting("Told to you", "bell", tuple(notice_task(notice) for notice in told), "/inbox/"),
        Waiting(
            "Your word is asked for",
            "chat-bubble-left-right",
            tuple(consultation_task(one, today, "Answer", consulted.get(vars(one)["waits_for"], "")) for one in asked),
            f"{CONSULTATIONS}?status=asking",
        ),
        Waiting(
            "Is it still right?",
            "check-badge",
            tuple(attestation_task(one, today, user) for one in confirming),
            CONFIRM,
        ),
        Waiting(
            "Objections for you to decide",
            "scale",
            tuple(consultation_task(one, today, "Decide") for one in objected),
            f"{CONSULTATIONS}?status=objected",
        ),
        Waiting(
            "Hand-overs",
            "arrows-right-left",
            tuple(handover_task(one, today, receiving.get(one.receiver_id, "")) for one in handed),
            f"{HANDOVERS}?status=proposed",
        ),
        Waiting("Closing plans", "flag", tuple(plan_task(one, today) for one in closing), f"{PLANS}?status=open"),
        Waiting(
            "Gaps you can mend",
            "exclamation-triangle",
            tuple(gap_task(one, user) for one in mending),
            f"{GAPS}?status=open&mender=me",
        ),
        Waiting("Trials that end", "beaker", trials(user, today), f"{standing.SYSTEMS}?{standing.ON_TRIAL}"),
        Waiting(
            "Assurances that run out",
            "shield-exclamation",
            tuple(assurance_task(one, today) for one in proofs),
            f"{standing.ASSURANCES}?{standing.RUNNING_OUT}",
        ),
        Waiting(
            "Integrations at fault",
            "exclamation-triangle",
            faults(user),
            f"{standing.INTEGRATIONS}?{standing.AT_FAULT}",
        ),
    ]
    return {
        "today": today,
        "now": now,
        "standing_in": [one for one in periods if one.deputy_id == user.pk],
        "away": [one for one in periods if one.person_id == user.pk],
        "responsible": letters.responsible(user, today),
        "mine": [mine(system) for system in systems],
        "waiting": [group for group in groups if group.tasks],
        "waiting_count": sum(len(group.tasks) for group in groups),
        "changed": changed(user, followed),
        "follows": bool(followed),
        "stand": standing.of(user),
        "steps": standing.first_steps(user),
    }


def mine(system: System) -> Mine:
    told = halves.points(system)
    business, technology = (
        sum(done for _, done in told[half]) / len(told[half]) for half in ("business", "technology")
    )
    form = f"{links.of(system)}change/"
    missing = tuple(
        (point.label, f"{form}#id_{point.field}") for half in told.values() for point, done in half if not done
    )
    return Mine(system, business, technology, missing)


def tone(day: date | None, today: date) -> str:
    """How a deadline looks: late, near, or ahead."""
    if day is None or day > today + timedelta(days=NEAR):
        return "muted"
    return "danger" if day < today else "attention"


def _answers(user: Any, rows: Any, permission: str, own: Q, nobodys: Q) -> Any:
    """Rows that wait for this person: their own, and ownerless ones that they may act on. `may` says whether."""
    verdict = engine.verdict_column(engine.condition(user, permission))
    return engine.scope(user, rows).annotate(may=verdict).filter(own | (nobodys & Q(may=True)))


def notice_task(notice: Notice) -> Task:
    return Task(
        notice.sentence,
        notice.link,
        "",
        timezone.localdate(notice.at),
        "muted",
        "Open",
        f"/inbox/{notice.pk}/open/",
        sent=True,
    )


def _told_below(notice: Notice, shown: list[Any]) -> bool:
    return any(one.pk == notice.key and one._meta.label_lower == notice.kind for one in shown)


def trials(user: Any, today: date) -> tuple[Task, ...]:
    """Trials that end within TRIALS days, or have ended undecided."""
    own = Q(business_owner=user) | Q(technical_owner=user) | Q(owning_function__head=user)
    nobodys = Q(business_owner=None, technical_owner=None)
    ending = System.objects.trials_ending(today + timedelta(days=TRIALS))
    rows = _answers(user, ending, "inventory.change_system", own, nobodys).order_by("trial_ends_on", "pk")[:MOST]
    return tuple(
        Task(
            row.name,
            links.of(row),
            "Trial has ended" if row.trial_ends_on < today else "Trial ends",
            row.trial_ends_on,
            tone(row.trial_ends_on, today),
            "Decide",
            links.of(row),
        )
        for row in rows
    )


def assurances(user: Any, today: date) -> list[Any]:
    """Assurances that run out within ASSURANCES days and that this person looks after."""
    head = Q(system__business_owner=None, system__technical_owner=None, system__owning_function__head=user)
    own = Q(system__business_owner=user) | Q(system__technical_owner=user) | Q(vendor__relationship_owner=user) | head
    nobody = Q(system__business_owner=None, system__technical_owner=None, system__owning_function__head=None)
    nobodys = (Q(system__isnull=False) & nobody) | Q(vendor__isnull=False, vendor__relationship_owner=None)
    ending = Assurance.objects.running_out(today + timedelta(days=ASSURANCES))
    return list(_answers(user, ending, "inventory.renew_assurance", own, nobodys).order_by("expires_on", "pk")[:MOST])


def assurance_task(row: Any, today: date) -> Task:
    taken = row.acknowledged_at and row.acknowledged_for == row.expires_on
    note = "Somebody takes care of it" if taken else "Has run out" if row.expires_on < today else "Runs out"
    page = links.of(row)
    action = ("Renew", f"{page}renew/") if row.may else ("Look", page)
    return Task(row.name, page, note, row.expires_on, tone(row.expires_on, today), *action)


def consultation_task(row: Any, today: date, action: str, instead_of: str = "") -> Task:
    """A consultation that waits for this person's answer or decision, or for theirs in somebody's place."""
    whose = f" in place of {instead_of}" if instead_of else ""
    note = f"{row.asked_by} asks for an answer{whose} by" if action == "Answer" else "Objected to; asked for by"
    return Task(str(row), links.of(row), note, row.answer_by_on, tone(row.answer_by_on, today), action, links.of(row))


def handover_task(row: Any, today: date, instead_of: str = "") -> Task:
    """A hand-over that waits for this person; what a leaver held has no last day."""
    if row.cause == row.Cause.LEAVING:
        return Task(
            str(row),
            links.of(row),
            f"{row.person} left: name who has it next",
            None,
            "danger",
            "Hand over",
            links.of(row),
        )
    note = f"Proposed to {instead_of or 'you'}; answer by"
    return Task(str(row), links.of(row), note, row.expires_on, tone(row.expires_on, today), "Answer", links.of(row))


def attestation_task(row: Any, today: date, user: Any) -> Task:
    """A system whose record somebody is asked to confirm."""
    note = "Answer by" if row.person_id == user.pk else f"Asked of {row.person}; answer by"
    return Task(str(row), CONFIRM, note, row.due_on, tone(row.due_on, today), "Look", CONFIRM)


def plan_task(row: Any, today: date) -> Task:
    """A closing plan with what is still open in it."""
    note = f"{row.size - row.closed} of {row.size} gaps open; close them by"
    return Task(row.name, links.of(row), note, row.due_on, tone(row.due_on, today), "Look", links.of(row))


def gap_task(row: letters.Missing, user: Any) -> Task:
    """The gaps of one system or process, or those about this person, as one thing to do."""
    note, day = f"{row.many} gap{'s' if row.many != 1 else ''} in who does what, since", timezone.localdate(row.since)
    if row.system:
        page = f"{links.list_url('inventory.system')}{row.system}/"
        return Task(row.name, f"{page}#gaps", note, day, "muted", "Close them", f"{page}raci/")
    if row.process:
        page = f"{links.list_url('governance.businessprocess')}{row.process}/"
        return Task(row.name, page, note, day, "muted", "Close them", page)
    return Task("Yourself", links.of(user), note, day, "muted", "Look", f"{GAPS}?person=me&status=open")


def faults(user: Any) -> tuple[Task, ...]:
    """Integrations reported as degraded."""
    own = Q(owner=user) | Q(source__business_owner=user) | Q(target__business_owner=user)
    degraded = Integration.objects.filter(retired_at=None, status="degraded").select_related("source", "target")
    rows = _answers(user, degraded, "inventory.activate_integration", own, Q(owner=None)).order_by("-changed_at", "pk")[
        :MOST
    ]
    return tuple(
        Task(
            str(row),
            links.of(row),
            "Reported as degraded",
            timezone.localdate(row.changed_at),
            "danger",
            *(("Mark as active", f"{links.of(row)}activate/") if row.may else ("Look", links.of(row))),
        )
        for row in rows
    )


def changed(user: Any, followed: list[tuple[str, int]]) -> list[Any]:
    """What happened lately to what I follow; for whoever follows nothing, to the whole stack."""
    rows = engine.scope(user, Entry.objects.exclude(verb="choose_theme").select_related("by"))
    if followed:
        held = Q(pk__in=())
        for kind in {kind for kind, _ in followed}:
            held |= Q(kind=kind, key__in=[key for one, key in followed if one == kind])
        rows = rows.filter(held)
    else:
        rows = rows.filter(kind__startswith="inventory.")
    return [
        (line, links.url(line.entry.kind, line.entry.key)) for line in timeline.mixed(rows.order_by("-id")[:10], user)
    ]
