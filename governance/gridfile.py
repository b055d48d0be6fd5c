"""A RACI grid as a file -> what it wants of each activity of each system, or what is wrong with the row, in sentences.

Three layouts, told apart by the names of the columns: activities by people and functions for one system; system and
activity in two columns beside letters or people; and systems by activities as the matrix across systems is taken away.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from governance import cells, letters
from governance.models import Activity
from inventory.models import System
from martech.accounts.models import Function, User
from martech.folding import fold
from martech.imports.directory import Directory
from martech.imports.table import Table, Unreadable
from martech.inert import unguard
from martech.permissions import engine

SYSTEM = frozenset({"system", "systems", "system number", "tool", "application"})
ACTIVITY = frozenset({"activity", "activities", "activity code", "step", "task", "process step"})
BESIDE = frozenset({"name", "system name", "phase", "required", "note", "notes", "comment"})
"""Columns that say what the others say already."""
MOST_LINES = 100_000
"""Activities of systems that a file may speak of: what they take has to fit into a worker."""
MOST_FAULTS = 20
"""Faults told of one line."""


@dataclass
class Line:
    """One activity of one system as a line of the file has it; `cells`: `person-3` -> letters."""

    line: int
    system: int = 0
    activity: int = 0
    called: str = ""
    cells: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def fault(self, sentence: str) -> None:
        """One thing more that is wrong with it; what nobody would read any more is left out."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(sentence)


class Reader:
    """Finds what the texts of a file mean, as one person sees it: a constant number of statements."""

    def __init__(self, actor: Any) -> None:
        self.directory = Directory(actor)
        self.chosen: int | None = None
        """The system the file is about, where it has no column for it."""
        self.activities: dict[str, int] = {}
        for key, code, name in Activity.objects.current().values_list("pk", "code", "name"):
            self.activities |= {fold(f"ACT-{key}"): key, fold(name): key}
            self.activities[code] = key
        seen = engine.scope(actor, System.objects.exclude(retired_at=None))
        self.retired = {
            text: f"{System.PREFIX}-{key}"
            for key, name in seen.values_list("pk", "name")
            for text in (fold(name), fold(f"{System.PREFIX}-{key}"))
        }
        self.holders: dict[str, str] = {}

    def read(self, table: Table) -> list[Line]:
        """Every activity of every system that the file says something of; Unreadable where it cannot be told what."""
        heads = [fold(name) for name in table.header]
        system = next((at for at, head in enumerate(heads) if head in SYSTEM), None)
        step = next((at for at, head in enumerate(heads) if head in ACTIVITY), None)
        if system is None and self.chosen is None:
            raise Unreadable("Choose the system this is about, or give the file a column “system”.")
        across = system is not None and step is None
        step = (0 if step is None else step) if not across else None
        taken = {system, step}
        columns = [at for at, head in enumerate(heads) if at not in taken and head not in BESIDE]
        if not columns:
            raise Unreadable("Besides system and activity the file has no column with letters, people or activities.")
        made: list[Line] = []
        faults = dict(table.faults)
        for number, texts in table.rows:
            row = [unguard(text).strip() for text in texts]
            if not any(row):
                continue
            about = row[system] if system is not None else ""
            of_system, wrong = self.system(about) if system is not None else (self.chosen or 0, "")
            wrong = faults.get(number, wrong)
            if len(made) > MOST_LINES:
                raise Unreadable(f"The file says something of more than {MOST_LINES:,} activities. Split it.", 413)
            if across:
                for at in columns:
                    one = self._begun(number, of_system, wrong, about, table.header[at])
                    self._named(one, row[at])
                    made.append(one)
            elif step is not None:
                one = self._begun(number, of_system, wrong, about, row[step])
                for at in columns:
                    self._cell(one, table.header[at], row[at])
                made.append(one)
        return list(_once(made))

    def _begun(self, number: int, system: int, wrong: str, about: str, step: str) -> Line:
        activity = self.activities.get(fold(step), 0)
        line = Line(number, system, activity, " · ".join(text[:80] for text in (about, step) if text))
        if wrong:
            line.fault(wrong)
        if not activity:
            line.fault(f"There is no activity “{step[:60]}”." if step else "The row names no activity.")
        return line

    def system(self, text: str) -> tuple[int, str]:
        """The key of the system a text means, or 0 and what is wrong."""
        if not text:
            return 0, "The row names no system."
        try:
            key = self.directory.find(System, text)
        except ValueError as error:
            return 0, str(error)
        retired = self.retired.get(fold(text), "")
        if key and f"{System.PREFIX}-{key}" != retired:
            return key, ""
        if retired:
            return 0, f"{retired} is retired. Restore it first."
        return 0, f"There is no system “{text[:60]}”, or it is not yours to see."

    def holder(self, text: str) -> str:
        """Who a text means: `person-3` or `function-2`; ValueError with a sentence where that is not clear."""
        asked = text.strip()
        if asked not in self.holders:
            person, function = (self.directory.find(kind, asked) for kind in (User, Function))
            if person and function:
                raise ValueError(f"“{asked[:60]}” is a person and a function. Give the number.")
            if not (person or function):
                raise ValueError(f"There is no person or function “{asked[:60]}”.")
            self.holders[asked] = letters.holder(person, function)
        return self.holders[asked]

    def _cell(self, line: Line, head: str, text: str) -> None:
        """A cell below a letter holds people; one below a person or function holds letters."""
        if text in cells.NOTHING or self._too_long(line, text):
            return
        letter = cells.SPELLED.get(fold(head), head.upper() if len(head) == 1 else "")
        if letter in letters.WORDS:
            for name in self._names(text):
                self._give(line, name, letter)
            return
        try:
            self._give(line, head, cells.lettered(text))
        except ValueError as error:
            line.fault(f"{head}: {error}")

    def _too_long(self, line: Line, text: str) -> bool:
        if len(text) > cells.LONGEST:
            line.fault(f"A cell has more than {cells.LONGEST:,} characters: “{text[:40]}…”")
        return len(text) > cells.LONGEST

    def _named(self, line: Line, text: str) -> None:
        if self._too_long(line, text):
            return
        try:
            found = cells.named(text)
        except ValueError as error:
            line.fault(str(error))
            return
        for name, told in found:
            self._give(line, name, told)

    def _names(self, text: str) -> list[str]:
        """The names of a cell: one, though it has a comma, else as many as commas, semicolons and lines make."""
        try:
            self.holder(text)
        except ValueError:
            parts = text.replace(";", "\n").replace(",", "\n").split("\n")
            return [part.strip() for part in parts if part.strip()]
        return [text]

    def _give(self, line: Line, name: str, told: str) -> None:
        try:
            key = self.holder(name)
            line.cells[key] = letters.ordered(line.cells.get(key, "") + told)
        except ValueError as error:
            line.fault(str(error) if "There is no" in str(error) else f"{name[:60]}: {error}")


def _once(lines: list[Line]) -> Iterator[Line]:
    """Lines that say something; the second one about the same activity of the same system is at fault."""
    first: dict[tuple[int, int], int] = {}
    for one in lines:
        told = {(one.activity, holder): given for holder, given in one.cells.items()}
        one.faults += [fault for fault in letters.faults(told).values() if fault not in one.faults]
        before = first.setdefault((one.system, one.activity), one.line) if one.system and one.activity else one.line
        if before != one.line and (one.cells or one.faults):
            one.faults.append(f"Line {before} is about this activity of this system already.")
        yield one
