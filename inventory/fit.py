"""How well a system serves and is built, and the TIME quadrant that follows. Pure."""

FUNCTIONAL = ((1, "Insufficient"), (2, "Unreasonable"), (3, "Appropriate"), (4, "Perfect"))
TECHNICAL = ((1, "Inappropriate"), (2, "Unreasonable"), (3, "Adequate"), (4, "Fully appropriate"))
QUADRANTS = (
    ("invest", "Invest"),
    ("tolerate", "Tolerate"),
    ("migrate", "Migrate"),
    ("eliminate", "Eliminate"),
)


def quadrant(functional: int | None, technical: int | None) -> str:
    """invest (both high), tolerate (technical high only), migrate (functional high only), eliminate (both low).

    High is 3 or 4. Empty while either is unassessed: that is a group of its own.
    """
    if functional is None or technical is None:
        return ""
    if functional >= 3:
        return "invest" if technical >= 3 else "migrate"
    return "tolerate" if technical >= 3 else "eliminate"
