"""Records as the database gave them."""

import pytest
from django.db import models

from inventory.models import Vendor


@pytest.fixture
def vendor(mona):
    return Vendor.add(by=mona, name="Mailwind", domains=["mailwind.example"])


def plainly(vendor):
    """The same row by Django's own way."""
    names = [item.attname for item in Vendor._meta.concrete_fields]
    return models.Model.from_db.__func__(Vendor, "default", names, Vendor.objects.values_list(*names).get(pk=vendor.pk))


def test_a_row_becomes_the_record_that_django_makes_of_it(vendor):
    read, plain = Vendor.objects.get(pk=vendor.pk), plainly(vendor)
    assert {**vars(read), "_state": None} == {**vars(plain), "_state": None}
    assert vars(read._state) == vars(plain._state)


def test_two_records_share_nothing(vendor):
    one, other = Vendor.objects.get(pk=vendor.pk), Vendor.objects.get(pk=vendor.pk)
    one.domains.append("mailwind.test")
    one._state.fields_cache["owner"] = None
    assert (other.domains, other._state.fields_cache) == (["mailwind.example"], {})


def test_a_column_left_for_later_is_read_when_it_is_asked_for(vendor, django_assert_num_queries):
    some = Vendor.objects.only("id").get(pk=vendor.pk)
    with django_assert_num_queries(1):
        assert some.name == "Mailwind"
