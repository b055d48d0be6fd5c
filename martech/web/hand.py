"""A record in the hand for its page: with what the page follows, and what this person may do and see of it."""

from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.http import Http404

from martech.columns import Sheet, sheet, visible
from martech.operations import Record
from martech.permissions import engine
from martech.questions import question


def get(user: Any, model: type[Record], related: tuple[str, ...], key: int) -> Any:
    """The record, in one statement with the verdicts on its acts and fields; hidden and missing are the same 404."""
    found = _record(user, model, related, key=key)
    if not found:
        raise Http404
    return found[0]


@question
def _record(shape: Any, model: type[Record], related: tuple[str, ...], *, key: Any) -> Any:
    rows: Any = model._base_manager.select_related(*related) if related else model._base_manager.all()
    asked = {f"_may_{verb}": engine.verdict_column(held) for verb, held in _asked(shape, model).items()}
    return engine.scope(shape, rows).filter(pk=key).annotate(**asked, **shown(shape, model).beside(shape))


@lru_cache(maxsize=512)
def _verdicts(shape: engine.Shape, model: type[Record]) -> dict[str, Q | bool]:
    verbs = [verb for verb in model.OPERATIONS if verb != "add"]
    return {verb: engine.condition(shape, engine.name(model, verb)) for verb in verbs}


def _asked(shape: engine.Shape, model: type[Record]) -> dict[str, Q]:
    """The acts that depend on the record."""
    return {verb: held for verb, held in _verdicts(shape, model).items() if isinstance(held, Q)}


@lru_cache(maxsize=512)
def shown(shape: engine.Shape, model: type[Record]) -> Sheet:
    """Everything to be seen of a record of this kind, but for its ring, which the page draws itself."""
    return sheet(
        model, tuple(name for name, column in visible(shape, model).items() if column.shape not in {"ring", "named"})
    )


def verbs(record: Any, user: Any) -> list[str]:
    """What the person may do to the record now."""
    held = _verdicts(engine.shape(user), type(record))
    return [
        verb
        for verb in record.possible()
        if verb != "add" and (held[verb] is True or (held[verb] is not False and record.__dict__[f"_may_{verb}"]))
    ]


def row(record: Any, user: Any) -> dict[str, Any]:
    """The record as a row of everything the person may see of it."""
    return shown(engine.shape(user), type(record)).of(record)
