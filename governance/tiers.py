"""How much governance a system needs: its tier, and which activities a tier requires. Pure.

Source: the design's process model. Light asks for an owner, access and renewal; standard for what keeps a system in
use; critical for every activity.
"""

LIGHT, STANDARD, CRITICAL = "light", "standard", "critical"
TIERS = ((LIGHT, "Every system"), (STANDARD, "Standard and critical systems"), (CRITICAL, "Critical systems only"))
RANKS = {LIGHT: 1, STANDARD: 2, CRITICAL: 3}
NEVER = 9
"""The rank of an activity that no tier requires."""

TIER_OF_CRITICALITY = {"administrative": LIGHT, "operational": STANDARD, "critical": CRITICAL, "mission": CRITICAL}


def tier(criticality: str) -> str:
    """The tier of a system by its business criticality; one that nobody has rated is standard."""
    return TIER_OF_CRITICALITY.get(criticality, STANDARD)


def requires(required_from: str, kinds: list[str] | tuple[str, ...], criticality: str, kind: str) -> bool:
    """Whether an activity, required from a tier on and for some kinds of system (none named: all), is needed here."""
    if RANKS[tier(criticality)] < RANKS.get(required_from, NEVER):
        return False
    return not kinds or not kind or kind in kinds
