"""Who may do what: every permission for every member of the cast, as one readable grid; every verb in every state."""

import inspect

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from inventory.models import System, Vendor
from martech import arguments, checks
from martech.audit.models import Entry
from martech.errors import Refused
from martech.permissions import engine
from martech.permissions.table import FIELD_GROUPS, PERMISSIONS, ROLES
from martech.rest import serializers
from martech.web import forms

pytestmark = pytest.mark.django_db


def test_the_tables_tell_the_truth():
    assert list(checks.untruths()) == []


def test_standing_rights_are_what_the_grid_says(cast, pytestconfig):
    """Each permission's standing roles, asked one by one, equal the words of its row; nobody else has it everywhere."""
    for permission in PERMISSIONS:
        row = engine.grant(permission)
        plain = {words[0] for words in row.grants if len(words) == 1 and words[0] in ROLES}
        told = {role for role, person in cast if engine.condition(person, permission) is True}
        expected = {role for role in ROLES if role in plain or "member" in plain} if not row.bars else told
        assert told == expected, permission


def test_somebody_without_a_role_holds_nothing(oskar):
    assert [name for name in PERMISSIONS if engine.condition(oskar, name) is not False] == []


def test_a_person_who_left_holds_nothing(cast, ada):
    ivan = cast.it
    ivan.retire(by=ada, note="left")
    assert [name for name in PERMISSIONS if engine.condition(ivan, name) is not False] == []


def test_a_role_given_or_taken_counts_at_once_for_a_person_in_the_hand(oskar, ada):
    asked = "inventory.add_vendor"
    told = [engine.condition(oskar, asked)]
    oskar.grant(by=ada, role="it")
    told.append(engine.condition(oskar, asked))
    oskar.revoke(by=ada, role="it")
    assert [*told, engine.condition(oskar, asked)] == [False, True, False]


def test_lists_and_objects_agree_for_everybody(cast, world_of_systems):
    """The list filter and the object check are the same sentence: for every person, system and permission."""
    names = [name for name in PERMISSIONS if engine.grant(name).label == "inventory.system"]
    for _, person in cast:
        for name in names:
            listed = set(engine.scope(person, System.objects.all(), name).values_list("pk", flat=True))
            asked = {system.pk for system in world_of_systems if engine.may(person, name, system)}
            held = {system.pk for system in world_of_systems if name in engine.held(person, system, [name])}
            assert listed == asked == held, (person, name)


@pytest.fixture
def world_of_systems(cast):
    ivan = cast.it
    return [
        System.add(by=ivan, name="Open"),
        System.add(by=ivan, name="Owned", business_owner=cast.member),
        System.add(by=ivan, name="Confidential", confidential=True, business_owner=ivan),
        System.add(
            by=ivan, name="Confidential, mine", confidential=True, business_owner=cast.member, technical_owner=ivan
        ),
    ]


def test_a_confidential_system_is_seen_by_its_owners_steering_and_audit_only(cast, world_of_systems):
    secret = world_of_systems[2]
    seen = {role for role, person in cast if engine.may(person, "inventory.view_system", secret)}
    assert seen == {"it", "steering", "auditor"}


def test_field_groups_name_fields_that_exist():
    known = {model._meta.label_lower: model for model in checks.records()}
    for models in FIELD_GROUPS.values():
        for label, fields in models.items():
            assert set(fields) <= {item.name for item in known[label]._meta.concrete_fields}


def flows():
    for model in checks.records():
        for verb, (before, after) in model.FLOW.moves.items():
            yield pytest.param(model, verb, before, after, id=f"{model.__name__}.{verb}")


@pytest.mark.parametrize(("model", "verb", "before", "after"), flows())
def test_every_verb_in_every_state(model, verb, before, after):
    """From its own states a verb leads where FLOW says; from any other it is refused."""
    item = model._meta.get_field(model.STATE)
    for state, _ in item.flatchoices:
        record = model(pk=1, **{item.name: state})
        if state in before:
            assert record.guard(verb) == after
        else:
            with pytest.raises(Refused):
                record.guard(verb)


@pytest.mark.parametrize("model", checks.records(), ids=lambda model: model.__name__)
def test_every_operation_takes_who_and_only_keywords(model):
    for verb, method in model.OPERATIONS.items():
        taken = inspect.signature(method).parameters
        assert taken["by"].kind is inspect.Parameter.KEYWORD_ONLY, f"{model.__name__}.{verb}"
        assert taken["by"].default is inspect.Parameter.empty, f"{model.__name__}.{verb}"


@pytest.mark.parametrize("model", checks.records(), ids=lambda model: model.__name__)
def test_signature_form_and_serializer_are_the_same(model, cast):
    for verb in model.OPERATIONS:
        asked = {a.name: a.required for a in arguments.arguments(model, verb)}
        form = forms.ActForm(arguments.arguments(model, verb), cast.it, 1)
        shown = {name: field.required for name, field in form.fields.items() if name != "version"}
        sent = {name: field.required for name, field in serializers.of_verb(model, verb)().fields.items()}
        assert asked == shown == sent, f"{model.__name__}.{verb}"


def test_a_refused_act_changes_nothing_and_leaves_no_trace(cast):
    acme = Vendor.add(by=cast.it, name="Acme")
    before = Entry.objects.count()
    for person in (cast.member, cast.auditor, cast.outsider):
        for verb in ("change", "retire", "block", "merge"):
            with pytest.raises((PermissionDenied, ValidationError, TypeError)), transaction.atomic():
                getattr(acme, verb)(
                    by=person, **({"note": "no"} if verb == "block" else {"into": acme} if verb == "merge" else {})
                )
    acme.refresh_from_db()
    assert (acme.version, acme.status, Entry.objects.count()) == (1, "known", before)
