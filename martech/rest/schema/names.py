"""What components are called: VendorStatus, SystemGoLiveRequest. Pure."""

from collections.abc import Iterable
from typing import Any


def camel(name: str) -> str:
    """go_live -> GoLive."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))


def enum(codes: Iterable[tuple[Any, str]]) -> dict[str, Any]:
    """The schema of a choice, its codes and what they mean."""
    listed = list(codes)
    whole = all(isinstance(code, int) for code, _ in listed)
    return {
        "type": "integer" if whole else "string",
        "enum": [code if whole else str(code) for code, _ in listed],
        "description": "\n".join(
            f"* `{code}`: {label}" if str(code) else "* empty: not said" for code, label in listed
        ),
    }
