"""The endpoints of one kind of record: list, detail, create, change and every verb. The twin of martech.web.views."""

import re
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.urls import URLPattern, path
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSetMixin

from martech import arguments, exporting, lists, locking
from martech.errors import Stale
from martech.filtering import Filters, Question
from martech.operations import Record
from martech.permissions import engine
from martech.records.models import Follow
from martech.rest import pagination, serializers
from martech.rest.views import View

COLLECTIONS: dict[str, str] = {}
"""Label of a model -> path of its collection, e.g. inventory.system -> systems."""
ETAG = re.compile(r'(?:W/)?"(\d{1,9})"')


class RecordViewSet(ViewSetMixin, View):
    """Subclass with the names of things; the rest is here."""

    model: ClassVar[type[Record]]
    filterset_class: ClassVar[type[Filters]]
    path: ClassVar[str]
    verb: str = ""

    # Reading

    def index(self, request: Request) -> Any:
        """A page of the records you see."""
        self.visible_at_all()
        request._request.GET = self.filterset_class.joined(request.query_params)
        asked = self.filterset_class.read(request.query_params, request.user)
        names = self.names(request)
        format = request.query_params.get("format", "json")
        if format == "json":
            return Response(self.page(names, asked))
        if format not in {"csv", "xlsx"}:
            raise ValidationError({"format": "Choose json, csv or xlsx."})
        rows = engine.scope(request.user, self.model._base_manager.all())
        rows = self.filterset_class.narrow(rows, request.query_params, request.user)
        return exporting.answer(self.model, rows, names, request.user, f"{self.path}.{format}")

    def page(self, names: tuple[str, ...], asked: tuple[Question, list[Any]]) -> dict[str, Any]:
        """The asked part of the list."""
        user, part = self.request.user, pagination.envelope(self.request)
        question = (self.filterset_class, *asked)
        if part["kind"] == "cursor":
            made = lists.walk(self.model, names, question, user, limit=part["limit"], after=part["after"])
        else:
            made, part["count"] = lists.page(
                self.model,
                names,
                question,
                user,
                limit=part["limit"],
                offset=part["offset"],
                counted=part["counted"],
            )
        if "verbs" in self.request.query_params.get("fields", "").split(","):
            rows = self.model._base_manager.filter(pk__in=[row["id"] for row in made])
            held = {record.pk: record.verbs(user) for record in rows}
            made = [{**row, "verbs": held[row["id"]]} for row in made]
        return pagination.fill(part, made)

    def retrieve(self, request: Request, key: tuple[str, int]) -> Response:
        """One record, with what you may do to it now."""
        prefix, number = key
        found = lists.one(self.model, number, request.user) if prefix in {"", self.model.PREFIX} else None
        if found is None:
            raise Http404
        return self.shown(self.held(key)) if found.became else self.told(found)

    # Writing

    def create(self, request: Request) -> Response:
        """A new record."""
        self.permitted("add")
        taken = serializers.of_record(self.model)(data=request.data)
        taken.is_valid(raise_exception=True)
        record = self.model.add(by=request.user, **self.allowed(taken.validated_data))
        response = self.shown(record, 201)
        response["Location"] = f"{request.path}{record.pk}/"
        return response

    def partial_update(self, request: Request, key: tuple[str, int]) -> Response:
        """Change the named fields and no other."""
        record = self.expected(self.held(key))
        self.permitted("change", record)
        taken = serializers.of_record(self.model)(data=request.data, partial=True)
        taken.is_valid(raise_exception=True)
        given = self.allowed(taken.validated_data)
        try:
            return self.shown(record.change(by=request.user, **given))
        except Stale as stale:
            found = lists.one(self.model, key[1], request.user, scoped=False)
            now = found.row if found else {}
            told = {name: (now[name], value) for name, value in given.items() if name in now and now[name] != value}
            raise Stale(str(stale), told) from stale

    def operate(self, request: Request, key: tuple[str, int]) -> Response:
        """One act on one record."""
        record = self.expected(self.held(key))
        self.permitted(self.verb, record)
        taken = serializers.of_verb(self.model, self.verb)(data=request.data or {})
        taken.is_valid(raise_exception=True)
        given = dict(taken.validated_data)
        for asked in arguments.arguments(self.model, self.verb):
            if asked.related is not None and given.get(asked.name) is not None:
                given[asked.name] = arguments.resolved(asked.related, given[asked.name], request.user, asked.name)
        return self.shown(getattr(record, self.verb)(by=request.user, **given))

    def follow(self, request: Request, key: tuple[str, int]) -> Response:
        """Hear of what happens to it, or no longer."""
        record = self.held(key)
        self.nothing_asked(request)
        (Follow.begin if self.verb == "follow" else Follow.end)(record, request.user)
        return self.shown(record)

    # Plumbing

    def visible_at_all(self) -> None:
        if engine.condition(engine.shape(self.request.user), engine.name(self.model, "view")) is False:
            raise Http404

    def permitted(self, verb: str, record: Any = None) -> None:
        """Who may not do this is told so, and not what would be wrong with it; the operation asks again."""
        permission = engine.name(self.model, verb)
        verdict = engine.condition(engine.shape(self.request.user), permission)
        if verdict is False:
            raise PermissionDenied
        if record is not None and verdict is not True and not engine.may(self.request.user, permission, record):
            raise PermissionDenied

    def held(self, key: tuple[str, int]) -> Any:
        prefix, number = key
        if prefix not in {"", self.model.PREFIX}:
            raise Http404
        record: Any = locking.found(self.model, number, self.request.user)
        if record is None:
            raise Http404
        return getattr(record, "survivor", record)

    def expected(self, record: Any) -> Any:
        """The record with the version the client saw, where it says so by If-Match."""
        given = self.request.headers.get("If-Match", "").strip()
        if given and given != "*":
            match = ETAG.fullmatch(given)
            record.expected_version = int(match[1]) if match else -1
        return record

    def allowed(self, fields: dict[str, Any]) -> dict[str, Any]:
        """The fields, none of them hidden from this actor."""
        hidden = engine.hidden_fields(self.request.user, self.model) & set(fields)
        if hidden:
            raise ValidationError(dict.fromkeys(hidden, "There is no such field."))
        return fields

    def names(self, request: Request) -> tuple[str, ...]:
        """The columns asked for by `fields`, or all the actor sees."""
        known = lists.seen(self.model, request.user)
        asked = [name for name in request.query_params.get("fields", "").split(",") if name and name != "verbs"]
        unknown = [name for name in asked if name not in known]
        if unknown:
            raise ValidationError({"fields": f"There is no field {unknown[0]:.60}."})
        return tuple(dict.fromkeys(asked)) or lists.usual(self.model, request.user)

    def shown(self, record: Any, status: int = 200) -> Response:
        """The record as it stands, read as a list reads it, with its version as ETag."""
        found = lists.one(self.model, record.pk, self.request.user, scoped=False)
        if found is None:
            raise Http404
        secret = getattr(record, "secret", "")
        return self.told(found, status, **({"secret": secret} if secret else {}))

    def told(self, found: lists.Found, status: int = 200, **beside: Any) -> Response:
        body = {**found.row, "verbs": found.verbs, **beside}
        return Response(body, status=status, headers={"ETag": f'"{found.version}"'})

    @classmethod
    def urls(cls) -> list[URLPattern]:
        """Every route of this kind of record."""
        name = cls.model._meta.model_name
        COLLECTIONS[cls.model._meta.label_lower] = cls.path
        one = f"{cls.path}/<record:key>/"
        made = [
            path(f"{cls.path}/", cls.as_view({"get": "index", "post": "create"}), name=f"api-{name}-list"),
            path(one, cls.as_view({"get": "retrieve", "patch": "partial_update"}), name=f"api-{name}-detail"),
        ]
        for verb in cls.model.OPERATIONS:
            if verb not in {"add", "change"}:
                made.append(
                    path(
                        f"{one}{verb}/",
                        cls.as_view({"post": "operate"}, verb=verb),
                        name=f"api-{name}-{verb}",
                    )
                )
        for verb in ("follow", "unfollow"):
            made.append(path(f"{one}{verb}/", cls.as_view({"post": "follow"}, verb=verb), name=f"api-{name}-{verb}"))
        return made
