"""The endpoint of a system's matrix: its letters on a day, and arranging them."""

from datetime import date
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import URLPattern, path
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import serializers as shapes
from rest_framework.request import Request
from rest_framework.response import Response

from governance import letters, reports
from governance.days import day_given
from governance.models import Activity, Assignment
from inventory import filters
from inventory.models import System
from martech.permissions import engine
from martech.rest import pagination, serializers
from martech.rest.schema import parameters
from martech.rest.viewsets import RecordViewSet

ON = parameters.asked("on", {"type": "string", "format": "date"}, "A day; by default today.", "2026-05-03")
MOST = 2000
"""Cells that one call arranges at most."""


class Given(shapes.Serializer[Any]):
    """A letter somebody holds."""

    assignment = shapes.IntegerField(allow_null=True, help_text="Empty for one that is only planned.")
    activity = shapes.IntegerField()
    person = shapes.IntegerField(allow_null=True)
    function = shapes.IntegerField(allow_null=True)
    letter = shapes.ChoiceField(choices=list(letters.ORDER))
    from_on = shapes.DateField()
    to_on = shapes.DateField(allow_null=True)


class Step(shapes.Serializer[Any]):
    """An activity and its letters."""

    id = shapes.IntegerField()
    code = shapes.CharField()
    name = shapes.CharField()
    phase = shapes.CharField()
    required = shapes.BooleanField(help_text="Whether the tier of the system requires somebody for it.")
    missing = shapes.ListField(child=shapes.CharField(), help_text="What a required activity lacks.")
    hidden = shapes.ListField(child=shapes.CharField(), help_text="What somebody is whom the asker may not see.")
    letters = Given(many=True)


class Holder(shapes.Serializer[Any]):
    """A person or a function that holds letters."""

    person = shapes.IntegerField(allow_null=True)
    function = shapes.IntegerField(allow_null=True)
    name = shapes.CharField()


class MatrixOfSystem(shapes.Serializer[Any]):
    """The letters of a system on a day."""

    system = shapes.IntegerField()
    on = shapes.DateField()
    holders = Holder(many=True)
    activities = Step(many=True)


class ArrangedCell(serializers.Strict):
    """What a person or a function is to be for an activity: part of RACI; empty clears it."""

    activity = shapes.CharField(max_length=40, help_text="Code, id or number of an activity.")
    person = serializers.Reference(prefix="PER", required=False, allow_null=True)
    function = serializers.Reference(prefix="FUN", required=False, allow_null=True)
    letters = shapes.CharField(max_length=4, allow_blank=True)


class ArrangedLetters(serializers.Strict):
    """Cells to arrange; those not named stay."""

    letters = ArrangedCell(many=True)
    on = shapes.DateField(required=False, help_text="From this day on; by default today.")
    note = serializers.Text(required=False, allow_blank=True, max_length=2000, help_text="The reason.")
    complete = serializers.Truth(
        required=False, help_text="Of the activities named, whoever is not named loses their letters."
    )
    dry_run = serializers.Truth(required=False, help_text="Tell what would happen and do nothing.")


class Arranged(shapes.Serializer[Any]):
    """What happened to the letters, or would."""

    on = shapes.DateField()
    dry_run = shapes.BooleanField()
    begins = Given(many=True)
    ends = Given(many=True)
    cancelled = Given(many=True)
    stays = Given(many=True)
    sentences = shapes.ListField(child=shapes.CharField())


class Matrices(RecordViewSet):
    """Who does what for a system."""

    model = System
    filterset_class = filters.Systems
    path = "systems"
    judges_query: ClassVar[frozenset[str]] = frozenset({"matrix"})

    @extend_schema(responses=MatrixOfSystem, summary="The RACI matrix of a system", parameters=[ON])
    def matrix(self, request: Request, key: tuple[str, int]) -> Response:
        """Activities in order with their letters as they stood on a day, and what required ones lack."""
        pagination.known(request, {"on"})
        system = self.held(key)
        on = day_given(request.query_params.get("on", ""))
        seen = reports.matrix(system, request.user, on)
        steps = [
            {
                "id": row.activity.pk,
                "code": row.activity.code,
                "name": row.activity.name,
                "phase": row.activity.phase,
                "required": row.required,
                "missing": row.missing,
                "hidden": row.hidden,
                "letters": [_row(one) for one in row.held],
            }
            for row in seen.rows
        ]
        holders = [{**_split(one.key), "name": one.name} for one in seen.columns]
        return Response({"system": system.pk, "on": on, "holders": holders, "activities": steps})

    @extend_schema(request=ArrangedLetters, responses=Arranged, summary="Arrange the letters of a system")
    def arrange(self, request: Request, key: tuple[str, int]) -> Response:
        """All of it in one act, or nothing; a new accountable person follows the former. Days before stay as they were.

        Asked the same again it changes nothing. Whoever holds the letters of a system elsewhere sends all of them with
        `complete`; with `dry_run` the answer tells what would happen, and the call without it then does just that.
        """
        system = self.held(key)
        if not engine.may(request.user, "inventory.change_system", system):
            raise PermissionDenied
        taken: Any = ArrangedLetters(data=request.data)
        taken.is_valid(raise_exception=True)
        given = dict(taken.validated_data)
        wanted = _wanted(given["letters"])
        on = given.get("on") or timezone.localdate()
        by, complete = request.user, bool(given.get("complete"))
        if given.get("dry_run"):
            plan = Assignment.planned(system, wanted, on, by=by, complete=complete)
        else:
            plan = Assignment.arrange(system, wanted, by=by, on=on, note=given.get("note", ""), complete=complete)
        return Response(arranged(plan, tried=bool(given.get("dry_run"))))

    @classmethod
    def urls(cls) -> list[URLPattern]:
        doors = cls.as_view({"get": "matrix", "post": "arrange"})
        return [path("systems/<record:key>/raci/", doors, name="api-system-raci")]


def _wanted(cells: list[dict[str, Any]]) -> dict[letters.Cell, str]:
    """Cells as `Assignment.arrange` takes them; ValidationError where one is unclear or given twice."""
    if len(cells) > MOST:
        raise ValidationError({"letters": f"At most {MOST} cells at once."})
    codes = dict(Activity.objects.filter(retired_at=None).values_list("code", "pk"))
    wanted: dict[letters.Cell, str] = {}
    for place, cell in enumerate(cells, start=1):
        asked = cell["activity"].removeprefix("ACT-")
        activity = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else codes.get(asked)
        person, function = cell.get("person"), cell.get("function")
        if activity is None:
            raise ValidationError({"letters": f"Item {place}: there is no such activity."})
        if (person is None) == (function is None):
            raise ValidationError({"letters": f"Item {place}: name a person or a function, one of the two."})
        named = (activity, f"person-{person}" if person is not None else f"function-{function}")
        if named in wanted:
            raise ValidationError({"letters": f"Item {place}: this activity and holder are given twice."})
        wanted[named] = cell["letters"]
    return wanted


def arranged(plan: letters.Plan, *, tried: bool) -> dict[str, Any]:
    """A plan as `Arranged` shows it, whether it was done or only tried."""
    names = ("begins", "ends", "cancelled", "stays")
    parts = {name: [_planned(one) for one in getattr(plan, name)] for name in names}
    return {"on": plan.on, "dry_run": tried, **parts, "sentences": reports.told(plan, reports.named(plan))}


def _split(holder: str) -> dict[str, int | None]:
    kind, key = letters.split(holder)
    return {"person": None, "function": None, kind: key}


def _row(one: Assignment) -> dict[str, Any]:
    told = ("letter", "from_on", "to_on")
    keys = {"activity": one.activity_id, "person": one.person_id, "function": one.function_id}
    return {"assignment": one.pk, **keys, **{name: getattr(one, name) for name in told}}


def _planned(one: letters.Held | letters.Begun) -> dict[str, Any]:
    if isinstance(one, letters.Held):
        key, to_on = one.key, None if one.last_on == date.max else one.last_on
    else:
        key, to_on = None, one.to_on
    whole = {"activity": one.activity, **_split(one.holder)}
    return {"assignment": key, **whole, "letter": one.letter, "from_on": one.from_on, "to_on": to_on}
