"""The endpoints of syncs: a source sends its list to the collection itself, and reads afterwards what was left open."""

from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from martech.columns import columns
from martech.operations import Record
from martech.rest import pagination, serializers
from martech.rest.parsers import LARGEST_BULK
from martech.rest.schema import parameters
from martech.rest.viewsets import RecordViewSet
from martech.sync import filters, models, reports
from martech.sync.call import FULL, PARTIAL, Answer, Told
from martech.sync.items import LONGEST_ID, LONGEST_SOURCE, MOST

SECTION = parameters.asked(
    "section", {"type": "string", "enum": list(reports.SECTIONS)}, "Only rows of this sort.", "differences"
)
ASKED = frozenset({"source", "mode", "dry_run", "atomic", "confirm_retire", "items"})


class Difference(shapes.Serializer[Any]):
    """A value that a person or another source set and that was left as it is."""

    ours = shapes.JSONField(allow_null=True, help_text="What stands here.")
    theirs = shapes.JSONField(allow_null=True, help_text="What the source sent.")
    set_by = shapes.CharField(help_text="The source that set ours; empty where a person did.")


class Like(shapes.Serializer[Any]):
    """A record that an item may be, and why."""

    id = shapes.IntegerField()
    number = shapes.CharField()
    name = shapes.CharField()
    why = shapes.CharField()


class ItemAnswer(shapes.Serializer[Any]):
    """What became of one item, in the place of the item."""

    external_id = shapes.CharField()
    outcome = shapes.ChoiceField(choices=["created", "updated", "unchanged", "error"])
    id = shapes.IntegerField(allow_null=True)
    number = shapes.CharField(allow_null=True)
    errors = shapes.DictField(
        child=shapes.ListField(child=shapes.CharField()),
        required=False,
        help_text="Field: sentences. With `error` only.",
    )
    differences = shapes.DictField(
        child=Difference(), required=False, help_text="Fields that were left as they are, where there are any."
    )
    matches = shapes.ListField(
        child=Like(), required=False, help_text="Records it may be, where its own was not known. Answer by `same_as`."
    )


class LeftOut(shapes.Serializer[Any]):
    """A record that a full list no longer names."""

    external_id = shapes.CharField()
    id = shapes.IntegerField()
    number = shapes.CharField()
    reason = shapes.CharField(help_text="Why it was kept; empty for one that was retired.")


class Totals(shapes.Serializer[Any]):
    """How many items, and records that a full list left out."""

    created = shapes.IntegerField()
    updated = shapes.IntegerField()
    unchanged = shapes.IntegerField()
    error = shapes.IntegerField()
    retired = shapes.IntegerField()
    kept = shapes.IntegerField()
    differences = shapes.IntegerField()
    matches = shapes.IntegerField()


class SyncAnswer(shapes.Serializer[Any]):
    """What became of a call."""

    run = shapes.CharField(allow_null=True, help_text="The number of the report that was kept; null for a dry run.")
    source = shapes.CharField()
    mode = shapes.ChoiceField(choices=[PARTIAL, FULL])
    dry_run = shapes.BooleanField()
    totals = Totals()
    items = ItemAnswer(many=True)
    retired = LeftOut(many=True)
    kept = LeftOut(many=True)


class RowAnswer(ItemAnswer):
    """An item that somebody may want to look at, or a record that was left out."""

    outcome = shapes.ChoiceField(choices=["created", "updated", "unchanged", "error", "retired", "kept"])
    name = shapes.CharField()
    settled = shapes.CharField(allow_null=True, help_text="The record it was said to be.")


class ExternalId(shapes.Serializer[Any]):
    """What a further source calls the record."""

    source = shapes.CharField(max_length=LONGEST_SOURCE)
    external_id = shapes.CharField(max_length=LONGEST_ID)


class Named(shapes.Field[Any, Any, Any, Any]):
    """A related record as a source names it."""


class NamedSchema(OpenApiSerializerFieldExtension):
    """By id, number or e-mail address, or as the source calls it."""

    target_class = Named

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        theirs = {"type": "object", "properties": {"external_id": {"type": "string"}}, "required": ["external_id"]}
        return {
            "oneOf": [{"type": "integer"}, {"type": "string"}, {**theirs, "additionalProperties": False}],
            "examples": [{"external_id": "V-1"}],
        }


@cache
def body_of(model: type[Record]) -> Any:
    """The shape of a call for the schema; the items are read by martech.sync.items."""
    fields: dict[str, Any] = {
        "external_id": shapes.CharField(max_length=LONGEST_ID, help_text="What the source calls it."),
        "same_as": shapes.CharField(
            required=False, help_text="The number of the record it is, or “new”, where that is in question."
        ),
        "external_ids": ExternalId(many=True, required=False, help_text="What further sources call it."),
    }
    for name, column in columns(model).items():
        if name in model.fields_to_set():
            free: dict[str, Any] = {"required": False, "allow_null": True}
            one = column.shape == "reference"
            fields[name] = Named(**free) if one else serializers.of_column(model, column, **free)
    item = type(f"{model.__name__}Item", (shapes.Serializer,), {**fields, "__doc__": "A record as a source knows it."})
    return type(
        f"{model.__name__}Sync",
        (serializers.Strict,),
        {
            "__doc__": "A list of a source.",
            "source": shapes.CharField(max_length=LONGEST_SOURCE, help_text="The name of the source, such as erp."),
            "mode": shapes.ChoiceField(
                choices=[PARTIAL, FULL],
                default=PARTIAL,
                help_text="full: what the source made and no longer lists is retired.",
            ),
            "dry_run": shapes.BooleanField(default=False, help_text="Tell what would become of it and write nothing."),
            "atomic": shapes.BooleanField(default=False, help_text="One bad item undoes all."),
            "confirm_retire": shapes.BooleanField(
                default=False, help_text="A full list may retire more than a tenth of what the source has."
            ),
            "items": shapes.ListField(child=item(), max_length=MOST),
        },
    )


class Synced(RecordViewSet):
    """Collections that sources keep in step: `POST <collection>/sync/`."""

    body_limit: ClassVar[int]

    def sync(self, request: Request) -> Response:
        """Create or update by (source, external id). One call is one transaction: all of it is done, or nothing."""
        self.visible_at_all()
        asked = request.data
        if not isinstance(asked, dict):
            raise ValidationError("Send an object.")
        errors = dict.fromkeys(asked.keys() - ASKED, "There is no such field.")
        errors |= {name: "This is needed." for name in ("source", "items") if name not in asked}
        switches = {name: asked.get(name, False) for name in ("dry_run", "atomic", "confirm_retire")}
        errors |= {name: "Say true or false." for name, value in switches.items() if not isinstance(value, bool)}
        if errors:
            raise ValidationError(errors)
        run, answer = models.SyncRun.take(
            self.model,
            by=request.user,
            source=asked["source"],
            items=asked["items"],
            mode=asked.get("mode", PARTIAL),
            **switches,
        )
        return Response(
            {
                "run": run.number if run else None,
                "source": asked["source"].strip(),
                "mode": asked.get("mode", PARTIAL),
                "dry_run": switches["dry_run"],
                **told(answer, self.model, request.user),
            }
        )

    @classmethod
    def urls(cls) -> list[URLPattern]:
        noun = str(cls.model._meta.verbose_name_plural)
        described = extend_schema(
            request=body_of(cls.model),
            responses=SyncAnswer,
            summary=f"Sync {noun} from a source",
            description=(
                f"Creates or updates up to {MOST:,} {noun} by (source, external id) and says what became of each. A"
                " value that a person set is left as it is and told as a difference. An item that may be a record here"
                " is not created: its `matches` are told, and `same_as` answers them."
            ),
        )(fresh_sync(cls))
        one: Any = type(f"{cls.__name__}Sync", (cls,), {"sync": described, "body_limit": LARGEST_BULK})
        name = f"api-{cls.model._meta.model_name}-sync"
        return [path(f"{cls.path}/sync/", one.as_view({"post": "sync"}), name=name), *super().urls()]


def fresh_sync(cls: type[Synced]) -> Any:
    """The method as a function of its own, to carry the schema of its kind."""

    def sync(self: Synced, request: Request) -> Response:
        return Synced.sync(self, request)

    sync.__doc__ = Synced.sync.__doc__
    return sync


def told(answer: Answer, model: type[Record], user: Any) -> dict[str, Any]:
    """An answer as REST tells it."""
    for one, shown in zip(
        answer.items, reports.unnamed(model, [one.differences for one in answer.items], user), strict=True
    ):
        one.differences = shown
    return {
        "totals": answer.totals,
        "items": [of_item(one) for one in answer.items],
        "retired": [of_record(one) for one in answer.retired],
        "kept": [of_record(one) for one in answer.kept],
    }


def of_item(one: Told) -> dict[str, Any]:
    made: dict[str, Any] = {
        "external_id": one.external_id,
        "outcome": one.outcome,
        "id": one.key,
        "number": one.number or None,
    }
    if one.errors:
        made["errors"] = one.errors
    if one.differences:
        made["differences"] = one.differences
    if one.matches:
        made["matches"] = [like.told for like in one.matches]
    return made


def of_record(one: Told) -> dict[str, Any]:
    reason = " ".join(line for lines in one.errors.values() for line in lines)
    return {"external_id": one.external_id, "id": one.key, "number": one.number, "reason": reason}


class SyncRuns(RecordViewSet):
    model = models.SyncRun
    filterset_class = filters.SyncRuns
    path = "sync-runs"

    @extend_schema(
        responses=pagination.envelope_of(RowAnswer),
        summary="What a sync left to look at",
        parameters=[
            parameters.asked(
                "section", {"type": "string", "enum": list(reports.SECTIONS)}, "Only these.", "differences"
            ),
            *parameters.PAGES,
        ],
    )
    def report(self, request: Request, key: tuple[str, int]) -> Response:
        """Items with errors, differences or likenesses, and records that a full list left out."""
        run = self.held(key)
        unknown = request.query_params.keys() - {"section", "limit", "offset", "count"}
        if unknown:
            raise ValidationError(dict.fromkeys(unknown, "There is no such parameter."))
        name = request.query_params.get("section", "")
        if name and name not in reports.SECTIONS:
            raise ValidationError({"section": f"Choose one of {', '.join(reports.SECTIONS)}."})
        found = reports.section(run, request.user, name) if name else reports.rows(run, request.user)
        page, envelope = pagination.cut(found, request)
        return Response(pagination.fill(envelope, reports.told(run, list(page), request.user)))

    @classmethod
    def urls(cls) -> list[URLPattern]:
        return [
            *super().urls(),
            path("sync-runs/<record:key>/rows/", cls.as_view({"get": "report"}), name="api-syncrun-rows"),
        ]
