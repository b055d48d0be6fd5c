"""The moves of a record, the only place where they are written. Pure."""

from collections.abc import Iterable
from typing import Any


class Flow:
    """The moves of a record: verb -> (states it may start from, state it leads to or None for no change)."""

    def __init__(self, **moves: tuple[Iterable[Any], Any]) -> None:
        self.moves: dict[str, tuple[tuple[str, ...], str | None]] = {
            verb: (tuple(str(state) for state in before), None if after is None else str(after))
            for verb, (before, after) in moves.items()
        }

    def possible(self, verb: str, state: str) -> bool:
        return verb not in self.moves or state in self.moves[verb][0]
