"""How long the database may work on one statement of a web request. Jobs and commands take the time they need (R23)."""

from django.conf import settings
from django.db import connections


def bound() -> None:
    """Let PostgreSQL end statements of this process after STATEMENT_TIMEOUT seconds; the web engines call it.

    It goes with the opening of each connection and costs no statement. SQLite knows no such limit.
    """
    for each in connections.settings.values():
        if settings.STATEMENT_TIMEOUT and each["ENGINE"].endswith("postgresql"):
            given = each["OPTIONS"].get("options", "")
            limit = f"-c statement_timeout={settings.STATEMENT_TIMEOUT * 1000}"
            each["OPTIONS"] = {**each["OPTIONS"], "options": f"{given} {limit}".strip()}
