"""Every page and endpoint answers, and answers the outsider 404."""

import pytest
from django.test import Client
from django.urls import get_resolver

from martech.accounts.models import Token
from martech.operations import Record

pytestmark = pytest.mark.django_db


def pages():
    """Every page of a kind of record that is read: (view class, method, address pattern)."""
    for route in get_resolver().url_patterns:
        views = getattr(getattr(route, "callback", None), "record_views", None)
        if views is not None:
            yield views, str(route.pattern)


def signed_in(person):
    client = Client()
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


def test_every_page_answers_those_who_see_it_and_not_the_outsider(world, cast):
    insider, outsider = signed_in(cast.it), signed_in(cast.outsider)
    asked = 0
    for views, pattern in pages():
        record = world[views.model._meta.label_lower]
        address = "/" + pattern.replace("<record:key>", str(record.pk))
        if any(address.endswith(end) for end in ("/bulk/", "/views/", "/follow/", "/unfollow/", "/documents/")):
            continue
        told = insider.get(address), outsider.get(address)
        answers = tuple(answer.status_code for answer in told)
        for answer in told:
            if answer.streaming:
                b"".join(answer.streaming_content)  # an export keeps its place until its reader is done
        assert answers[0] in {200, 403, 409}, (address, answers)
        assert answers[1] in ({404} if "<record:key>" in pattern else {404, 403, 200}), (address, answers)
        asked += 1
    assert asked > 60


def test_every_endpoint_answers_those_who_see_it_and_not_the_outsider(world, cast):
    insider, outsider = signed_in(cast.it), signed_in(cast.outsider)
    for record in world.values():
        if isinstance(record, Token):
            continue
        collection = next(
            "/api/v1/" + str(route.pattern)
            for route in get_resolver("martech.api_urls").url_patterns
            if route.name == f"api-{record._meta.model_name}-list"
        )
        listed, one = insider.get(collection), insider.get(f"{collection}{record.number}/")
        assert (listed.status_code, one.status_code) == (200, 200), collection
        assert record.pk in {row["id"] for row in listed.json()["results"]}
        assert (one.json()["number"], one["ETag"]) == (record.number, f'"{record.version}"')
        assert outsider.get(collection).status_code == 404
        assert outsider.get(f"{collection}{record.pk}/").status_code == 404
        assert outsider.get(f"{collection}999999/").json() == outsider.get(f"{collection}{record.pk}/").json()


def test_a_number_of_another_kind_is_not_there(world, cast):
    assert signed_in(cast.it).get(f"/api/v1/vendors/SYS-{world['inventory.vendor'].pk}/").status_code == 404


def test_there_is_a_world_for_every_kind_with_pages(world):
    kinds = {views.model for views, _ in pages()}
    assert {record._meta.label_lower for record in world.values()} >= {kind._meta.label_lower for kind in kinds}
    assert all(issubclass(kind, Record) for kind in kinds)
