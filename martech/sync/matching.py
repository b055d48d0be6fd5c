"""Which record an item means: the one its source named before, else one of the same name, else perhaps one like it.

A like one (a shared alias or domain) is proposed and never taken: a person or the source says which it is.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db.models import Q

from martech.folding import domain, fold
from martech.operations import Record
from martech.permissions import engine
from martech.sync.items import Item

MOST_PROPOSED = 5


@dataclass(frozen=True, slots=True)
class Like:
    """A record that an item might be, and why."""

    key: int
    number: str
    name: str
    why: str

    @property
    def told(self) -> dict[str, Any]:
        return {"id": self.key, "number": self.number, "name": self.name, "why": self.why}


@dataclass(slots=True)
class Known:
    """The records a source has named: external id -> key, and key -> the survivor where it was merged since.

    `hidden` are those that this person does not see, or that never were.
    """

    refs: dict[str, int] = field(default_factory=dict)
    into: dict[int, int] = field(default_factory=dict)
    retired: set[int] = field(default_factory=set)
    hidden: set[int] = field(default_factory=set)


def known(model: type[Record], source: str, items: Iterable[Item], by: Any, *, lock: bool) -> Known:
    """What the source's ids stand for, with the rows locked in the order of their keys: two statements."""
    made = Known()
    named = {item.external_id for item in items if item.external_id}
    refs = apps.get_model("records.ExternalRef").objects.filter(kind=model._meta.label_lower, source=source)
    made.refs = dict(refs.filter(external_id__in=named).values_list("external_id", "key"))
    asked = set(made.refs.values()) | {item.same_as for item in items if isinstance(item.same_as, int)}
    merges = any(item.name == "merged_into" for item in model._meta.concrete_fields)
    sees = engine.verdict_column(engine.condition(by, engine.name(model, "view")))
    columns = ("pk", "_sees", "retired_at", *(("merged_into_id",) if merges else ()))
    while asked:
        rows = model._base_manager.filter(pk__in=asked).annotate(_sees=sees).order_by("pk")
        rows = rows.select_for_update(of=("self",), no_key=True) if lock else rows
        further = set()
        made.hidden |= asked
        for key, seen, retired_at, *into in rows.values_list(*columns):
            made.hidden -= {key} if seen else set()
            if into and into[0]:
                made.into[key] = into[0]
                further.add(into[0])
            elif retired_at:
                made.retired.add(key)
        asked = further - made.into.keys() - set(made.refs.values())
    for key in list(made.into):
        last = made.into[key]
        while last in made.into:
            last = made.into[last]
        made.into[key] = last
    return made


class Alike:
    """Live records that new items might be, read at once; only those this person sees."""

    def __init__(self, model: type[Record], items: Sequence[Item], by: Any) -> None:
        fields = {item.name for item in model._meta.concrete_fields}
        self.model = model
        self.by_name: dict[str, list[Any]] = defaultdict(list)
        self.by_alias: dict[str, list[Any]] = defaultdict(list)
        self.by_domain: dict[str, list[Any]] = defaultdict(list)
        self.rows: dict[int, Any] = {}
        if not items or "name_key" not in fields:
            return
        has_domain = "domain" in fields
        words = {word for item in items for word in names_of(item)}
        hosts = {host for item in items for host in hosts_of(item)} if has_domain else set()
        asked = Q(name_key__in=words) | ~Q(names="") | (Q(domain__in=hosts) if hosts else Q(pk__in=()))
        rows = engine.scope(by, model._base_manager.filter(asked, retired_at=None))
        columns = ("pk", "name", "name_key", "names", *(("domain",) if has_domain else ()))
        for row in rows.order_by("pk").values_list(*columns):
            key, name, name_key, names, host = (*row, "")[:5]
            self.rows[key] = name
            self.by_name[name_key].append(key)
            for alias in filter(None, names.split("\n")):
                self.by_alias[alias].append(key)
            if host:
                self.by_domain[host].append(key)

    def same(self, item: Item) -> int | None:
        """The one record of the item's name; None where there is none, or several."""
        found = self.by_name.get(fold(str(item.fields.get("name", ""))), ())
        return found[0] if len(found) == 1 else None

    def like(self, item: Item) -> list[Like]:
        """Records that share a name, alias or domain with it."""
        found: dict[int, str] = {}
        for word in names_of(item):
            for key in (*self.by_name.get(word, ()), *self.by_alias.get(word, ())):
                found.setdefault(key, f"is called {word}, too")
        for host in hosts_of(item):
            for key in (*self.by_domain.get(host, ()), *self.by_alias.get(host, ())):
                found.setdefault(key, f"is at {host}, too")
        return [Like(key, f"{self.model.PREFIX}-{key}", self.rows[key], why) for key, why in found.items()]


def names_of(item: Item) -> list[str]:
    """The item's name and aliases as they are matched."""
    words = [item.fields.get("name") or "", *(item.fields.get("aliases") or ())]
    return [word for word in dict.fromkeys(fold(str(one)) for one in words) if word]


def hosts_of(item: Item) -> list[str]:
    """The domains of the item as they are matched."""
    hosts = [item.fields.get("website") or "", *(item.fields.get("domains") or ())]
    return [host for host in dict.fromkeys(domain(str(one)) for one in hosts) if host]


def looked_for(items: Iterable[Item], found: Known) -> list[Item]:
    """The items whose record has to be looked for: of an unknown id, and not told which they are.

    Those with errors, too: a full list names the record all the same.
    """
    return [item for item in items if item.external_id not in found.refs and item.same_as == ""]
