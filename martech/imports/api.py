"""The endpoints of imports: a file is sent as a form, the rest are operations of the import."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from martech.imports import filters, models, targets
from martech.rest import serializers
from martech.rest.viewsets import RecordViewSet


class Upload(serializers.Strict):
    """A file and what it holds."""

    kind = shapes.ChoiceField(choices=list(targets.KINDS))
    content = shapes.FileField()


class Imports(RecordViewSet):
    model = models.ImportBatch
    filterset_class = filters.Imports
    path = "imports"

    def get_parsers(self) -> list[Any]:
        return [MultiPartParser()] if getattr(self, "action_map", {}).get("post") == "create" else super().get_parsers()

    @extend_schema(
        request={"multipart/form-data": Upload},
        responses={201: serializers.of_record(models.ImportBatch)},
        summary="Bring a file to import",
    )
    def create(self, request: Request) -> Response:
        """A new import: read, and its columns mapped as far as their words lead; settle the rest by PATCH."""
        self.permitted("add")
        taken = Upload(data=self.uploaded(request))
        taken.is_valid(raise_exception=True)
        file = taken.validated_data["content"]
        batch = models.ImportBatch.add(
            by=request.user, kind=taken.validated_data["kind"], file_name=file.name, content=file.read()
        )
        return self.shown(batch, 201)
