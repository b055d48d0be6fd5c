"""Generated systems for speed tests: set-based, with their trail, and the same for the same numbers."""

import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import count, islice, product
from random import Random
from typing import Any

from django.db import transaction
from django.utils import timezone

from inventory.models import Capability, DataObject, Integration, System, SystemUse, Vendor
from martech.accounts.models import Function, User
from martech.audit import context
from martech.audit.models import Entry
from martech.demo import email
from martech.folding import fold
from martech.operations import Record
from martech.picture import begun, labelled, picture

ORIGIN = "generated"
BATCH = 500
FRONT = (
    "Alder Amber Arrow Ash Barley Beech Birch Blen Bram Bright Brock Cald Cinder Clay Clover Cob Copper Crag "
    "Dales Dapple Dun Elder Fallow Fen Fern Flint Fox Frost Garn Gorse Grey Hart Hazel Heather Hollow Ivory "
    "Juniper Kell Kestrel Lang Larch Linden Loam Lunt Maple Marl Marsh Mead Mill Moor Moss Nettle North Oaken "
    "Orchard Osier Otter Pebble Penn Plover Quarry Quill Raven Reed Ridge River Rook Rowan Rush Saffron Sedge "
    "Shale Silver Skein Slate Sorrel Spruce Starling Stone Swift Tansy Tarn Teal Thistle Thorn Tide Timber Umber "
    "Vale Wade Weir Wether Whin Willow Winter Wren Yarrow"
).split()
BACK = (
    "acre bank barn beck bourne bridge brook burn bury by combe cote croft dale dell den don fell field fold ford "
    "garth gate glade grove hall ham haven hay heath holm holt hope house hurst keld knoll land law lea ley ling "
    "lode low mere mont more ness pool row scar set shaw side stead stoke stow strand thorpe toft ton tree wade "
    "wark water way well wick wold worth yard"
).split()
PRODUCTS = (
    "Audience Board Briefs Bridge Calendar Campaigns Canvas Catalogue Channel Claims Compass Console Consent "
    "Contacts Courses Desk Digest Events Flow Forms Forum Funnel Gallery Guide Insight Journeys Ledger Letters "
    "Library Links Loyalty Map Mentions Notes Orders Pages Panel Planner Portal Posts Prices Profiles Promoter "
    "Queue Quotes Reach Registry Replies Reports Reviews Rooms Routes Sample Search Segments Signals Stage Studio "
    "Surveys Tags Tasks Tests Vault Video Visits Vouchers Watch"
).split()
LIVES = ("live",) * 13 + ("proposed", "evaluating", "approved", "implementing", "phasing_out", "discovered", "rejected")
STEPS = ("proposed", "approved", "implementing", "live", "phasing_out")


def generate(number: int) -> None:
    """So many systems, a third as many vendors and twice as many integrations, all new."""
    dice, chance = Random(number), Random(number + 1)
    with transaction.atomic(), context.through("demo", origin=ORIGIN):
        by = User.objects.get(email=email("it"))
        people = list(User.objects.filter(kind="person", is_active=True).order_by("pk"))
        functions = list(Function.objects.order_by("pk"))
        capabilities = list(Capability.objects.filter(parent__isnull=False, retired_at=None).order_by("pk"))
        data = list(DataObject.objects.order_by("pk"))
        clock = _clock(number * 4)
        vendors = [_vendor(name, dice, people) for name in islice(_names(), max(1, number // 3))]
        _keep(vendors, by, clock)
        systems = [_system(place, vendors, dice, people, functions, capabilities) for place in range(number)]
        _keep(systems, by, clock)
        SystemUse.objects.bulk_create(
            [
                SystemUse(
                    system=system, function=function, part=part, purpose="Daily work", people=dice.randrange(1, 40)
                )
                for system in systems
                for function, part in zip(
                    dice.sample(functions, 2), ("uses", dice.choice(("uses", "feeds", "receives"))), strict=True
                )
            ],
            batch_size=BATCH,
        )
        paths = [_path(systems, chance, people) for _ in range(2 * number)] if number > 1 else []
        _keep(paths, by, clock)
        through = Integration.data_objects.through
        through.objects.bulk_create(
            [through(integration_id=path.pk, dataobject_id=chance.choice(data).pk) for path in paths], batch_size=BATCH
        )


def _clock(number: int) -> Iterator[datetime]:
    """Rising instants up to now, a millisecond apart."""
    now = timezone.now()
    return (now - timedelta(milliseconds=number - place) for place in range(number + 1))


def _keep(rows: Sequence[Record], by: User, clock: Iterator[datetime]) -> None:
    """Rows with their trail, two statements a batch."""
    door, waiting = context.current(), iter(rows)
    while batch := list(islice(waiting, BATCH)):
        for row in batch:
            row.clean()
            row.created_at = row.changed_at = next(clock)
            row.origin, row.origin_detail, row.lookup = door.name, door.origin, row.searched()
        type(batch[0])._base_manager.bulk_create(batch)
        Entry.objects.bulk_create(_told(batch, by, door))


def _told(rows: Iterable[Record], by: User, door: context.Door) -> list[Entry]:
    return [
        Entry(
            act=uuid.uuid4(),
            at=row.created_at,
            by=by,
            door=door.name,
            origin=door.origin,
            kind=row._meta.label_lower,
            key=row.pk,
            number=row.number,
            text=str(row)[:200],
            verb="add",
            version=row.version,
            changes=labelled(row, begun(picture(row))),
        )
        for row in rows
    ]


def _names() -> Iterator[str]:
    """Names of companies that no vendor here has yet; a number is added when the words run out."""
    taken = set(Vendor.objects.current().values_list("name_key", flat=True))
    for again in count():
        for back, front in product(BACK, FRONT):
            name = f"{front}{back} {again + 1}" if again else f"{front}{back}"
            if fold(name) not in taken:
                yield name


def _vendor(name: str, dice: Random, people: list[User]) -> Vendor:
    return Vendor(
        name=name,
        website=f"https://{name.lower().replace(' ', '-')}.example",
        kinds=["maker"],
        relationship_owner=dice.choice(people),
        country=dice.choice(("DE", "FR", "GB", "IE", "NL", "SE", "US")),
        status=dice.choice(("known", "approved", "approved", "preferred", "restricted")),
        risk_tier=dice.choice(("unrated", "low", "medium", "high")),
    )


def _system(
    place: int,
    vendors: list[Vendor],
    dice: Random,
    people: list[User],
    functions: list[Function],
    capabilities: list[Capability],
) -> System:
    vendor, life = vendors[place // 3 % len(vendors)], dice.choice(LIVES)
    dates: dict[str, Any] = {}
    reached = timezone.localdate() - timedelta(days=dice.randrange(30, 1800))
    if life in STEPS:
        for step in reversed(STEPS[: STEPS.index(life) + 1]):
            dates[f"{step}_on"] = reached
            reached -= timedelta(days=dice.randrange(5, 90))
    elif life == "evaluating":
        dates = {"evaluating_on": reached, "trial_ends_on": reached + timedelta(days=60)}
    personal = dice.random() < 0.5 and life != "evaluating"
    return System(
        name=f"{vendor.name} {PRODUCTS[(place * 7 + place // 3) % len(PRODUCTS)]}",
        vendor=vendor,
        lifecycle=life,
        kind="saas",
        hosting="saas",
        owning_function=dice.choice(functions),
        business_owner=dice.choice(people) if dice.random() < 0.85 else None,
        technical_owner=dice.choice(people) if dice.random() < 0.5 else None,
        primary_capability=dice.choice(capabilities),
        audience=dice.choice(("team", "company", "partners", "customers", "public")),
        user_count=dice.randrange(1, 900),
        criticality=dice.choice(("administrative", "operational", "operational", "critical", "mission")),
        data_classification=dice.choice(("public", "internal", "confidential", "restricted")),
        personal_data="yes" if personal else "no",
        residency=dice.choice(("EU", "DE", "IE", "UK", "US")),
        sso=dice.choice(("yes", "no", "paid_tier")),
        mfa=dice.choice(("yes", "no", "unknown")),
        functional_fit=dice.randrange(1, 5),
        technical_fit=dice.randrange(1, 5),
        **dates,
    )


def _path(systems: list[System], dice: Random, people: list[User]) -> Integration:
    source, target = dice.sample(systems, 2)
    return Integration(
        source=source,
        target=target,
        method=dice.choice(("native", "api", "file", "middleware", "tag", "manual")),
        frequency=dice.choice(("real_time", "hourly", "daily", "weekly", "monthly")),
        personal_data=dice.random() < 0.5,
        owner=dice.choice(people) if dice.random() < 0.8 else None,
        status=dice.choice(("active", "active", "active", "active", "planned", "degraded", "planned_disconnect")),
    )
