"""The rows of the table: what is asked of the product and of the floor, and the ratio that is held."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from benchmarks.load import Ask

API, PAGE = "/api/v1/systems/", "/inventory/systems/"


@dataclass(frozen=True)
class Row:
    """One kind of work: two requests, the ratio held and the one we are after; `session`: by a person's browser."""

    part: str
    title: str
    product: Ask
    floor: Ask
    held: float
    after: float
    session: bool = False


SOUGHT = "lifecycle=live&criticality=operational&q=por"
LISTS = {
    "list of 50 with its count": ("limit=50", 2.5, 1.5),
    "list of 1000": ("limit=1000", 1.3, 0.8),
    "two filters and `q`, 50 rows": (SOUGHT, 2.5, 1.3),
    "page at offset 14,000": ("offset=14000", 2.5, 1.5),
}
GROWING = {
    "list of 50": "count=false",
    "list of 1000": "limit=1000&count=false",
    "two filters and `q`, 50 rows": f"{SOUGHT}&count=false",
    "page at offset 14,000": "offset=14000&count=false",
}
RATIO_OF_GROWTH, MEMORY = 2.0, 130


def rows(known: Mapping[str, Any]) -> list[Row]:
    """All of them, for the keys that the stand knows."""
    body = {
        "name": "Bench {uid}",
        "description": "Made by the benchmark",
        "lifecycle": "live",
        **{name: known[name] for name in ("vendor", "owning_function", "business_owner")},
    }
    change = {"description": "Changed by the benchmark {uid}"}
    synced = {"source": "bench", "mode": "partial"}
    item = {"external_id": "B-{uid}", **body}
    lists = [
        Row("reads", title, Ask(f"{API}?{query}"), Ask(f"/json/?{query}"), held, after)
        for title, (query, held, after) in LISTS.items()
    ]
    return [
        *lists,
        Row("reads", "detail", Ask(f"{API}{{id}}/"), Ask("/json/{id}/"), 4, 2),
        Row("writes", "create one", Ask(API, "POST", body, most=60), Ask("/json/", "POST", body, most=60), 6, 3),
        Row(
            "writes",
            "change one",
            Ask(f"{API}{{id}}/", "PATCH", change, most=60),
            Ask("/json/{id}/", "PATCH", change, most=60),
            6,
            3,
        ),
        *(
            Row(
                "bulk",
                f"bulk sync of {count:,}",
                Ask(f"{API}sync/", "POST", item, count, synced, most),
                Ask("/json/", "POST", body, count, most=most),
                6,
                3,
            )
            for count, most in ((100, 8), (5000, 1))
        ),
        Row("pages", "HTML list of 50", Ask(PAGE), Ask("/page/"), 8, 5, session=True),
        Row("pages", "HTML detail", Ask(f"{PAGE}{{id}}/"), Ask("/page/{id}/"), 10, 6, session=True),
        Row("exports", "CSV export of 15,000", Ask(f"{API}?format=csv", most=2), Ask("/csv/", most=2), 5, 3.4),
    ]


PARTS = ("reads", "writes", "bulk", "pages", "exports", "letters", "growth", "copy", "memory")
