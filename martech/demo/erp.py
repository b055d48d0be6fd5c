"""What the ERP sends: creditors, most of them vendors the company knows, one new, one in question, one not right."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from inventory.models import Vendor
from martech.demo.diary import Diary, Of
from martech.sync.models import SyncRun

SOURCE = "Hexlowe ERP"
CREDITORS: tuple[tuple[str, str, str], ...] = (
    ("70011", "Quillmark Engage", "IE"),
    ("70012", "Tarnwater Commerce", "NL"),
    ("70015", "Ostrelle", "DK"),
    ("70018", "Postwren", "GB"),
    ("70021", "Sendhollow", "FI"),
    ("70022", "Formwold", "GB"),
    ("70026", "Bidwharf", "IE"),
    ("70031", "Reachholm", "NO"),
    ("70034", "Plattenholt", "DE"),
    ("70040", "Videlbrook", "CA"),
)
"""Number, name and country. Ostrelle and Reachholm send their bills from another country than ours."""
NEW: dict[str, Any] = {
    "external_id": "70052",
    "name": "Hafenlicht Druck",
    "country": "DE",
    "website": "https://www.hafenlicht-druck.example",
    "kinds": ["agency"],
    "categories": ["Print"],
}
IN_QUESTION: dict[str, Any] = {
    "external_id": "70053",
    "name": "Tidemast SAS Paris",
    "country": "FR",
    "website": "https://www.tidemast.example",
}
NOT_RIGHT: dict[str, Any] = {"external_id": "70054", "name": "Lumenfold Media", "country": "IRL"}


def syncs(diary: Diary) -> None:
    """The first list two weeks ago, and yesterday's, in which one address is new."""
    known = [{"external_id": number, "name": name, "country": country} for number, name, country in CREDITORS]
    _sends(diary, 14, [*known, NEW])
    moved = {**NEW, "website": "https://hafenlicht.example", "categories": ["Print", "Mailings"]}
    _sends(diary, 1, [*known, moved, IN_QUESTION, NOT_RIGHT])


def _sends(diary: Diary, ago: int, items: Sequence[dict[str, Any]]) -> None:
    def act(at: datetime) -> None:
        SyncRun.take(Vendor, by=diary.records[Of("person", "erp")], source=SOURCE, items=list(items), at=at)

    diary.plan(ago, act)
