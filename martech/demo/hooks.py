"""The webhooks of Fernhollow. Both rest: nothing of an invented company is sent anywhere."""

from martech.demo.diary import Diary, Of
from martech.demo.founding import BOSS
from martech.webhooks.models import Webhook

# Name, address, events, conditions, days, days ago, paused days ago, why
HOOKS: tuple[tuple[str, str, list[str], list[str], list[str], int, int, str], ...] = (
    (
        "Data warehouse", "https://hooks.fernhollow.example/interlock", ["inventory.system.*", "inventory.vendor.*"],
        [], [], 120, 9, "The warehouse moves; it is filled again from Monday on.",
    ),
    (
        "Certificates to the operations desk", "https://desk.fernhollow.example/in/certificates", [], [],
        ["inventory.assurance.expires_on=30"], 45, 44, "Tried out; the desk still has to agree who answers.",
    ),
)  # fmt: skip


def webhooks(diary: Diary) -> None:
    for name, url, events, conditions, days, ago, rests, why in HOOKS:
        this = Of("webhook", name)
        diary.adds(ago, this, Webhook, BOSS, name=name, url=url, events=events, conditions=conditions, days=days)
        diary.does(rests, this, "pause", BOSS, note=why)
