"""Change many records of a list at once: choose, preview, confirm. All of them or none."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect

from martech import keys as numbers
from martech.errors import Refused, Stale
from martech.fields import LinesField
from martech.operations import acting
from martech.permissions import engine
from martech.records.models import Follow
from martech.web import forms, sending

if TYPE_CHECKING:
    from martech.web.views import RecordViews

MOST = 500
MODES = (("set", "Set to"), ("clear", "Clear"), ("add", "Add"), ("remove", "Remove"))


@dataclass(frozen=True)
class Step:
    """One row of the preview."""

    record: Any
    before: str
    after: str
    allowed: bool
    changes: bool


def answer(views: "RecordViews") -> HttpResponse:
    """The bulk page: without a field the choice of one, with it the preview, with `confirm` the act."""
    post = views.request.POST
    keys = [key for key in map(numbers.key, post.getlist("key")) if key is not None]
    if len(keys) > MOST:
        messages.warning(views.request, f"Choose at most {MOST} at once, not {len(keys)}. Nothing was changed.")
        return redirect(views.base)
    records = list(engine.scope(views.user, views.model._base_manager.filter(pk__in=keys)).order_by("pk"))
    if not records:
        messages.warning(views.request, f"Choose {views.noun}s in the list first.")
        return redirect(views.base)
    if post.get("action") == "follow":
        for record in records:
            Follow.begin(record, views.user)
        messages.success(views.request, f"You follow {len(records)} {views.noun}s.")
        return redirect(views.base)
    names = tuple(name for name in views.names if name not in views.model.BIRTH)
    many = {name for name in names if _is_many(views, name)}
    chosen = post.get("field", "")
    context: dict[str, Any] = {
        "records": records,
        "page_title": f"Change {len(records)} {views.noun}{'s' if len(records) > 1 else ''}",
        "fields": [(name, views.model._meta.get_field(name).verbose_name) for name in names],
        "chosen": chosen,
        "modes": MODES,
        "mode": post.get("mode", "set"),
        "most": MOST,
        "many": chosen in many,
    }
    if chosen not in names:
        return views.render("bulk", context)
    form = forms.RecordForm(views.model, (chosen,), views.user, data=post if "mode" in post else None)
    form.fields[chosen].required = False
    context["form"] = form
    if "mode" not in post or not form.is_valid():
        return views.render("bulk", context, 422 if "mode" in post else 200)
    value = form.cleaned_data[chosen]
    scope = engine.scope(views.user, views.model._base_manager.filter(pk__in=keys), engine.name(views.model, "change"))
    allowed = set(scope.values_list("pk", flat=True))
    unseen = _unseen(views.user, records, chosen)
    steps = [step(record, chosen, context["mode"], value, record.pk in allowed, unseen) for record in records]
    context["steps"] = steps
    context["count"] = sum(one.changes and one.allowed for one in steps)
    context["refused"] = [one.record for one in steps if not one.allowed]
    if not post.get("confirm"):
        return views.render("bulk", context)
    met: list[Any] = []

    def change() -> HttpResponse:
        if context["refused"]:
            raise PermissionDenied
        with acting(views.user):
            for record in records:
                version = post.get(f"version-{record.pk}", "")
                if version:
                    record.expected_version = numbers.key(version) or 0
                met.append(record)
                record.change(by=views.user, **{chosen: wanted(record, chosen, context["mode"], value, unseen)})
        count = context["count"]
        messages.success(views.request, f"You changed {count} {views.noun}{'s' if count != 1 else ''}.")
        return redirect(views.base)

    try:
        return sending.done_once(views.request, change)
    except ValidationError as error:
        form.add_error(None, ValidationError([f"{met[-1].number}: {line}" for line in error.messages]))
        return views.render("bulk", context, 422)
    except (Stale, Refused) as error:
        form.add_error(None, f"{met[-1].number}: {error} Nothing was changed; look at the preview again.")
        return views.render("bulk", {**context, "steps": steps}, 409)


def step(record: Any, name: str, mode: str, value: Any, allowed: bool, unseen: set[Any]) -> Step:
    """What would become of one record. Of one that is not theirs to change a person is shown no value."""
    before, after = wanted(record, name, "keep", None, unseen), wanted(record, name, mode, value, unseen)
    told = "a record you do not see" if getattr(before, "pk", None) in unseen else _words(record, name, before)
    return Step(record, told if allowed else "–", _words(record, name, after), allowed, not forms.same(after, before))


def _unseen(actor: Any, records: list[Any], name: str) -> set[Any]:
    """Keys of the records that this field names and that the actor does not see."""
    item: Any = records[0]._meta.get_field(name)
    if item.many_to_many:
        links = item.remote_field.through._base_manager.filter(**{f"{item.m2m_field_name()}__in": records})
        keys = links.values(item.m2m_reverse_field_name())
    elif item.many_to_one:
        keys = {getattr(record, item.attname) for record in records} - {None}
    else:
        return set()
    return set(engine.untold(actor, item.related_model._base_manager.filter(pk__in=keys)).values_list("pk", flat=True))


def wanted(record: Any, name: str, mode: str, value: Any, unseen: set[Any]) -> Any:
    """The field's value after the change; `keep` is the value now. What is not seen is left out of lists, and stays."""
    item = record._meta.get_field(name)
    now = getattr(record, name)
    if item.many_to_many:
        now = list(now.exclude(pk__in=unseen))
    if mode == "keep":
        return now
    if mode == "clear":
        return [] if item.many_to_many or isinstance(now, list) else None if item.null or item.is_relation else ""
    if isinstance(now, list):
        given = list(value or ())
        if mode == "add":
            return [*now, *(one for one in given if one not in now)]
        if mode == "remove":
            return [one for one in now if one not in given]
        return given
    return value if value is not None or item.null or item.is_relation else ""


def _is_many(views: "RecordViews", name: str) -> bool:
    made = views.model._meta.get_field(name).formfield()
    return isinstance(made, django_forms.MultipleChoiceField | django_forms.ModelMultipleChoiceField | LinesField)


def _words(record: Any, name: str, value: Any) -> str:
    choices = dict(getattr(record._meta.get_field(name), "codes", ()) or record._meta.get_field(name).flatchoices or ())
    if isinstance(value, list):
        return ", ".join(str(choices.get(one, one)) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return "" if value is None else str(choices.get(value, value))
