"""An import as its pages show it: figures, steps, columns with their first values, rows with what changes."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from martech.columns import columns
from martech.imports import delimited, targets
from martech.imports.forms import UNANSWERED, tag
from martech.imports.mapping import MODES, Question, cells, questions
from martech.imports.models import ImportBatch, ImportRow
from martech.imports.preview import OUTCOMES, VENDOR
from martech.imports.table import Table, count
from martech.inert import unguard
from martech.web import links

SAMPLES = 3
FIRST_ROWS = 5
TONES = {"create": "ok", "update": "info", "unchanged": "muted", "skipped": "muted", "error": "danger"}
STEPS = (("file", "File"), ("columns", "Columns"), ("preview", "Preview"), ("import", "Import"), ("result", "Result"))
AT = {"uploaded": 1, "previewed": 2, "queued": 3, "running": 3, "undoing": 4}


def steps(batch: ImportBatch | None) -> list[dict[str, Any]]:
    """The way of an import, with where it is."""
    here = 0 if batch is None else AT.get(batch.status, 4)
    back = {1: "columns/"} if batch is not None and batch.status == "previewed" else {}
    return [
        {
            "label": label,
            "state": "done" if place < here else "here" if place == here else "ahead",
            "url": f"/imports/{batch.number}/{back[place]}" if batch is not None and place in back else "",
        }
        for place, (_, label) in enumerate(STEPS)
    ]


class Summary:
    """The figures of one import in words."""

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch

    @property
    def url(self) -> str:
        return f"/imports/{self.batch.number}/"

    @property
    def kind(self) -> str:
        return str(self.batch.model._meta.verbose_name_plural).capitalize()

    @property
    def tone(self) -> str:
        return str(ImportBatch.TONES.get(self.batch.status, "muted"))  # type: ignore[call-overload]

    @property
    def rows(self) -> str:
        return count(self.batch.row_count, "row")

    @property
    def short(self) -> str:
        """`6,338 new, 2 errors`: what happened, else what would."""
        done = self.batch.applied
        told: Iterable[tuple[int, str]]
        if done:
            told = ((done.get("created", 0), "created"), (done.get("changed", 0), "changed"), (self.errors, "errors"))
        elif self.batch.counts:
            got = self.batch.counts
            told = ((got["create"], "new"), (got["update"], "to change"), (got["error"], "errors"))
        else:
            return ""
        return ", ".join(f"{number:,} {word}" for number, word in told if number) or "nothing to do"

    @property
    def figures(self) -> list[tuple[str, str, bool]]:
        """(word, number, whether it is bad news), for the head of the preview and of the result."""
        undone = self.undone
        if self.batch.status == "undone":
            told = (("Earlier values restored", "restored"), ("Retired again", "retired"), ("Left alone", "left"))
            return [(word, f"{undone.get(name, 0):,}", False) for word, name in told]
        if self.batch.status == "previewed":
            got = self.batch.counts
            made = [("New", got.get("create", 0)), ("Changed", got.get("update", 0))]
        else:
            made = [("Added", self.created), ("Changed", self.changed)]
        made += [("Unchanged", self.unchanged)] + ([("Skipped", self.skipped)] if self.skipped else [])
        return [(word, f"{number:,}", False) for word, number in made] + [
            ("Errors", f"{self.errors:,}", self.errors > 0)
        ]

    @property
    def errors(self) -> int:
        return int(self.batch.counts.get("error", 0)) + int(self.batch.applied.get("error", 0))

    @property
    def created(self) -> int:
        return int(self.batch.applied.get("created", 0))

    @property
    def changed(self) -> int:
        return int(self.batch.applied.get("changed", 0))

    @property
    def unchanged(self) -> int:
        return int(self.batch.counts.get("unchanged", 0))

    @property
    def skipped(self) -> int:
        return int(self.batch.counts.get("skipped", 0))

    @property
    def writes(self) -> int:
        """Rows that a confirmation writes."""
        got = self.batch.counts
        return int(got.get("create", 0)) + int(got.get("update", 0)) + self.vendors

    @property
    def vendors(self) -> int:
        return int(self.batch.counts.get(f"also {VENDOR}", 0))

    @property
    def done(self) -> int:
        if self.batch.status == "undoing":
            return sum(self.undone.get(name, 0) for name in ("restored", "retired", "left"))
        return sum(number for number in self.batch.applied.values() if isinstance(number, int))

    @property
    def total(self) -> int:
        if self.batch.status == "undoing":
            return sum(
                n for name, n in self.batch.applied.items() if isinstance(n, int) and not name.startswith("error")
            )
        return self.writes

    @property
    def words(self) -> str:
        return f"{self.done:,} of {count(self.total, 'row')}"

    @property
    def confirm_words(self) -> str:
        got = self.batch.counts
        parts = []
        if got.get("create"):
            parts.append(f"add {got['create']:,}")
        if got.get("update"):
            parts.append(f"change {got['update']:,}")
        said = " and ".join(parts)
        return said[:1].upper() + said[1:]

    @property
    def undone(self) -> dict[str, Any]:
        return dict(self.batch.applied.get("undone") or {})


def tabs(batch: ImportBatch, outcome: str) -> list[dict[str, Any]]:
    """The outcomes of a preview as tabs, with how many rows each has."""
    made = [
        {
            "label": "All rows",
            "url": "?",
            "count": f"{sum(batch.counts.get(one, 0) for one in OUTCOMES):,}",
            "active": not outcome,
        }
    ]
    for one in OUTCOMES:
        number = batch.counts.get(one, 0)
        if number:
            label = {
                "create": "New",
                "update": "Changed",
                "unchanged": "Unchanged",
                "skipped": "Skipped",
                "error": "Errors",
            }[one]
            made.append({"label": label, "url": f"?outcome={one}", "count": f"{number:,}", "active": outcome == one})
    return made


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


class Line:
    """One row of a preview or result."""

    def __init__(self, row: ImportRow, batch: ImportBatch) -> None:
        self.row, self.batch = row, batch
        self.model = batch.model if row.kind == batch.kind else targets.model_of(row.kind)

    @property
    def url(self) -> str:
        return links.url(self.row.kind, self.row.key)

    @property
    def number(self) -> str:
        return f"{self.model.PREFIX}-{self.row.key}" if self.row.key else ""

    @property
    def tone(self) -> str:
        return TONES[self.row.outcome]

    @property
    def outcome(self) -> str:
        return (
            f"New {self.model._meta.verbose_name}"
            if self.row.kind != self.batch.kind
            else self.row.get_outcome_display()
        )

    @cached_property
    def changes(self) -> list[Change]:
        if self.row.outcome not in {"create", "update"}:
            return []
        known = columns(self.model)
        adding = self.row.outcome == "create"
        return [
            Change(
                known[name].label if name in known else "Their id",
                "" if adding else words(known.get(name), pair[0]),
                words(known.get(name), pair[1]),
            )
            for name, pair in self.row.changes.items()
            if not (adding and name == "name")
        ]


def words(column: Any, value: Any) -> str:
    """A value of the trail in words."""
    if isinstance(value, dict):
        return str(value["text"] or value["id"])
    if isinstance(value, list):
        return ", ".join(words(column, one) for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value is None or value == "":
        return ""
    return str(column.choices.get(value, value)) if column is not None and column.choices else str(value)


class ColumnsPage:
    """Everything the page of columns shows."""

    def __init__(self, batch: ImportBatch, table: Table, actor: Any) -> None:
        self.batch, self.table = batch, table
        self.mapping = batch.settled
        self.places = targets.targets(batch.model, actor)

    @cached_property
    def rows(self) -> list[dict[str, Any]]:
        """One row per column of the file."""
        earlier = list(self.places.values())
        return [
            {
                "name": column,
                "field": f"column-{place}",
                "samples": self._samples(column),
                "chosen": self.mapping.columns.get(column, ""),
                "options": [(one.name, one.label) for one in earlier],
            }
            for place, column in enumerate(self.table.header)
        ]

    def _samples(self, column: str) -> list[str]:
        found: list[str] = []
        for text in cells(self.table, column):
            short = " ".join(text.split())[:60]
            if short and short not in found:
                found.append(short)
                if len(found) == SAMPLES:
                    break
        return found

    @property
    def unmapped(self) -> list[str]:
        return [column for column in self.table.header if column not in self.mapping.columns]

    @property
    def keys(self) -> list[tuple[str, str]]:
        return list(targets.keys(self.batch.model).items())

    @property
    def modes(self) -> list[tuple[str, str]]:
        return list(MODES.items())

    @property
    def names_vendors(self) -> bool:
        mapped = (self.places.get(name) for name in self.mapping.columns.values())
        return (
            any(
                one is not None and one.related is not None and one.related._meta.label_lower == VENDOR
                for one in mapped
            )
            and self.batch.kind != VENDOR
        )

    @property
    def carries_ids(self) -> bool:
        return "external_id" in self.mapping.columns.values() or self.mapping.key == "external_id"

    @property
    def encodings(self) -> list[tuple[str, str]]:
        return list(delimited.ENCODINGS.items())

    @property
    def separators(self) -> list[tuple[str, str]]:
        return list(delimited.SEPARATORS.items())

    @property
    def reading_open(self) -> bool:
        return not (self.table.encoding_sure and self.table.separator_sure)

    @property
    def read_as(self) -> str:
        """`UTF-8, comma between columns`."""
        if self.table.kind != "csv":
            return f"Excel workbook, sheet “{self.table.sheet}”"
        encoding = delimited.ENCODINGS.get(self.table.encoding, self.table.encoding.upper())
        return f"{encoding}, {delimited.SEPARATORS.get(self.table.separator, '')} between columns"

    @cached_property
    def questions(self) -> list[dict[str, Any]]:
        return [self._question(one) for one in questions(self.table, self.mapping, self.places)]

    @property
    def open(self) -> int:
        return sum(one["open"] for one in self.questions)

    def _question(self, question: Question) -> dict[str, Any]:
        place = self.table.header.index(question.column)
        return {
            "column": question.column,
            "label": question.target.label,
            "open": sum(item.chosen is None for item in question.items),
            "date": question.target.shape == "date",
            "number": question.target.shape == "number",
            "items": [
                {
                    "field": f"answer-{place}-{tag(item.code)}",
                    "text": item.text,
                    "rows": count(item.count, "row"),
                    "options": [(UNANSWERED, "Choose …"), *item.options] if item.chosen is None else list(item.options),
                    "chosen": UNANSWERED if item.chosen is None else item.chosen,
                    "open": item.chosen is None,
                }
                for item in question.items
            ],
        }

    @property
    def first_rows(self) -> list[list[str]]:
        return [[unguard(cell)[:80] for cell in row] for _, row in self.table.rows[:FIRST_ROWS]]
