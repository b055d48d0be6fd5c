"""The rows of a list as HTML."""

from datetime import UTC, datetime

from django.template import Context, Template
from django.utils.safestring import SafeString

from inventory.models import System
from martech.columns import columns
from martech.web import grid

KNOWN = columns(System)


def written(*read, names=("lifecycle",)):
    return [str(row.html) for row in grid.rows(System, [KNOWN[name] for name in names], read, "/inventory/systems/")]


def row(key, name, **more):
    return {"id": key, "name": name, "retired_at": None, "lifecycle": "live", **more}


def test_a_row_tells_its_name_its_number_and_its_cells():
    assert written(row(7, "A & B", user_count=1200), names=("lifecycle", "user_count", "url")) == [
        '<tr role="row"><td class="grid-select-cell" role="cell"><input class="grid-select" type="checkbox" name="key" '
        'value="7" aria-label="Choose A &amp; B"></td><th class="is-stuck" scope="row" role="rowheader">'
        '<span class="grid-name"><a class="grid-link" href="/inventory/systems/7/">A &amp; B</a>'
        '<span class="number">SYS-7</span></span></th>'
        '<td role="cell" data-label="Lifecycle"><span class="badge tone-ok">Live</span></td>'
        '<td role="cell" data-label="People using it" class="is-end">1\u202f200</td>'
        '<td role="cell" class="is-empty"><span class="said">empty</span></td></tr>'
    ]


def test_what_is_retired_says_so():
    (told,) = written(row(7, "Old", retired_at=datetime(2026, 3, 1, tzinfo=UTC)), names=())
    assert (told.count('class="is-retired"'), told.count('<span class="list-retired">Retired</span>')) == (1, 1)


def test_a_ring_is_drawn_once_and_shown_again():
    rows = written(*(row(key, f"S{key}", halves=halves) for key, halves in enumerate([(1, 0.5), (1, 0.5), (0, 0)])))
    assert [(one.count('<g id="ring-'), one.count('<use href="#ring-100-50"/>')) for one in rows] == [
        (1, 0),
        (0, 1),
        (1, 0),
    ]
    assert [one.count('aria-label="Business 100 %, Technology 50 % complete"') for one in rows] == [1, 1, 0]


def test_a_part_is_drawn_once_for_every_address():
    tab = Template('{% part "components/tab.html" with label="Overview" url=url only %}')
    urls = ("/systems/1/?a=1&b=2", SafeString("/a/&amp;b"), "", None)
    assert [tab.render(Context({"url": url})).partition(">")[0] for url in urls] == [
        '<a class="tab" href="/systems/1/?a=1&amp;b=2"',
        '<a class="tab" href="/a/&amp;b"',
        '<a class="tab" href=""',
        '<a class="tab" href="None"',
    ]


def test_a_part_is_not_remembered_by_a_record_nor_as_safe_for_another():
    badge = Template('{% part "components/badge.html" with tone="ok" label=label only %}')
    record = System(pk=1, name="Before")
    told = [badge.render(Context({"label": record}))]
    record.name = "After"
    told += [badge.render(Context({"label": label})) for label in (record, SafeString("<b>x</b>"), "<b>x</b>")]
    assert [one.partition(">")[2].removesuffix("</span>\n") for one in told] == [
        "Before",
        "After",
        "<b>x</b>",
        "&lt;b&gt;x&lt;/b&gt;",
    ]
