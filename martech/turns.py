"""Taking turns: a name that one transaction holds until its end.

It saves work, or decides who comes first; what must always hold is held by unique keys and row locks.
"""

import hashlib

from django.db import connection


def hold(name: str, *, wait: bool = True) -> bool:
    """Hold a name until the end of the transaction; False where another has it and `wait` is not wanted.

    On SQLite one writer is let in at a time, so whoever is here has waited already.
    """
    if connection.vendor != "postgresql":
        return True
    number = int.from_bytes(hashlib.sha256(f"interlock:{name}".encode()).digest()[:8], signed=True)
    with connection.cursor() as cursor:
        if wait:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
            return True
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
        return bool(cursor.fetchone()[0])
