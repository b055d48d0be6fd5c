"""Gareth left and Laura took over; Inês asks her head to take over what she holds; some stand in for others."""

from datetime import datetime

from governance.models import Handover, StandIn
from martech.demo.diary import Diary, Of

LEFT, TAKEN, ASKED = 96, 60, 3
"""Days ago: what Gareth held falls vacant, Laura has it, Inês asks."""


def leaving(diary: Diary) -> None:
    """What Gareth held waits five weeks with his head, then goes to who comes in his place; one hand-over is open."""
    this = Of("handover", "gareth")

    def found(at: datetime) -> None:
        diary.records[this] = Handover.objects.get(person=diary.records[Of("person", "gareth")])

    def settled(at: datetime) -> None:
        made, laura = diary.records[this], diary.records[Of("person", "laura")]
        items = made.items.values_list("pk", flat=True)
        made.settle(dict.fromkeys(items, laura), by=diary.records[Of("person", "fiona")], at=at)

    diary.plan(LEFT - 1, found)
    diary.does(
        LEFT - 1,
        this,
        "change",
        "fiona",
        checklist=[
            "Decide which recordings of last year stay",
            "Move the account of Vantrell Webinars to an address of the company",
            "Show how registrations reach Quillmark Engage",
        ],
        note="I keep this until somebody comes in his place.",
    )
    diary.does(TAKEN, this, "remark", "fiona", note="Laura has started: all of it goes to her today.")
    diary.plan(TAKEN, settled)
    diary.adds(
        ASKED,
        Of("handover", "ines"),
        Handover,
        "ines",
        person=Of("person", "ines"),
        receiver=Of("person", "priya"),
        expires_on=diary.day(ASKED - 14),
        checklist=["Go through the campaign calendar until March", "Introduce the two agencies"],
        note="I am on the launch of the dealer portal until summer.",
    )


def standing_in(diary: Diary) -> None:
    """Fiona, Callum, Charles and Tomasz are away this week; Priya names Callum for the days of her holiday."""
    for key, person, deputy, named, first, last, more in (
        ("fiona-summer", "fiona", "kofi", 130, 128, 114, {"reason": "Summer holiday"}),
        ("fiona", "fiona", "kofi", 4, 2, -5, {"reason": "At the trade fair in Munich"}),
        ("callum", "callum", "priya", 3, 1, -4, {"reason": "Moving house"}),
        ("charles", "charles", "birgit", 5, 3, -6, {}),
        ("priya", "priya", "callum", 6, -11, -25, {"reason": "Holiday"}),
        ("tomasz", "tomasz", "ivo", 1, 1, -3, {"reason": "Training", "covers": "attestations"}),
    ):
        diary.adds(
            named,
            Of("stand-in", key),
            StandIn,
            person,
            person=Of("person", person),
            deputy=Of("person", deputy),
            from_on=diary.day(first),
            to_on=diary.day(last),
            **more,
        )
