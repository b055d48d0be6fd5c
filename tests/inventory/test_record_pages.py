"""The designed pages of records: the facts are there, every link leads somewhere, a rich one costs no more queries."""

import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from inventory import drawing
from inventory.models import Assurance, DataObject, DataSource, Integration, System, Vendor
from martech.accounts.models import Function
from martech.calendars import week
from martech.web import prose

pytestmark = pytest.mark.django_db
TODAY = date(2026, 5, 3)
STEPS = (60, 30, 14, 7, 1, 0)


def signed_in(person):
    client = Client()
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


def page(person, address):
    return signed_in(person).get(address).content.decode()


def body(html):
    return html[html.index("<main") : html.index("</main>")]


@pytest.fixture
def functions(cast):
    return [Function.add(by=cast.administrator, name=name) for name in ("Campaigns", "Web team", "Service desk")]


def rich(cast, functions, width):
    """A system with everything on record, `width` of each thing that can be many."""
    ivan, mona, today = cast.it, cast.marketing_ops, timezone.localdate()
    vendor = Vendor.add(by=ivan, name=f"Acme {width}", website="https://acme.example")
    system = System.add(
        by=ivan,
        name=f"Mail {width}",
        description="Sends our mail.",
        lifecycle="live",
        vendor=vendor,
        owning_function=functions[0],
        business_owner=mona,
        technical_owner=ivan,
        personal_data="yes",
        functional_fit=3,
        technical_fit=2,
        url="https://mail.example",
    )
    data = DataObject.add(by=ivan, name=f"Customer {width}", authoritative_source=system)
    DataSource.add(by=ivan, data_object=data, system=system, steward=mona)
    for number in range(width):
        other = System.add(by=ivan, name=f"Neighbour {width}.{number}", business_owner=mona, target_system=system)
        Integration.add(by=ivan, source=system, target=other, owner=mona, data_objects=[data])
        Integration.add(by=ivan, source=other, target=system, direction="two_way", status="planned")
        Assurance.add(by=ivan, kind="dpa", system=system, expires_on=today + timedelta(days=20 + number))
        Assurance.add(by=ivan, kind="soc2", vendor=vendor, expires_on=today + timedelta(days=90 + number))
    for function in functions[: width + 1]:
        system.share(by=ivan, function=function, part="uses", purpose="Newsletters", people=4)
    system.remark(by=mona, note="See INT-1.\n\nAnd <b>this</b>.")
    return system


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code == 200
    return len(asked)


def test_a_system_tells_its_facts_on_the_first_screen(cast, functions):
    system = rich(cast, functions, 1)
    html = body(page(cast.it, f"/inventory/systems/{system.number}/"))
    line = html[html.index('class="fact-line"') : html.index("</dl>")]
    words = re.sub(r"<[^>]+>", " ", line)
    for told in (
        "Campaigns",
        "Mona Marketing",
        "Ivan Itkin",
        "Acme 1",
        "Data-processing agreement runs out in 20 days",
        "to close",
    ):
        assert told in re.sub(r"\s+", " ", words)
    for section in ("overview", "ownership", "integrations", "assurances", "documents", "timeline"):
        assert f'id="{section}"' in html
        assert f'href="#{section}"' in html
    assert '<b aria-current="true"' not in html
    assert "What breaks if it goes" in html
    assert "Newsletters" in html
    assert "Migrate" in html


def test_a_missing_point_leads_to_the_field_that_mends_it(cast):
    system = System.add(by=cast.it, name="Poor", lifecycle="discovered")
    address = f"/inventory/systems/{system.pk}/change/#id_business_owner"
    assert f'href="{address}"' in page(cast.it, f"/inventory/systems/{system.pk}/")
    assert 'id="id_business_owner"' in page(cast.it, address)
    assert "/change/" not in body(page(cast.member, f"/inventory/systems/{system.pk}/"))


def test_every_link_and_anchor_of_a_record_page_leads_somewhere(cast, functions):
    system = rich(cast, functions, 2)
    ends = [system, system.vendor, Integration.objects.first(), Assurance.objects.first(), DataObject.objects.first()]
    pages = [
        f"/{kind}/{record.pk}/"
        for kind, record in zip(
            (
                "inventory/systems",
                "inventory/vendors",
                "inventory/integrations",
                "inventory/assurances",
                "inventory/data-objects",
            ),
            ends,
            strict=True,
        )
    ] + [
        f"/functions/{functions[0].pk}/",
        f"/people/{cast.marketing_ops.pk}/",
        "/calendars/1/",
        "/inventory/capabilities/2/",
    ]
    for person in (cast.it, cast.member):
        client = signed_in(person)
        for address in pages:
            html = body(client.get(address).content.decode())
            here = set(re.findall(r'\bid="([^"]+)"', html))
            for link in {unescape(found) for found in re.findall(r'href="([^"]+)"', html)}:
                if link.startswith("#"):
                    assert link[1:] in here, (address, link)
                elif link.startswith("/"):
                    assert client.get(link.partition("#")[0]).status_code in {200, 302, 409}, (address, link)


def test_a_rich_system_costs_no_more_queries_than_a_small_one(cast, functions):
    small, large = rich(cast, functions, 1), rich(cast, functions, 3)
    for person in (cast.it, cast.member):
        client = signed_in(person)
        assert queries(client, f"/inventory/systems/{small.pk}/") == queries(client, f"/inventory/systems/{large.pk}/")
        assert queries(client, f"/inventory/vendors/{small.vendor_id}/") == queries(
            client, f"/inventory/vendors/{large.vendor_id}/"
        )
    assert queries(signed_in(cast.it), f"/inventory/systems/{large.pk}/") <= 20


def test_a_retired_record_says_so_and_offers_to_restore_it_to_those_who_may(cast):
    system = System.add(by=cast.it, name="Old", lifecycle="live")
    system.retire(by=cast.it, note="Nobody used it.")
    restore = f"/inventory/systems/{system.pk}/restore/"
    shown = page(cast.it, f"/inventory/systems/{system.pk}/")
    assert "This system was retired by Ivan Itkin" in shown
    assert "Nobody used it." in shown
    assert restore in shown
    assert restore not in page(cast.member, f"/inventory/systems/{system.pk}/")


def test_a_merged_vendor_leads_to_the_one_that_answers_for_it(cast):
    kept, second = Vendor.add(by=cast.it, name="Acme"), Vendor.add(by=cast.it, name="Acme Ireland")
    second.merge(by=cast.it, into=kept)
    answer = signed_in(cast.it).get(f"/inventory/vendors/{second.number}/")
    assert (answer.status_code, answer["Location"]) == (302, f"/inventory/vendors/{kept.pk}/")
    assert second.number in page(cast.it, answer["Location"])


def test_a_refused_act_redraws_the_record_with_the_reason(cast, functions):
    system = rich(cast, functions, 1)
    answer = signed_in(cast.it).post(f"/inventory/systems/{system.pk}/retire/", {"note": ""})
    assert answer.status_code == 409
    assert "retire those first" in answer.content.decode()


def test_a_function_leaves_a_system_by_one_press(cast, functions):
    system = rich(cast, functions, 1)
    signed_in(cast.it).post(f"/inventory/systems/{system.pk}/unshare/", {"function": functions[0].pk, "part": "uses"})
    assert list(system.uses.values_list("function", flat=True)) == [functions[1].pk]


def test_a_hidden_neighbour_is_neither_named_nor_linked(cast, functions):
    """Who owns an integration sees it; the confidential system at its other end stays a confidential system."""
    secret = System.add(by=cast.it, name="Heron", confidential=True, technical_owner=cast.it)
    shop = System.add(by=cast.it, name="Shop")
    Integration.add(by=cast.it, name="Nightly", source=secret, target=shop, owner=cast.member)
    html = body(page(cast.member, f"/inventory/systems/{shop.pk}/"))
    assert "A confidential system" in html
    assert (f"/inventory/systems/{secret.pk}/" in html, "Heron" in html) == (False, False)


def test_what_people_type_is_words_and_links_and_nothing_else(cast):
    assert prose.paragraphs("See SYS-12,\nnot <b>it</b>.\n\nhttps://acme.example/a?b=1&c=2.") == (
        '<p>See <a href="/search/?q=SYS-12">SYS-12</a>,<br>not &lt;b&gt;it&lt;/b&gt;.</p>'
        '<p><a href="https://acme.example/a?b=1&amp;c=2" rel="noopener noreferrer nofollow" target="_blank">'
        "https://acme.example/a?b=1&amp;c=2</a>.</p>"
    )
    assert prose.paragraphs("javascript:alert(1) XSYS-12 SYS-0") == "<p>javascript:alert(1) XSYS-12 SYS-0</p>"


@pytest.mark.parametrize(
    ("days", "at", "tone", "words"),
    [
        (400, 0.0, "ok", "400 days left"),
        (60, 16.67, "info", "60 days left"),
        (45, 25.0, "info", "45 days left"),
        (30, 33.33, "attention", "30 days left"),
        (7, 66.67, "attention", "7 days left"),
        (1, 83.33, "attention", "1 day left"),
        (0, 100.0, "attention", "Runs out today"),
        (-1, 100.0, "danger", "Ran out 1 day ago"),
    ],
)
def test_the_road_to_an_end_date(days, at, tone, words):
    told = drawing.countdown(TODAY + timedelta(days=days), TODAY, STEPS)
    assert (told.at, told.tone, told.words) == (at, tone, words)
    assert [step.days for step in told.steps if step.passed] == [step for step in (60, 30, 14, 7, 1) if days <= step]


def test_the_quadrant_stands_where_its_name_says():
    corners = {(4, 4): "Invest", (1, 4): "Tolerate", (4, 1): "Migrate", (1, 1): "Eliminate"}
    for (functional, technical), label in corners.items():
        told = drawing.quadrant(functional, technical)
        here = next(field for field in told.fields if field.here)
        assert told.label == here.label == label
        assert here.x <= told.x <= here.x + 50
        assert here.y <= told.y <= here.y + 50
    assert (drawing.quadrant(None, 3).rated, drawing.quadrant(3, None).label) == (False, "")


def test_the_week_is_drawn_within_its_scale():
    told = week.drawn({"monday": [["08:30", "12:00"], ["13:00", "17:30"]], "friday": [["22:00", "00:00"]]})
    assert [(period.start, period.length) for period in told.days[0].periods] == [(510, 210), (780, 270)]
    assert (told.days[0].words, told.days[4].words, told.days[6].words) == ("8 h", "2 h", "")
    assert (told.start, told.start + told.length, told.words) == (360, 1440, "10 h")
