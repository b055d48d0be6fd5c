"""The database engine of DATABASE_URL: Django's own, but for how it sees that a kept connection is still there."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that went away has closed its end, and a closed end can be read from at once.

    So a silent connection is a working one, at no cost; one with something to read is asked, as Django asks every one.
    """

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        look = select.poll()
        look.register(self.connection.fileno(), select.POLLIN)
        return not look.poll(0) or bool(super().is_usable())
