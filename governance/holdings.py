"""What a person can hold: record by record, the field that names them, and who is next where nobody stands in.

A new record with a person in it adds a row. Assurances have no field of their own: whoever has the system or the vendor
is reminded of them, so they follow those rows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.apps import apps
from django.db.models import F, IntegerField, Value


class Holding(NamedTuple):
    """Kind of record, the field of the person, its words, the path to who is next for the thing, and which only."""

    kind: str
    field: str
    label: str
    head: str
    only: tuple[tuple[str, str], ...] = ()


LETTER = "governance.assignment"
HOLDINGS: tuple[Holding, ...] = (
    Holding("inventory.system", "business_owner", "business owner", "owning_function__head"),
    Holding("inventory.system", "technical_owner", "technical owner", "owning_function__head"),
    Holding("inventory.integration", "owner", "owner", "source__owning_function__head"),
    Holding("inventory.dataobject", "owner", "owner", "authoritative_source__owning_function__head"),
    Holding("inventory.datasource", "steward", "steward", "system__owning_function__head"),
    Holding("inventory.vendor", "relationship_owner", "relationship owner", ""),
    Holding("inventory.contract", "owner", "owner", "vendor__relationship_owner"),
    Holding("accounts.function", "head", "head", "parent__head"),
    Holding("accounts.function", "deputy", "deputy head", "head"),
    Holding("accounts.user", "deputy", "deputy", "function__head"),
    Holding("governance.businessprocess", "owner", "owner", "owning_function__head"),
    Holding("governance.processstep", "handover_accountable", "accountable for handing over", "function__head"),
    Holding("governance.journeystage", "accountable", "accountable", ""),
    Holding("governance.attestation", "person", "asked", "system__owning_function__head", only=(("status", "open"),)),
)


@dataclass(frozen=True)
class Held:
    """One thing a person holds. `head` is the key of who is next for it, or None."""

    kind: str
    key: int
    field: str
    label: str
    text: str
    head: int | None


def held(person: Any) -> Iterator[Held]:
    """Everything but letters that names this person, of records that are not retired; one statement for each row."""
    for row in HOLDINGS:
        model = apps.get_model(row.kind)
        head: Any = F(row.head) if row.head else Value(None, output_field=IntegerField())
        found = model._base_manager.filter(retired_at=None, **dict(row.only), **{row.field: person.pk})
        for record in found.annotate(next_head=head).order_by("pk"):
            yield Held(row.kind, record.pk, row.field, row.label, str(record)[:200], record.next_head)


def still(kind: str, field: str) -> dict[str, str]:
    """What has to hold of a record of this kind besides, for its field to count as held."""
    return next((dict(row.only) for row in HOLDINGS if (row.kind, row.field) == (kind, field)), {})
