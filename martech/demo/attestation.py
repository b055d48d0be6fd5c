"""How Fernhollow asks its owners whether the record is still right: one campaign closed, one under way."""

from datetime import datetime
from typing import Any

from governance.models import Attestation, Campaign
from martech.demo.diary import Diary, Of

CLOSED, RUNNING = "Spring check of critical systems", "Autumn check of the marketing stack"
SAID = {"priya": "confirm", "tomasz": "confirm", "chloe": "confirm", "annika": "correct", "aoife": "confirm"}


def attestation(diary: Diary) -> None:
    """The spring campaign was answered by most; the autumn one waits for marketing operations and others."""
    for name, ago, due, more in (
        (CLOSED, 190, 165, {"tier": "critical"}),
        (RUNNING, 9, -12, {"owning_function": Of("function", "Marketing operations")}),
    ):
        this = Of("campaign", name)
        asks = "Are the owners, the people using it and the vendor still right?"
        diary.adds(ago + 1, this, Campaign, "callum", name=name, question=asks, due_on=diary.day(due), **more)
        diary.does(ago, this, "start", "callum")
    diary.plan(178, lambda at: _answers(diary, at))
    diary.does(160, Of("campaign", CLOSED), "close", "callum", note="Whoever did not answer is asked again in autumn.")


def _answers(diary: Diary, at: datetime) -> None:
    people: dict[int, Any] = {
        diary.records[Of("person", key)].pk: (key, diary.records[Of("person", key)]) for key in SAID
    }
    for one in Attestation.objects.open().filter(campaign__name=CLOSED, person__in=people).order_by("pk"):
        key, person = people[one.person_id]
        note = "The number of people using it had doubled." if SAID[key] == "correct" else ""
        getattr(one, SAID[key])(by=person, at=at, note=note)
