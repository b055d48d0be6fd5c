"""Every periodic job, one table.

Each job is a sweep over rows that says for itself what is due: late, twice or from two schedulers at once it does the
same. So the intervals are fixed numbers of seconds and no job carries anything in its message.
"""

from typing import NamedTuple


class Job(NamedTuple):
    """The dotted name of a task without arguments, how often it runs, and what it does in one sentence."""

    task: str
    every: int  # seconds
    does: str


SCHEDULE: dict[str, Job] = {
    "tell": Job("martech.notifications.tasks.tell", 10, "Tell people what was recorded since the last time."),
    "relay": Job("martech.notifications.tasks.relay", 10, "Send the messages that wait in the outbox."),
    "sweep-reminders": Job("martech.notifications.tasks.sweep", 15, "Turn reminders that fell due into notices."),
    "plan-assurance-reminders": Job(
        "inventory.tasks.remind_of_assurances", 300, "Plan reminders of certificates and agreements about to expire."
    ),
    "roll-contracts": Job(
        "inventory.tasks.roll_contracts", 600, "Work out anew the days of contracts whose term or deadline has passed."
    ),
    "look-after-consultations": Job(
        "governance.tasks.look_after_consultations", 60, "Close consultations whose time has passed; plan reminders."
    ),
    "lapse-handovers": Job(
        "governance.tasks.lapse_handovers", 3600, "Let hand-overs lapse that nobody answered; plan reminders."
    ),
    "look-after-attestations": Job(
        "governance.tasks.look_after_attestations",
        3600,
        "Ask about systems that nobody verified for long; let unanswered questions lapse; plan reminders.",
    ),
    "remind-of-closing-plans": Job(
        "governance.tasks.remind_of_closing_plans", 3600, "Plan the reminders of closing plans."
    ),
    "expire-competencies": Job(
        "governance.tasks.expire_competencies", 3600, "Mark what nobody has said or confirmed of skills for a year."
    ),
    "sweep-gaps": Job("governance.tasks.sweep_gaps", 60, "Open and close the gaps of ownership."),
    "resume-imports": Job("martech.imports.tasks.resume", 30, "Go on with imports that wait or were interrupted."),
    "tell-webhooks": Job("martech.webhooks.tasks.tell", 5, "Read the trail onwards and send news to webhooks."),
    "look-ahead": Job(
        "martech.webhooks.tasks.look_ahead", 300, "Find dates that webhooks ask for; pause those whose owner has left."
    ),
    "tidy-webhooks": Job("martech.webhooks.tasks.tidy", 86_400, "Remove messages to webhooks past their time."),
    "tidy": Job("martech.notifications.tasks.tidy", 86_400, "Remove delivered messages and notices past their time."),
    "forget-answers": Job(
        "martech.repeats.tasks.tidy", 3600, "Forget answers to repeated requests that are older than a day."
    ),
}
