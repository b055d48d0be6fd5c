"""The endpoints of documents: sent as a form with a file, read as records."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Model
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from martech import timeline
from martech.files import filters, models
from martech.permissions import engine
from martech.rest import serializers
from martech.rest.viewsets import RecordViewSet


class DocumentUpload(serializers.Strict):
    """A file for a record."""

    kind = shapes.CharField(help_text="Kind of record, such as inventory.system.")
    key = shapes.IntegerField(min_value=1, help_text="Its id.")
    content = shapes.FileField()
    note = shapes.CharField(required=False, allow_blank=True, max_length=200)


class Documents(RecordViewSet):
    model = models.Document
    filterset_class = filters.Documents
    path = "documents"

    def get_parsers(self) -> list[Any]:
        return [MultiPartParser()] if getattr(self, "action_map", {}).get("post") == "create" else super().get_parsers()

    @extend_schema(
        request={"multipart/form-data": DocumentUpload},
        responses={201: serializers.of_record(models.Document)},
        summary="Attach a document",
    )
    def create(self, request: Request) -> Response:
        """A document for a record you see."""
        taken = DocumentUpload(data=self.uploaded(request))
        taken.is_valid(raise_exception=True)
        given = taken.validated_data
        subject = self.subject(given["kind"], given["key"])
        document = models.Document.add(
            by=request.user, subject=subject, content=given["content"], note=given.get("note", "")
        )
        return self.shown(document, 201)

    def subject(self, kind: str, key: int) -> Model:
        """The record the document is for; a hidden one and a missing one are the same answer."""
        model = timeline.kinds().get(kind)
        found = engine.scope(self.request.user, model._base_manager.filter(pk=key)).first() if model else None
        if found is None:
            raise ValidationError({"key": "There is no such record."})
        return found
