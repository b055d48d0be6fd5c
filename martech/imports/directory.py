"""Which records the texts of a file mean: references by number or name, and the record of a row by its key."""

import re
from typing import Any

from django.db.models import Model

from martech.folding import domain, fold
from martech.keys import numbered
from martech.operations import Record
from martech.permissions import engine

NUMBER = re.compile(r"(?:.*\()?\s*([A-Z]{3})-([0-9]{1,18})\s*\)?", re.IGNORECASE | re.DOTALL)


class Directory:
    """Everything of a kind that one person sees, by number and by name: one statement per kind, however many ask."""

    def __init__(self, actor: Any) -> None:
        self.actor = actor
        self._kinds: dict[type[Model], tuple[set[Any], dict[str, list[Any]]]] = {}

    def of(self, model: type[Record]) -> tuple[set[Any], dict[str, list[Any]]]:
        """(keys, folded name -> keys of unretired records)."""
        if model not in self._kinds:
            fields = {item.name for item in model._meta.concrete_fields}
            asked = [name for name in ("name", "names", "email") if name in fields]
            keys: set[Any] = set()
            names: dict[str, list[Any]] = {}
            for key, retired, *texts in engine.scope(self.actor, model._base_manager.order_by("pk")).values_list(
                "pk", "retired_at", *asked
            ):
                keys.add(key)
                if retired is None:
                    for name, text in zip(asked, texts, strict=True):
                        for word in text.split("\n") if name == "names" else [fold(text)]:
                            if word and key not in names.setdefault(word, []):
                                names[word].append(key)
            self._kinds[model] = (keys, names)
        return self._kinds[model]

    def find(self, model: type[Record], text: str) -> Any:
        """The key of the record meant, None where none is; ValueError with a sentence where several could be."""
        keys, names = self.of(model)
        number = NUMBER.fullmatch(text.strip())
        if number and number[1].upper() == model.PREFIX:
            return int(number[2]) if int(number[2]) in keys else None
        found = names.get(fold(text), [])
        if len(found) > 1:
            raise ValueError(f"Several are called “{text.strip()[:60]}”: {listed(model, found)}. Give the number.")
        return found[0] if found else None


def listed(model: type[Record], keys: list[Any]) -> str:
    """`VEN-1, VEN-2 and 3 more`."""
    more = f" and {len(keys) - 5} more" if len(keys) > 5 else ""
    return ", ".join(f"{model.PREFIX}-{key}" for key in keys[:5]) + more


class Matcher:
    """Which record a row means, by the key chosen. Reads what it needs once."""

    def __init__(self, model: type[Record], actor: Any, key: str, source: str = "") -> None:
        self.model, self.key, self.source = model, key, source.strip()
        rows = engine.scope(actor, model._base_manager.order_by("pk"))
        fields = {item.name for item in model._meta.concrete_fields}
        self.keys = set(rows.values_list("pk", flat=True)) if key == "number" else set()
        self.found: dict[str, list[Any]] = {}
        self.aliases: dict[str, list[Any]] = {}
        self.refs: dict[str, Any] = {}
        self.referred: set[Any] = set()
        rows = rows.filter(retired_at=None)
        if key in {"name", "external_id"} and "name" in fields:
            asked = ("pk", "name", "aliases") if "aliases" in fields else ("pk", "name")
            for pk, name, *others in rows.values_list(*asked):
                self.found.setdefault(fold(name), []).append(pk)
                for alias in others[0] if others else ():
                    self.aliases.setdefault(fold(alias), []).append(pk)
        if key == "name_vendor":
            for pk, name, vendor in rows.values_list("pk", "name", "vendor_id"):
                self.found.setdefault(f"{fold(name)}\n{vendor or ''}", []).append(pk)
        if key == "domain":
            for pk, host in rows.exclude(domain="").values_list("pk", "domain"):
                self.found.setdefault(host, []).append(pk)
        if key == "external_id":
            refs = model._meta.apps.get_model("records.ExternalRef").objects
            kept = refs.filter(kind=model._meta.label_lower, source=self.source, key__in=rows.values("pk"))
            self.refs = dict(kept.values_list("external_id", "key"))
            self.referred = set(self.refs.values())

    def text(self, values: dict[str, Any]) -> str:
        """The row's key as it is compared; empty where the row has none. Two rows of one text are one record."""
        if self.key == "none":
            return ""
        if self.key == "name_vendor":
            vendor = values.get("vendor")
            named = f"new:{fold(vendor['new'])}" if isinstance(vendor, dict) else vendor or ""
            return f"{fold(values['name'])}\n{named}" if values.get("name") else ""
        if self.key == "domain":
            return domain(values.get("website") or "")
        if self.key == "number":
            return str(values.get("number") or "").upper()
        return fold(values.get("name") or "") if self.key == "name" else str(values.get(self.key) or "")

    def match(self, text: str, name: str = "") -> tuple[Any, bool]:
        """(key of the record or None, whether it was found by another name than its own).

        `name` is tried where a source's id is not known yet. ValueError with a sentence where several could be meant.
        """
        if self.key == "number":
            key = numbered(text, self.model.PREFIX)
            if key not in self.keys:
                raise ValueError(f"There is no {text[:30]}.")
            return key, False
        if self.key == "external_id":
            if text in self.refs:
                return self.refs[text], False
            known = [key for key in self.found.get(fold(name), []) if key not in self.referred] if name else []
            return (self._one(known, name), False) if known else (None, False)
        found = self.found.get(text)
        if found:
            return self._one(found, text.split("\n")[0]), False
        other = self.aliases.get(text)
        return (self._one(other, text), True) if other else (None, False)

    def _one(self, keys: list[Any], text: str) -> Any:
        if len(keys) > 1:
            raise ValueError(f"Several records fit “{text[:60]}”: {listed(self.model, keys)}. Choose another key.")
        return keys[0]
