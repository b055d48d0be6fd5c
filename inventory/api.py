"""The endpoints of the inventory."""

from typing import Any

from django.db.models import F
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from inventory import filters, models, reports
from martech.rest.viewsets import RecordViewSet
from martech.sync.api import Synced


class Vendors(Synced):
    model = models.Vendor
    filterset_class = filters.Vendors
    path = "vendors"


class Capabilities(RecordViewSet):
    model = models.Capability
    filterset_class = filters.Capabilities
    path = "capabilities"


class Use(shapes.Serializer[Any]):
    """A function's part in a system."""

    function = shapes.IntegerField()
    function_name = shapes.CharField()
    part = shapes.ChoiceField(choices=models.SystemUse.Part.choices)
    purpose = shapes.CharField()
    people = shapes.IntegerField(allow_null=True)


class Impact(shapes.Serializer[Any]):
    """A system that loses data when another goes."""

    system = shapes.IntegerField()
    system_name = shapes.CharField()
    steps = shapes.IntegerField()
    integration = shapes.IntegerField()
    through = shapes.CharField()


class Systems(Synced):
    model = models.System
    filterset_class = filters.Systems
    path = "systems"

    @extend_schema(responses=Use(many=True), summary="Functions that use, feed or receive from a system")
    def uses(self, request: Request, key: tuple[str, int]) -> Response:
        """Each function's part in the system, by part and name."""
        rows = self.held(key).uses.order_by("part", "function__name")
        return Response(list(rows.values("function", "part", "purpose", "people", function_name=F("function__name"))))

    @extend_schema(responses=Impact(many=True), summary="What breaks if a system goes")
    def impact(self, request: Request, key: tuple[str, int]) -> Response:
        """Systems that would lose data, nearest first, and the integration through which they would."""
        found = reports.impact(self.held(key), request.user)
        return Response(
            [
                {
                    "system": hit.system.pk,
                    "system_name": hit.system.name,
                    "steps": hit.steps,
                    "integration": hit.integration,
                    "through": hit.through,
                }
                for hit in found
            ]
        )

    @classmethod
    def urls(cls) -> list[URLPattern]:
        return [
            *super().urls(),
            path("systems/<record:key>/uses/", cls.as_view({"get": "uses"}), name="api-system-uses"),
            path("systems/<record:key>/impact/", cls.as_view({"get": "impact"}), name="api-system-impact"),
        ]


class Contracts(RecordViewSet):
    model = models.Contract
    filterset_class = filters.Contracts
    path = "contracts"


class Integrations(RecordViewSet):
    model = models.Integration
    filterset_class = filters.Integrations
    path = "integrations"


class DataObjects(RecordViewSet):
    model = models.DataObject
    filterset_class = filters.DataObjects
    path = "data-objects"


class DataSources(RecordViewSet):
    model = models.DataSource
    filterset_class = filters.DataSources
    path = "data-sources"


class Assurances(RecordViewSet):
    model = models.Assurance
    filterset_class = filters.Assurances
    path = "assurances"
