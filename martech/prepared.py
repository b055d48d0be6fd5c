"""Statements that PostgreSQL knows by name on a connection, and may plan once instead of each time they run.

A page asks a dozen questions that find a few rows by a key: planning one takes several times what running it takes. So
one that a kept connection is asked often is prepared there under a name, and run by it. No answer is kept.
"""

import hashlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from typing import Any

from django.db import connection
from django.db.utils import NotSupportedError, OperationalError, ProgrammingError
from psycopg2.errors import DuplicatePreparedStatement, FeatureNotSupported, InvalidSqlStatementName
from psycopg2.extensions import AsIs

from martech.statements import Slot, Statement

OFTEN = 3
"""Which run of a statement on one connection prepares it: what is asked once is not worth a name."""
MOST = 128
"""Statements that one connection has names for; what comes after is planned each time."""


class Prepared(Statement):
    """As `Statement`; on PostgreSQL by name, where it is run often and no transaction could be lost with the name."""

    def fetched(self, values: Mapping[str, Any]) -> list[Sequence[Any]]:
        here: Any = connection
        if not self.sql or here.vendor != "postgresql" or here.in_atomic_block or not self._named(here):
            return super().fetched(values)
        given = [slot.output_field.get_db_prep_value(slot.of(values), here) for slot in self._slots]
        try:
            with here.cursor() as cursor:
                cursor.execute(self._call, given)
                rows: list[Any] = cursor.fetchall()
            return rows
        except (NotSupportedError, OperationalError, ProgrammingError) as error:
            if not isinstance(error.__cause__, FeatureNotSupported | InvalidSqlStatementName):
                raise
        # A pooler led elsewhere, or a column has another type now: this connection keeps to statements in full.
        here.prepares = False
        return super().fetched(values)

    def _named(self, here: Any) -> bool:
        """Whether the connection has, or has now been given, a name for the statement."""
        here.ensure_connection()
        runs = here.runs.get(self._name, 0)
        if not here.prepares or (not runs and len(here.runs) >= MOST):
            return False
        if runs >= OFTEN:
            return True
        here.runs[self._name] = runs + 1
        if runs + 1 < OFTEN:
            return False
        with here.connection.cursor() as cursor:
            places = {slot.told: AsIs(f"${place}") for place, slot in enumerate(self._slots, 1)}
            text = cursor.mogrify(self.sql, [places[one.told] if type(one) is Slot else one for one in self.params])
            types = ", ".join(str(slot.output_field.db_type(here)) for slot in self._slots)
            with suppress(DuplicatePreparedStatement):  # somebody behind the same pooler: the name tells the text
                cursor.execute(f"PREPARE {self._name}{f' ({types})' if types else ''} AS ".encode() + text)
        return True

    @cached_property
    def _slots(self) -> tuple[Slot, ...]:
        """Each slot once."""
        return tuple({one.told: one for one in self.params if type(one) is Slot}.values())

    @cached_property
    def _name(self) -> str:
        told = repr((self.sql, [one.told if type(one) is Slot else one for one in self.params]))
        return f"interlock_{hashlib.sha256(told.encode()).hexdigest()[:32]}"

    @cached_property
    def _call(self) -> str:
        places = ", ".join("%s" for _ in self._slots)
        return f"EXECUTE {self._name}{f'({places})' if places else ''}"
