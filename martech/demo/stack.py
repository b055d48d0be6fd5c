"""The systems of Fernhollow, their lives, the data they hold and the paths between them."""

from typing import Any

from inventory.models import DataObject, DataSource, Integration, System
from martech.demo.data import PLACES, THINGS
from martech.demo.diary import Diary, Of
from martech.demo.integrations import PATHS
from martech.demo.people import PEOPLE
from martech.demo.shapes import Path, Tool
from martech.demo.systems_company import COMPANY_WIDE
from martech.demo.systems_marketing import MARKETING
from martech.demo.systems_sales import SALES_SIDE

TOOLS = (*MARKETING, *SALES_SIDE, *COMPANY_WIDE)
LOGGED = {tool.name: tool.life[0][1] for tool in TOOLS}
"""How many days ago each system was logged."""
VERBS = {
    "proposed": "propose",
    "evaluating": "evaluate",
    "extended": "extend_trial",
    "approved": "approve",
    "rejected": "reject",
    "implementing": "implement",
    "live": "go_live",
    "phasing_out": "phase_out",
    "retired": "retire",
}
DECIDED_BY_IT = ("approved", "rejected")
KEEPERS = ("priya", "callum", "ines")
OF_IT = ("IT applications", "IT operations", "Data and analytics")
SINCE = {person.key: person.since for person in PEOPLE}
ROLES = {person.key: set(person.roles.split()) for person in PEOPLE}
DEFINED = 632
"""How many days ago data objects were there to be named."""


def bought() -> dict[str, int]:
    """Vendor -> how many days ago the first system of theirs was logged."""
    found: dict[str, int] = {}
    for tool in TOOLS:
        if tool.vendor:
            found[tool.vendor] = max(found.get(tool.vendor, 0), LOGGED[tool.name])
    return found


def systems(diary: Diary) -> None:
    """Every system: logged, shared, moved through its life, assessed, verified, and given a future."""
    for place, tool in enumerate(TOOLS):
        keeper = tool.by or ("tomasz" if tool.function in OF_IT else KEEPERS[place % len(KEEPERS)])
        this, owner = Of("system", tool.name), tool.owner or keeper
        _log(diary, tool, keeper)
        for function, part, purpose, people in tool.uses:
            ago = max(LOGGED[tool.name] - 2, 1)
            where = Of("function", function)
            diary.does(ago, this, "share", keeper, function=where, part=part, purpose=purpose, people=people)
        for step, ago, *more in tool.life[1:]:
            given = _dated(diary, more[0]) if more else {}
            diary.does(ago, this, VERBS[step], "tomasz" if step in DECIDED_BY_IT else owner, **given)
        if tool.fit:
            functional, technical, ago = tool.fit
            diary.does(ago, this, "assess", owner, functional_fit=functional)
            if technical:
                diary.does(ago, this, "assess", tool.tech or owner, technical_fit=technical)
        if tool.verified:
            diary.does(tool.verified, this, "verify", owner)
        if tool.plan:
            ago, disposition, target, within, why = tool.plan
            by_day = None if within is None else diary.day(-within)
            diary.does(
                ago,
                this,
                "change",
                owner,
                disposition=disposition,
                target_system=Of("system", target),
                target_on=by_day,
                rationale=why,
            )


def _log(diary: Diary, tool: Tool, keeper: str) -> None:
    begun, ago = tool.life[0][:2]
    dates = {f"{begun}_on": min(diary.day(tool.since or ago), diary.worked(ago))} if begun != "discovered" else {}
    diary.adds(
        ago,
        Of("system", tool.name),
        System,
        keeper,
        name=tool.name,
        aliases=list(tool.also),
        description=tool.about,
        lifecycle=begun,
        vendor=Of("vendor", tool.vendor),
        kind=tool.kind,
        url=tool.url,
        owning_function=Of("function", tool.function),
        business_owner=Of("person", tool.owner),
        technical_owner=Of("person", tool.tech),
        primary_capability=Of("capability", tool.capability),
        capabilities=[Of("capability", name) for name in tool.more],
        journey_stages=tool.journey.split(),
        audience=tool.audience,
        user_count=tool.users,
        hosting=tool.hosting,
        criticality=tool.criticality,
        data_classification=tool.data,
        personal_data=tool.personal,
        residency=tool.residency,
        sso=tool.sso,
        scim=tool.scim,
        mfa=tool.mfa,
        confidential=tool.confidential,
        **dates,
    )


def data(diary: Diary) -> None:
    """Data objects, first named, later agreed; then where each is kept."""
    for thing in THINGS:
        this = Of("data object", thing.name)
        agreed = {"definition": thing.definition, "match_key": thing.match}
        diary.adds(
            640,
            this,
            DataObject,
            "tomasz",
            name=thing.name,
            owner=Of("person", thing.owner),
            classification=thing.classification,
            personal_data=thing.personal,
            **({} if thing.agreed else agreed),
        )
        if thing.agreed:
            right, note = Of("system", thing.right), "Agreed in the definitions round."
            diary.does(thing.agreed, this, "change", thing.owner, authoritative_source=right, note=note, **agreed)
    for name, system, steward, classification, what in PLACES:
        diary.adds(
            min(LOGGED[system] - 6, DEFINED - 6),
            Of("data source", f"{name} in {system}"),
            DataSource,
            "tomasz",
            data_object=Of("data object", name),
            system=Of("system", system),
            steward=Of("person", steward),
            classification=classification,
            description=what,
        )


def paths(diary: Diary) -> None:
    """The integrations and what befell them."""
    for path in PATHS:
        this = Of("integration", f"{path.source} to {path.target}")
        ends = min(LOGGED[path.source], LOGGED[path.target], DEFINED, SINCE.get(path.owner, DEFINED)) - 4
        _join(diary, path, this, path.logged or ends)
        for verb, ago, who, given in path.story:
            diary.does(ago, this, verb, who, **_dated(diary, given))


def _join(diary: Diary, path: Path, this: Of, ago: int) -> None:
    keeps = {"it", "marketing_ops"} & ROLES.get(path.owner, set())
    otherwise = "ivo" if path.method in ("api", "middleware", "native") else "callum"
    diary.adds(
        ago,
        this,
        Integration,
        path.owner if keeps else otherwise,
        source=Of("system", path.source),
        target=Of("system", path.target),
        direction="two_way" if path.both else "one_way",
        method=path.method,
        frequency=path.frequency,
        personal_data=path.personal,
        data_objects=[Of("data object", name) for name in path.data.split(";") if name],
        owner=Of("person", path.owner),
        description=path.how,
        status="planned" if path.planned else "active",
    )


def _dated(diary: Diary, given: dict[str, Any]) -> dict[str, Any]:
    """What a verb takes, with days ago turned into days."""
    return {name: diary.day(value) if isinstance(value, int) else value for name, value in given.items()}
