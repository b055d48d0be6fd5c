"""The advice of an assessment: what stands out, with its reason, and the letters it proposes."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Q, When

from governance import advice, gap_rules, letters, skills
from governance.models import LetterProposal, ResourceAssessment
from governance.models.advising import Group, members
from governance.models.lettering import cell, cells_of
from governance.reports.assessment import SteppingIn
from martech.accounts.models import Function, User
from martech.permissions import engine
from martech.web import links
from martech.web.shown import shown


@dataclass(frozen=True)
class Finding:
    """Something that stands out: a tone, what it is, and why it matters or what to do."""

    tone: str
    title: str
    reason: str


@dataclass(frozen=True)
class Offer:
    """A proposed letter as the page shows it: `stale` where others stand there by now; `may`: the reader may adopt."""

    proposal: LetterProposal
    stale: bool
    may: bool


def findings(record: ResourceAssessment, known: Group, stepping_in: SteppingIn, on: date) -> list[Finding]:
    """Single points of failure, what nobody is able to do, too much on one person, too much in all; one statement."""
    found = []
    if record.allocated > 100:
        title = f"{record.allocated} % of the time is given away"
        found.append(Finding("danger", title, "All shares together come to more than there is: take something out."))
    found += _uncovered(record, known)
    group = members(known.people, on)
    over = advice.overloaded(group)
    total = sum(one.carries for one in group)
    for member in group:
        if member.carries > gap_rules.MOST_LETTERS or member.key in over:
            reason = f"{member.carries} of the {total} letters R and A of all {len(group)} people."
            found.append(Finding("attention", f"{member.name} carries too much", reason))
    if stepping_in.tone == "danger":
        who = f"{stepping_in.person} is named. " if stepping_in.person else ""
        title = f"Succession: {stepping_in.words[:1].lower()}{stepping_in.words[1:]}"
        found.append(Finding("danger", title, f"{who}Name a deputy who is able, or the work waits for the head."))
    return found


def _uncovered(record: ResourceAssessment, known: Group) -> list[Finding]:
    """What nobody is able to do, in one finding, and what rests on one person, one for each."""
    names = {person.pk: str(person) for person in known.people}
    found, alone = [], dict[int, list[skills.Cover]]()
    nobody = [one for one in known.covers if not one.able]
    for one in known.covers:
        if one.single:
            alone.setdefault(one.able[0], []).append(one)
    if nobody:
        told = [f"{one.duty.name} (level {one.duty.level}){_nearest(one, names)}" for one in nobody]
        title = f"Nobody of {record.function} is able: {len(nobody)} of {len(known.covers)} activities"
        found.append(Finding("danger", title, f"{', '.join(told)}. Let somebody learn it, or have others do it."))
    for key, rows in alone.items():
        told = [f"{one.duty.name}{_nearest(one, names)}" for one in rows]
        found.append(
            Finding("attention", f"{names[key]} alone is able", f"{', '.join(told)}. Let a second person learn it.")
        )
    return found


def _nearest(cover: skills.Cover, names: dict[int, str]) -> str:
    return f" – {names[cover.near[0]]} is nearest" if cover.near else ""


def offers(record: ResourceAssessment, user: Any, on: date) -> dict[str, Any]:
    """The proposals of an assessment that this person sees, by system, and those answered; two statements."""
    open_ones = Q(status=LetterProposal.Status.OPEN)
    rows = engine.scope(user, LetterProposal.objects.filter(assessment=record, retired_at=None))
    seen = shown(
        rows.select_related("system", "activity", "person", "function", "instead_of")
        .annotate(may=engine.verdict_column(engine.condition(user, "governance.adopt_letterproposal")))
        .order_by(Case(When(open_ones, then=0), default=1), "pk"),
        f"/governance/letter-proposals/?assessment={record.pk}",
    )
    waiting: list[Any] = [one for one in seen.rows if one.status == LetterProposal.Status.OPEN]
    held = cells_of({one.system_id for one in waiting}, on)
    by_system: dict[Any, list[Offer]] = {}
    for one in waiting:
        by_system.setdefault(one.system, []).append(Offer(one, one.moved(held.get(one.system_id, {})), one.may))
    return {
        "offers": list(by_system.items()),
        "offers_count": len(waiting),
        "offers_url": seen.url,
        "settled": [one for one in seen.rows if one.status != LetterProposal.Status.OPEN],
    }


def rests_on(record: LetterProposal, user: Any, on: date) -> dict[str, Any]:
    """A proposal's page: what stood in the cell when it was proposed and, where that is different, what stands now."""
    cells = cell(cells_of([record.system_id], on).get(record.system_id, {}), record.activity_id)
    now = record.proposed.basis(cells)
    stale = record.status == LetterProposal.Status.OPEN and now != record.basis
    names = _named({*record.basis, *now}, user)
    return {
        "stale": stale,
        "told_basis": _told(record.basis, names),
        "told_now": _told(now, names) if stale else [],
        "assessment_url": f"{links.of(record.assessment)}#advice",
    }


def _told(basis: dict[str, str], names: dict[str, str]) -> list[str]:
    return [
        f"{names.get(holder, 'Somebody')}: {' and '.join(letters.WORDS[one] for one in told)}"
        for holder, told in basis.items()
        if told
    ]


def _named(holders: set[str], user: Any) -> dict[str, str]:
    """The names of holders that this person may see; a statement for people and one for functions."""
    keys = letters.by_kind(holders)
    people = engine.scope(user, User._base_manager.filter(pk__in=keys["person"]))
    functions = engine.scope(user, Function._base_manager.filter(pk__in=keys["function"]))
    return {
        **{letters.holder(one.pk): str(one) for one in people},
        **{letters.holder(None, one.pk): str(one) for one in functions},
    }
