"""`python -m benchmarks.gaps`: gaps of 5,000 systems and 100,000 letters beside one bare statement, on PostgreSQL.

The bare statement finds the same gaps from the same rows, and nothing else: no record, nobody who mends it, no trail.
All take turns; the sweep is measured as it runs by schedule, with nothing new to tell. Beside it stands a statement of
one rule, cells without A or R, and as another pair a page of systems, whole and narrowed to a holder's.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable

from benchmarks import stand

SYSTEMS, LETTERS, ROUNDS = 5_000, 100_000, 15
BARE = """
WITH present AS (SELECT id, deputy_id FROM accounts_user WHERE is_active AND retired_at IS NULL),
letters AS NOT MATERIALIZED (
    SELECT * FROM governance_assignment
    WHERE retired_at IS NULL AND from_on <= CURRENT_DATE AND last_on >= CURRENT_DATE
),
cells AS (
    SELECT system_id, activity_id, COUNT(*) FILTER (WHERE letter = 'A') AS answers, BOOL_OR(letter = 'R') AS does
    FROM letters GROUP BY system_id, activity_id
),
live AS (SELECT id, kind, criticality FROM inventory_system WHERE retired_at IS NULL AND lifecycle = 'live'),
empty AS (
    SELECT id FROM accounts_function f WHERE retired_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM accounts_user u WHERE u.is_active AND u.retired_at IS NULL
        AND (u.function_id = f.id OR u.id = f.head_id OR u.id = f.deputy_id))
)
SELECT 'cell', c.system_id, c.activity_id, NULL::bigint AS person_id, NULL::bigint AS function_id
FROM cells c JOIN live s ON s.id = c.system_id
JOIN governance_activity t ON t.id = c.activity_id AND t.retired_at IS NULL
WHERE c.answers <> 1 OR NOT c.does
UNION ALL
SELECT 'none', s.id, t.id, NULL, NULL FROM live s JOIN governance_activity t
    ON (t.required_from = 'light' OR t.required_from = 'standard' AND s.criticality <> 'administrative'
        OR t.required_from = 'critical' AND s.criticality IN ('critical', 'mission'))
    AND (t.kinds = '' OR s.kind = '' OR t.kinds LIKE '%,' || s.kind || ',%')
LEFT JOIN cells c ON c.system_id = s.id AND c.activity_id = t.id
WHERE t.retired_at IS NULL AND c.system_id IS NULL
UNION ALL
SELECT DISTINCT 'left', a.system_id, a.activity_id, a.person_id, a.function_id
FROM letters a JOIN governance_activity t ON t.id = a.activity_id AND t.retired_at IS NULL
JOIN inventory_system s ON s.id = a.system_id AND s.retired_at IS NULL
WHERE a.function_id IN (SELECT id FROM empty)
    OR a.person_id IN (SELECT id FROM accounts_user WHERE NOT is_active OR retired_at IS NOT NULL)
UNION ALL
SELECT 'deputy', NULL, NULL, p.id, NULL FROM present p
WHERE (p.deputy_id IS NULL OR p.deputy_id NOT IN (SELECT id FROM present))
    AND (p.id IN (
        SELECT a.person_id FROM letters a JOIN live s ON s.id = a.system_id
        WHERE a.letter = 'A' AND s.criticality IN ('critical', 'mission')) OR EXISTS (
        SELECT 1 FROM accounts_function f WHERE f.head_id = p.id AND f.retired_at IS NULL
        AND (f.deputy_id IS NULL OR f.deputy_id = p.id OR f.deputy_id NOT IN (SELECT id FROM present))))
    AND NOT EXISTS (
        SELECT 1 FROM governance_standin i JOIN present q ON q.id = i.deputy_id
        WHERE i.person_id = p.id AND i.covers = 'everything' AND i.retired_at IS NULL
        AND CURRENT_DATE BETWEEN i.from_on AND i.to_on)
UNION ALL
SELECT 'load', NULL, NULL, a.person_id, NULL FROM letters a JOIN present p ON p.id = a.person_id
JOIN inventory_system s ON s.id = a.system_id AND s.retired_at IS NULL
WHERE a.letter IN ('A', 'R') GROUP BY a.person_id HAVING COUNT(*) > 60
UNION ALL
SELECT 'stage', NULL, j.id, NULL, NULL FROM governance_journeystage j
WHERE j.retired_at IS NULL AND (j.accountable_id IS NULL OR j.accountable_id NOT IN (SELECT id FROM present))
    AND EXISTS (SELECT 1 FROM inventory_system s WHERE s.retired_at IS NULL AND s.lifecycle = 'live'
        AND s.journey_stages LIKE '%,' || j.code || ',%')
UNION ALL
SELECT 'passing', NULL, x.id, NULL, NULL FROM (
    SELECT i.*, LEAD(function_id) OVER (PARTITION BY process_id ORDER BY position, id) AS next_id
    FROM governance_processstep i WHERE retired_at IS NULL) x
JOIN governance_businessprocess b ON b.id = x.process_id AND b.retired_at IS NULL
WHERE x.next_id <> x.function_id
    AND (x.handover_accountable_id IS NULL OR x.handover_accountable_id NOT IN (SELECT id FROM present))
"""
ONE_RULE = """
SELECT a.system_id, a.activity_id FROM governance_assignment a
WHERE a.retired_at IS NULL AND a.from_on <= CURRENT_DATE AND a.last_on >= CURRENT_DATE
GROUP BY a.system_id, a.activity_id
HAVING NOT (BOOL_OR(a.letter = 'A') AND BOOL_OR(a.letter = 'R'))
"""
FILL = """
INSERT INTO governance_assignment (system_id, activity_id, person_id, letter, from_on, last_on, reason, silent,
    ended_by_leaving, version, created_at, changed_at, origin, origin_detail, field_sources, lookup)
SELECT s.id, t.id, p.ids[1 + (s.id * 7 + t.id * 3 + l.n) %% CARDINALITY(p.ids)], l.letter, CURRENT_DATE - 30,
    DATE '9999-12-31', '', FALSE, FALSE, 1, NOW(), NOW(), 'demo', '', '{}', ''
FROM (SELECT id FROM inventory_system WHERE origin_detail = 'generated' ORDER BY id LIMIT %(systems)s) s
CROSS JOIN (SELECT id FROM governance_activity WHERE retired_at IS NULL ORDER BY id LIMIT 11) t
CROSS JOIN (VALUES ('A', 0), ('R', 1)) l(letter, n)
CROSS JOIN (SELECT ARRAY_AGG(id ORDER BY id) AS ids FROM accounts_user WHERE kind = 'person') p
WHERE (s.id * 31 + t.id * 17 + l.n * 13) %% 11 > 0
LIMIT %(letters)s
"""


def timed(does: Callable[[], object]) -> float:
    begun = time.perf_counter()
    does()
    return time.perf_counter() - begun


def measure() -> None:
    """Inside the product's environment: fill, take turns, print the medians and their ratio."""
    from django.db import connection  # noqa: PLC0415 - needs the environment of the stand
    from django.utils import timezone  # noqa: PLC0415

    from governance import gap_rules  # noqa: PLC0415
    from governance.models import Gap  # noqa: PLC0415
    from inventory.models import System  # noqa: PLC0415
    from martech.accounts.models import User  # noqa: PLC0415

    def asks(sql: str, values: object = None) -> list[tuple[object, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return cursor.fetchall() if cursor.description else []

    asks(FILL, {"systems": SYSTEMS, "letters": LETTERS})
    print("letters", asks("SELECT COUNT(*) FROM governance_assignment")[0][0], "systems", System.objects.count())
    print("first sweep, seconds", round(timed(lambda: Gap.sweep(timezone.now())), 2), "gaps", Gap.objects.count())
    asks("VACUUM ANALYZE")
    bare, ours = len(asks(BARE)), Gap.objects.filter(closed_at=None).count()
    if bare != ours:
        sys.exit(f"The bare statement finds {bare:,} gaps, the product {ours:,}.")
    today = {"on": timezone.localdate()}
    holder = User.objects.filter(kind="person", assignments__letter="A").first()
    sides: dict[str, Callable[[], object]] = {
        "bare statement": lambda: asks(BARE),
        "one rule": lambda: asks(ONE_RULE),
        "statement of the gaps": lambda: asks(gap_rules.DIFFERENCE, today),
        "sweep": lambda: Gap.sweep(timezone.now()),
        "first page of systems": lambda: list(System.objects.order_by("name", "id").values_list("id", "name")[:50]),
        "first page for a holder": lambda: list(
            System.objects.filter(
                pk__in=System.objects.filter(
                    assignments__person=holder,
                    assignments__retired_at=None,
                    assignments__silent=False,
                    assignments__from_on__lte=today["on"],
                    assignments__last_on__gte=today["on"],
                ).values("pk")
            )
            .order_by("name", "id")
            .values_list("id", "name")[:50]
        ),
    }
    times: dict[str, list[float]] = {name: [] for name in sides}
    for _round in range(ROUNDS):
        for name, does in sides.items():
            times[name].append(timed(does))
    for name, taken in times.items():
        print(f"{name}: {statistics.median(taken) * 1000:.1f} ms")
    for mine, floor, held in (("sweep", "bare statement", "held: 3"), ("sweep", "one rule", "told, not held")):
        ratios = [a / b for a, b in zip(times[mine], times[floor], strict=True)]
        print(f"{mine} / {floor}: {statistics.median(ratios):.2f} ({held})")


def main() -> None:
    """Make the stand, and measure in its environment."""
    with stand.stand(SYSTEMS) as made:
        code = "import django; django.setup(); from benchmarks.gaps import measure; measure()"
        subprocess.run([sys.executable, "-c", code], env=stand.environment(made, made.url), cwd=stand.ROOT, check=True)


if __name__ == "__main__":
    main()
