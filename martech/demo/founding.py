"""How Fernhollow begins in Interlock: hours, functions, people, and the vendors they know."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import Group

from inventory.models import Vendor
from martech.accounts.models import Function, User
from martech.calendars.models import Calendar, organisation
from martech.demo import email
from martech.demo.diary import Diary, Of
from martech.demo.people import COMPANY, FIRST, MAIL, PEOPLE, SERVICE_ACCOUNT, TEAMS
from martech.demo.shapes import Maker, Person
from martech.demo.vendors import MAKERS, MERGES, NOTHING_BOUGHT
from martech.folding import fold

BOSS = "sadia"
"""The administrator."""
FOUR_DAYS = ("monday", "tuesday", "wednesday", "thursday")
PLAIN = str.maketrans({**dict(zip("åáéêíóøčç", "aaeeioocc", strict=True)), "æ": "ae"})


def house(diary: Diary) -> None:
    """The first administrator, the organisation's hours, the functions and who leads them."""
    diary.plan(FIRST, lambda at: _first(diary, at))
    diary.plan(FIRST, lambda at: diary.records.update({Of("calendar", COMPANY): organisation()}))
    diary.does(
        FIRST - 1,
        Of("calendar", COMPANY),
        "change",
        BOSS,
        name=f"{COMPANY}, Cork",
        country="IE",
        time_zone="Europe/Dublin",
        weekly={**{day: [["08:30", "17:00"]] for day in FOUR_DAYS}, "friday": [["08:30", "15:30"]]},
        note="Office hours; public holidays of Ireland.",
    )
    for team in TEAMS:
        this = Of("function", team.name)
        above = Of("function", team.parent)
        diary.adds(
            FIRST - 1, this, Function, BOSS, name=team.name, kind=team.kind, parent=above, description=team.about
        )
        diary.does(728, this, "change", BOSS, head=Of("person", team.head), deputy=Of("person", team.deputy))


def _first(diary: Diary, at: datetime) -> None:
    """The first administrator has nobody to act for them."""
    row = next(person for person in PEOPLE if person.key == BOSS)
    first = User.objects.create_user(
        email(row.sign_in),
        name=row.name,
        title=row.title,
        origin="demo",
        origin_detail=COMPANY,
        created_at=at,
        changed_at=at,
    )
    first.groups.add(Group.objects.get(name=row.roles))
    diary.records[Of("person", BOSS)] = first


def people(diary: Diary) -> None:
    """Everybody arrives with their roles; deputies are named; one leaves, one works part-time."""
    for person in PEOPLE:
        this = Of("person", person.key)
        if person.key == BOSS:
            diary.does(person.since, this, "change", BOSS, function=Of("function", person.function))
            continue
        diary.adds(
            person.since,
            this,
            User,
            BOSS,
            name=person.name,
            email=_address(person),
            title=person.title,
            function=Of("function", person.function),
        )
        for role in person.roles.split():
            diary.does(person.since, this, "grant", BOSS, role=role)
        if person.deputy:
            diary.does(727, this, "change", BOSS, deputy=Of("person", person.deputy))
        if person.left:
            diary.does(person.left, this, "retire", BOSS, note="Left the company.")
    _part_time(diary)
    name, address, title = SERVICE_ACCOUNT
    diary.adds(200, Of("person", "erp"), User, BOSS, name=name, email=address, title=title, kind="service")
    diary.does(200, Of("person", "erp"), "grant", BOSS, role="procurement", note="Keeps vendors, and nothing else.")


def _part_time(diary: Diary) -> None:
    hours = Of("calendar", "Augsburg, four mornings")
    diary.adds(
        519,
        hours,
        Calendar,
        BOSS,
        name=hours.name,
        time_zone="Europe/Berlin",
        country="DE",
        subdivision="BY",
        weekly={day: [["08:00", "14:00"]] for day in FOUR_DAYS},
    )
    diary.does(519, Of("person", "felix"), "change", BOSS, calendar=hours, note="Four mornings a week from today.")


def _address(person: Person) -> str:
    """The role's sign-in, or first.last at the company."""
    if person.sign_in:
        return email(person.sign_in)
    return f"{fold(person.name).translate(PLAIN).replace(' ', '.')}@{MAIL}"


def vendors(diary: Diary, bought: Mapping[str, int]) -> dict[str, int]:
    """The vendors, known before the first system of theirs (`bought`: name -> days ago); when each was logged."""
    makers = (*MAKERS, *NOTHING_BOUGHT)
    logged = {
        maker.name: max([maker.logged, bought.get(maker.name, 0), *(ago for ago, *_ in maker.verdicts)]) + 3
        for maker in makers
    }
    for maker in makers:
        if maker.group:
            logged[maker.group] = max(logged[maker.group], logged[maker.name])
    for maker in makers:
        _meet(diary, maker, logged[maker.name])
        for ago, verb, who, note in maker.verdicts:
            diary.does(ago, Of("vendor", maker.name), verb, who, note=note)
    for name, into, ago, who, note in MERGES:
        diary.does(ago, Of("vendor", name), "merge", who, into=Of("vendor", into), note=note)
    return logged


def _meet(diary: Diary, maker: Maker, ago: int) -> None:
    diary.adds(
        ago,
        Of("vendor", maker.name),
        Vendor,
        "marco",
        name=maker.name,
        website=f"https://www.{_host(maker.name)}.example",
        description=maker.about,
        aliases=list(maker.also),
        domains=list(maker.hosts),
        parent=Of("vendor", maker.group),
        kinds=maker.kinds.split(),
        categories=maker.sells.splitlines(),
        relationship_owner=Of("person", maker.owner),
        country=maker.country,
        risk_tier=maker.risk,
        risk_note=maker.why,
    )


def _host(name: str) -> str:
    return "-".join("".join(letter if letter.isalnum() else " " for letter in fold(name)).split())
