"""What happens to a contract if nobody does anything, in words. Pure: reads a record's columns, asks no clock."""

from typing import Any

from inventory.terms import Mode, State

LACKS = {"start_on": "the day it starts", "initial_months": "its initial term"}


def months(count: int) -> str:
    return "a month" if count == 1 else f"{count} months"


def lacking(contract: Any) -> tuple[tuple[str, str], ...]:
    """What keeps it a draft: (field, words)."""
    missing = [] if contract.start_on else ["start_on"]
    missing += [] if contract.initial_months is not None or contract.initial_until else ["initial_months"]
    return tuple((name, LACKS[name]) for name in missing)


def sentence(contract: Any) -> str:
    """What comes of it by itself, and until when somebody can still change that."""
    if contract.status == "retired":
        return "The record is retired: nothing is reckoned for it."
    if contract.term_number is None:
        return f"A draft: say {' and '.join(words for _, words in lacking(contract))}, and its days are known."
    if contract.renewal_mode == Mode.OPEN_ENDED:
        return _open_ended(contract)
    end = contract.term_end
    if contract.status == State.ENDED:
        return f"It ended on {end:%-d %B %Y}."
    if contract.renewal_mode == Mode.AUTOMATIC:
        return _automatic(contract)
    if contract.renewal_mode == Mode.MANUAL:
        return f"Ends on {end:%-d %B %Y} unless somebody renews it by then."
    return f"Ends on {end:%-d %B %Y}."


def _automatic(contract: Any) -> str:
    again = f"for {months(contract.renewal_months)}"
    if contract.status != State.COMMITTED:
        first = f"Renews itself {again} after {contract.term_end:%-d %B %Y}"
        if contract.next_notice_deadline == contract.notice_deadline:
            return f"{first} unless notice goes out by {contract.notice_deadline:%-d %B %Y}."
        return f"{first}. {_bound(contract)}"
    passed = f"The last day for notice has passed: renews itself {again} after {contract.term_end:%-d %B %Y}."
    return f"{passed} {_bound(contract)}"


def _bound(contract: Any) -> str:
    return (
        f"Committed until {contract.committed_until:%-d %B %Y}, and longer unless notice goes out by"
        f" {contract.next_notice_deadline:%-d %B %Y}."
    )


def _open_ended(contract: Any) -> str:
    by = f"by {contract.next_notice_deadline:%-d %B %Y}" if contract.next_notice_deadline else "today"
    return (
        f"Runs until somebody gives notice; earliest end {contract.committed_until:%-d %B %Y}, if notice goes out {by}."
    )
