"""A form sent twice is done once, with script or without: each form carries a key of its own.

The second sending leads where the first one led. Whoever goes back and sends other values means another record.
"""

import re
import uuid
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from martech.repeats.fingerprint import fingerprint, sent
from martech.repeats.models import once

FIELD = "form-key"
"""With a hyphen, as no field of a record is called: a cost paid once took the place of `once`."""
OURS = frozenset({FIELD, "csrfmiddlewaretoken"})
"""Fields that no person filled in."""
KEY = re.compile(r"[0-9a-f]{32}")


def key(request: HttpRequest) -> str:
    """The key of the form on this page: the one it came with, else a new one."""
    given = request.POST.get(FIELD, "")
    return given if KEY.fullmatch(given) else uuid.uuid4().hex


def done_once(request: HttpRequest, act: Callable[[], HttpResponse]) -> HttpResponse:
    """What `act` answers, or where it led when this form was sent before; a form without key is just sent.

    An answer that is a page says by Content-Location where its record is; one that says no place is of a form that was
    not right. Like what `act` raises it leaves nothing, and the form may be sent again.
    """
    given = request.POST.get(FIELD, "")
    if not KEY.fullmatch(given):
        return act()
    fields = [pair for pair in (*request.POST.lists(), *request.FILES.lists()) if pair[0] not in OURS]
    asked = fingerprint((request.get_full_path(), *sent(fields)))
    with once(request.user, f"{given}.{asked}", asked, wait=True) as turn:
        if turn.given is not None:
            messages.info(request, "This was sent twice and done once.")
            return HttpResponseRedirect(turn.given.headers["Location"])
        response = act()
        if place := response.get("Location") or response.get("Content-Location"):
            turn.keep(response.status_code, {"Location": place})
        return response
