"""`python -m benchmarks [PART ...]`: the product against the floor, as ratios of one run.

Parts: reads writes bulk pages exports letters growth copy memory imports; without a word, all of them, and the table
goes to benchmarks/RESULTS.md. ROUNDS and SECONDS set how often each has its turn, and for how long.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import imports, letters, load, stand, work

ROUNDS, SECONDS = int(os.environ.get("ROUNDS", "5")), float(os.environ.get("SECONDS", "1"))
RESULTS = Path(__file__).with_name("RESULTS.md")


@dataclass
class Compared:
    """Medians of the rounds of one row: seconds of either side, and the ratio of each round."""

    mine: list[float] = field(default_factory=list)
    floor: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    size: int = 0

    def add(self, mine: load.Turn, floor: load.Turn) -> None:
        """A round in which either had an error is not compared, and its errors are told."""
        self.errors += mine.errors + floor.errors
        self.size = mine.size
        if mine.times and floor.times and not mine.errors and not floor.errors:
            self.mine.append(statistics.median(mine.times))
            self.floor.append(statistics.median(floor.times))

    @property
    def ratio(self) -> float:
        ratios = [one / other for one, other in zip(self.mine, self.floor, strict=True)]
        return statistics.median(ratios) if ratios else float("nan")

    def cells(self, title: str, held: float, after: float | None) -> str:
        told = ", ".join(f"{count} × {name}" for name, count in self.errors.items()) or "–"
        mine, floor = (f"{statistics.median(side) * 1000:.1f}" if side else "–" for side in (self.mine, self.floor))
        wanted = f"{held:g} | {after:g}" if after is not None else f"{held:g} | –"
        return f"| {title} | {self.ratio:.2f} | {wanted} | {mine} | {floor} | {self.size:,} | {told} |"


def main(asked: list[str]) -> None:
    unknown = set(asked) - {*work.PARTS, "imports"}
    if unknown:
        sys.exit(f"{', '.join(sorted(unknown))}: choose from {' '.join(work.PARTS)} imports.")
    parts = asked or [*work.PARTS, "imports"]
    if set(parts) & set(work.PARTS):
        with stand.stand() as made:
            text = measured(made, parts)
        print(text)
        if not asked:
            RESULTS.write_text(text)
    if "imports" in parts:
        imports.main([])


def measured(made: stand.Stand, parts: list[str]) -> str:
    with ExitStack() as stack:
        url = stack.enter_context(stand.tenfold(made)) if "growth" in parts else ""
        lettered = stack.enter_context(letters.stack(made)) if "letters" in parts else None
        mine, process = stack.enter_context(stand.product(made))
        floor = stack.enter_context(stand.floor(made))
        rows = [row for row in work.rows(made.known) if row.part in parts]
        there, absent = [], []
        for row in rows:  # both workers warm, and what the product does not offer is left out
            sides = (_as(made, mine, row), row.product), (floor, row.floor)
            turns = [load.turn(*side, made.keys, 0.3) for side in sides]
            (absent if set(turns[0].errors) & {"404", "405"} else there).append(row)
        made.tidy()
        found = {row.title: Compared() for row in there}
        for number in range(ROUNDS):
            for row in there:
                turns = []
                order = [(_as(made, mine, row), row.product), (floor, row.floor)]
                for target, ask in reversed(order) if number % 2 else order:
                    turns.append(load.turn(target, ask, made.keys, SECONDS))
                found[row.title].add(*(reversed(turns) if number % 2 else turns))
                if row.part == "bulk":
                    made.tidy()
            made.tidy()
            print(f"round {number + 1} of {ROUNDS}, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        lines = [found[row.title].cells(row.title, row.held, row.after) for row in there]
        lines += [f"| {row.title} | – | {row.held:g} | {row.after:g} | – | – | – | not offered |" for row in absent]
        text = HEAD.format(day=datetime.now(UTC), rounds=ROUNDS, python=platform.python_version(), cores=os.cpu_count())
        text += "\n".join(lines) + "\n"
        if lettered:
            text += seen_through_letters(made, *lettered)
        if "growth" in parts:
            text += grown(made, mine, url)
        if "copy" in parts:
            text += copied(made)
        if "memory" in parts:
            text += MEMORY.format(size=stand.memory(process), most=work.MEMORY)
        return text


def grown(made: stand.Stand, mine: load.Target, url: str) -> str:
    """The same requests at ten times the systems."""
    asks = {title: load.Ask(f"{work.API}?{query}") for title, query in work.GROWING.items()}
    asks["detail"] = load.Ask(f"{work.API}{{id}}/")
    asks["change one"] = load.Ask(f"{work.API}{{id}}/", "PATCH", {"description": "Grown {uid}"}, most=60)
    found = {title: Compared() for title in asks}
    with stand.product(made, "large", url) as (large, _process):
        for number in range(-1, ROUNDS):
            for title, ask in asks.items():
                turns = [load.turn(target, ask, made.keys, SECONDS) for target in (large, mine)]
                if number >= 0:  # the first is to warm up
                    found[title].add(*turns)
    return GROWTH + "\n".join(one.cells(title, work.RATIO_OF_GROWTH, None) for title, one in found.items()) + "\n"


def seen_through_letters(made: stand.Stand, url: str, tokens: dict[str, str]) -> str:
    """Lists for people whom only letters let see anything against the same for an auditor."""
    found: dict[str, Compared] = {}
    with stand.product(made, "letters", url) as (target, _process):
        for number in range(-1, ROUNDS):
            for title, one, other in letters.turns(target, tokens, SECONDS if number >= 0 else 0.2):
                if number >= 0:  # the first is to warm up
                    found.setdefault(title, Compared()).add(one, other)
    lines = (compared.cells(title, letters.HELD, None) for title, compared in found.items())
    return letters.HEAD + "\n".join(lines) + "\n"


def copied(made: stand.Stand) -> str:
    """An import from a file against COPY with audit."""
    code = f"from benchmarks.copying import measure; measure({stand.SYSTEMS}, {ROUNDS})"
    command = [sys.executable, "-c", code]
    environment = stand.environment(made, made.url)
    done = subprocess.run(command, env=environment, cwd=stand.ROOT, check=True, capture_output=True, text=True)
    rounds = json.loads(done.stdout.splitlines()[-1])
    lines = []
    for place, what in enumerate(("new", "changed")):
        for part, title in enumerate(("from the file to the records", "applying alone")):
            one = Compared([each["mine"][place][part] for each in rounds], [each["floor"][place] for each in rounds])
            lines.append(one.cells(f"15,000 systems, {what}: {title}", 6, 2.5))
    return COPY + "\n".join(lines) + "\n"


def _as(made: stand.Stand, target: load.Target, row: work.Row) -> load.Target:
    return stand.session(made, target) if row.session else target


HEAD = """# What Interlock costs against the floor

Written by `make bench` on {day:%-d %B %Y}: Python {python}, {cores} cores, PostgreSQL on the same machine,
15,000 systems, {rounds} rounds in which both sides took turns. A ratio is the median of the rounds’ ratios of median
times; the milliseconds are of this run and no other. What the floor is, and what was chosen:
[speed](../docs/explanation/speed.md).

| work | ratio | held | after | ms | floor, ms | bytes | errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""
GROWTH = """
## Growth

The same requests at 150,000 systems against 15,000, counts left out.

| work | ratio | held | after | ms at 150,000 | ms at 15,000 | bytes | errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""
COPY = """
## Imports

A CSV file against COPY into a temporary table, one check, one upsert and a row of audit for each.

| work | ratio | held | after | ms | floor, ms | bytes | errors |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |
"""
MEMORY = """
## Memory

The largest worker at the end of the run: {size:.0f} MiB proportional set size (held: {most}).
"""

if __name__ == "__main__":
    main(sys.argv[1:])
