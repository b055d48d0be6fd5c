"""A list for somebody who sees some of it is read in parts: together they are what one condition says."""

from itertools import pairwise

import pytest
from django.contrib.auth.models import Group
from django.http import QueryDict
from django.utils import timezone

from governance import filters as asked
from governance.models import Activity, Assignment, Attestation, Consultation
from inventory import filters
from inventory.models import Assurance, Contract, DataObject, DataSource, Integration, System, standing
from martech import lists
from martech.accounts.models import Function, User
from martech.permissions import engine

pytestmark = pytest.mark.django_db
KINDS = [
    (System, filters.Systems),
    (Integration, filters.Integrations),
    (DataSource, filters.DataSources),
    (Assurance, filters.Assurances),
    (Contract, filters.Contracts),
    (Assignment, asked.Assignments),
    (Consultation, asked.Consultations),
    (Attestation, asked.Attestations),
]
PEOPLE = ("holder", "in the team", "heads the team", "owner", "nobody")


@pytest.fixture
def readers(cast, ada):
    """People without a role that sees what is confidential, who stand to it in one way each, by name."""
    made = {name: User.objects.create_user(f"{n}@cast.example", name=name) for n, name in enumerate(PEOPLE)}
    for person in made.values():
        person.groups.set([Group.objects.get(name="member")])
    web = Function.add(by=ada, name="Web", head=made["heads the team"])
    made["in the team"].change(by=ada, function=web)
    return made


@pytest.fixture
def stack(mona, readers):
    """Twelve systems, four of them open, with letters, integrations, sources and assurances."""
    web, step = Function.objects.get(name="Web"), Activity.objects.get(code="operate")
    holders = [{"person": readers["holder"]}, {"function": web}, {"person": mona}]
    made, people = [], DataObject.add(by=mona, name="People")
    for n in range(12):
        owner = {"business_owner": readers["owner"]} if n % 5 == 1 else {}
        made.append(System.add(by=mona, name=f"System {n % 7}{n}", **owner))
        if n % 4:
            letter = "R" if "function" in holders[n % 3] else "A"
            Assignment.add(by=mona, system=made[n], activity=step, letter=letter, **holders[n % 3])
        DataSource.add(by=mona, data_object=people, system=made[n], steward=mona)
        Assurance.add(by=mona, name=f"Report {n}", kind=Assurance.Kind.values[0], system=made[n])
        Contract.add(by=mona, name=f"Contract {n}", systems=made[max(n - 1, 0) : n + 1])
    for one, other in pairwise(made):
        Integration.add(by=mona, source=one, target=other)
    System.objects.filter(pk__in=[system.pk for n, system in enumerate(made) if n % 3]).update(confidential=True)
    standing.systems_changed(made, mona, timezone.now())
    return made


def listed(model, filters, person, query="", **part):
    question = (filters, *filters.read(QueryDict(query), person))
    rows, count = lists.page(model, ("created_at",), question, person, **{"limit": 50, **part})
    return [row["id"] for row in rows], count


@pytest.mark.parametrize("kind", KINDS, ids=[model.__name__ for model, _ in KINDS])
@pytest.mark.parametrize("name", PEOPLE)
def test_the_parts_of_a_list_are_the_list(stack, readers, kind, name, monkeypatch):
    (model, filters), person = kind, readers[name]
    for query in ("", "ordering=-created_at", "retired=all"):
        rows = filters.narrow(engine.scope(person, model._base_manager.all()), QueryDict(query), person)
        wanted = list(rows.values_list("pk", flat=True))
        assert listed(model, filters, person, query) == (wanted, len(wanted))
        for offset in (2, 4, 40):
            assert listed(model, filters, person, query, limit=3, offset=offset) == (
                wanted[offset : offset + 3],
                len(wanted),
            )
    question = (filters, *filters.read(QueryDict(""), person))
    walked = [row["id"] for row in lists.walk(model, ("created_at",), question, person, limit=50, after=2)]
    assert walked == [key for key in sorted(wanted) if key > 2]
    monkeypatch.setattr(lists, "MOST", 0)
    assert listed(model, filters, person, "retired=all") == (wanted, len(wanted))


def test_whoever_sees_nothing_but_by_letters_sees_those(stack, readers, mona):
    System.objects.update(confidential=True)
    seen = {name: len(listed(System, filters.Systems, person)[0]) for name, person in readers.items()}
    assert seen == {"holder": 3, "in the team": 3, "heads the team": 3, "owner": 3, "nobody": 0}
    given = Assignment.objects.filter(person=readers["holder"]).first()
    given.silence(by=mona, note="Until spring.")
    assert len(listed(System, filters.Systems, readers["holder"])[0]) == 2
