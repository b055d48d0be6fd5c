"""Start-up: the notification table tells the truth."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.core.checks import Error, register
from django.core.exceptions import FieldDoesNotExist

from martech.notifications import audience
from martech.notifications.table import (
    EVENTS,
    IMPORTED,
    MANY,
    NAMED,
    PLACEHOLDERS,
    REMINDER_PLACEHOLDERS,
    REMINDERS,
    Heard,
    Reminding,
)
from martech.notifications.writing import placeholders
from martech.operations import Record
from martech.permissions.relations import RELATIONS


@register("interlock")
def tables(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Refuse to start on an event nobody records, an audience nobody is, or a placeholder nobody fills."""
    return [Error(sentence, id="interlock.E002") for sentence in untruths(EVENTS, REMINDERS)]


def untruths(events: Mapping[str, Heard], reminders: Mapping[str, Reminding]) -> Iterator[str]:
    """What is wrong with the tables, a sentence each."""
    kinds = {model._meta.label_lower: model for model in apps.get_models() if issubclass(model, Record)}
    for event, heard in events.items():
        kind, _, act = event.rpartition(".")
        verb, _, field = act.partition(":")
        if kind != "*" and kind not in kinds:
            yield f"EVENTS names {event}, but {kind} is no kind of record."
            continue
        if not any(verb in kinds[each].OPERATIONS for each in (kinds if kind == "*" else [kind])):
            yield f"EVENTS names {event}, but there is no operation {verb}."
        if field and field not in {item.name for item in kinds[kind]._meta.get_fields()}:
            yield f"EVENTS names {event}, but {kind} has no field {field}."
        for word in (*heard.audience.split(), *heard.later.split()):
            if not any(audience.known(each, word) for each in ([*RELATIONS] if kind == "*" else [kind])):
                yield f"{event} is heard by {word}, which is neither a role nor a person's relation to it."
        yield from _unknown(event, heard.sentence, PLACEHOLDERS)
    for name, sentence in {"NAMED": NAMED, "MANY": MANY, "IMPORTED": IMPORTED}.items():
        yield from _unknown(name, sentence, PLACEHOLDERS)
    for topic, reminding in reminders.items():
        model = kinds.get(reminding.kind)
        if model is None:
            yield f"REMINDERS names {topic}, but {reminding.kind} is no kind of record."
            continue
        try:
            model._meta.get_field(reminding.field)
        except FieldDoesNotExist:
            yield f"{topic}: {reminding.kind} has no field {reminding.field}."
        for verb in reminding.ends.split():
            if verb not in model.OPERATIONS:
                yield f"{topic} ends with {verb}, which is no operation of {reminding.kind}."
        if sorted(set(reminding.steps), reverse=True) != list(reminding.steps) or min(reminding.steps, default=-1) < 0:
            yield f"{topic}: steps are days before the deadline, from many to few."
        yield from _unknown(topic, f"{reminding.sentence} {reminding.past}", REMINDER_PLACEHOLDERS)


def _unknown(row: str, sentence: str, allowed: frozenset[str]) -> Iterator[str]:
    for name in sorted(placeholders(sentence) - allowed):
        yield f"{row} has the placeholder {{{name}}}; there are {', '.join(sorted(allowed))}."
