"""Fernhollow's two years, told through the operations that made them: every row of the tables becomes acts."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from inventory.models import Assurance, Capability, DataObject, DataSource, Integration, System, Vendor
from martech.accounts.models import Function, User
from martech.audit.context import through
from martech.calendars.models import Calendar, organisation
from martech.demo import PASSWORD, ROLES, email
from martech.demo.data import PLACES, PROOFS, THINGS, Proof, Thing
from martech.demo.diary import Diary
from martech.demo.documents import PAPERS
from martech.demo.integrations import PATHS
from martech.demo.paper import pdf
from martech.demo.people import COMPANY, FIRST, MAIL, PEOPLE, SERVICE_ACCOUNT, TEAMS
from martech.demo.shapes import Maker, Path, Tool
from martech.demo.systems_company import COMPANY_WIDE
from martech.demo.systems_marketing import MARKETING
from martech.demo.systems_sales import SALES_SIDE
from martech.demo.talk import FOLLOWS, TALK, VIEWS
from martech.demo.vendors import MAKERS, MERGES, NOTHING_BOUGHT
from martech.files.models import Document
from martech.folding import fold
from martech.records.models import Follow, SavedView

TOOLS = (*MARKETING, *SALES_SIDE, *COMPANY_WIDE)
VERBS = {
    "proposed": "propose", "evaluating": "evaluate", "extended": "extend_trial", "approved": "approve", "rejected": "reject",
    "implementing": "implement", "live": "go_live", "phasing_out": "phase_out", "retired": "retire",
}
KEEPERS = ("priya", "callum", "ines")
BUILT_BY_IT = ("IT applications", "IT operations", "Data and analytics")
DEFINED = 632
"""How many days ago data was first recorded: systems and integrations logged before know none."""


class Story:
    """Plans every chapter, then lives it. `today` is the day the tables count back from."""

    def __init__(self, today: date) -> None:
        self.diary = Diary(today)
        self.day, self.plan = self.diary.day, self.diary.plan
        self.people: dict[str, User] = {}
        self.functions: dict[str, Function] = {}
        self.records: dict[tuple[str, str], Any] = {}
        self.capabilities: dict[str, Capability] = {}
        self.since = {person.key: person.since for person in PEOPLE}
        self.roles = {person.key: person.roles.split() for person in PEOPLE}
        self.met: dict[str, int] = {}
        self.logged = {tool.name: tool.life[0][1] for tool in TOOLS}

    def live(self) -> None:
        """All of it, through the door "demo", in one transaction: whole or not at all."""
        for chapter in (self._house, self._people, self._vendors, self._systems, self._data, self._paths, self._proofs, self._papers, self._talk):
            chapter()
        with transaction.atomic(), through("demo", origin=COMPANY):
            self.capabilities = {row.name: row for row in Capability.objects.filter(retired_at=None, parent__isnull=False)}
            for at, act in self.diary:
                act(at)
            for who, kind, name in FOLLOWS:
                Follow.begin(self.records[kind, name], self.people[who])
            User.objects.filter(email__in=[email(role) for role in ROLES]).update(password=make_password(PASSWORD))

    def _who(self, key: str) -> User | None:
        return self.people[key] if key else None

    def _from(self, ago: int, *keys: str) -> int:
        """So many days ago, or as soon as these people were there."""
        return min([ago, *(self.since[key] - 2 for key in keys if key)])

    def _keeper(self, key: str, otherwise: str) -> str:
        return key if {"it", "marketing_ops"} & set(self.roles.get(key, ())) else otherwise

    # People

    def _house(self) -> None:
        self.plan(FIRST, self._first)
        self.plan(FIRST - 1, lambda at: organisation().change(
            by=self.people["sadia"], at=at, name=f"{COMPANY}, Cork", country="IE", time_zone="Europe/Dublin",
            weekly={day: [["08:30", "17:00"]] for day in ("monday", "tuesday", "wednesday", "thursday")} | {"friday": [["08:30", "15:30"]]},
            note="Office hours; public holidays of Ireland."))
        for team in TEAMS:
            self.plan(FIRST - 1, lambda at, team=team: self.functions.update({team.name: Function.add(
                by=self.people["sadia"], at=at, name=team.name, kind=team.kind, parent=self.functions.get(team.parent), description=team.about)}))
            self.plan(728, lambda at, team=team: self.functions[team.name].change(
                by=self.people["sadia"], at=at, head=self.people[team.head], deputy=self._who(team.deputy)))
        self.plan(519, self._part_time)

    def _first(self, at: datetime) -> None:
        """The first administrator has nobody to act for them."""
        row = next(person for person in PEOPLE if person.sign_in == "administrator")
        first = User.objects.create_user(
            email("administrator"), name=row.name, title=row.title, origin="demo", origin_detail=COMPANY, created_at=at, changed_at=at)
        first.groups.add(Group.objects.get(name="administrator"))
        self.people[row.key] = first

    def _part_time(self, at: datetime) -> None:
        part_time = Calendar.add(
            by=self.people["sadia"], at=at, name="Augsburg, four mornings", time_zone="Europe/Berlin", country="DE", subdivision="BY",
            weekly={day: [["08:00", "14:00"]] for day in ("monday", "tuesday", "wednesday", "thursday")})
        self.people["felix"].change(by=self.people["sadia"], at=at, calendar=part_time, note="Four mornings a week; on call for the night load by agreement.")

    def _people(self) -> None:
        for person in PEOPLE:
            self.plan(person.since, lambda at, person=person: self._arrive(at, person))
            if person.deputy:
                self.plan(727, lambda at, person=person: self.people[person.key].change(
                    by=self.people["sadia"], at=at, deputy=self.people[person.deputy]))
            if person.left:
                self.plan(person.left, lambda at, person=person: self.people[person.key].retire(
                    by=self.people["sadia"], at=at, note="Left the company."))
        name, address, title = SERVICE_ACCOUNT
        self.plan(200, lambda at: User.add(
            by=self.people["sadia"], at=at, name=name, email=address, title=title, kind="service").grant(
            by=self.people["sadia"], at=at, role="procurement", note="Keeps vendors; sees no more than procurement."))

    def _arrive(self, at: datetime, person: Any) -> None:
        boss, home = self.people["sadia"], self.functions[person.function]
        if person.sign_in == "administrator":
            self.people[person.key].change(by=boss, at=at, function=home)
            return
        local = fold(person.name).translate(str.maketrans("åáéêíóøæčç", "aaeeiooecc")).replace(" ", ".")
        made = User.add(
            by=boss, at=at, name=person.name, title=person.title, function=home,
            email=email(person.sign_in) if person.sign_in else f"{local}@{MAIL}")
        for role in person.roles.split():
            made.grant(by=boss, at=at, role=role)
        self.people[person.key] = made

    # Vendors

    def _vendors(self) -> None:
        makers = (*MAKERS, *NOTHING_BOUGHT)
        needed = {maker.name: max([maker.logged, *(ago for ago, *_ in maker.verdicts)]) for maker in makers}
        for tool in TOOLS:
            if tool.vendor:
                needed[tool.vendor] = max(needed[tool.vendor], self.logged[tool.name])
        for maker in makers:
            if maker.group:
                needed[maker.group] = max(needed[maker.group], needed[maker.name])
        for maker in makers:
            self.met[maker.name] = needed[maker.name] + 3
            self.plan(self.met[maker.name], lambda at, maker=maker: self._meet(at, maker))
            for ago, verb, who, note in maker.verdicts:
                self.plan(ago, lambda at, name=maker.name, verb=verb, who=who, note=note: getattr(
                    self.records["vendor", name], verb)(by=self.people[who], at=at, note=note))
        for name, into, ago, who, note in MERGES:
            self.plan(ago, lambda at, name=name, into=into, who=who, note=note: self.records["vendor", name].merge(
                by=self.people[who], at=at, into=self.records["vendor", into], note=note))

    def _meet(self, at: datetime, maker: Maker) -> None:
        self.records["vendor", maker.name] = Vendor.add(
            by=self.people["marco"], at=at, name=maker.name, website=f"https://www.{_host(maker.name)}.example", description=maker.about,
            aliases=list(maker.also), domains=list(maker.hosts), parent=self.records.get(("vendor", maker.group)), kinds=maker.kinds.split(),
            categories=maker.sells.splitlines(), relationship_owner=self._who(maker.owner), country=maker.country, risk_tier=maker.risk,
            risk_note=maker.why)

    # Systems

    def _systems(self) -> None:
        for place, tool in enumerate(TOOLS):
            keeper = tool.by or ("tomasz" if tool.function in BUILT_BY_IT else KEEPERS[place % 3])
            self.plan(self.logged[tool.name], lambda at, tool=tool, keeper=keeper: self._log(at, tool, keeper))
            for function, part, purpose, people in tool.uses:
                self._act(tool, max(self.logged[tool.name] - 2, 1), "share", keeper,
                          function=function, part=part, purpose=purpose, people=people)
            for step, ago, *more in tool.life[1:]:
                extra = {key: self.day(value) if isinstance(value, int) else value for key, value in (more[0] if more else {}).items()}
                self._act(tool, ago, VERBS[step], "tomasz" if step in ("approved", "rejected") else tool.owner or keeper, **extra)
            if tool.fit:
                functional, technical, ago = tool.fit
                self._act(tool, ago, "assess", tool.owner or keeper, functional_fit=functional)
                if technical:
                    self._act(tool, ago, "assess", tool.tech or self._keeper(tool.owner, keeper), technical_fit=technical)
            if tool.verified:
                self._act(tool, tool.verified, "verify", tool.owner or keeper)
            if tool.plan:
                ago, disposition, target, within, why = tool.plan
                self._act(tool, ago, "change", tool.owner or keeper, disposition=disposition, target=target, rationale=why,
                          target_on=None if within is None else self.day(-within))

    def _act(self, tool: Tool, ago: int, verb: str, who: str, **given: Any) -> None:
        def act(at: datetime) -> None:
            if "function" in given:
                given["function"] = self.functions[given["function"]]
            if "target" in given:
                given["target_system"] = self.records.get(("system", given.pop("target")))
            getattr(self.records["system", tool.name], verb)(by=self.people[who], at=at, **given)

        self.plan(ago, act)

    def _log(self, at: datetime, tool: Tool, keeper: str) -> None:
        begun, ago = tool.life[0][:2]
        dates = {}
        if begun != "discovered":
            dates[f"{begun}_on"] = min(self.day(tool.since or ago), at.date())
        self.records["system", tool.name] = System.add(
            by=self.people[keeper], at=at, name=tool.name, aliases=list(tool.also), description=tool.about, lifecycle=begun,
            vendor=self.records.get(("vendor", tool.vendor)), kind=tool.kind, url=tool.url, owning_function=self.functions.get(tool.function),
            business_owner=self._who(tool.owner), technical_owner=self._who(tool.tech), primary_capability=self.capabilities.get(tool.capability),
            capabilities=[self.capabilities[name] for name in tool.more], journey_stages=tool.journey.split(), audience=tool.audience,
            user_count=tool.users, hosting=tool.hosting, criticality=tool.criticality, data_classification=tool.data, personal_data=tool.personal,
            residency=tool.residency, sso=tool.sso, scim=tool.scim, mfa=tool.mfa, confidential=tool.confidential, **dates)

    # Data and the paths between systems

    def _data(self) -> None:
        for thing in THINGS:
            self.plan(640, lambda at, thing=thing: self._name(at, thing))
            if thing.agreed:
                self.plan(thing.agreed, lambda at, thing=thing: self.records["data object", thing.name].change(
                    by=self.people[thing.owner], at=at, definition=thing.definition, match_key=thing.match,
                    authoritative_source=self.records["system", thing.right], note="Agreed in the definitions round."))
        for data, system, steward, classification, what in PLACES:
            ago = self._from(min(self.logged[system], DEFINED) - 6, steward)
            self.plan(ago, lambda at, data=data, system=system, steward=steward, classification=classification, what=what: DataSource.add(
                by=self.people["tomasz"], at=at, data_object=self.records["data object", data], system=self.records["system", system],
                steward=self._who(steward), classification=classification, description=what))

    def _name(self, at: datetime, thing: Thing) -> None:
        self.records["data object", thing.name] = DataObject.add(
            by=self.people["tomasz"], at=at, name=thing.name, owner=self._who(thing.owner), classification=thing.classification,
            personal_data=thing.personal, definition="" if thing.agreed else thing.definition, match_key="" if thing.agreed else thing.match)

    def _paths(self) -> None:
        for path in PATHS:
            ago = path.logged or self._from(min(self.logged[path.source], self.logged[path.target], DEFINED) - 4, path.owner)
            name = f"{path.source} to {path.target}"
            self.plan(ago, lambda at, path=path, name=name: self._join(at, path, name))
            for verb, when, who, given in path.story:
                self.plan(when, lambda at, name=name, verb=verb, who=who, given=given: getattr(self.records["integration", name], verb)(
                    by=self.people[who], at=at, **{key: self.day(value) if isinstance(value, int) else value for key, value in given.items()}))

    def _join(self, at: datetime, path: Path, name: str) -> None:
        keeper = self._keeper(path.owner, "ivo" if path.method in ("api", "middleware", "native") else "callum")
        self.records["integration", name] = Integration.add(
            by=self.people[keeper], at=at, source=self.records["system", path.source], target=self.records["system", path.target],
            direction="two_way" if path.both else "one_way", method=path.method, frequency=path.frequency, personal_data=path.personal,
            data_objects=[self.records["data object", data] for data in path.data.split(";") if data], owner=self._who(path.owner),
            description=path.how, status="planned" if path.planned else "active")

    # Proofs and papers

    def _proofs(self) -> None:
        for proof in PROOFS:
            began = proof.renewed[2] if proof.renewed else proof.issued
            known = self.met[proof.of[1:]] if proof.of.startswith("@") else self.logged[proof.of]
            self.plan(min(began, known - 2, 690), lambda at, proof=proof: self._prove(at, proof))
            if proof.renewed and proof.ends is not None:
                self.plan(proof.renewed[0], lambda at, proof=proof: self.records["assurance", proof.of + proof.reference].renew(
                    by=self.people[proof.by], at=at, issued_on=self.day(proof.issued), expires_on=self.day(-proof.ends), reference=proof.reference))
            if proof.taken:
                who, ago, note = proof.taken
                self.plan(ago, lambda at, proof=proof, who=who, note=note: self.records["assurance", proof.of + proof.reference].acknowledge(
                    by=self.people[who], at=at, note=note))

    def _prove(self, at: datetime, proof: Proof) -> None:
        kind, name = ("vendor", proof.of[1:]) if proof.of.startswith("@") else ("system", proof.of)
        issued, ends = (proof.renewed[2], -proof.renewed[1]) if proof.renewed else (proof.issued, proof.ends)
        self.records["assurance", proof.of + proof.reference] = Assurance.add(
            by=self.people[proof.by], at=at, kind=proof.kind, name=proof.name, reference="" if proof.renewed else proof.reference,
            issued_on=self.day(issued), expires_on=None if ends is None else self.day(-ends), **{kind: self.records[kind, name]})

    def _papers(self) -> None:
        for paper in PAPERS:
            title = paper.name.rpartition(".")[0]
            content = pdf(title, paper.lines) if paper.name.endswith(".pdf") else "\n".join((title, "", *paper.lines, "")).encode()
            self.plan(paper.days, lambda at, paper=paper, content=content: Document.add(
                by=self.people[paper.by], at=at, subject=self.records[paper.of], content=BytesIO(content), name=paper.name, note=paper.what))

    # What was said and kept

    def _talk(self) -> None:
        for kind, name, lines in TALK:
            for ago, who, words in lines:
                self.plan(ago, lambda at, kind=kind, name=name, who=who, words=words: self.records[kind, name].remark(
                    by=self.people[who], at=at, note=words))
        for place, (who, page, name, query, shared) in enumerate(VIEWS):
            self.plan(30 - place, lambda at, who=who, page=page, name=name, query=query, shared=shared: SavedView.add(
                by=self.people[who], at=at, owner=self.people[who], page=page, name=name, query=query, shared=shared))


def _host(name: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in fold(name)).strip("-").replace("---", "-").replace("--", "-")
