"""The pages of one kind of record: list, detail, forms and acts. Each makes one call to the record."""

from collections.abc import Callable
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.urls import URLPattern, path, register_converter
from django.utils.decorators import classonlymethod
from django.views.decorators.http import require_http_methods

from martech import arguments, exporting
from martech.columns import visible
from martech.errors import Refused, Stale
from martech.filtering import Filters
from martech.operations import Record
from martech.permissions import engine
from martech.records.models import Follow
from martech.verbs import verb as words_of
from martech.web import beside, bulk, cells, conflicts, forms, hand, links, saved, sending, story
from martech.web.converters import RecordKey
from martech.web.listing import Listing

register_converter(RecordKey, "record")

View = Callable[..., HttpResponse]


class RecordViews:
    """Subclass with the names of things; the rest is here. The REST twin is martech.rest.viewsets.RecordViewSet."""

    model: ClassVar[type[Record]]
    filterset_class: ClassVar[type[Filters]]
    path: ClassVar[str]
    icon: ClassVar[str] = "document"
    columns: ClassVar[tuple[str, ...]] = ()
    """Columns of the list where nobody chose any."""
    fieldsets: ClassVar[tuple[tuple[str, tuple[str, ...]], ...]] = ()
    """The form: (heading, fields)."""
    facts: ClassVar[tuple[str, ...]] = ()
    """The line of facts on a record's first screen."""
    related: ClassVar[tuple[str, ...]] = ()
    """What the detail page follows in the same statement."""
    lead: ClassVar[str] = ""
    """What belongs on this list, for its head and its empty state."""
    like_url: ClassVar[str] = ""
    """Where records with a similar name are told while somebody types one."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.user: Any = request.user

    # Lists

    def index(self) -> HttpResponse:
        if not engine.possible(self.user, engine.name(self.model, "view")):
            raise Http404
        listing = Listing(self.request, self.model, self.filterset_class, self.columns)
        return self.render(
            "list", {"listing": listing, "page_title": self.title, "lead": self.lead}, 422 if listing.errors else 200
        )

    def export(self, format: str) -> HttpResponseBase:
        listing = Listing(self.request, self.model, self.filterset_class, self.columns)
        if listing.errors:
            return self.index()
        names = ("id", *(("name",) if "name" in listing.known else ()), *listing.names)
        name = f"{self.path.rsplit('/', 1)[-1]}.{format}"
        return exporting.answer(self.model, listing.rows_asked, names, self.user, name)

    def bulk(self) -> HttpResponse:
        return bulk.answer(self)

    def save_view(self) -> HttpResponse:
        """Keep the list as it is now under a name, or change a view that is kept."""
        return saved.answer(self)

    # One record

    def detail(self, key: tuple[str, int]) -> HttpResponse:
        return self.show(self.get(key))

    def show(self, record: Any, status: int = 200, **extra: Any) -> HttpResponse:
        """The record's page; redrawn with a notice where an act was refused."""
        if record.pk != getattr(record, "survivor", record).pk:
            return redirect(links.of(record.survivor))
        told = story.of(record, self.user, visible(self.user, self.model), self.facts, self.fieldsets)
        context = {
            **told,
            **self.sections(record),
            **beside.of(record, self.user),
            "base": self.base,
            "icon": self.icon,
            "plural": self.title,
            **extra,
        }
        return self.render("detail", context, status)

    def sections(self, record: Any) -> dict[str, Any]:
        """What the page of this kind shows beyond facts, documents and story."""
        return {}

    def get(self, key: tuple[str, int]) -> Any:
        """The record in the hand; hidden, missing and numbered for another kind are the same 404."""
        prefix, number = key
        if prefix not in {"", self.model.PREFIX}:
            raise Http404
        return hand.get(self.user, self.model, self.related, number)

    def add(self, page: str = "form", **extra: Any) -> HttpResponse:
        """A new record. What the address names stands in the form already."""
        if not engine.possible(self.user, engine.name(self.model, "add")):
            raise PermissionDenied
        given = self.request.POST or None
        first = {name: value for name, value in self.request.GET.items() if name in self.names}
        form = forms.RecordForm(self.model, self.names, self.user, data=given, initial=None if given else first)
        if given and form.is_valid():
            try:
                return sending.done_once(
                    self.request, lambda: self.done(self.model.add(by=self.user, **form.values()), "add")
                )
            except ValidationError as error:
                form.tell(error)
        context = {
            "form": form,
            "fieldsets": self.grouped(form),
            "page_title": f"Add {self.article} {self.noun}",
            "action": f"Add {self.noun}",
            "like_url": self.like_url,
            **extra,
        }
        return self.render(page, context, 422 if given else 200)

    def change(self, key: tuple[str, int]) -> HttpResponse:
        record = self.get(key)
        if "change" not in hand.verbs(record, self.user):
            record.guard("change")
            raise PermissionDenied
        given = self.request.POST or None
        form = forms.RecordForm(self.model, self.names, self.user, record, data=given)
        open_ones: list[conflicts.Conflict] = []
        refused: dict[str, Any] = {}
        if given and form.is_valid():
            wanted, open_ones = conflicts.decided(form, record, self.request.POST)
            if not open_ones:
                record.expected_version = record.version
                try:
                    return self.done(record.change(by=self.user, **wanted), "change")
                except Stale:
                    return self.change(key)
                except ValidationError as error:
                    form.tell(error)
                except Refused as error:
                    refused = refusal(error)
        context = {
            "form": form,
            "fieldsets": self.grouped(form),
            "record": record,
            "conflicts": open_ones,
            **refused,
            "carried": [] if open_ones else conflicts.carried(self.request.POST),
            "page_title": f"Edit {record}",
            "action": "Save",
            "cancel_url": links.of(record),
        }
        return self.render("form", context, 409 if open_ones or refused else 422 if given else 200)

    def operate(self, key: tuple[str, int], verb: str) -> HttpResponse:
        """One act on one record: its form where it asks for something, the act itself on POST."""
        record = self.get(key)
        if verb in {"follow", "unfollow"}:
            (Follow.begin if verb == "follow" else Follow.end)(record, self.user)
            return redirect(links.of(record))
        if verb not in self.model.OPERATIONS or verb in {"add", "change"}:
            raise Http404
        if not engine.may(self.user, engine.name(self.model, verb), record):
            raise PermissionDenied
        given = self.request.POST if self.request.method == "POST" else None
        form = forms.ActForm(arguments.arguments(self.model, verb), self.user, record.version, data=given)
        try:
            if given is None:
                record.guard(verb)
            elif form.is_valid():
                version = form.cleaned_data["version"]
                if version is not None and verb not in FREE:
                    record.expected_version = version
                return sending.done_once(
                    self.request, lambda: self.done(getattr(record, verb)(by=self.user, **form.values()), verb)
                )
        except (Refused, Stale) as error:
            return self.show(self.get(key), 409, **refusal(error, self.request.POST.get("note", "")))
        except ValidationError as error:
            if verb in FREE:
                return self.show(
                    self.get(key),
                    422,
                    refusal=" ".join(error.messages),
                    typed=self.request.POST.get("note", ""),
                )
            forms.tell(form, error)
        spoken = words_of(verb)
        context = {
            "form": form,
            "record": record,
            "verb": verb,
            "words": spoken,
            "page_title": f"{spoken.label}: {record}",
            "action": spoken.label,
            "explanation": arguments.explanation(self.model, verb),
            "cancel_url": links.of(record),
            "becomes": self.becomes(record, verb),
            **self.before(record, verb),
        }
        return self.render("operate", context, 422 if given else 200)

    def becomes(self, record: Any, verb: str) -> str:
        """The state a verb leads to, as a badge; empty where it moves nothing."""
        code = self.model.FLOW.moves.get(verb, ((), None))[1]
        if code is None or code == record.state:
            return ""
        labels = dict(self.model._meta.get_field(self.model.STATE).flatchoices)  # type: ignore[union-attr]
        return cells.badge(str(self.model.TONES.get(code, "muted")), str(labels.get(code, code)))

    def before(self, record: Any, verb: str) -> dict[str, Any]:
        """What the form of a verb shows of its consequences."""
        return {}

    def done(self, record: Any, verb: str) -> HttpResponse:
        """After an act: back to where the record is shown."""
        messages.success(self.request, f"You {words_of(verb).done(str(record))}.")
        return HttpResponseRedirect(links.of(record) + STANDS_IN.get(verb, ""))

    # Plumbing

    @property
    def label(self) -> str:
        return self.model._meta.label_lower

    @property
    def base(self) -> str:
        return links.list_url(self.label)

    @property
    def noun(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def article(self) -> str:
        return "an" if self.noun[0] in "aeiou" else "a"

    @property
    def title(self) -> str:
        plural = str(self.model._meta.verbose_name_plural)
        return plural[:1].upper() + plural[1:]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(name for _, names in self.fieldsets for name in names)

    def grouped(self, form: forms.RecordForm) -> list[tuple[str, list[Any]]]:
        """The form's fields under their headings, without those this person may not set."""
        groups = [(heading, [form[name] for name in names if name in form.names]) for heading, names in self.fieldsets]
        return [(heading, fields) for heading, fields in groups if fields]

    def render(self, page: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
        """The kind's own template where it has one, else the generic one."""
        app, name = self.model._meta.app_label, self.model._meta.model_name
        template = select_template([f"{app}/{name}_{page}.html", f"generic/{page}.html"]).template.name  # type: ignore[attr-defined]
        crumbs = [] if page == "list" else [{"label": self.title, "url": self.base}]
        if context.get("record") is not None and page not in {"detail"}:
            crumbs.append({"label": context["record"].number, "url": links.of(context["record"])})
        full = {
            "kind": self.label,
            "noun": self.noun,
            "plural": self.title,
            "icon": self.icon,
            "base": self.base,
            "crumbs": crumbs,
            "once": sending.key(self.request),
            "can_add": engine.possible(self.user, engine.name(self.model, "add")),
            "can_change": engine.possible(self.user, engine.name(self.model, "change")),
            **context,
        }
        return render(self.request, template, full, status=status)

    @classonlymethod
    def addable(cls, user: Any) -> list["RecordViews"]:
        """Every kind of record with pages that this person may add to."""
        request = HttpRequest()
        request.user = user
        kinds = (kind(request) for kind in RecordViews.__subclasses__() if kind.model._meta.label_lower in links.PAGES)
        return [kind for kind in kinds if engine.standing(user, engine.name(kind.model, "add"))]

    @classonlymethod
    def view(cls, method: str, allowed: tuple[str, ...]) -> View:
        def answer(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            return getattr(cls(request), method)(**kwargs)

        answer.__name__ = f"{cls.__name__}.{method}"
        answer.record_views = cls  # type: ignore[attr-defined]
        return login_required(require_http_methods(allowed)(answer))

    @classonlymethod
    def urls(cls) -> list[URLPattern]:
        """Every route of this kind of record."""
        links.PAGES[cls.model._meta.label_lower] = f"/{cls.path}/"
        name = cls.model._meta.model_name
        reads, both = ("GET", "HEAD"), ("GET", "HEAD", "POST")
        return [
            path(f"{cls.path}/", cls.view("index", reads), name=f"{name}-list"),
            path(f"{cls.path}/new/", cls.view("add", both), name=f"{name}-add"),
            path(f"{cls.path}/bulk/", cls.view("bulk", ("POST",)), name=f"{name}-bulk"),
            path(f"{cls.path}/views/", cls.view("save_view", ("POST",)), name=f"{name}-views"),
            path(f"{cls.path}/export/csv/", cls.view("export", reads), {"format": "csv"}, name=f"{name}-csv"),
            path(f"{cls.path}/export/xlsx/", cls.view("export", reads), {"format": "xlsx"}, name=f"{name}-xlsx"),
            *cls.more(),
            path(f"{cls.path}/<record:key>/", cls.view("detail", reads), name=f"{name}-detail"),
            path(f"{cls.path}/<record:key>/change/", cls.view("change", both), name=f"{name}-change"),
            path(
                f"{cls.path}/<record:key>/follow/",
                cls.view("operate", ("POST",)),
                {"verb": "follow"},
                name=f"{name}-follow",
            ),
            path(
                f"{cls.path}/<record:key>/unfollow/",
                cls.view("operate", ("POST",)),
                {"verb": "unfollow"},
                name=f"{name}-unfollow",
            ),
            path(f"{cls.path}/<record:key>/documents/", cls.view("attach", ("POST",)), name=f"{name}-attach"),
            *(
                path(
                    f"{cls.path}/<record:key>/{verb.replace('_', '-')}/",
                    cls.view("operate", both),
                    {"verb": verb},
                    name=f"{name}-{verb}",
                )
                for verb in cls.model.OPERATIONS
                if verb not in {"add", "change"}
            ),
        ]

    @classonlymethod
    def more(cls) -> list[URLPattern]:
        """Routes of this kind beyond the common ones."""
        return []

    def attach(self, key: tuple[str, int]) -> HttpResponse:
        """A document for the record."""
        record = self.get(key)
        try:
            return sending.done_once(self.request, lambda: story.attach(self.request, record))
        except ValidationError as error:
            return self.show(record, 422, refusal=" ".join(error.messages))


def refusal(error: Refused | Stale, note: str = "") -> dict[str, Any]:
    """What the page says of a refusal: the sentence, and where there is one the way to open the act."""
    instead = getattr(error, "instead", None)
    if instead is None:
        return {"refusal": str(error)}
    if instead.key is not None:
        url = links.url(instead.kind, instead.key)
    else:
        fields = {**instead.fields, **({"reason": note} if note else {})}
        url = f"{links.list_url(instead.kind)}new/?{urlencode(fields)}"
    return {"refusal": str(error), "instead_url": url, "instead": instead.action}


FREE = frozenset({"remark", "sign_out_everywhere", "grant", "revoke", "settle", "accept"})
"""Acts that no other change can make wrong: they ask for no version."""
STANDS_IN = {
    "remark": "#timeline",
    "share": "#ownership",
    "unshare": "#ownership",
    "settle": "#matches",
    "accept": "#differences",
}
"""The section of the record's page in which an act shows."""
