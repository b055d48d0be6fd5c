"""The demo company Fernhollow: its sign-ins here, its tables beside; loaded by `seed`. Invented from end to end."""

PASSWORD = "interlock-demo-2026"  # a published password for invented people
DOMAIN = "interlock.example"
ROLES = (
    "member",
    "marketing_ops",
    "it",
    "security",
    "legal",
    "finance",
    "procurement",
    "steering",
    "auditor",
    "administrator",
)


def email(role: str) -> str:
    """The sign-in of the demo person who holds `role`."""
    return f"{role}@{DOMAIN}"
