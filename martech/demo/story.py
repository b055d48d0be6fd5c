"""Fernhollow's two years, told through the operations that made them: every row of the tables becomes acts."""

from collections.abc import Mapping
from datetime import date
from io import BytesIO

from django.contrib.auth.hashers import make_password
from django.db import transaction

from governance.models import JourneyStage
from inventory.models import Assurance, Capability
from martech.accounts.models import User
from martech.audit.context import through
from martech.demo import (
    PASSWORD,
    ROLES,
    assessing,
    attestation,
    consulting,
    contracts,
    email,
    erp,
    founding,
    gaps,
    hooks,
    leaving,
    letters,
    processes,
    stack,
)
from martech.demo.data import PROOFS, Proof
from martech.demo.diary import Diary, Of
from martech.demo.documents import PAPERS
from martech.demo.paper import pdf
from martech.demo.people import COMPANY
from martech.demo.talk import FOLLOWS, VIEWS, talk
from martech.files.models import Document
from martech.records.models import Follow, SavedView


def tell(today: date) -> None:
    """All of it, ending the day before `today`, through the door "demo", in one transaction: whole or not at all."""
    diary = Diary(today)
    founding.house(diary)
    founding.people(diary)
    met = founding.vendors(diary, stack.bought())
    stack.systems(diary)
    stack.data(diary)
    stack.paths(diary)
    contracts.contracts(diary)
    _proofs(diary, met)
    _papers(diary)
    _said_and_kept(diary)
    erp.syncs(diary)
    hooks.webhooks(diary)
    processes.processes(diary)
    attestation.attestation(diary)
    letters.letters(diary)
    consulting.consultations(diary)
    assessing.assessments(diary)
    assessing.sourcing(diary)
    leaving.leaving(diary)
    leaving.standing_in(diary)
    gaps.gaps(diary)
    with transaction.atomic(), through("demo", origin=COMPANY):
        for row in Capability.objects.filter(retired_at=None, parent__isnull=False):
            diary.records[Of("capability", row.name)] = row
        for code, step in assessing.activities().items():
            diary.records[Of("activity", code)] = step
        for stage in JourneyStage.objects.filter(retired_at=None):
            diary.records[Of("stage", stage.code)] = stage
        diary.live()
        contracts.until(today)
        for who, kind, name in FOLLOWS:
            Follow.begin(diary.records[Of(kind, name)], diary.records[Of("person", who)])
        User.objects.filter(email__in=[email(role) for role in ROLES]).update(password=make_password(PASSWORD))


def _proofs(diary: Diary, met: Mapping[str, int]) -> None:
    for proof in PROOFS:
        this = Of("assurance", f"{proof.of} {proof.reference}")
        begun = proof.renewed[2] if proof.renewed else proof.issued
        known = met[proof.of[1:]] if proof.of.startswith("@") else stack.LOGGED[proof.of]
        _prove(diary, proof, this, min(begun, known - 2, 690))
        if proof.renewed and proof.ends is not None:
            dates = {"issued_on": diary.day(proof.issued), "expires_on": diary.day(-proof.ends)}
            diary.does(proof.renewed[0], this, "renew", proof.by, reference=proof.reference, **dates)
        if proof.taken:
            who, ago, note = proof.taken
            diary.does(ago, this, "acknowledge", who, note=note)


def _prove(diary: Diary, proof: Proof, this: Of, ago: int) -> None:
    subject = Of("vendor", proof.of[1:]) if proof.of.startswith("@") else Of("system", proof.of)
    issued, ends = (proof.renewed[2], -proof.renewed[1]) if proof.renewed else (proof.issued, proof.ends)
    diary.adds(
        ago,
        this,
        Assurance,
        proof.by,
        kind=proof.kind,
        name=proof.name,
        reference="" if proof.renewed else proof.reference,
        issued_on=diary.day(issued),
        expires_on=None if ends is None else diary.day(-ends),
        **{subject.kind: subject},
    )


def _papers(diary: Diary) -> None:
    for paper in PAPERS:
        title, _, kind = paper.name.rpartition(".")
        content = pdf(title, paper.lines) if kind == "pdf" else "\n".join((title, "", *paper.lines, "")).encode()
        diary.adds(
            paper.days,
            Of("document", paper.name),
            Document,
            paper.by,
            subject=Of(*paper.of),
            content=BytesIO(content),
            name=paper.name,
            note=paper.what,
        )


def _said_and_kept(diary: Diary) -> None:
    for kind, name, ago, who, words in talk():
        diary.does(ago, Of(kind, name), "remark", who, note=words)
    for place, (who, page, name, query, shared) in enumerate(VIEWS):
        view, keeper = Of("view", name), Of("person", who)
        diary.adds(30 - place, view, SavedView, who, name=name, page=page, query=query, shared=shared, owner=keeper)
