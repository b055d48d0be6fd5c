"""The pages of syncs: which lists came in, and what each left for people to look at."""

from dataclasses import dataclass
from typing import Any

from martech.columns import columns
from martech.sync import filters, models, reports
from martech.web import links
from martech.web.views import RecordViews

SHOWN = 100
"""Rows of a section on the page; the others are told by their number."""


@dataclass(frozen=True)
class Apart:
    """A field in which a source and we differ."""

    name: str
    label: str
    ours: str
    theirs: str
    set_by: str
    accepted: bool


@dataclass(frozen=True)
class Line:
    """An item of a sync as the page tells it."""

    external_id: str
    name: str
    number: str
    url: str
    sent: tuple[tuple[str, str], ...]
    matches: tuple[dict[str, Any], ...]
    apart: tuple[Apart, ...]
    errors: tuple[tuple[str, str], ...]
    settled: str


class SyncRuns(RecordViews):
    model = models.SyncRun
    filterset_class = filters.SyncRuns
    path = "sync-runs"
    icon = "arrow-path"
    lead = "Lists that other programs sent: what they changed, and what they left for you to decide."
    columns = (
        "source",
        "kind",
        "mode",
        "item_count",
        "error_count",
        "difference_count",
        "match_count",
        "created_at",
    )
    facts = ("source", "mode", "sent_by", "created_at")
    related = ("sent_by",)

    def sections(self, record: models.SyncRun) -> dict[str, Any]:
        made: dict[str, Any] = {"base_of_kind": links.list_url(record.kind), "noun_of_kind": record.get_kind_display()}
        for name in reports.SECTIONS:
            rows = list(reports.section(record, self.user, name)[: SHOWN + 1])
            made[name] = self.lines(record, rows[:SHOWN])
            made[f"more_{name}"] = len(rows) > SHOWN
        return made

    def lines(self, record: models.SyncRun, rows: list[models.SyncRow]) -> list[Line]:
        known, base = columns(record.model), links.list_url(record.kind)

        def label(name: str) -> str:
            return known[name].label if name in known else {"external_id": "", "non_field": ""}.get(name, name)

        made = []
        for row, told in zip(rows, reports.told(record, rows, self.user), strict=True):
            item = row.item if isinstance(row.item, dict) else {}  # a source sends what it likes
            sent = [(name, value) for name, value in item.items() if name in known and name != "name"]
            made.append(
                Line(
                    external_id=row.external_id,
                    name=row.text,
                    number=told["number"] or "",
                    url=f"{base}{row.key}/" if row.key else "",
                    sent=tuple((known[name].label, said(value)) for name, value in sent if value)[:6],
                    matches=tuple({**like, "url": f"{base}{like['id']}/"} for like in told["matches"]),
                    apart=tuple(
                        Apart(
                            name, label(name), said(one["ours"]), said(one["theirs"]), one["set_by"], "accepted" in one
                        )
                        for name, one in told["differences"].items()
                    ),
                    errors=tuple((label(name), " ".join(lines)) for name, lines in told["errors"].items()),
                    settled=row.settled,
                )
            )
        return made


def said(value: Any) -> str:
    """A value of JSON in words."""
    if isinstance(value, dict):
        return str(value.get("text") or value.get("external_id") or "")
    if isinstance(value, list):
        return ", ".join(said(one) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
