"""What every page shows around its content: the menu, who is signed in, what waits in the inbox."""

from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from martech import navigation
from martech.notifications.models import Notice
from martech.permissions import engine
from martech.web import links


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"product": "Interlock", "navigation": [], "me": None}
    return {
        "product": "Interlock",
        "me": user,
        "navigation": navigation.menu(user, request.path),
        "may_add": any(engine.condition(user, kind.replace(".", ".add_", 1)) is not False for kind in links.PAGES),
        "inbox_count": SimpleLazyObject(lambda: Notice.unread_count(user, timezone.now())),
    }
