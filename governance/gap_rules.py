"""What counts as a gap of ownership: every rule with its sentence, how to mend it and its tone, and the one statement
that finds what differs from the gaps on record. Pure: words and SQL, read alike by PostgreSQL and SQLite.

At most one rule speaks for an activity of a system, its cell. The database holds off a second accountable person; the
rule finds what came past it, by a restored copy or another program.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from governance import tiers

MOST_LETTERS = 60
"""A person with more letters A and R in force than this is overloaded."""
DAYS_TO_CLOSE = 30
"""A system that was in use already when it came in by import or sync has its gaps closed so many days later."""


class Rule(NamedTuple):
    """The label, the sentence with the names of its subject, how it is mended, and its tone."""

    label: str
    sentence: str
    mend: str
    tone: str


RULES: dict[str, Rule] = {
    "no_letter": Rule(
        "Nobody named",
        "Nobody is named for “{activity}” of {system}",
        "Name who is accountable and who does it: the system's tier requires this activity.",
        "danger",
    ),
    "all_consulted": Rule(
        "Only consulted or informed",
        "Everybody is only consulted or informed about “{activity}” of {system}",
        "Name who is accountable and who does it.",
        "danger",
    ),
    "two_accountable": Rule(
        "Two accountable people",
        "More than one person is accountable for “{activity}” of {system}",
        "End all letters A but one.",
        "danger",
    ),
    "no_accountable": Rule(
        "No accountable person",
        "Nobody is accountable for “{activity}” of {system}",
        "Name one person who is accountable.",
        "danger",
    ),
    "no_responsible": Rule(
        "Nobody responsible",
        "Nobody is responsible for “{activity}” of {system}",
        "Name who does the work; the accountable person may do it too.",
        "attention",
    ),
    "inactive_holder": Rule(
        "Holder has left",
        "{holder} holds a letter for “{activity}” of {system}, and nobody is there",
        "End the letter and name a successor, or name a head of the function.",
        "danger",
    ),
    "no_deputy": Rule(
        "No deputy",
        "{holder} has no deputy who is there",
        "Name a deputy on the person's page, for good or from a day to a day, or a deputy head of the function.",
        "attention",
    ),
    "no_stage": Rule(
        "Nobody for a stage",
        "Nobody answers for the stage “{stage}” of the customer journey",
        "Name who is accountable for the stage as a whole.",
        "attention",
    ),
    "no_passing": Rule(
        "Nobody for a hand-over",
        "Nobody answers for “{step}” of {process} being handed over",
        "Name who answers for it arriving at the next function.",
        "attention",
    ),
    "overload": Rule(
        "Overload",
        f"{{holder}} holds more than {MOST_LETTERS} letters A and R",
        "Hand some of the letters over.",
        "attention",
    ),
}

IN_FORCE = "a.retired_at IS NULL AND a.from_on <= %(on)s AND a.last_on >= %(on)s"
PRESENT = "{0}.is_active AND {0}.retired_at IS NULL AND {0}.kind = 'person'"


def _case(column: str, ranks: dict[str, int], other: int) -> str:
    """A table of codes and ranks, for the database."""
    told = " ".join(f"WHEN '{code}' THEN {rank}" for code, rank in ranks.items())
    return f"CASE {column} {told} ELSE {other} END"


TIER = _case(
    "s.criticality",
    {code: tiers.RANKS[tier] for code, tier in tiers.TIER_OF_CRITICALITY.items()},
    tiers.RANKS[tiers.tier("")],
)
FACTS = f"""
WITH present AS (SELECT u.id, u.deputy_id FROM accounts_user u WHERE {PRESENT.format("u")}),
systems AS (
    SELECT s.id, s.kind, COALESCE(b.id, t.id, h.id) AS mender_id,
        CASE WHEN s.lifecycle <> 'live' THEN 0 ELSE {TIER} END AS tier
    FROM inventory_system s LEFT JOIN accounts_function o ON o.id = s.owning_function_id
    LEFT JOIN present b ON b.id = s.business_owner_id
    LEFT JOIN present t ON t.id = s.technical_owner_id
    LEFT JOIN present h ON h.id = o.head_id
    WHERE s.retired_at IS NULL
),
steps AS (
    SELECT t.id, t.kinds, {_case("t.required_from", tiers.RANKS, tiers.NEVER)} AS tier
    FROM governance_activity t WHERE t.retired_at IS NULL
),
cells AS NOT MATERIALIZED (
    SELECT a.system_id, a.activity_id, SUM(CASE a.letter WHEN 'A' THEN 1 ELSE 0 END) AS answers,
        MAX(CASE a.letter WHEN 'R' THEN 1 ELSE 0 END) AS does
    FROM governance_assignment a WHERE {IN_FORCE} GROUP BY a.system_id, a.activity_id
),
loads AS (
    SELECT a.person_id, COUNT(*) AS letters,
        MAX(CASE WHEN a.letter = 'A' AND s.tier = {tiers.RANKS[tiers.CRITICAL]} THEN 1 ELSE 0 END) AS critical
    FROM governance_assignment a JOIN systems s ON s.id = a.system_id
    WHERE {IN_FORCE} AND a.letter IN ('A', 'R') GROUP BY a.person_id
),
"""
"""Who is there, what is in use and who mends it, and the letters in two passes: by cell and by person."""

CELLS = """
needed AS NOT MATERIALIZED (
    SELECT s.id AS system_id, t.id AS activity_id, s.mender_id, CASE
        WHEN c.system_id IS NULL THEN CASE WHEN s.tier >= t.tier
            AND (t.kinds = '' OR s.kind = '' OR t.kinds LIKE '%%,' || s.kind || ',%%') THEN 'no_letter' END
        WHEN c.answers = 1 THEN CASE WHEN c.does = 0 THEN 'no_responsible' END
        WHEN c.answers > 1 THEN 'two_accountable'
        WHEN c.does = 0 THEN 'all_consulted' ELSE 'no_accountable' END AS rule
    FROM systems s CROSS JOIN steps t LEFT JOIN cells c ON c.system_id = s.id AND c.activity_id = t.id
    WHERE s.tier > 0
),
"""
"""Every activity of every live system with the rule that is broken there, if any."""

NOTHING = "CAST(NULL AS bigint)"
HOLDERS = f"""
absent AS (
    SELECT u.id AS person_id, CAST(NULL AS bigint) AS function_id FROM accounts_user u
    WHERE NOT ({PRESENT.format("u")})
  UNION ALL
    SELECT NULL, f.id FROM accounts_function f WHERE f.retired_at IS NOT NULL OR NOT EXISTS (
        SELECT 1 FROM accounts_user u
        WHERE {PRESENT.format("u")} AND (u.function_id = f.id OR u.id = f.head_id OR u.id = f.deputy_id)
    )
),
held AS (
    SELECT DISTINCT 'inactive_holder' AS rule, a.system_id, a.activity_id, a.person_id, a.function_id,
        {NOTHING} AS stage_id, {NOTHING} AS step_id, s.mender_id
    FROM absent n JOIN governance_assignment a ON a.person_id = n.person_id
    JOIN systems s ON s.id = a.system_id JOIN steps t ON t.id = a.activity_id WHERE {IN_FORCE}
  UNION ALL
    SELECT DISTINCT 'inactive_holder', a.system_id, a.activity_id, a.person_id, a.function_id,
        {NOTHING}, {NOTHING}, s.mender_id
    FROM absent n JOIN governance_assignment a ON a.function_id = n.function_id
    JOIN systems s ON s.id = a.system_id JOIN steps t ON t.id = a.activity_id WHERE {IN_FORCE}
  UNION ALL
    SELECT 'no_deputy', NULL, NULL, p.id, NULL, NULL, NULL, p.id
    FROM present p LEFT JOIN present d ON d.id = p.deputy_id LEFT JOIN loads l ON l.person_id = p.id
    WHERE d.id IS NULL AND (l.critical = 1 OR p.id IN (
        SELECT f.head_id FROM accounts_function f LEFT JOIN present h ON h.id = f.deputy_id
        WHERE f.retired_at IS NULL AND f.head_id IS NOT NULL AND (h.id IS NULL OR h.id = f.head_id)
    )) AND NOT EXISTS (
        SELECT 1 FROM governance_standin i JOIN present q ON q.id = i.deputy_id
        WHERE i.person_id = p.id AND i.covers = 'everything' AND i.retired_at IS NULL
            AND i.from_on <= %(on)s AND i.to_on >= %(on)s
    )
  UNION ALL
    SELECT 'overload', NULL, NULL, p.id, NULL, NULL, NULL, p.id
    FROM loads l JOIN present p ON p.id = l.person_id WHERE l.letters > {MOST_LETTERS}
  UNION ALL
    SELECT 'no_stage', NULL, NULL, NULL, NULL, j.id, NULL, NULL
    FROM governance_journeystage j LEFT JOIN present p ON p.id = j.accountable_id
    WHERE j.retired_at IS NULL AND p.id IS NULL AND EXISTS (
        SELECT 1 FROM inventory_system s WHERE s.retired_at IS NULL AND s.lifecycle = 'live'
            AND s.journey_stages LIKE '%%,' || j.code || ',%%'
    )
  UNION ALL
    SELECT 'no_passing', NULL, NULL, NULL, NULL, NULL, x.id, COALESCE(o.id, h.id)
    FROM (
        SELECT i.id, i.process_id, i.function_id, i.handover_accountable_id,
            LEAD(i.function_id) OVER (PARTITION BY i.process_id ORDER BY i.position, i.id) AS next_id
        FROM governance_processstep i WHERE i.retired_at IS NULL
    ) x JOIN governance_businessprocess b ON b.id = x.process_id AND b.retired_at IS NULL
    LEFT JOIN accounts_function f ON f.id = b.owning_function_id
    LEFT JOIN present p ON p.id = x.handover_accountable_id
    LEFT JOIN present o ON o.id = b.owner_id LEFT JOIN present h ON h.id = f.head_id
    WHERE p.id IS NULL AND x.next_id <> x.function_id
),
"""
"""What is broken elsewhere: somebody gone who holds letters, nobody to stand in, too much for one; stages of the
journey that live systems serve, and work that goes from one function to the next, with nobody to answer for it."""

KEYS = ("person_id", "function_id", "system_id", "activity_id", "stage_id", "step_id")
WHOLE = ", ".join(f"COALESCE({name}, 0) AS of_{name}" for name in KEYS)
SAME = " AND ".join(f"g.of_{name} = w.of_{name}" for name in KEYS)
"""Columns with nought for nothing, so that both databases compare them by an index or a hash."""
DIFFERENCE = f"""{FACTS}{CELLS}{HOLDERS}
standing AS (
    SELECT id, rule, system_id, activity_id, person_id, function_id, stage_id, step_id, mender_id
    FROM governance_gap WHERE closed_at IS NULL
),
cell AS NOT MATERIALIZED (
    SELECT * FROM standing WHERE system_id IS NOT NULL AND person_id IS NULL AND function_id IS NULL
),
other AS (
    SELECT id, rule, mender_id, {WHOLE} FROM standing
    WHERE system_id IS NULL OR person_id IS NOT NULL OR function_id IS NOT NULL
),
broken AS (SELECT *, {WHOLE} FROM held),
differs AS (
    SELECT g.id, g.rule AS was, w.rule, w.system_id, w.activity_id, {NOTHING} AS person_id, {NOTHING} AS function_id,
        {NOTHING} AS stage_id, {NOTHING} AS step_id, w.mender_id
    FROM needed w LEFT JOIN cell g ON g.system_id = w.system_id AND g.activity_id = w.activity_id
    WHERE COALESCE(w.rule, '') <> COALESCE(g.rule, '')
        OR (w.rule IS NOT NULL AND COALESCE(g.mender_id, 0) <> COALESCE(w.mender_id, 0))
  UNION ALL
    SELECT g.id, g.rule, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM cell g LEFT JOIN systems s ON s.id = g.system_id AND s.tier > 0 LEFT JOIN steps t ON t.id = g.activity_id
    WHERE s.id IS NULL OR t.id IS NULL
  UNION ALL
    SELECT g.id, g.rule, w.rule, w.system_id, w.activity_id, w.person_id, w.function_id, w.stage_id, w.step_id,
        w.mender_id
    FROM broken w LEFT JOIN other g ON g.rule = w.rule AND {SAME}
    WHERE g.id IS NULL OR COALESCE(g.mender_id, 0) <> COALESCE(w.mender_id, 0)
  UNION ALL
    SELECT g.id, g.rule, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
    FROM other g LEFT JOIN broken w ON g.rule = w.rule AND {SAME} WHERE w.rule IS NULL
)
SELECT w.id, w.was, w.rule, w.system_id, w.activity_id, w.person_id, w.function_id, w.stage_id, w.step_id, w.mender_id,
    s.origin, s.created_at, s.name, a.name, COALESCE(p.name, f.name), j.code, x.name, b.name
FROM differs w LEFT JOIN inventory_system s ON s.id = w.system_id
LEFT JOIN governance_activity a ON a.id = w.activity_id
LEFT JOIN accounts_user p ON p.id = w.person_id LEFT JOIN accounts_function f ON f.id = w.function_id
LEFT JOIN governance_journeystage j ON j.id = w.stage_id LEFT JOIN governance_processstep x ON x.id = w.step_id
LEFT JOIN governance_businessprocess b ON b.id = x.process_id
"""
"""What is to open (a rule that was not), to close (what was, is no longer) and to pass to another mender (both)."""


class Found(NamedTuple):
    """One row of the difference, in the order of its columns."""

    id: int | None
    was: str | None
    rule: str | None
    system: int | None
    activity: int | None
    person: int | None
    function: int | None
    stage: int | None
    step: int | None
    mender: int | None
    door: str | None
    came: datetime | None
    system_name: str | None
    activity_name: str | None
    holder: str | None
    stage_code: str | None
    step_name: str | None
    process: str | None

    @property
    def opens(self) -> bool:
        return self.rule is not None and self.rule != self.was

    @property
    def closes(self) -> bool:
        return self.was is not None and self.rule != self.was

    @property
    def moves(self) -> bool:
        return self.rule is not None and self.rule == self.was

    def name(self, stages: Mapping[str, str]) -> str:
        """The sentence of what is broken; `stages` gives a stage's words by its code."""
        return RULES[self.rule or ""].sentence.format(
            system=self.system_name,
            activity=self.activity_name,
            holder=self.holder,
            stage=stages.get(self.stage_code or "", ""),
            step=self.step_name,
            process=self.process,
        )
