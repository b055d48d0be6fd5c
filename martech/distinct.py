"""Columns of many values, few of them different: what is made of a value is made once. Pure."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

SETTLED: tuple[set[type], ...] = (set(), {str}, {date}, {int}, {bool})
"""Types of which equal values are the same one, as long as they are by themselves."""


def once(values: Sequence[Any], work: Callable[[Sequence[Any]], Sequence[Any]]) -> Sequence[Any]:
    """What `work` makes of a column's values one by one; of few different ones it makes each once.

    Few are at most half. Equal is the same for texts and days, and for whole numbers or truths by themselves; 1 and
    True are not, nor are 1.5 and 1.50, nor what is made of such.
    """
    try:
        known = set(values)
    except TypeError:
        return work(values)
    kinds = set(map(type, known)) - {type(None)}
    if len(known) * 2 > len(values) or kinds not in SETTLED:
        return work(values)
    if kinds & {int, bool} and set(map(type, values)) - {type(None)} != kinds:
        return work(values)
    some = list(known)
    made = dict(zip(some, work(some), strict=True))
    return list(map(made.__getitem__, values)) if len(some) > 1 else [*made.values()] * len(values)
