"""One call of a source: its list taken in one act, so that the caller knows exactly what became of each item.

The call is one transaction: who hears nothing may send it again, and finds done either all of it or nothing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.apps import apps
from django.core.exceptions import PermissionDenied, ValidationError

from martech import turns
from martech.audit import context
from martech.audit.models import Entry
from martech.bulk.rows import Row
from martech.bulk.undisturbed import undisturbed
from martech.errors import Refused
from martech.operations import NOW, Act, Record, acting
from martech.permissions import engine
from martech.sync.items import MISSING, MOST, NEW, Item, Reader, source_name
from martech.sync.matching import MOST_PROPOSED, Alike, Known, Like, known, looked_for
from martech.sync.syncing import Syncing, no_longer_listed

PARTIAL, FULL = "partial", "full"
MOST_RETIRED = 10  # per cent of what the source has, beyond which a full list must say that it means it
OUTCOMES = {"created": "created", "changed": "updated", "unchanged": "unchanged", "error": "error"}


@dataclass(slots=True)
class Told:
    """What became of one item."""

    external_id: str
    outcome: str
    key: int | None = None
    number: str = ""
    text: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    differences: dict[str, Any] = field(default_factory=dict)
    matches: list[Like] = field(default_factory=list)
    item: Any = None


@dataclass(slots=True)
class Answer:
    """What became of a call. `retired` and `kept`: records the full list left out, retired or not ours to retire."""

    items: list[Told]
    retired: list[Told] = field(default_factory=list)
    kept: list[Told] = field(default_factory=list)

    @property
    def totals(self) -> dict[str, int]:
        counted = Counter(told.outcome for told in self.items)
        return {
            **{outcome: counted[outcome] for outcome in OUTCOMES.values()},
            "retired": len(self.retired),
            "kept": len(self.kept),
            "differences": sum(bool(told.differences) for told in self.items),
            "matches": sum(bool(told.matches) for told in self.items),
        }


class Call:
    """A list of one source for one kind of record, as this person's act.

    `mode` full: what the source made and no longer lists is retired. `dry_run`: judged and not written. `atomic`: one
    bad item undoes all. `confirm_retire`: a full list may retire more than MOST_RETIRED per cent. `forced` names fields
    that a person gives back to the source.
    """

    def __init__(
        self,
        model: type[Record],
        *,
        by: Any,
        source: str,
        items: Sequence[Any],
        mode: str = PARTIAL,
        dry_run: bool = False,
        atomic: bool = False,
        confirm_retire: bool = False,
        forced: Sequence[str] = (),
        at: datetime = NOW,
    ) -> None:
        self.model, self.by, self.at, self.forced = model, by, at, forced
        self.source, self.raw, self.mode = sound(source, items, mode)
        self.dry, self.atomic, self.confirmed = dry_run, atomic, confirm_retire
        self.note = f"Sync of {self.source}"
        self.known = Known()
        self.claims: dict[int, Item] = {}
        self.meant: set[int] = set()
        self.doubt = ""

    def carry_out(self, keep: Callable[[Answer, Act], None] | None = None) -> Answer:
        """The answer; `keep(answer, act)` is called before the commit where anything is written."""
        needed = ["add", "change", *(["retire"] if self.mode == FULL else [])]
        if any(engine.condition(self.by, engine.name(self.model, verb)) is False for verb in needed):
            raise PermissionDenied
        with undisturbed():
            return self._answer(None) if self.dry else self._written(keep)

    def _written(self, keep: Callable[[Answer, Act], None] | None) -> Answer:
        story = context.current().name == "demo"  # a company's past is told as such
        with context.through("demo" if story else "sync", origin=self.source), acting(self.by, self.at) as act:
            self.at = act.at
            turns.hold(f"sync:{self.model._meta.label_lower}:{self.source}")
            answer = self._answer(act)
            if keep is not None:
                keep(answer, act)
        return answer

    def _answer(self, act: Act | None) -> Answer:
        items = Reader(self.model, self.source, self.by).read(self.raw)
        self.known = known(self.model, self.source, items, self.by, lock=act is not None)
        syncing = Syncing(
            self.model,
            source=self.source,
            forced=self.forced,
            by=self.by,
            at=self.at,
            note=self.note,
            dry=self.dry,
        )
        told, rows = self._planned(items, syncing)
        gone, left = self._left_out(items)
        for (item, _), result in zip(rows, syncing.batch([row for _, row in rows]), strict=True):
            apart = syncing.differences.get(item.external_id)
            told[item.place] = self._told(item, OUTCOMES[result.outcome], result.key, result.errors, apart)
            told[item.place].text = result.text or told[item.place].text
        answer = Answer([told[item.place] for item in items])
        if self.atomic and any(one.errors for one in answer.items):
            raise ValidationError(
                {
                    f"items.{place}.{name}": lines
                    for place, one in enumerate(answer.items)
                    for name, lines in one.errors.items()
                }
            )
        self._retire(answer, gone, left, syncing, act)
        return answer

    # What each item means

    def _planned(self, items: Sequence[Item], syncing: Syncing) -> tuple[dict[int, Told], list[tuple[Item, Row]]]:
        """What is settled before anything is judged, and the rows to judge."""
        alike = Alike(self.model, looked_for(items, self.known), self.by)
        returning = self._returning()
        told: dict[int, Told] = {}
        rows: list[tuple[Item, Row]] = []
        for item, key in sorted(
            ((item, self._meant(item, alike)) for item in items), key=lambda pair: self._is_second_hand(*pair)
        ):
            self.meant |= {key} - {None}
            if item.errors:
                told[item.place] = self._told(item, "error", key, item.errors)
            elif key in self.known.hidden:
                told[item.place] = self._told(item, "error", key, {"non_field": [MISSING]})
            elif key is not None and key in self.claims:
                told[item.place] = self._doubled(item, key)
            elif key is None and item.same_as != NEW and (likes := self._likes(item, alike)):
                said = f"It may be {likes[0].number}, {likes[0].name}. Say which in same_as, or “new”."
                told[item.place] = self._told(item, "error", None, {"external_id": [said]}, matches=likes)
            elif key in self.known.retired and key not in returning:
                apart = {"retired": {"ours": True, "theirs": False, "set_by": ""}}
                told[item.place] = self._told(item, "unchanged", key, {}, apart)
            else:
                if key is not None:
                    self.claims[key] = item
                    syncing.returning |= {key} & returning
                syncing.refs[item.external_id] = item.refs
                rows.append((item, Row(item.fields, key, ref=(self.source, item.external_id))))
        return told, rows

    def _meant(self, item: Item, alike: Alike) -> int | None:
        """The key of the record an item means; None for a new one."""
        key = self.known.refs.get(item.external_id)
        if key is None:
            key = item.same_as if isinstance(item.same_as, int) else None
        elif isinstance(item.same_as, int) and self._now(item.same_as) != self._now(key) not in self.known.hidden:
            item.fail("same_as", f"{item.external_id} is {self.model.PREFIX}-{key} already.")
        if key is None:
            return None if item.same_as == NEW else alike.same(item)
        return self._now(key)

    def _now(self, key: int) -> int:
        """The record that answers for this one."""
        return self.known.into.get(key, key)

    def _likes(self, item: Item, alike: Alike) -> list[Like]:
        """Records it might be, without those that this source names already: it knows them apart."""
        likes = alike.like(item)
        return [one for one in likes if one.key not in self._own][:MOST_PROPOSED] if likes else likes

    def _is_second_hand(self, item: Item, key: int | None) -> tuple[bool, int]:
        """Whoever bears the record's own id comes before those that lead to it by a merge or by its name."""
        return (key is None or self.known.refs.get(item.external_id) != key, item.place)

    def _doubled(self, item: Item, key: int) -> Told:
        first = self.claims[key]
        if self.known.refs.get(item.external_id) in self.known.into:
            return self._told(item, "unchanged", key)
        number = f"{self.model.PREFIX}-{key}"
        return self._told(
            item, "error", key, {"external_id": [f"{first.external_id} in this list is {number} already."]}
        )

    def _returning(self) -> set[int]:
        """Retired records that this source itself retired last and that this person may restore: they come back."""
        if not self.known.retired:
            return set()
        latest: dict[int, bool] = {}
        entries = Entry.objects.filter(
            kind=self.model._meta.label_lower, key__in=self.known.retired, verb__in=("retire", "restore")
        )
        for key, verb, door, origin in entries.order_by("pk").values_list("key", "verb", "door", "origin"):
            latest[key] = (verb, door, origin) == ("retire", "sync", self.source)
        ours = {key for key, by_us in latest.items() if by_us}
        rows = self.model._base_manager.filter(pk__in=ours)
        return set(engine.scope(self.by, rows, engine.name(self.model, "restore")).values_list("pk", flat=True))

    @cached_property
    def _own(self) -> set[int]:
        refs = apps.get_model("records.ExternalRef").objects
        named = refs.filter(kind=self.model._meta.label_lower, source=self.source)
        return set(named.values_list("key", flat=True))

    def _told(
        self,
        item: Item,
        outcome: str,
        key: int | None,
        errors: dict[str, list[str]] | None = None,
        differences: dict[str, Any] | None = None,
        matches: list[Like] | None = None,
    ) -> Told:
        number = f"{self.model.PREFIX}-{key}" if key else ""
        named = {("non_field" if name == "__all__" else name): lines for name, lines in (errors or {}).items()}
        text = str(item.fields.get("name") or "")
        return Told(item.external_id, outcome, key, number, text, named, differences or {}, matches or [], item.raw)

    # What a full list leaves out

    def _left_out(self, items: Sequence[Item]) -> tuple[dict[int, list[str]], list[int]]:
        """The records to retire with the source's ids, and those that are not ours to retire."""
        if self.mode != FULL:
            return {}, []
        if not self.raw:
            raise ValidationError({"items": "A full list without items would retire everything. Nothing was done."})
        listed = {key for item in items if (key := self.known.refs.get(item.external_id)) is not None}
        listed |= {self.known.into.get(key, key) for key in listed} | self.meant
        gone, left, total = no_longer_listed(self.model, self.source, listed)
        if len(gone) * 100 > MOST_RETIRED * total and not self.confirmed:
            raise Refused(
                f"This list would retire {len(gone)} of the {total} {self.model._meta.verbose_name_plural} that"
                f" {self.source} has here. If it is meant, send it with confirm_retire. Nothing was done."
            )
        if gone and (place := next((item.place + 1 for item in items if not item.external_id), None)):
            self.doubt = f"Item {place} has no id and may be this one."
        return gone, left

    def _retire(
        self, answer: Answer, gone: dict[int, list[str]], left: list[int], syncing: Syncing, act: Act | None
    ) -> None:
        for key in left:
            answer.kept.append(self._out("", key, "", {"non_field": [f"It was not made by {self.source} alone."]}))
        if self.doubt:
            answer.kept += [self._out(ids[0], key, "", {"non_field": [self.doubt]}) for key, ids in gone.items()]
            return
        if not gone:
            return
        for work in syncing.retire(gone, act):
            into = answer.retired if work.going else answer.kept
            into.append(self._out(gone[work.record.pk][0], work.record.pk, str(work.record), dict(work.errors)))

    def _out(self, external_id: str, key: int, text: str, errors: dict[str, list[str]]) -> Told:
        named = {("non_field" if name == "__all__" else name): lines for name, lines in errors.items()}
        return Told(external_id, "kept" if errors else "retired", key, f"{self.model.PREFIX}-{key}", text, named)


def sound(source: Any, items: Any, mode: Any) -> tuple[str, Sequence[Any], str]:
    """The parts of a call that must be right before any item is looked at; ValidationError by part."""
    errors: dict[str, str] = {}
    name = ""
    try:
        name = source_name(source)
    except ValidationError as error:
        errors["source"] = error.messages[0]
    if mode not in (PARTIAL, FULL):
        errors["mode"] = "Choose partial or full."
    if not isinstance(items, list):
        errors["items"] = "Send a list."
    elif len(items) > MOST:
        errors["items"] = f"At most {MOST:,} items in one call, not {len(items):,}."
    if errors:
        raise ValidationError(errors)
    return name, items, mode
