"""Search over every kind of record: by number, by the beginning of a name, by words; only what the asker sees."""

import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, IntegerField, Value, When
from django.utils.html import escape, format_html, strip_tags
from django.utils.safestring import SafeString

from martech import timeline
from martech.folding import fold
from martech.permissions import engine
from martech.web import cells, links

MOST = 8
ICONS = {
    "inventory.system": "squares-2x2",
    "inventory.vendor": "building-storefront",
    "inventory.capability": "puzzle-piece",
    "inventory.contract": "document-text",
    "inventory.integration": "arrows-right-left",
    "inventory.dataobject": "circle-stack",
    "inventory.datasource": "server-stack",
    "inventory.assurance": "shield-check",
    "accounts.function": "building-office-2",
    "accounts.user": "user",
    "calendars.calendar": "calendar-days",
}


@dataclass(frozen=True)
class Hit:
    """One record found."""

    number: str
    name: SafeString
    url: str
    retired: bool
    state: SafeString | str = ""


@dataclass(frozen=True)
class Group:
    """The hits of one kind of record; `more` where there are others, `url` its list asked the same."""

    kind: str
    title: str
    icon: str
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


def find(text: str, user: Any, most: int = MOST) -> Found:
    """One statement for each kind that has pages, one more for each number that may be meant; `most` hits of a kind."""
    words = fold(text)
    if not words or not user.standing:
        return Found((), ())
    kinds = {label: model for label, model in timeline.kinds().items() if links.list_url(label)}
    number = re.fullmatch(r"([a-z]{2,3})?-?([0-9]{1,18})", words)
    exact = []
    if number:
        for model in kinds.values():
            if number[1] in {None, model.PREFIX.lower()}:
                exact += hits(engine.scope(user, model._base_manager.filter(pk=int(number[2]))), "")
    groups = []
    for label, model in kinds.items():
        rows = list(narrowed(engine.scope(user, model._base_manager.all()), words)[: most + 1])
        if rows:
            title = str(model._meta.verbose_name_plural)
            asked = f"{links.list_url(label)}?{urlencode({'q': text.strip(), 'retired': 'all'})}"
            found = tuple(hits(rows[:most], words))
            groups.append(
                Group(
                    label,
                    f"{title[:1].upper()}{title[1:]}",
                    ICONS.get(label, "document"),
                    found,
                    len(rows) > most,
                    asked,
                )
            )
    order = list(ICONS)
    groups.sort(
        key=lambda group: (not _begins(group, words), order.index(group.kind) if group.kind in ICONS else len(order))
    )
    return Found(tuple(exact), tuple(groups))


def _begins(group: Group, words: str) -> bool:
    """Whether a group holds a record called just so, or whose name begins so: such groups come first."""
    return any(fold(strip_tags(hit.name)).startswith(words) for hit in group.hits)


def hits(rows: Any, words: str) -> list[Hit]:
    return [
        Hit(row.number, marked(str(row), words), links.of(row), row.retired_at is not None, cells.state(row))
        for row in rows
    ]


def marked(name: str, words: str) -> SafeString:
    """The name with each part that was asked for in <mark>, everything else escaped.

    Folding may lengthen or shorten a letter, so each folded letter remembers the letter it came from.
    """
    folded, origin = "", []
    for place, letter in enumerate(name):
        plain = fold(letter) or " "
        folded += plain
        origin += [place] * len(plain)
    hit = [False] * len(name)
    for word in words.split()[:12]:
        at = folded.find(word)
        while at >= 0:
            for place in origin[at : at + len(word)]:
                hit[place] = True
            at = folded.find(word, at + len(word))
    parts = []
    for is_hit, letters in groupby(range(len(name)), key=lambda place: hit[place]):
        text = "".join(name[place] for place in letters)
        parts.append(format_html("<mark>{}</mark>", text) if is_hit else escape(text))
    return SafeString("".join(parts))


def narrowed(rows: Any, text: str) -> Any:
    """Rows whose searched text holds every word; those that begin with the text first, retired ones last."""
    words = fold(text)
    for word in dict.fromkeys(words.split()[:12]):
        rows = rows.filter(lookup__contains=word)
    first = Case(When(lookup__startswith=words, then=Value(0)), default=Value(1), output_field=IntegerField())
    return rows.order_by(first, "retired_at", "lookup", "pk") if words else rows.order_by("lookup", "pk")
