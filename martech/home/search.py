"""Search over every kind of record: by number, by the beginning of a name, by words; only what the asker sees."""

import re
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, IntegerField, Value, When

from martech import timeline
from martech.folding import fold
from martech.permissions import engine
from martech.web import links

MOST = 8


@dataclass(frozen=True)
class Hit:
    """One record found."""

    number: str
    name: str
    url: str
    retired: bool


@dataclass(frozen=True)
class Group:
    """The hits of one kind of record; `more` where there are others, `url` its list asked the same."""

    title: str
    hits: tuple[Hit, ...]
    more: bool
    url: str


@dataclass(frozen=True)
class Found:
    """What a search brought: records by their number first, then by kind."""

    exact: tuple[Hit, ...]
    groups: tuple[Group, ...]

    @property
    def empty(self) -> bool:
        return not self.exact and not self.groups


def find(text: str, user: Any) -> Found:
    """One statement for each kind that has pages, one more for each number that may be meant."""
    words = fold(text)
    if not words or not user.standing:
        return Found((), ())
    kinds = {label: model for label, model in timeline.kinds().items() if links.list_url(label)}
    number = re.fullmatch(r"([a-z]{2,3})?-?([0-9]{1,18})", words)
    exact = []
    if number:
        for model in kinds.values():
            if number[1] in {None, model.PREFIX.lower()}:
                exact += hits(engine.scope(user, model._base_manager.filter(pk=int(number[2]))))
    groups = []
    for label, model in kinds.items():
        rows = list(narrowed(engine.scope(user, model._base_manager.all()), words)[: MOST + 1])
        if rows:
            title = str(model._meta.verbose_name_plural).capitalize()
            asked = f"{links.list_url(label)}?q={words}"
            groups.append(Group(title, tuple(hits(rows[:MOST])), len(rows) > MOST, asked))
    return Found(tuple(exact), tuple(groups))


def hits(rows: Any) -> list[Hit]:
    return [Hit(row.number, str(row), links.of(row), row.retired_at is not None) for row in rows]


def narrowed(rows: Any, text: str) -> Any:
    """Rows whose searched text holds every word; those that begin with the text first, retired ones last."""
    words = fold(text)
    for word in dict.fromkeys(words.split()[:12]):
        rows = rows.filter(lookup__contains=word)
    first = Case(When(lookup__startswith=words, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(first, "retired_at", "lookup", "pk") if words else rows.order_by("lookup", "pk")
