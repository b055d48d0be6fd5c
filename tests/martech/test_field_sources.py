"""Whose a value is: the source's that set it, until a person changes it."""

import pytest

from inventory.models import Vendor
from martech import bulk
from martech.bulk import Row

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme(mona):
    row = Row({"name": "Acme", "country": "IE", "categories": ["ads"]}, ref=("erp", "V-1"))
    return Vendor.objects.get(pk=bulk.Bulk(Vendor, by=mona).run([row])[0].key)


def test_what_a_source_sets_is_the_source_s_and_so_is_the_state_of_what_it_makes(acme):
    assert acme.field_sources == {"name": "erp", "country": "erp", "categories": "erp", "status": "erp"}


def test_what_a_person_changes_is_theirs_and_the_rest_stays(acme, mona):
    acme.change(by=mona, country="DE", description="Ads")
    acme.refresh_from_db()
    assert acme.field_sources == {"name": "erp", "country": "", "categories": "erp", "status": "erp"}


def test_a_file_without_a_source_is_a_person_s_act(acme, mona):
    bulk.apply(Vendor, [], [(acme.pk, None, {"name": "Acme Ltd", "country": "IE"})], by=mona)
    acme.refresh_from_db()
    assert acme.field_sources == {"name": "", "country": "erp", "categories": "erp", "status": "erp"}


def test_a_record_nobody_feeds_has_no_sources(mona):
    assert Vendor.add(by=mona, name="Beta").change(by=mona, country="DE").field_sources == {}
