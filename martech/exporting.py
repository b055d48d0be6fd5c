"""A list as a file to take away: at most two at once for each person, until one has ended or its reader has gone.

Places are kept in the cache, so they count over all processes. A process that dies gives its places back after a while.
"""

import uuid
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache import cache
from django.http import FileResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from martech import export
from martech.errors import Busy
from martech.operations import Record

AT_ONCE = 2
LONGEST = 600
"""Seconds after which a place is free again, whatever became of who took it."""
R = TypeVar("R", bound=HttpResponseBase)


def answer(model: type[Record], rows: Any, names: tuple[str, ...], actor: Any, name: str) -> HttpResponseBase:
    """The list as the file of this name, which ends in .csv or .xlsx; Busy where the actor has two on the way."""
    if name.endswith(".csv"):
        return in_turn(
            actor,
            lambda: StreamingHttpResponse(
                export.as_csv(model, rows, names, actor),
                content_type="text/csv; charset=utf-8",
                headers={"Content-Disposition": f'attachment; filename="{name}"'},
            ),
        )
    return in_turn(
        actor, lambda: FileResponse(export.as_xlsx(model, rows, names, actor), as_attachment=True, filename=name)
    )


def in_turn(user: Any, make: Callable[[], R]) -> R:
    """The file that `make` answers, its place held until the last byte is read or nobody reads any more."""
    mark = uuid.uuid4().hex
    places = (f"export:{user.pk}:{place}" for place in range(AT_ONCE))
    taken = next((place for place in places if cache.add(place, mark, LONGEST)), None)
    if taken is None:
        raise Busy(f"{AT_ONCE} of your exports are running. Wait until one is there.")

    def leave() -> None:
        if cache.get(taken) == mark:
            cache.delete(taken)

    try:
        response = make()
    except BaseException:
        leave()
        raise
    # Run by close(), which servers call also where the client is gone.
    response._resource_closers.append(leave)  # type: ignore[attr-defined]
    return response
