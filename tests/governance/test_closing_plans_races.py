"""A plan postponed while the sweep of gaps runs: what somebody decided stays."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from governance.models import Activity, ClosingPlan, Gap
from inventory.models import System
from martech.audit.context import through

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def swept() -> None:
    try:
        Gap.sweep(timezone.now())
    finally:
        connection.close()


def test_the_sweep_waits_for_whoever_postpones(mona, ivan):
    today = timezone.localdate()
    Activity.objects.exclude(code="train").update(required_from="")
    for name in ("Shop", "Mail"):
        with through("import"):
            System.add(by=mona, name=name, lifecycle="live", business_owner=ivan)
        if name == "Shop":
            Gap.sweep(timezone.now())
            ClosingPlan.objects.update(due_on=today + timedelta(days=3))
    sweep = threading.Thread(target=swept)
    with transaction.atomic():
        ClosingPlan.objects.get().postpone(by=ivan, due_on=today + timedelta(days=200), note="Agreed.")
        sweep.start()
        sweep.join(1)
        assert sweep.is_alive()
    sweep.join()
    plan = ClosingPlan.objects.get()
    assert (plan.due_on, plan.version, plan.size) == (today + timedelta(days=200), 2, 2)
