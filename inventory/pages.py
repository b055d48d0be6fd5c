"""What the pages of the inventory's records show beside facts, documents and story.

Every function takes the record in the hand and the person who looks, and gives the template's context; lists are
scoped to what that person sees and end at MOST, with the address of the whole list where there is more.
"""

import itertools
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe

from inventory import asked, drawing, halves, models, outcome, reports
from inventory.choices import Classification
from inventory.completeness import LEVELS, ORDER, Point, level, score
from inventory.completeness import lacking as lacking_of
from martech.notifications.table import REMINDERS
from martech.permissions import engine
from martech.web import cells, links
from martech.web.holes import HOLE, Piece
from martech.web.shown import Shown, may_add, shown

STEPS = REMINDERS["inventory.assurance.expiry"].steps
NEAREST = 24
"""Systems told of those that break if one goes; REST and the form that retires it tell all."""
DRAWN = 12
"""Integrations drawn on each side of a system; the table tells all."""


def system(record: models.System, user: Any) -> dict[str, Any]:
    """The two halves, the road, who takes part, what flows, what breaks, what proves it."""
    today = timezone.localdate()
    flows = shown(
        asked.flows(user, key=record.pk),
        f"{links.list_url('inventory.integration')}?{urlencode({'q': record.name})}",
    )
    carried: dict[int, list[Any]] = {}
    for flow, data, name in asked.carried(None, key=record.pk) if flows else ():
        carried.setdefault(flow, []).append(models.DataObject(pk=data, name=name))
    for flow in flows.rows:
        flow.carried = carried.get(flow.pk, [])
    coming, going = drawing.streams(record.pk, flows.rows)
    proofs = assured(asked.proofs(user, "system", key=record.pk), today)
    contracts = contracts_of(record, "systems", user)
    affected = reports.impact(record, user, NEAREST + 1)
    return {
        **completeness(record),
        "level": reached(vars(record)["points_there"]),
        "steps": road(record),
        "due": drawing.next_day([*dues(record, flows.rows, proofs), *notices(contracts.rows, today)]),
        "uses": asked.uses(None, key=record.pk),
        "flows": flows,
        "coming": coming[:DRAWN],
        "coming_more": max(0, len(coming) - DRAWN),
        "going": going[:DRAWN],
        "going_more": max(0, len(going) - DRAWN),
        "reaches": reaches(affected[:NEAREST]),
        "impact_count": len(affected) if len(affected) <= NEAREST else f"{NEAREST}+",
        "proofs": proofs,
        "data_sources": asked.sources_of(user, key=record.pk),
        "replaces": asked.replaces(user, key=record.pk),
        "quadrant": drawing.quadrant(record.functional_fit, record.technical_fit),
        "time_picture": time_picture(record.functional_fit, record.technical_fit),
        "classifications": dict(Classification.choices),
        "contracts": contracts,
        "add_contract_url": may_add(user, models.Contract, f"systems={record.number}"),
        "may": {
            "add_integration": may_add(user, models.Integration),
            "add_assurance": may_add(user, models.Assurance),
            "add_source": may_add(user, models.DataSource),
        },
    }


@lru_cache
def time_picture(functional: int | None, technical: int | None) -> SafeString:
    """The drawing of two ratings: there are twenty-five."""
    told = {"quadrant": drawing.quadrant(functional, technical)}
    return mark_safe(get_template("inventory/parts/time.html").render(told).strip())


def reaches(affected: list[reports.Affected]) -> list[tuple[int, int, SafeString]]:
    """What breaks, step by step: how many steps away, how many systems, and these as rows of a list."""
    link = cells.linker("inventory.system")
    told = []
    for steps, group in itertools.groupby(affected, key=lambda hit: hit.steps):
        rows = [
            f"<li>{link(hit.system.pk, hit.system.name)}"
            f"{f' <small>through {escape(hit.through)}</small>' if steps > 1 and hit.through else ''}</li>"
            for hit in group
        ]
        told.append((steps, len(rows), mark_safe("".join(rows))))
    return told


def completeness(record: models.System) -> dict[str, Any]:
    """Each half drawn, how full it is, and how many points are missing."""
    told = {
        half: tuple((_said(record, point) if done else point.label, point.field, done) for point, done in ones)
        for half, ones in halves.points(record).items()
    }
    counts = {half: (sum(done for *_, done in ones), len(ones)) for half, ones in told.items()}
    done, total = (sum(numbers) for numbers in zip(*counts.values(), strict=True))
    return {
        "points": {half: {"count": len(ones), **half_drawn(half, ones)} for half, ones in told.items()},
        "business": counts["business"][0] / counts["business"][1],
        "technology": counts["technology"][0] / counts["technology"][1],
        "business_done": counts["business"][0],
        "technology_done": counts["technology"][0],
        "points_done": done,
        "points_all": total,
        "missing": total - done,
    }


@dataclass(frozen=True)
class Level:
    """How complete the record is: its level and the tone of its badge, percent, and what each level still lacks."""

    code: str
    label: str
    tone: str
    score: int
    lacks: tuple[tuple[str, tuple[Point, ...]], ...]
    lacking: int


TONES = {"none": "muted", "bronze": "muted", "silver": "info", "gold": "ok"}


@lru_cache(maxsize=1024)
def reached(bits: int) -> Level:
    """The level of a record with these points; what is lacking goes by level, the next one first."""
    code, labels, lacking = level(bits), dict(LEVELS), lacking_of(bits)
    lacks = tuple((labels[one], tuple(p for p in lacking if p.level == one)) for one in ORDER)
    return Level(code, labels[code], TONES[code], score(bits), tuple(one for one in lacks if one[1]), len(lacking))


@lru_cache(maxsize=1024)
def half_drawn(half: str, points: tuple[tuple[str, str, bool], ...]) -> dict[str, Piece]:
    """A half's lines and its segments of the ring, for points of (words, field, done): there are 128 of each.

    An open point leads to its field in the form whose address is filled in.
    """

    def drawn(part: str, base: str) -> SafeString:
        told = [{"label": words, "field": field, "done": done} for words, field, done in points]
        given = {"half": half, "points": told, "change_url": base}
        return mark_safe(get_template(f"inventory/parts/half_{part}.html").render(given).strip())

    return {part: Piece(drawn(part, HOLE), drawn(part, "")) for part in ("lines", "segments")}


def _said(record: models.System, point: halves.Point) -> str:
    label = str(record._meta.get_field(point.field).verbose_name)
    return label[:1].upper() + label[1:]


def road(record: models.System) -> list[dict[str, Any]]:
    """The lifecycle as a road: what is done and since when, where it stands, what is ahead.

    A step without a day that lies before the present one was passed, nobody said when. What was discovered stands
    before the road, what was rejected at its end.
    """
    ways = models.System.Lifecycle
    states: list[Any] = [state for state in ways if state not in {ways.DISCOVERED, ways.REJECTED}]
    if record.lifecycle == ways.DISCOVERED:
        states.insert(0, ways.DISCOVERED)
    if record.lifecycle == ways.REJECTED:
        states = [*(state for state in states if getattr(record, f"{state}_on")), ways.REJECTED]
    here = states.index(ways(record.lifecycle))
    days = {state: getattr(record, f"{state}_on", None) for state in states}
    return [
        {
            "label": state.label,
            "state": "here" if place == here else "ahead" if place > here else "done" if days[state] else "passed",
            "day": days[state],
        }
        for place, state in enumerate(states)
    ]


def dues(record: models.System, flows: list[models.Integration], proofs: list[dict[str, Any]]) -> list[drawing.Due]:
    """Every day on which somebody must act for a system."""
    ways, found = models.System.Lifecycle, []
    base = links.of(record)
    if record.retired_at is None:
        if record.lifecycle == ways.EVALUATING and record.trial_ends_on:
            found.append(drawing.Due(record.trial_ends_on, "The trial ends", f"{base}#overview"))
        if record.lifecycle == ways.PHASING_OUT and record.retired_on:
            found.append(drawing.Due(record.retired_on, "Out of use", f"{base}#overview"))
        if record.target_on:
            found.append(
                drawing.Due(
                    record.target_on, record.get_disposition_display() or "Its future is due", f"{base}#overview"
                )
            )
    found += [
        drawing.Due(flow.disconnect_on, "An integration is cut", links.of(flow)) for flow in flows if flow.disconnect_on
    ]
    open_ones = [proof["assurance"] for proof in proofs if proof["assurance"].expires_on and not proof["acknowledged"]]
    found += [drawing.Due(one.expires_on, f"{one.get_kind_display()} runs out", links.of(one)) for one in open_ones]
    return found


def assured(rows: list[models.Assurance], today: date) -> list[dict[str, Any]]:
    """Proofs with how long each still holds."""
    return [
        {
            "assurance": one,
            "countdown": drawing.countdown(one.expires_on, today, STEPS),
            "acknowledged": acknowledged(one),
        }
        for one in rows
    ]


def contracts_of(record: Any, of_what: str, user: Any) -> Shown:
    """The contracts of a system or a vendor."""
    asked_same = f"{links.list_url('inventory.contract')}?{of_what}={record.pk}"
    return shown(asked.contracts(user, of_what, key=record.pk), asked_same)


def notices(contracts: list[models.Contract], today: date) -> list[drawing.Due]:
    """The days by which somebody decides about contracts."""
    return [
        drawing.Due(one.act_by, "A contract is to be decided on", links.of(one))
        for one in contracts
        if one.act_by and one.act_by >= today
    ]


def acknowledged(record: models.Assurance) -> bool:
    """Whether somebody takes care of the end that stands now."""
    return record.acknowledged_at is not None and record.acknowledged_for == record.expires_on


def vendor(record: models.Vendor, user: Any) -> dict[str, Any]:
    """Its systems, proofs, group, and the records that were merged into it."""
    return {
        "systems": shown(
            asked.supplied(user, key=record.pk),
            f"{links.list_url('inventory.system')}?vendor={record.pk}&retired=all",
        ),
        "proofs": assured(asked.proofs(user, "vendor", key=record.pk), timezone.localdate()),
        "contracts": contracts_of(record, "vendor", user),
        "add_contract_url": may_add(user, models.Contract, f"vendor={record.number}"),
        "parts": asked.parts(None, key=record.pk),
        "merged": asked.merged(None, key=record.pk),
        "may_unmerge": engine.condition(user, "inventory.unmerge_vendor") is True,
        "add_url": may_add(user, models.System, f"vendor={record.number}"),
        "may": {"add_assurance": may_add(user, models.Assurance)},
    }


def contract(record: models.Contract, user: Any) -> dict[str, Any]:
    """What happens if nobody does anything, what it still lacks, what is worth a second look, and what it covers."""
    return {
        "outcome": outcome.sentence(record),
        "tone": record.TONES[record.Status(record.status)],
        "lacking": outcome.lacking(record),
        "warnings": record.warnings,
        "systems": Shown(list(asked.covered(user, key=record.pk)), ""),
    }


def capability(record: models.Capability, user: Any) -> dict[str, Any]:
    """Its place in the tree, and the systems that serve it or one of its parts: more than one may be an overlap."""
    above = record.parent or record
    tree = asked.tree(None, key=above.pk)
    within = [record.pk, *(part.pk for part in tree if record.parent_id is None)]
    every = [above.pk, *(part.pk for part in tree)]
    serving: dict[int, set[int]] = {key: set() for key in every}
    for key, system_key in asked.serving(user, key=above.pk):
        serving[key].add(system_key)
    keys = set().union(*(serving[key] for key in within))
    seen = engine.scope(user, models.System.objects.current())
    systems = seen.filter(pk__in=keys) if len(keys) < 500 else seen.filter(primary_capability__in=within)
    return {
        "above": above,
        "tree": [(part, len(serving[part.pk]), part.pk == record.pk) for part in tree],
        "serving": len(keys),
        "itself": len(serving[record.pk]),
        "systems": shown(
            systems.select_related("vendor", "business_owner", "owning_function").order_by("name"),
            f"{links.list_url('inventory.system')}?primary_capability={record.pk}",
        ),
        "add_url": may_add(user, models.System, f"primary_capability={record.number}"),
        "may": {"add_part": record.parent_id is None and may_add(user, models.Capability)},
    }


def integration(record: models.Integration, user: Any) -> dict[str, Any]:
    """Its two ends, each where the person may see it, and the data it carries."""
    ends = asked.ends(user, source=record.source_id, target=record.target_id)
    seen = {end.pk: end for end in ends}
    return {
        "source": seen.get(record.source_id),
        "target": seen.get(record.target_id),
        "data_objects": asked.data_of(None, key=record.pk),
        "joint": {"way": "both" if record.direction == models.Integration.Direction.TWO_WAY else "out"},
    }


def data_object(record: models.DataObject, user: Any) -> dict[str, Any]:
    """Where it lives and which integrations carry it."""
    return {
        "sources": shown(
            asked.places(user, key=record.pk), f"{links.list_url('inventory.datasource')}?data_object={record.pk}"
        ),
        "flows": shown(
            asked.carriers(user, key=record.pk), f"{links.list_url('inventory.integration')}?data_objects={record.pk}"
        ),
        "authority": record.authoritative_source_id,
        "may": {"add_source": may_add(user, models.DataSource)},
    }


def data_source(record: models.DataSource, user: Any) -> dict[str, Any]:
    """The other places where the same data lives."""
    return {
        "authoritative": record.data_object.authoritative_source_id == record.system_id,
        "authority": record.data_object.authoritative_source_id,
        "sources": shown(
            asked.other_places(user, key=record.pk, data=record.data_object_id),
            f"{links.list_url('inventory.datasource')}?data_object={record.data_object_id}",
        ),
    }


def assurance(record: models.Assurance) -> dict[str, Any]:
    """How long it still holds, whom it speaks of and who is reminded."""
    return {
        "countdown": drawing.countdown(record.expires_on, timezone.localdate(), STEPS),
        "acknowledged": acknowledged(record),
        "subject": record.subject,
        "reminded": record.owner,
    }
