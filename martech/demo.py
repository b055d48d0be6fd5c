"""The demo company's sign-ins: one person per role, one password, printed by `up` and loaded by `seed`."""

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
