"""What every page shows around its content: the menu, who is signed in, what waits in the inbox."""

from functools import lru_cache
from typing import Any

from django.http import HttpRequest
from django.template.loader import get_template
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.safestring import SafeString, mark_safe

from martech import navigation
from martech.notifications.models import Notice
from martech.permissions import engine
from martech.web import links


@lru_cache(maxsize=512)
def drawn(sections: tuple[navigation.Section, ...]) -> SafeString:
    """The navigation as HTML; there are as many as pages in it times roles that see another one."""
    return mark_safe(get_template("components/navigation.html").render({"sections": sections}).strip())


def shell(request: HttpRequest) -> dict[str, Any]:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"product": "Interlock", "navigation": drawn(()), "me": None}
    return {
        "product": "Interlock",
        "me": user,
        "navigation": drawn(navigation.menu(user, request.path)),
        "may_add": any(engine.standing(user, kind.replace(".", ".add_", 1)) for kind in links.PAGES),
        "inbox_count": SimpleLazyObject(lambda: Notice.unread_count(user, timezone.now())),
    }
