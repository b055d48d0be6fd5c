"""What the pages of the inventory's records ask, each question compiled once (martech/questions.py).

A list ends one row after MOST, so that a page can say that there are more. Whoever asks sees what they may see; where
nobody is named, the rows are open to whoever sees the record they hang on.
"""

from typing import Any

from django.db.models import F, Q

from inventory import models
from martech.permissions import engine
from martech.questions import question
from martech.web.shown import MOST, knowing

OWNERS = ("owning_function", "business_owner", "technical_owner")


# Of a system


@question
def flows(user: Any, *, key: Any) -> Any:
    """Its integrations with both ends, and whether each is to be seen."""
    joined = models.Integration.objects.filter(Q(source=key) | Q(target=key), retired_at=None)
    rows = knowing(user, engine.scope(user, joined), "source", "target").select_related("source", "target", "owner")
    return rows.order_by("status", "name")[: MOST + 1]


@question
def carried(_user: None, *, key: Any) -> Any:
    """(integration, data object, its name) of what its integrations carry."""
    rows = models.Integration.data_objects.through.objects.filter(
        Q(integration__source=key) | Q(integration__target=key)
    )
    return rows.order_by("dataobject_id").values_list("integration_id", "dataobject_id", "dataobject__name")


@question
def proofs(user: Any, of_what: str, *, key: Any) -> Any:
    """Assurances of a system or a vendor, the nearest end first; those without an end last."""
    rows = engine.scope(user, models.Assurance.objects.filter(**{of_what: key}, retired_at=None))
    return rows.order_by(F("expires_on").asc(nulls_last=True), "name")[:MOST]


@question
def uses(_user: None, *, key: Any) -> Any:
    """The functions that use or feed it, or receive its data."""
    rows = models.SystemUse.objects.filter(system=key).select_related("function")
    return rows.order_by("part", "function__name")


@question
def sources_of(user: Any, *, key: Any) -> Any:
    """The data it keeps."""
    rows = engine.scope(user, models.DataSource.objects.filter(system=key, retired_at=None))
    return rows.select_related("data_object", "steward").order_by("name")


@question
def replaces(user: Any, *, key: Any) -> Any:
    """The systems that are to move to it."""
    rows = engine.scope(user, models.System.objects.filter(target_system=key, retired_at=None))
    return rows.order_by("name")[:MOST]


@question
def named(user: Any, **keys: Any) -> Any:
    """(key, name) of those systems of a handful that are to be seen."""
    return engine.scope(user, models.System.objects.filter(pk__in=list(keys.values()))).values_list("pk", "name")


@question
def contracts(user: Any, of_what: str, *, key: Any) -> Any:
    """Contracts that cover a system or are made with a vendor, the nearest deadline first; those without days last."""
    rows = engine.scope(user, models.Contract.objects.filter(**{of_what: key}, retired_at=None))
    return rows.order_by(F("renewal_deadline").asc(nulls_last=True), "name")[: MOST + 1]


# Of a vendor


@question
def supplied(user: Any, *, key: Any) -> Any:
    """Its systems, retired ones last."""
    rows = engine.scope(user, models.System.objects.filter(vendor=key)).select_related(*OWNERS)
    return rows.order_by("retired_at", "name")[: MOST + 1]


@question
def parts(_user: None, *, key: Any) -> Any:
    """The vendors of its group."""
    return models.Vendor.objects.filter(parent=key, retired_at=None).order_by("name")[:MOST]


@question
def merged(_user: None, *, key: Any) -> Any:
    """What was merged into it."""
    return models.Vendor.objects.filter(merged_into=key).order_by("pk")[:MOST]


# Of a contract


@question
def covered(user: Any, *, key: Any) -> Any:
    """The systems it covers."""
    rows = engine.scope(user, models.System.objects.filter(contracts=key)).select_related(*OWNERS)
    return rows.order_by("retired_at", "name")


# Of a capability


@question
def tree(_user: None, *, key: Any) -> Any:
    """Its parts in their order."""
    return models.Capability.objects.filter(parent=key, retired_at=None).order_by("position", "name")


@question
def serving(user: Any, *, key: Any) -> Any:
    """(capability, system) of every system that serves it or one of its parts, mainly or further."""
    seen = engine.scope(user, models.System.objects.current())
    mine = models.Capability.objects.filter(Q(pk=key) | Q(parent=key, retired_at=None)).values("pk")
    mainly = seen.filter(primary_capability__in=mine).order_by()
    further = models.System.capabilities.through.objects.filter(capability__in=mine, system__in=seen.values("pk"))
    return mainly.values_list("primary_capability_id", "pk").union(
        further.order_by().values_list("capability_id", "system_id")
    )


# Of an integration, of data


@question
def ends(user: Any, *, source: Any, target: Any) -> Any:
    """The ends that are to be seen."""
    rows = engine.scope(user, models.System.objects.filter(Q(pk=source) | Q(pk=target)))
    return rows.select_related(*OWNERS)


@question
def data_of(_user: None, *, key: Any) -> Any:
    """The data that an integration carries."""
    return models.DataObject.objects.filter(integrations=key).order_by("name")


@question
def places(user: Any, *, key: Any) -> Any:
    """Where a data object lives."""
    rows = engine.scope(user, models.DataSource.objects.filter(data_object=key, retired_at=None))
    return rows.select_related("system", "steward").order_by("name")[: MOST + 1]


@question
def other_places(user: Any, *, key: Any, data: Any) -> Any:
    """Where the data of a source lives besides."""
    rows = models.DataSource.objects.filter(data_object=data, retired_at=None).exclude(pk=key)
    return engine.scope(user, rows).select_related("system", "steward").order_by("name")[: MOST + 1]


@question
def carriers(user: Any, *, key: Any) -> Any:
    """The integrations that carry a data object, with both ends, and whether each is to be seen."""
    rows = engine.scope(user, models.Integration.objects.filter(data_objects=key, retired_at=None))
    rows = knowing(user, rows, "source", "target").select_related("source", "target", "owner")
    return rows.order_by("status", "name")[: MOST + 1]
