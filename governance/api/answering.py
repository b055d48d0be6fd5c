"""The endpoint that says who answers for a system now, or answered on a day."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.urls import URLPattern, path
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from governance.days import day_given
from governance.models import Activity
from inventory import filters
from inventory.models import System
from martech.permissions import engine
from martech.permissions.relations import EVERYTHING, HOLDERS
from martech.rest import pagination
from martech.rest.schema import parameters
from martech.rest.viewsets import RecordViewSet

CODE = {"type": "string", "pattern": "^[a-z_]+$"}
ASKED = {
    "activity": parameters.asked("activity", CODE, "Code of an activity; by default `operate`.", "support"),
    "on": parameters.asked("on", {"type": "string", "format": "date"}, "A day; by default today.", "2026-05-03"),
}


class Named(shapes.Serializer[Any]):
    """Somebody who answers."""

    id = shapes.IntegerField()
    name = shapes.CharField()
    deputy = shapes.IntegerField(allow_null=True, help_text="Id of whoever stands in for them that day in everything.")
    deputy_name = shapes.CharField(allow_null=True)


class Answer(shapes.Serializer[Any]):
    """Who answers as one of the four."""

    word = shapes.ChoiceField(choices=[*HOLDERS])
    people = Named(many=True)
    why = shapes.CharField(help_text="Why they are asked where they do not hold the letter; empty where they do.")


class Answers(RecordViewSet):
    """Who is accountable, responsible, consulted and informed for a system."""

    model = System
    filterset_class = filters.Systems
    path = "systems"
    judges_query: ClassVar[frozenset[str]] = frozenset({"answers"})

    @extend_schema(responses=Answer(many=True), summary="Who answers for a system", parameters=[*ASKED.values()])
    def answers(self, request: Request, key: tuple[str, int]) -> Response:
        """For one activity, on one day; a letter of a function is answered by its head, deputy or people.

        Whoever sees the system is told: names, not the letters they hold.
        """
        pagination.known(request, {*ASKED})
        system = self.held(key)
        activity = request.query_params.get("activity", "operate")
        if "\0" in activity or not Activity.objects.filter(code=activity).exists():
            raise ValidationError({"activity": "There is no such activity."})
        day = day_given(request.query_params.get("on", ""))
        told = {word: engine.answer(system, word, activity=activity, on=day) for word in HOLDERS}
        deputies = engine.deputies({one.pk for each in told.values() for one in each.people}, EVERYTHING, on=day)

        def named(one: engine.Person) -> dict[str, Any]:
            deputy = deputies.get(one.pk)
            return {
                "id": one.pk,
                "name": one.name,
                "deputy": deputy and deputy.pk,
                "deputy_name": deputy and deputy.name,
            }

        return Response(
            [
                {"word": word, "people": [named(one) for one in answer.people], "why": answer.why}
                for word, answer in told.items()
            ]
        )

    @classmethod
    def urls(cls) -> list[URLPattern]:
        return [path("systems/<record:key>/answers/", cls.as_view({"get": "answers"}), name="api-system-answers")]
