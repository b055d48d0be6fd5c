"""The endpoints of operating models, and of applying one to a system."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from governance import filters, models
from governance.api.matrix import Arranged, arranged
from inventory.models import System
from martech import locking
from martech.permissions import engine
from martech.rest import serializers
from martech.rest.viewsets import RecordViewSet


class Applied(serializers.Strict):
    """The system whose letters are to be those of the model."""

    system = serializers.Reference(prefix="SYS")
    on = shapes.DateField(required=False, help_text="From this day on; by default today.")
    note = serializers.Text(required=False, allow_blank=True, max_length=2000, help_text="The reason.")
    dry_run = serializers.Truth(required=False, help_text="Tell what would happen and do nothing.")
    mark = serializers.Text(
        required=False,
        allow_blank=True,
        max_length=32,
        help_text="That of the dry run you decided by: 412 where something else would happen by now.",
    )


class Nobody(shapes.Serializer[Any]):
    """A role that is nobody for the system."""

    activity = shapes.CharField(help_text="Code of the activity.")
    role = shapes.CharField()


class AppliedLetters(Arranged):
    """What happened to the letters, or would, and which roles are nobody."""

    mark = shapes.CharField(help_text="The same for two answers of which the same happens.")
    nobody = Nobody(many=True)


class OperatingModels(RecordViewSet):
    model = models.OperatingModel
    filterset_class = filters.OperatingModels
    path = "operating-models"

    @extend_schema(request=Applied, responses=AppliedLetters, summary="Apply an operating model to a system")
    def apply(self, request: Request, key: tuple[str, int]) -> Response:
        """The letters of the system become those of the model, in one act; a letter whose role is nobody stays."""
        model: models.OperatingModel = self.held(key)
        if not engine.possible(request.user, "inventory.change_system"):
            raise PermissionDenied
        taken: Any = Applied(data=request.data)
        taken.is_valid(raise_exception=True)
        given = dict(taken.validated_data)
        system: Any = locking.found(System, given["system"], request.user)
        if system is None:
            raise ValidationError({"system": "There is no such record."})
        if not engine.may(request.user, "inventory.change_system", system):
            raise PermissionDenied
        on, tried = given.get("on") or timezone.localdate(), bool(given.get("dry_run"))
        if tried:
            done = model.planned(system, on, by=request.user)
        else:
            done = model.apply(system, by=request.user, on=on, note=given.get("note", ""), mark=given.get("mark", ""))
        nobody = [{"activity": activity, "role": role} for activity, role in done.nobody]
        return Response({**arranged(done.plan, tried=tried), "mark": done.plan.mark, "nobody": nobody})

    @classmethod
    def urls(cls) -> list[URLPattern]:
        door = path(f"{cls.path}/<record:key>/apply/", cls.as_view({"post": "apply"}), name="api-operating-model-apply")
        return [door, *super().urls()]
