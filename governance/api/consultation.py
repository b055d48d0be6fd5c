"""The endpoints of consultations."""

from typing import Any

from django.db.models import F
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from governance import filters, models
from martech.rest.viewsets import RecordViewSet


class Opinion(shapes.Serializer[Any]):
    """What one of those asked says."""

    person = shapes.IntegerField()
    person_name = shapes.CharField()
    answer = shapes.ChoiceField(choices=[("", "Not yet"), *models.Opinion.Answer.choices])
    note = shapes.CharField()
    answered_at = shapes.DateTimeField(allow_null=True)


class Consultations(RecordViewSet):
    model = models.Consultation
    filterset_class = filters.Consultations
    path = "consultations"

    @extend_schema(responses=Opinion(many=True), summary="Who was asked in a consultation, and what they say")
    def opinions(self, request: Request, key: tuple[str, int]) -> Response:
        """Everybody who was asked, by name; `answer` is empty until they say something."""
        rows = self.held(key).opinions.order_by("person__name", "pk")
        return Response(list(rows.values("person", "answer", "note", "answered_at", person_name=F("person__name"))))

    @classmethod
    def urls(cls) -> list[URLPattern]:
        one = "consultations/<record:key>/opinions/"
        return [*super().urls(), path(one, cls.as_view({"get": "opinions"}), name="api-consultation-opinions")]
