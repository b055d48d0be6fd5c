"""WHO HEARS OF WHAT. Pure strings, for anybody to read.

An event is `app.model.verb`, or `*.verb` for every kind of record without a row of its own; `app.model.verb:field` goes
first where the act changed that field. Its audience is words: the relations of martech/permissions/relations.py (owner,
technical ...), a standing role, or `followers`. Nobody hears of what they did themselves, nor of a record they may not
see. A sentence has the placeholders below and no others.
"""

from typing import NamedTuple

PLACEHOLDERS = frozenset({"by", "text", "number", "note", "what"})
"""by: who acted; text and number: the record; note: what they wrote; what: the fields they changed."""

REMINDER_PLACEHOLDERS = frozenset({"text", "number", "when", "note"})
"""when: in how many days and on which; note: why this person is asked."""


class Heard(NamedTuple):
    """Who hears of an event and the sentence they read."""

    audience: str
    sentence: str
    later: str = ""
    """Who reads it in the inbox and the day's mail, and is not disturbed for it."""


class Reminding(NamedTuple):
    """A deadline people are reminded of: the record's field, the days before, what is said before and after it, and
    the verbs that end it."""

    kind: str
    field: str
    steps: tuple[int, ...]
    sentence: str
    past: str
    ends: str


_BOTH_ENDS = "owner source_owner target_owner followers"
_ANSWERS = "owner technical vendor_owner followers"

_LETTERS = "accountable responsible consulted"
"""Who has one of the letters that act at once; informed is who reads it in the day's mail."""

EVENTS: dict[str, Heard] = {
    # Every kind of record
    "*.remark": Heard("owner technical head steward followers", "{by} wrote about {text}: “{note}”"),
    "*.change": Heard("owner technical followers", "{by} changed {what} of {text}."),
    "*.retire": Heard("owner technical head steward followers", "{by} retired {text}. {note}"),
    "*.restore": Heard("owner technical head steward followers", "{by} brought {text} back. {note}"),
    # People
    "accounts.user.grant": Heard("self", "{by} gave you a role. {note}"),
    "accounts.user.revoke": Heard("self", "{by} took a role from you. {note}"),
    "accounts.user.change": Heard("self", "{by} changed {what} of your account."),
    "accounts.function.change": Heard("head followers", "{by} changed {what} of {text}."),
    # Vendors
    "inventory.vendor.add": Heard("owner", "{by} added {text}; you keep the relationship."),
    "inventory.vendor.prefer": Heard("owner followers", "{by} made {text} a preferred vendor. {note}"),
    "inventory.vendor.approve": Heard("owner followers", "{by} approved {text}. {note}"),
    "inventory.vendor.restrict": Heard("owner followers", "{by} restricted {text}. {note}"),
    "inventory.vendor.block": Heard("owner followers", "{by} blocked {text}. {note}"),
    "inventory.vendor.merge": Heard("owner followers", "{by} merged {text} into another vendor. {note}"),
    "inventory.vendor.unmerge": Heard("owner followers", "{by} took the merge of {text} back. {note}"),
    # Webhooks
    "webhooks.webhook.disable": Heard("owner administrator followers", "The webhook {text} is switched off. {note}"),
    "webhooks.webhook.pause": Heard("owner administrator followers", "{by} paused the webhook {text}. {note}"),
    "webhooks.webhook.rotate": Heard("owner administrator", "{by} changed the secret of the webhook {text}."),
    # Systems
    "inventory.system.add": Heard("owner technical head", "{by} logged {text}; you answer for it."),
    "inventory.system.propose": Heard(
        f"owner technical head followers {_LETTERS}", "{by} proposed {text}. {note}", "informed"
    ),
    "inventory.system.evaluate": Heard(
        f"owner technical head followers {_LETTERS}", "{by} began a trial of {text}. {note}", "informed"
    ),
    "inventory.system.extend_trial": Heard("owner technical followers", "{by} extended the trial of {text}. {note}"),
    "inventory.system.approve": Heard(
        f"owner technical head followers {_LETTERS}", "{by} approved {text}. {note}", "informed"
    ),
    "inventory.system.reject": Heard(
        f"owner technical head followers {_LETTERS}", "{by} rejected {text}. {note}", "informed"
    ),
    "inventory.system.implement": Heard(
        f"owner technical followers {_LETTERS}", "{by} began to implement {text}. {note}", "informed"
    ),
    "inventory.system.go_live": Heard(
        f"owner technical head followers {_LETTERS}", "{by} took {text} live. {note}", "informed"
    ),
    "inventory.system.phase_out": Heard(
        f"owner technical head followers {_LETTERS}", "{by} began to phase out {text}. {note}", "informed"
    ),
    "inventory.system.assess": Heard("owner technical followers", "{by} assessed how well {text} fits. {note}"),
    "inventory.system.share": Heard("owner followers", "{by} shared {text} with another function."),
    "inventory.system.unshare": Heard("owner followers", "{by} ended another function's part in {text}."),
    "inventory.system.retire": Heard(
        f"owner technical head followers {_LETTERS}", "{by} retired {text}. {note}", "informed"
    ),
    **dict.fromkeys(
        (f"inventory.system.change:{owner}" for owner in ("business_owner", "technical_owner", "owning_function")),
        Heard(f"owner technical followers {_LETTERS}", "{by} changed {what} of {text}.", "informed"),
    ),
    # Letters
    "governance.assignment.add": Heard("holder team_head", "{by} gave a letter: {text}. {note}", "informed"),
    "governance.assignment.change": Heard("holder team_head", "{by} changed {what} of the letter: {text}.", "informed"),
    "governance.assignment.end": Heard("holder team_head", "{by} ended a letter: {text}. {note}", "informed"),
    "governance.assignment.retire": Heard("holder team_head", "{by} took a letter back: {text}. {note}", "informed"),
    "governance.assignment.silence": Heard(
        "holder team_head", "{by} switched a letter off: {text}. {note}", "informed"
    ),
    "governance.assignment.heed": Heard("holder team_head", "{by} switched a letter on: {text}. {note}", "informed"),
    # Attestation
    "governance.attestation.add": Heard("asked for_asked", "{by} asks you: {text}"),
    "governance.attestation.hand_over": Heard("owner followers", "{by} handed over what was asked: {text} {note}"),
    "governance.attestation.end_use": Heard("owner head followers", "{by} no longer needs it: {text} {note}"),
    "governance.attestation.lapse": Heard("asked head", "Nobody answered in time: {text}"),
    # Gaps: those who can mend one find it on their home page, and hear of none by itself
    "governance.closingplan.add:owner": Heard(
        "owner", "Systems you answer for came in live, and something is missing in who does what: {text}."
    ),
    "governance.closingplan.add": Heard(
        "it", "Systems that nobody owns came in live, and gaps are to be closed: {text}."
    ),
    "governance.closingplan.change": Heard("owner followers", "More systems came in live: {what} of {text} moved on."),
    "governance.closingplan.postpone": Heard("owner followers", "{by} postponed {text}. {note}"),
    "governance.closingplan.close": Heard("owner followers", "All gaps are closed: {text}."),
    "governance.gap.change": Heard("followers", "Somebody else can mend it now: {text}"),
    # Consultations
    "governance.consultation.add": Heard("asked for_asked accountable", "{by} puts to you: {text}. “{note}”"),
    "governance.consultation.agree": Heard("asker followers", "{by} agrees to {text}. {note}"),
    "governance.consultation.object": Heard(
        "asker accountable for_accountable followers", "{by} objects to {text}: “{note}”"
    ),
    "governance.consultation.overrule": Heard(
        "asker asked followers", "{by} decided in spite of an objection: {text}. “{note}”"
    ),
    "governance.consultation.withdraw": Heard("asked accountable followers", "{by} withdrew: {text}. {note}"),
    "governance.consultation.close": Heard("asker followers", "Nobody objected in time, it can be done now: {text}."),
    # Hand-overs
    "governance.handover.add:receiver": Heard("receiver for_receiver head", "{by} proposes to you: {text}. {note}"),
    "governance.handover.add": Heard("head it", "Nobody is proposed yet: {text}. Successors have to be named. {note}"),
    "governance.handover.decline": Heard("giver head", "{by} does not take over: {text}. “{note}”"),
    "governance.handover.take_over": Heard("giver head followers", "{by} took over: {text}. {note}"),
    "governance.handover.carry_out": Heard("receiver head followers", "{by} carried out: {text}. {note}"),
    "governance.handover.withdraw": Heard("receiver head followers", "{by} withdrew: {text}. {note}"),
    "governance.handover.expire": Heard("giver receiver head", "Nobody answered in time: {text}."),
    # Assessment
    "governance.competency.confirm": Heard("self", "{by} confirmed {text}. {note}"),
    "governance.competency.rate": Heard("self head", "{by} changed the level: {text}. {note}"),
    "governance.competency.expire": Heard("self", "Nobody has looked at it for a year: {text}. Say it again."),
    "governance.letterproposal.decline": Heard("head followers", "{by} declined: {text}. “{note}”"),
    "governance.sourcingoption.choose": Heard("owner head system_owner followers", "{by} chose {text}: “{note}”"),
    "governance.sourcingoption.set_aside": Heard(
        "owner head system_owner followers", "{by} set {text} aside: “{note}”"
    ),
    "governance.resourceassessment.conclude": Heard(
        "head deputy followers", "{by} concluded the assessment of {text}."
    ),
    # Standing in
    "governance.standin.add": Heard("giver stand_in", "{by} named a deputy: {text}. {note}"),
    "governance.standin.change": Heard("giver stand_in", "{by} changed {what}: {text}. {note}"),
    "governance.standin.end": Heard("giver stand_in", "{by} ended it: {text}. {note}"),
    # Integrations
    "inventory.integration.add": Heard("owner source_owner target_owner", "{by} added the integration {text}."),
    "inventory.integration.change": Heard(_BOTH_ENDS, "{by} changed {what} of {text}."),
    "inventory.integration.retire": Heard(_BOTH_ENDS, "{by} retired {text}. {note}"),
    "inventory.integration.activate": Heard(_BOTH_ENDS, "{by} switched {text} on. {note}"),
    "inventory.integration.degrade": Heard(_BOTH_ENDS, "{by} reported trouble with {text}: “{note}”"),
    "inventory.integration.plan_disconnect": Heard(_BOTH_ENDS, "{by} planned to disconnect {text}. {note}"),
    # Contracts
    "inventory.contract.add": Heard("owner system_owner", "{by} added the contract {text}."),
    "inventory.contract.change": Heard("owner system_owner followers", "{by} changed {what} of {text}."),
    "inventory.contract.retire": Heard("owner system_owner followers", "{by} retired {text}. {note}"),
    # Assurances
    "inventory.assurance.add": Heard("owner vendor_owner", "{by} added {text}."),
    "inventory.assurance.change": Heard(_ANSWERS, "{by} changed {what} of {text}."),
    "inventory.assurance.renew": Heard(_ANSWERS, "{by} renewed {text}. {note}"),
    "inventory.assurance.acknowledge": Heard(_ANSWERS, "{by} takes care of {text}. {note}"),
}

NAMED = "{by} made you {what} of {text}."
"""Instead of the sentence for somebody whom the act named in a field of the record."""

MANY = "{by} changed {what} in one go."
IMPORTED = "{by} changed many records you follow or answer for in one go ({number})."

REMINDERS: dict[str, Reminding] = {
    "inventory.assurance.expiry": Reminding(
        kind="inventory.assurance",
        field="expires_on",
        steps=(60, 30, 14, 7, 1, 0),
        sentence="{text} runs out {when}. {note}",
        past="{text} ran out {when}. {note}",
        ends="acknowledge renew retire",
    ),
    "governance.attestation.due": Reminding(
        kind="governance.attestation",
        field="due_on",
        steps=(14, 7, 1, 0),
        sentence="{text} Answer {when}. {note}",
        past="{text} An answer was due {when}. {note}",
        ends="confirm correct hand_over end_use lapse retire",
    ),
    "governance.closing.due": Reminding(
        kind="governance.closingplan",
        field="due_on",
        steps=(14, 7, 1, 0),
        sentence="{text} is to be done {when}. {note}",
        past="{text} was to be done {when}. {note}",
        ends="close",
    ),
    "governance.consultation.answer": Reminding(
        kind="governance.consultation",
        field="answer_by_on",
        steps=(1,),
        sentence="Your word on {text} is asked for {when}. {note}",
        past="Your word on {text} was asked for {when}. {note}",
        ends="overrule withdraw close",
    ),
    "governance.handover.answer": Reminding(
        kind="governance.handover",
        field="expires_on",
        steps=(7, 1, 0),
        sentence="{text} waits for you; an answer is asked for {when}. {note}",
        past="{text} waits for you; an answer was asked for {when}. {note}",
        ends="take_over carry_out decline withdraw expire",
    ),
}
