"""A list as people use it: filters that cannot be read, views that are looked after, conflicts that are decided."""

from datetime import timedelta
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from inventory.models import Assurance, Integration, System, Vendor
from martech.accounts.models import Function
from martech.filtering import day
from martech.home import search, standing
from martech.records.models import Follow, SavedView

pytestmark = pytest.mark.django_db
LIST = "/inventory/systems/"


def signed_in(person):
    client = Client()
    client.force_login(person, backend="martech.permissions.backend.TableBackend")
    return client


@pytest.fixture
def page(mona):
    return signed_in(mona)


@pytest.fixture
def view(mona):
    return SavedView.add(by=mona, name="Live", page="inventory.system", query="lifecycle=live", owner=mona)


def kept(view):
    view.refresh_from_db()
    return (view.name, view.query, view.shared, view.retired_at is None)


def test_a_filter_that_cannot_be_read_is_told_at_its_control_and_left_out(page, mona):
    System.add(by=mona, name="Postbell", lifecycle="live")
    response = page.get(LIST, {"live_on__gte": "soon", "foo": "1", "lifecycle": "live"})
    listing = response.context["listing"]
    assert response.status_code == 422
    assert [(one.name, one.value, one.error) for one in listing.wrong] == [
        ("live_on__gte", "soon", "Give a date such as 2026-05-03, or one like +90d.")
    ]
    assert listing.strays == [("foo", "There is no such parameter.")]
    assert [row.name for row in listing.rows] == ["Postbell"]
    assert [chip["value"] for chip in listing.chips] == ["Live"]


def test_the_panel_carries_along_what_none_of_its_controls_says(page):
    response = page.get(
        LIST, {"business_owner__isnull": "true", "live_on__isnull": "true", "q": "post", "columns": ["vendor", "kind"]}
    )
    listing = response.context["listing"]
    shown = {one.name: one.value for group in listing.choosers for one in group.choosers if one.value}
    assert shown == {"business_owner": "-"}
    assert listing.panel_keeps == [
        {"name": "live_on__isnull", "value": "true"},
        {"name": "q", "value": "post"},
        {"name": "columns", "value": "vendor,kind"},
    ]


def test_both_chosen_columns_stay_when_the_order_changes(page):
    heads = page.get(f"{LIST}?columns=vendor&columns=lifecycle").context["listing"].heads
    assert [(head.label, head.url) for head in heads[1:]] == [
        ("Vendor", f"{LIST}?columns=vendor%2Clifecycle&ordering=vendor"),
        ("Lifecycle", f"{LIST}?columns=vendor%2Clifecycle&ordering=lifecycle"),
    ]


def test_a_vendor_with_a_comma_in_its_name_can_be_asked_for(page, mona):
    vendor = Vendor.add(by=mona, name="Norrland, Ltd.")
    System.add(by=mona, name="Postbell", vendor=vendor)
    listing = page.get(LIST, {"vendor": f"Norrland, Ltd. ({vendor.number})"}).context["listing"]
    assert [row.name for row in listing.rows] == ["Postbell"]
    assert [chip["value"] for chip in listing.chips] == ["Norrland, Ltd."]


def test_days_in_a_chip_are_said_in_words(page):
    chips = page.get(LIST, {"trial_ends_on__lte": "2026-05-03", "user_count__gte": "5"}).context["listing"].chips
    assert [chip["value"] for chip in chips] == ["3 May 2026 or earlier", "at least 5"]


def test_a_view_is_brought_up_to_date_renamed_shared_and_removed_from_the_list(page, view):
    def act(verb, **more):
        return page.post(f"{LIST}views/", {"act": verb, "view": view.pk, **more})["Location"]

    assert (
        act("update", query="lifecycle=live&criticality=mission")
        == f"{LIST}?lifecycle=live&criticality=mission&view={view.pk}"
    )
    act("rename", name="Live and vital")
    act("share")
    assert kept(view) == ("Live and vital", "lifecycle=live&criticality=mission", True, True)
    act("unshare")
    assert act("remove") == LIST
    assert kept(view) == ("Live and vital", "lifecycle=live&criticality=mission", False, False)
    act("restore")
    assert kept(view)[3] is True


def test_a_view_does_not_lose_its_name(page, view):
    response = page.post(f"{LIST}views/", {"act": "rename", "view": view.pk, "name": "  "}, follow=True)
    assert [str(message) for message in response.context["messages"]] == ["The view needs a name."]
    assert kept(view) == ("Live", "lifecycle=live", False, True)


def test_a_shared_view_is_changed_by_its_keeper_alone(ivan, mona, view):
    other = signed_in(ivan)
    assert other.post(f"{LIST}views/", {"act": "rename", "view": view.pk, "name": "x"}).status_code == 404
    view.change(by=mona, shared=True)
    assert other.post(f"{LIST}views/", {"act": "rename", "view": view.pk, "name": "x"}).status_code == 403
    assert kept(view) == ("Live", "lifecycle=live", True, True)


@pytest.mark.parametrize(
    "sent", [{"act": "burn", "view": "1"}, {"act": "remove", "view": "x"}, {"act": "remove", "view": "999"}]
)
def test_an_unknown_act_or_view_is_not_there(page, view, sent):
    assert page.post(f"{LIST}views/", sent).status_code == 404


def test_a_view_of_another_list_is_not_there(page, view):
    assert page.post("/inventory/vendors/views/", {"act": "remove", "view": view.pk}).status_code == 404


def test_the_open_view_says_whether_the_list_has_been_changed_since(page, view):
    unchanged = page.get(f"{LIST}?lifecycle=live&view={view.pk}").context["listing"].opened
    changed = page.get(f"{LIST}?lifecycle=live&criticality=mission&view={view.pk}").context["listing"].opened
    assert (unchanged["changed"], changed["changed"], changed["mine"]) == (False, True, True)


def test_ones_own_views_stand_before_shared_ones(page, ivan, view):
    SavedView.add(by=ivan, name="All of IT", page="inventory.system", query="", owner=ivan, shared=True)
    assert [tab["label"] for tab in page.get(LIST).context["listing"].saved] == ["Live", "All of IT"]


@pytest.fixture
def system(mona):
    return System.add(by=mona, name="Postbell", description="Mail", residency="EU")


def edit(page, system, version, **fields):
    form = page.get(f"{LIST}{system.pk}/change/").context["form"]
    sent = {name: form[name].value() for name in form.fields}
    sent = {name: value for name, value in sent.items() if value not in (None, [], False)}
    return page.post(f"{LIST}{system.pk}/change/", {**sent, "aliases": "", "version": version, **fields})


def values(system):
    system.refresh_from_db()
    return (system.description, system.residency)


def test_two_people_who_change_the_same_field_are_asked_and_nothing_is_written(page, ivan, system):
    seen = system.version
    system.change(by=ivan, description="Newsletters")
    response = edit(page, system, seen, description="Campaigns", residency="IE")
    assert response.status_code == 409
    assert [(one.name, one.before, one.after, one.choice) for one in response.context["conflicts"]] == [
        ("description", "Newsletters", "Campaigns", "")
    ]
    assert values(system) == ("Newsletters", "EU")


@pytest.mark.parametrize(("choice", "stands"), [("mine", "Campaigns"), ("theirs", "Newsletters")])
def test_each_conflict_is_decided_by_itself_and_the_rest_is_saved(page, ivan, system, choice, stands):
    seen = system.version
    now = system.change(by=ivan, description="Newsletters").version
    response = edit(
        page, system, seen, description="Campaigns", residency="IE", judged=now, **{"choose-description": choice}
    )
    assert response.status_code == 302
    assert values(system) == (stands, "IE")


def test_a_decision_is_carried_along_while_another_field_is_put_right(page, ivan, system):
    seen = system.version
    now = system.change(by=ivan, description="Newsletters").version
    chosen = {"judged": str(now), "choose-description": "theirs"}
    response = edit(page, system, seen, description="Campaigns", user_count="-5", **chosen)
    assert (response.status_code, dict(response.context["carried"])) == (422, chosen)


def test_a_decision_does_not_cover_a_later_change_of_the_same_field(page, ivan, system):
    seen = system.version
    judged = system.change(by=ivan, description="Newsletters").version
    system.change(by=ivan, description="Newsletters and surveys")
    response = edit(page, system, seen, description="Campaigns", judged=judged, **{"choose-description": "mine"})
    assert response.status_code == 409
    assert values(system) == ("Newsletters and surveys", "EU")


def test_two_people_who_change_different_fields_do_not_meet(page, ivan, system):
    seen = system.version
    system.change(by=ivan, description="Newsletters")
    assert edit(page, system, seen, description="Mail", residency="IE").status_code == 302
    assert values(system) == ("Newsletters", "IE")


def test_a_tool_is_logged_by_its_name_and_the_next_one_keeps_function_and_owner(page, mona):
    response = page.post(
        "/new/", {"name": "Postbell", "lifecycle": "live", "business_owner": mona.number, "another": "1"}
    )
    made = System.objects.get(name="Postbell")
    following = page.get(response["Location"])
    assert (made.lifecycle, made.business_owner) == ("live", mona)
    assert following.context["just"] == made
    assert following.context["form"]["business_owner"].value() == f"{mona.name} ({mona.number})"


def test_while_a_name_is_typed_the_record_it_might_repeat_is_told(page, mona):
    System.add(by=mona, name="Postbell", lifecycle="live", business_owner=mona)
    System.add(by=mona, name="Postbell Surveys")
    told = page.get(f"{LIST}like/", {"name": "POSTBELL"}).context
    assert ([one.name for one in told["systems"]], [one.name for one in told["near"]]) == (
        ["Postbell"],
        ["Postbell Surveys"],
    )


def test_whoever_may_add_nothing_is_told_whom_to_ask(mia):
    client = signed_in(mia)
    response = client.get("/new/")
    assert response.status_code == 403
    assert "Marketing operations and IT put tools on record." in unescape(response.content.decode())
    assert "data-quick-add" not in client.get("/").content.decode()


def test_every_figure_of_the_home_page_opens_a_list_of_as_many(page, mona, ivan):
    today = timezone.localdate()
    own = System.add(by=mona, name="One", business_owner=mona, lifecycle="live", data_classification="internal")
    trial = System.add(
        by=mona, name="Two", technical_owner=ivan, lifecycle="evaluating", trial_ends_on=today + timedelta(days=5)
    )
    System.add(by=mona, name="Three", lifecycle="evaluating", trial_ends_on=today + timedelta(days=50))
    System.add(by=mona, name="Gone").retire(by=mona)
    Assurance.add(by=mona, kind="dpa", system=own, expires_on=today + timedelta(days=10))
    Integration.add(by=mona, source=own, target=trial, status="active").degrade(by=mona, note="Slow")
    stand = standing.of(mona)
    shown = {figure.label: page.get(figure.url).context["listing"].total for figure in (*stand.figures, *stand.parts)}
    assert shown == {figure.label: figure.value for figure in (*stand.figures, *stand.parts)}
    assert [figure.value for figure in stand.figures] == [3, 2, 2, 2, 1, 1, 1]


def test_home_says_what_waits_and_what_is_missing(page, mona):
    own = System.add(by=mona, name="One", business_owner=mona, description="Mail")
    Assurance.add(by=mona, kind="dpa", system=own, expires_on=timezone.localdate() - timedelta(days=1))
    context = page.get("/").context
    assert [
        (group.title, [(task.note, task.tone, task.action) for task in group.tasks]) for group in context["waiting"]
    ] == [("Assurances that run out", [("Has run out", "danger", "Renew")])]
    assert context["mine"][0].missing[0] == ("Name the owning function", f"{LIST}{own.pk}/change/#id_owning_function")


def test_home_of_an_empty_company_offers_only_first_steps_that_are_possible(mona, mia):
    assert [step.url for step in signed_in(mia).get("/").context["steps"]] == []
    assert "/new/" in [step.url for step in signed_in(mona).get("/").context["steps"]]


def test_what_was_asked_is_marked_and_everything_else_escaped():
    assert search.marked("Straße & <b>Post</b>", "strasse post") == (
        "<mark>Straße</mark> &amp; &lt;b&gt;<mark>Post</mark>&lt;/b&gt;"
    )


def test_search_while_typing_answers_with_the_hits_alone(page, mona):
    System.add(by=mona, name="Postbell")
    found = page.get("/search/", {"q": "post"}, headers={"HX-Request": "true"}).content.decode()
    assert ("<mark>Post</mark>bell" in found, "<html" in found) == (True, False)


def test_the_trail_is_narrowed_by_person_and_told_by_days(page, mona, ivan):
    System.add(by=mona, name="One")
    System.add(by=ivan, name="Two")
    days = page.get("/trail/", {"by": f"Ivan Itkin ({ivan.number})", "kind": "inventory.system"}).context["days"]
    assert [(on, [line.entry.text for line, _ in lines]) for on, lines in days] == [(timezone.localdate(), ["Two"])]
    assert page.get("/trail/", {"by": "nobody of that name"}).context["days"] == []


def test_where_functions_meet_lists_each_pair_once(page, mona, ada):
    one, two = Function.add(by=ada, name="Marketing"), Function.add(by=ada, name="Sales")
    system = System.add(by=mona, name="Postbell", owning_function=one)
    system.share(by=mona, function=two, part="uses")
    pairs = page.get("/inventory/meetings/").context["pairs"]
    assert [(pair.one.name, pair.other.name, pair.systems) for pair in pairs] == [
        ("Marketing", "Sales", ((system.pk, "Postbell"),))
    ]


def test_following_decides_what_changed_at_home(page, mona, ivan):
    one, two = System.add(by=ivan, name="One"), System.add(by=ivan, name="Two")
    assert len(page.get("/").context["changed"]) == 2
    Follow.begin(one, mona)
    assert [line.entry.number for line, _ in page.get("/").context["changed"]] == [one.number]
    assert two.number != one.number


def test_a_relative_day_is_read_as_the_figures_write_it():
    assert day("+30d") == timezone.localdate() + timedelta(days=30)
