"""One's own account: who I am here, where I am signed in, which programs act in my name."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.core.exceptions import NON_FIELD_ERRORS, BadRequest, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from martech.accounts import devices, forms
from martech.accounts.adapter import own_path
from martech.accounts.models import Token, User
from martech.accounts.views.sign_in import WAIT, sign_out
from martech.errors import Refused, by_field
from martech.permissions import engine
from martech.permissions.table import ROLES
from martech.web import sending

Page = Callable[..., HttpResponse]
CRUMBS = [{"label": "Your settings", "url": "/me/"}]


def mine(view: Page) -> Page:
    """A page of the person signed in, kept by no cache."""
    return login_required(never_cache(view))


def me(request: HttpRequest) -> User:
    return cast(User, request.user)


@mine
@require_GET
def profile(request: HttpRequest) -> HttpResponse:
    person = User.objects.select_related("function", "deputy", "calendar").get(pk=me(request).pk)
    roles = [(role_name(role), words) for role, words in ROLES.items() if role in me(request).standing]
    context = {"page_title": "Your settings", "tab": "profile", "person": person, "roles": roles}
    return render(request, "me/profile.html", context)


def role_name(role: str) -> str:
    """A role as people say it."""
    return {"it": "IT", "marketing_ops": "Marketing operations"}.get(role, role.capitalize())


@mine
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme; a script gets an empty answer, a form the page it came from."""
    wanted = request.POST.get("theme", "")
    if wanted not in User.Theme.values:
        raise BadRequest
    me(request).choose_theme(by=me(request), theme=wanted)
    if request.headers.get("X-Requested-With") == "fetch":
        return HttpResponse(status=204)
    came_from = urlsplit(request.headers.get("Referer", ""))
    here = came_from.path + (f"?{came_from.query}" if came_from.query else "")
    return redirect(here if came_from.netloc == request.get_host() and own_path(here) else "me")


# Sessions


@mine
@require_GET
def sessions(request: HttpRequest) -> HttpResponse:
    context = {
        "page_title": "Where you are signed in",
        "tab": "sessions",
        "crumbs": CRUMBS,
        "sessions": open_sessions(request),
    }
    return render(request, "usersessions/usersession_list.html", context)


@dataclass(frozen=True)
class OpenSession:
    """One browser in which somebody is signed in."""

    key: int
    device: str
    address: str
    since: Any
    last_use: Any
    here: bool


def open_sessions(request: HttpRequest) -> list[OpenSession]:
    """The person's sessions that still open pages, this one first, then by last use."""
    rows = list(UserSession.objects.filter(user=me(request)).order_by("-last_seen_at"))
    keys = [row.session_key for row in rows]
    alive = set(
        Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now()).values_list("pk", flat=True)
    )
    found = [
        OpenSession(
            key=row.pk,
            device=devices.words(row.user_agent),
            address=row.ip,
            since=row.created_at,
            last_use=row.last_seen_at,
            here=row.session_key == request.session.session_key,
        )
        for row in rows
        if row.session_key in alive
    ]
    return sorted(found, key=lambda row: not row.here)


@mine
@require_POST
def end_session(request: HttpRequest, key: int) -> HttpResponse:
    """End one of the person's own sessions; ending the present one is signing out."""
    row = get_object_or_404(UserSession, pk=key, user=me(request))
    if row.session_key == request.session.session_key:
        return sign_out(request)
    row.end()
    messages.success(request, f"{devices.words(row.user_agent)} is signed out.")
    return redirect("usersessions_list")


@mine
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    others = UserSession.objects.filter(user=me(request)).exclude(session_key=request.session.session_key)
    Session.objects.filter(session_key__in=list(others.values_list("session_key", flat=True))).delete()
    others.delete()
    messages.success(request, "You are signed out everywhere else.")
    return redirect("usersessions_list")


# Tokens


@mine
@require_GET
def tokens(request: HttpRequest) -> HttpResponse:
    return list_of_tokens(request)


def list_of_tokens(request: HttpRequest, refused: str = "", status: int = 200) -> HttpResponse:
    kinds, today = dict(forms.kinds_of_record(me(request))), timezone.localdate()
    rows = Token.objects.filter(user=me(request))
    context = {
        "page_title": "API tokens",
        "tab": "tokens",
        "crumbs": CRUMBS,
        "refused": refused,
        "rows": [
            {
                "token": token,
                "state": "withdrawn" if token.retired_at else "expired" if token.expires_on < today else "works",
                "kinds": [kinds.get(kind, kind) for kind in token.kinds],
            }
            for token in sorted(rows, key=lambda token: (token.retired_at is not None, -token.pk))
        ],
        "may_add": engine.condition(me(request), "accounts.add_token") is not False,
    }
    return render(request, "me/tokens.html", context, status=status)


@mine
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def new_token(request: HttpRequest) -> HttpResponse:
    """Make a token; its secret stands on the answer to this one request and nowhere else."""
    form = forms.NewToken(request.POST or None, user=me(request))
    context = {
        "page_title": "New API token",
        "tab": "tokens",
        "crumbs": [*CRUMBS, {"label": "API tokens", "url": "/me/tokens/"}],
        "form": form,
        "once": sending.key(request),
    }
    if request.method == "POST" and form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("name", "write", "expires_on", "kinds")}

        def make() -> HttpResponse:
            token = Token.add(by=me(request), **wanted)
            made = {**context, "page_title": f"{token.name} can begin", "token": token}
            response = render(request, "me/token_made.html", made, status=201)
            response["Content-Location"] = "/me/tokens/"
            return response

        try:
            return sending.done_once(request, make)
        except ValidationError as error:
            for field, sentences in by_field(error).items():
                form.add_error(field if field in form.fields else None, sentences)  # type: ignore[arg-type]
    if not form.is_bound:
        return render(request, "me/token_form.html", context)
    response = render(request, "me/token_form.html", context, status=422)
    if form.has_error(NON_FIELD_ERRORS, "too_many_login_attempts"):
        response.status_code, response["Retry-After"] = 429, str(WAIT)
    return response


@mine
@require_http_methods(["GET", "POST"])
def retire_token(request: HttpRequest, key: int) -> HttpResponse:
    """Ask, then withdraw one of the person's own tokens."""
    token = engine.get(me(request), Token.objects.filter(user=me(request)), key)
    if request.method == "GET":
        context = {"page_title": f"Withdraw {token.name}?", "token": token, "once": sending.key(request)}
        return render(request, "me/token_retire.html", context)

    def withdraw() -> HttpResponse:
        token.retire(by=me(request))
        messages.success(request, f"{token.name} is withdrawn. Whatever used it gets no more answers.")
        return redirect("me_tokens")

    try:
        return sending.done_once(request, withdraw)
    except Refused:
        return list_of_tokens(request, refused=f"{token.name} is withdrawn already.", status=409)
