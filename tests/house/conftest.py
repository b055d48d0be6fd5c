"""A world with one record of each kind."""

from io import BytesIO

import pytest
from django.utils import timezone

from governance.models import (
    Activity,
    Assignment,
    Attestation,
    BusinessProcess,
    Campaign,
    ClosingPlan,
    Competency,
    Consultation,
    Gap,
    Handover,
    JourneyStage,
    OperatingModel,
    ProcessStep,
    ProcessVersion,
    ResourceAssessment,
    SourcingOption,
    StandIn,
)
from inventory.models import Assurance, Capability, Contract, DataObject, DataSource, Integration, System, Vendor
from martech.accounts.models import Function, Token, job_account
from martech.calendars.models import Calendar
from martech.files.models import Document
from martech.imports.models import ImportBatch
from martech.operations import acting
from martech.records.models import SavedView
from martech.sync.models import SyncRun
from martech.webhooks.models import Webhook


@pytest.fixture
def world(cast):
    """One record of each kind, by label."""
    ivan = cast.it
    vendor = Vendor.add(by=ivan, name="Acme", website="https://acme.example", relationship_owner=ivan)
    marketing = Function.add(by=cast.administrator, name="Marketing operations", head=cast.marketing_ops)
    Gap.sweep(timezone.now())  # its head has no deputy yet
    cast.marketing_ops.change(by=cast.administrator, function=marketing, deputy=cast.member)
    mail = System.add(by=ivan, name="Mail", vendor=vendor, business_owner=cast.marketing_ops, owning_function=marketing)
    shop = System.add(by=ivan, name="Shop", technical_owner=cast.marketing_ops, target_system=mail)
    shop.share(by=ivan, function=marketing, part="uses", purpose="Orders")
    data = DataObject.add(by=ivan, name="Customer", authoritative_source=mail)
    step = Activity.add(by=ivan, name="Rehearse", code="rehearse", phase="implement")
    leads = BusinessProcess.add(by=ivan, name="Lead management", owner=cast.marketing_ops, owning_function=marketing)
    first = ProcessStep.add(by=ivan, process=leads, name="Score the lead", function=marketing, system=mail)
    till = System.add(by=ivan, name="Till", business_owner=ivan, criticality="critical")
    run = Activity.objects.filter(code="operate").first() or Activity.add(
        by=ivan, name="Operate", code="operate", phase="operate"
    )
    Assignment.add(by=ivan, system=till, activity=run, person=cast.legal, letter="C")
    assessed = ResourceAssessment.add(
        by=ivan, function=marketing, from_on="2027-01-01", to_on="2027-06-30", people=4, data=30
    )
    Competency.add(by=ivan, person=cast.marketing_ops, activity=run, level=5)
    able = Competency.add(by=ivan, person=cast.legal, activity=run, level=3)
    assessed.advise(by=ivan)
    made = [
        vendor,
        mail,
        Capability.objects.first(),
        Integration.add(by=ivan, source=mail, target=shop, data_objects=[data]),
        data,
        DataSource.add(by=ivan, data_object=data, system=mail),
        Assurance.add(by=ivan, kind="dpa", system=mail, expires_on="2027-01-01"),
        Contract.add(
            by=ivan,
            name="Mail service",
            vendor=vendor,
            systems=[mail],
            owner=ivan,
            start_on="2026-01-01",
            initial_months=12,
            renewal_mode="automatic",
            renewal_months=12,
            notice_period=3,
            uplift_cap="5",
        ),
        step,
        ProcessVersion.add(by=ivan, name="The first"),
        Assignment.add(by=ivan, system=mail, activity=step, person=ivan, letter="R"),
        Consultation.add(by=ivan, system=till, verb="change", business_owner=cast.finance, reason="Ivan moves on."),
        Handover.add(by=ivan, person=cast.legal, receiver=cast.security),
        StandIn.add(by=cast.legal, person=cast.legal, deputy=cast.procurement, to_on="2099-06-30"),
        Campaign.add(by=ivan, name="Half a year on", due_on="2027-06-30"),
        Attestation.add(by=ivan, system=mail, person=cast.marketing_ops, due_on="2027-06-30"),
        OperatingModel.add(by=ivan, name="By turns", code="by_turns", lines=["rehearse: A business_owner"]),
        Gap.objects.get(),
        closing_plan(),
        assessed,
        able,
        SourcingOption.add(by=ivan, name="Agency", activity=step, function=marketing, way="shared", yearly="12000"),
        assessed.proposals.order_by("pk").first(),
        leads,
        first,
        JourneyStage.objects.first() or JourneyStage.add(by=ivan, code="buy"),
        marketing,
        cast.marketing_ops,
        Calendar.objects.get(),
        SavedView.add(by=ivan, name="Live", page="inventory.system", query="lifecycle=live", owner=ivan, shared=True),
        Token.add(by=ivan, name="ERP"),
        Webhook.add(
            by=ivan, name="Warehouse", url="https://93.184.216.34/hook", days=["inventory.assurance.expires_on=30"]
        ),
        Document.add(by=ivan, subject=mail, content=BytesIO(b"signed"), name="dpa.txt"),
        ImportBatch.add(by=ivan, kind="inventory.vendor", file_name="vendors.csv", content=b"name\nBeta\n"),
        SyncRun.take(Vendor, by=ivan, source="erp", items=[{"external_id": "V-1", "website": "https://acme.example"}])[
            0
        ],
    ]
    return {record._meta.label_lower: record for record in made}


def closing_plan():
    """The plan of the one gap there is."""
    with acting(job_account()) as act:
        ClosingPlan.take_in([(Gap.objects.get(), timezone.localdate())], act)
    return ClosingPlan.objects.get()
