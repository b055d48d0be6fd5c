"""Lists and records through compiled statements: these are kept by their shape, an answer never is."""

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from inventory.filters import Systems
from inventory.models import Capability, System, Vendor
from martech import lists
from martech.accounts.models import Token, User
from martech.columns import sheet
from martech.permissions import engine

pytestmark = pytest.mark.django_db
NAMES = ("name", "vendor", "vendor_name", "capabilities", "owner_name", "created_at")


def page(person, query="", **part):
    asked = (Systems, *Systems.read(QueryDict(query), person))
    return lists.page(System, NAMES, asked, person, **{"limit": 50, **part})


def names(person, query="", **part):
    return [row["name"] for row in page(person, query, **part)[0]]


@pytest.fixture
def stack(mona):
    acme = Vendor.add(by=mona, name="Acme")
    mail, data = (Capability.add(by=mona, name=name) for name in ("Mail", "Data"))
    return [
        System.add(by=mona, name="Shop", vendor=acme, capabilities=[mail, data], user_count=7),
        System.add(by=mona, name="Post 50%", business_owner=mona, lifecycle="live", user_count=12),
        System.add(by=mona, name="Post 500", live_on="2026-03-01", confidential=True),
    ]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "q=post",
        "q=50%25",
        "q=po+st",
        "vendor=1,2",
        "vendor=-",
        "user_count__gte=8",
        "user_count=7&lifecycle=proposed",
        "live_on__lte=2026-12-31",
        "created_at__gte=-1d",
        "name=SHOP",
        "lifecycle=live,proposed&sso=unknown",
        "confidential=true",
        "business_owner=me",
        "capabilities=1",
        "ordering=-vendor",
        "retired=all",
    ],
)
@pytest.mark.parametrize("limit", [50, 1000])
def test_a_list_by_a_kept_statement_is_the_list_by_the_queryset(stack, mona, query, limit):
    rows = Systems.narrow(engine.scope(mona, System.objects.all()), QueryDict(query), mona)
    wanted = sheet(System, NAMES).rows(rows, mona)
    for _ in range(2):
        assert page(mona, query, limit=limit) == (wanted, len(wanted))


def test_a_percent_sign_is_looked_for_as_such(stack, mona):
    assert names(mona, "q=50%25") == ["Post 50%"]


def test_two_people_of_one_shape_see_each_their_own(stack, mia):
    other = User.objects.create_user("mara@cast.example", name="Mara Member", origin="command")
    other.groups.set(mia.groups.all())
    stack[2].change(by=stack[1].business_owner, business_owner=mia)
    assert [engine.shape(one) == engine.shape(mia) for one in (mia, other)] == [True, True]
    assert names(mia) == ["Post 50%", "Post 500", "Shop"]
    assert names(other) == ["Post 50%", "Shop"]


def test_a_role_that_is_given_or_taken_counts_in_the_next_question(stack, mia):
    assert names(mia) == ["Post 50%", "Shop"]
    mia.groups.add(Group.objects.get_or_create(name="auditor")[0])
    mia._forget_roles()
    assert names(mia) == ["Post 50%", "Post 500", "Shop"]
    mia.groups.clear()
    mia._forget_roles()
    assert names(mia) == []


def test_a_token_that_is_narrowed_narrows_at_once(stack, ivan):
    token = Token.add(by=ivan, name="ERP", write=True)
    client = Client(headers={"Authorization": f"Bearer {token.secret}"})
    address = f"/api/v1/systems/{stack[0].pk}/"
    assert "change" in client.get(address).json()["verbs"]
    token.change(by=ivan, write=False)
    assert client.get(address).json()["verbs"] == []
    token.change(by=ivan, kinds=["inventory.vendor"])
    assert client.get(address).status_code == 404


def test_a_page_beyond_the_end_still_says_how_many_there_are(stack, cast):
    assert page(cast.auditor, offset=100) == ([], 3)
    assert page(cast.auditor, "q=nowhere") == ([], 0)
    assert page(cast.auditor, limit=2, counted=False)[1] is None


def test_pages_follow_each_other_without_a_gap(stack, cast):
    otto = cast.auditor
    assert [names(otto, limit=1, offset=place) for place in range(3)] == [["Post 50%"], ["Post 500"], ["Shop"]]
    asked = (Systems, *Systems.read(QueryDict(""), otto))
    walked = lists.walk(System, NAMES, asked, otto, limit=2, after=stack[0].pk)
    assert [row["name"] for row in walked] == ["Post 50%", "Post 500"]


def test_many_rows_at_once_are_what_they_are_in_small_pages(stack, mona, ivan):
    """Many rows are made column by column, few row by row."""
    secret = System.add(by=mona, name="Secret move", confidential=True)
    for number in range(150):
        more = {"capabilities": [stack[0].capabilities.first()]} if number % 3 else {"user_count": number}
        made = System.add(by=mona, name=f"Tool {number:03}", sso="yes" if number % 2 else "unknown", **more)
        if number % 50 == 7:
            System.objects.filter(pk=made.pk).update(target_system=secret)
    wanted = tuple(name for name in lists.usual(System, ivan) if name != "verbs")
    asked = (Systems, *Systems.read(QueryDict("ordering=name"), ivan))
    whole, total = lists.page(System, wanted, asked, ivan, limit=1000)
    small = [
        lists.page(System, wanted, asked, ivan, limit=50, offset=offset, counted=False)[0]
        for offset in range(0, total, 50)
    ]
    assert whole == [row for rows in small for row in rows]
    assert [*whole[0]] == [*small[0][0]]
    assert total == 152


def test_nobody_without_a_role_sees_anything(stack, cast):
    assert page(cast.outsider) == ([], 0)
    assert lists.one(System, stack[0].pk, cast.outsider) is None


def test_a_list_and_a_record_are_one_statement_each_and_what_is_seen_in_part_one_before(stack, ivan, cast):
    assert ivan.roles == {"it"}
    for person, statements in ((cast.auditor, 2), (ivan, 3)):
        assert person.roles
        with CaptureQueriesContext(connection) as captured:
            page(person)
            lists.one(System, stack[0].pk, person)
        assert len(captured) == statements


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_cut_is_noticed_without_asking_a_living_one():
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        mine = cursor.fetchone()[0]
    with CaptureQueriesContext(connection) as captured:
        assert connection.is_usable()
    assert len(captured) == 0
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 1000)", [mine])
    other.close()
    assert not connection.is_usable()
    connection.close()


def test_the_name_of_a_hidden_record_is_hidden_where_it_is_asked_for_alone(stack, ivan, mona):
    stack[0].change(by=mona, target_system=System.add(by=mona, name="Secret move"))
    System.objects.get(name="Secret move").change(by=mona, confidential=True)
    asked = (Systems, *Systems.read(QueryDict("name=Shop"), ivan))
    row = lists.page(System, ("target_system_name",), asked, ivan, limit=5)[0]
    assert row == [{"id": stack[0].pk, "target_system_name": None}]
