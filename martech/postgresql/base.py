"""The database engine of DATABASE_URL: Django's own, but for how it sees that a kept connection is still there."""

import select
from typing import Any

from django.db.backends.postgresql import base

PLANNING = "-c jit=off -c join_collapse_limit=4"
"""Our statements are short and many, and name their tables from the record outwards: compiling them to machine code, or
trying every order of eight joined tables, takes longer than it spares."""


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that went away has closed its end, and a closed end can be read from at once.

    So a silent connection is a working one, at no cost; one with something to read is asked, as Django asks every one.
    """

    def get_connection_params(self) -> dict[str, Any]:
        """What is named in the settings comes after ours, and counts."""
        params: dict[str, Any] = super().get_connection_params()
        return {**params, "options": f"{PLANNING} {params.get('options', '')}".strip()}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A new one has no names for statements yet: martech/prepared.py."""
        self.runs: dict[str, int] = {}
        self.prepares = True
        return super().get_new_connection(conn_params)

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        look = select.poll()
        look.register(self.connection.fileno(), select.POLLIN)
        return not look.poll(0) or bool(super().is_usable())
