"""Random weeks of two sources and of people: what must hold after every call, whatever came before."""

import os
from random import Random

import pytest

from inventory.models import Vendor
from martech.errors import Refused
from martech.records.models import ExternalRef
from martech.sync.models import SyncRun

pytestmark = pytest.mark.django_db
WEEKS = 300 if os.environ.get("FULL") else 30
STEPS = 25
BY_HAND = {"country": ["", "FR"], "website": ["", "https://hand.example"], "aliases": [[], ["By hand"]]}


class Week:
    """Calls of two sources between acts of people; `held` is what people have set in fields of a source."""

    def __init__(self, by, seed):
        self.by, self.dice, self.held = by, Random(seed), {}

    def item(self):
        number = self.dice.randrange(4)
        item = {"external_id": f"V-{number}", "name": f"Vendor {number}", "country": self.dice.choice(["IE", "de", ""])}
        odd = {
            "name": ["Vendor 1", "vendor  2", "Beta", ""],
            "website": ["https://www.b.example", "http://c.example/x", "nowhere"],
            "country": ["IE", "IRL"],
            "aliases": [["Vendor 3"], ["Umbrella"], []],
            "domains": [["a.example", "www.a.example"], ["b.example"], []],
            "status": ["known", "approved", "blocked"],
            "same_as": ["new", 1, 2],
        }
        for name in self.dice.sample(sorted(odd), self.dice.choice([0, 0, 1, 1, 3])):
            item[name] = self.dice.choice(odd[name])
        return item

    def call(self):
        source, mode = self.dice.choice(["erp", "saas"]), self.dice.choice(["partial", "partial", "full"])
        items = [self.item() for _ in range(self.dice.randint(1, 5))]
        asked = {"by": self.by, "source": source, "items": items, "mode": mode, "confirm_retire": True}
        alive, there = self.alive(), Vendor.objects.count()
        others = set(Vendor.objects.exclude(origin="sync", origin_detail=source).values_list("pk", flat=True))
        _, planned = SyncRun.take(Vendor, **asked, dry_run=True)
        assert Vendor.objects.count() == there
        _, answer = SyncRun.take(Vendor, **asked)
        assert [one.outcome for one in planned.items] == [one.outcome for one in answer.items]
        totals = answer.totals
        assert sum(totals[name] for name in ("created", "updated", "unchanged", "error")) == len(items)
        assert Vendor.objects.count() == there + totals["created"]
        for one in answer.items:
            assert bool(one.errors) == (one.outcome == "error")
            if one.outcome in {"created", "updated"}:
                assert Vendor.objects.get(pk=one.key).retired_at is None
        gone = alive - self.alive()
        assert gone == {one.key for one in answer.retired}
        assert not gone & others
        assert not ExternalRef.objects.filter(key__in=gone).exclude(source=source).exists()
        _, again = SyncRun.take(Vendor, **asked)
        for first, second in zip(answer.items, again.items, strict=True):
            assert first.outcome == "error" or (second.outcome, second.key) == ("unchanged", first.key)
        assert again.retired == []

    def hand(self):
        vendor, field = self.one(), self.dice.choice(["country", "country", "website", "aliases"])
        vendor.change(by=self.by, **{field: self.dice.choice(BY_HAND[field])})
        if vendor.field_sources.get(field) == "":
            self.held[vendor.pk, field] = getattr(vendor, field)

    def merge(self):
        one, into = self.one(), self.one()
        if one.pk != into.pk:
            one.merge(by=self.by, into=into)
            self.held = {key: value for key, value in self.held.items() if key[0] not in {one.pk, into.pk}}

    def retire(self):
        self.one().retire(by=self.by)

    def restore(self):
        gone = Vendor.objects.filter(merged_into=None).exclude(retired_at=None).order_by("pk").first()
        if gone is not None and not Vendor.objects.filter(retired_at=None, name_key=gone.name_key).exists():
            gone.restore(by=self.by)

    def alive(self):
        return set(Vendor.objects.filter(retired_at=None).values_list("pk", flat=True))

    def one(self):
        return Vendor.objects.get(pk=self.dice.choice(sorted(self.alive())))

    def check(self):
        for (key, field), value in self.held.items():
            assert getattr(Vendor.objects.get(pk=key), field) == value, (key, field)
        for ref in ExternalRef.objects.all():
            assert Vendor.objects.get(pk=ref.key).survivor.merged_into is None
        names = list(Vendor.objects.filter(retired_at=None).values_list("name_key", flat=True))
        assert len(names) == len(set(names))


@pytest.mark.parametrize("seed", range(WEEKS))
def test_what_people_set_stays_and_every_answer_is_true(seed, ivan):
    week = Week(ivan, seed)
    for _ in range(STEPS):
        steps = ["call", "call", "hand", "hand", "merge", "retire", "restore"] if week.alive() else ["call"]
        try:
            getattr(week, week.dice.choice(steps))()
        except Refused:
            continue
        week.check()
