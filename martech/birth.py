"""A record may begin in a later state than usual: whoever adds it so needs the right to lead it there.

Gates and reasons are for moves: what is new here may have been live for years. What an import or a sync brings in is
measured by its gaps.
"""

from typing import Any

from django.core.exceptions import ValidationError

from martech.permissions import engine

BRINGS_BACK = "restore"
"""The verb that leads to a state the record had before, and so begins nothing."""


def verbs(model: Any, state: str) -> tuple[str, ...]:
    """The verbs of which one must be held to add a record in this state; none where anybody who adds may."""
    if model.STATE not in model.BIRTH or state == model._meta.get_field(model.STATE).get_default():
        return ()
    return tuple(verb for verb, (_, after) in model.FLOW.moves.items() if after == state and verb != BRINGS_BACK)


def refused(model: Any, state: str, needed: tuple[str, ...]) -> ValidationError:
    """What whoever holds none of `needed` is told, at the field of the state."""
    label = dict(model._meta.get_field(model.STATE).flatchoices)[state]
    act = " or ".join(verb.replace("_", " ") for verb in needed)
    return ValidationError(
        {model.STATE: f"You may not {act} {model._meta.verbose_name_plural}, so you cannot add one as “{label}”."}
    )


def require(actor: Any, record: Any) -> None:
    """Raise what `refused` gives where none of the actor's verbs leads to the state of this new record."""
    needed = verbs(type(record), record.state)
    if needed and not engine.held(actor, record, [engine.name(record, verb) for verb in needed]):
        raise refused(type(record), record.state, needed)
