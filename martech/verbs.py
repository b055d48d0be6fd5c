"""The words of every operation: what the button says, what the trail says afterwards, and how it looks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Verb:
    """`label` stands on the button; `past` in the sentence, before the record's name or around it: "took {} live".

    `style` is primary, plain or danger.
    """

    label: str
    past: str
    icon: str = "arrow-right"
    style: str = "plain"

    def done(self, name: str) -> str:
        """What was done, in words: "approved Acme", "took Mail live"."""
        return self.past.format(name) if "{}" in self.past else f"{self.past} {name}"


VERBS: dict[str, Verb] = {
    "add": Verb("Add", "added", "plus", "primary"),
    "change": Verb("Edit", "changed", "pencil-square"),
    "remark": Verb("Comment", "commented on", "chat-bubble-left"),
    "retire": Verb("Retire", "retired", "archive-box", "danger"),
    "restore": Verb("Restore", "restored", "arrow-uturn-left"),
    "merge": Verb("Merge", "merged", "arrows-pointing-in"),
    "unmerge": Verb("Take the merge back", "took back the merge of", "arrows-pointing-out"),
    "prefer": Verb("Prefer", "preferred", "star"),
    "approve": Verb("Approve", "approved", "check", "primary"),
    "restrict": Verb("Restrict", "restricted", "exclamation-triangle", "danger"),
    "block": Verb("Block", "blocked", "no-symbol", "danger"),
    "propose": Verb("Propose", "proposed", "light-bulb"),
    "evaluate": Verb("Start a trial", "started a trial of", "beaker"),
    "extend_trial": Verb("Extend the trial", "extended the trial of", "clock"),
    "reject": Verb("Reject", "rejected", "x-mark", "danger"),
    "implement": Verb("Implement", "began to implement", "wrench-screwdriver", "primary"),
    "go_live": Verb("Go live", "took {} live", "rocket-launch", "primary"),
    "phase_out": Verb("Phase out", "began to phase out", "arrow-trending-down"),
    "verify": Verb("Verify", "verified", "check-badge"),
    "assess": Verb("Assess fit", "assessed", "scale"),
    "share": Verb("Add a function", "added a function to", "user-group"),
    "unshare": Verb("Remove a function", "removed a function from", "user-minus"),
    "activate": Verb("Mark as active", "activated", "bolt", "primary"),
    "degrade": Verb("Report a fault", "reported a fault of", "exclamation-circle"),
    "plan_disconnect": Verb("Plan to disconnect", "planned to disconnect", "scissors"),
    "acknowledge": Verb("Acknowledge", "acknowledged", "hand-thumb-up"),
    "renew": Verb("Renew", "renewed", "arrow-path", "primary"),
    "settle": Verb("Say which it is", "said what an item is in", "link"),
    "accept": Verb("Take the source’s value", "took a value of", "arrow-down-on-square"),
    "pause": Verb("Pause", "paused", "pause"),
    "resume": Verb("Resume", "resumed", "play", "primary"),
    "disable": Verb("Switch off", "switched off", "no-symbol", "danger"),
    "test": Verb("Send a test", "tested", "paper-airplane"),
    "replay": Verb("Send again", "sent news again to", "arrow-path"),
    "rotate": Verb("Change the secret", "changed the secret of", "key"),
    "end": Verb("End", "ended", "stop"),
    "tolerate": Verb("Tolerate", "tolerated", "hand-raised"),
    "postpone": Verb("Postpone", "postponed", "clock"),
    "reopen": Verb("Reopen", "reopened", "arrow-uturn-left"),
    "publish": Verb("Publish a version", "published a version of", "bookmark", "primary"),
    "start": Verb("Start asking", "started", "play", "primary"),
    "correct": Verb("I corrected it", "corrected what was asked in", "pencil-square"),
    "hand_over": Verb("Hand over", "handed over", "arrow-right-circle"),
    "end_use": Verb("No longer needed", "ended the use in", "archive-box", "danger"),
    "lapse": Verb("Let it lapse", "let lapse", "clock"),
    "doubt": Verb("Mark as unverified", "no longer takes as verified", "question-mark-circle"),
    "silence": Verb("Switch off", "switched off", "speaker-x-mark"),
    "agree": Verb("Agree", "agreed to", "hand-thumb-up", "primary"),
    "object": Verb("Object", "objected to", "hand-raised", "danger"),
    "overrule": Verb("Overrule the objection", "overruled the objection to", "scale"),
    "close": Verb("Close", "closed", "check"),
    "heed": Verb("Switch on", "switched on", "speaker-wave"),
    "carry_out": Verb("Carry out", "carried out", "check", "primary"),
    "tick": Verb("Tick off", "ticked something off in", "check"),
    "untick": Verb("Take a tick back", "took a tick back in", "x-mark"),
    "offer_back": Verb("Offer back", "offered back", "arrow-uturn-left"),
    "take_over": Verb("Take over", "took over", "check", "primary"),
    "withdraw": Verb("Withdraw", "withdrew", "arrow-uturn-left"),
    "decline": Verb("Decline", "declined", "x-mark", "danger"),
    "expire": Verb("Let lapse", "let {} lapse", "clock"),
    "assign": Verb("Name another successor", "named another successor in", "user-plus"),
    "leave_out": Verb("Leave something out", "left something out of", "minus-circle"),
    "rate": Verb("Change the level", "changed the level of", "arrow-trending-up"),
    "advise": Verb("Propose letters", "had letters proposed in", "light-bulb"),
    "adopt": Verb("Adopt", "adopted", "check", "primary"),
    "choose": Verb("Choose", "chose", "check", "primary"),
    "set_aside": Verb("Set aside", "set aside", "archive-box-arrow-down"),
    "consider": Verb("Consider again", "considers {} again", "arrow-path"),
    "conclude": Verb("Conclude", "concluded", "check", "primary"),
    "grant": Verb("Give a role", "gave a role to", "key"),
    "revoke": Verb("Take a role away", "took a role from", "minus-circle"),
    "sign_out_everywhere": Verb("Sign out everywhere", "signed out", "arrow-right-start-on-rectangle"),
    "choose_theme": Verb("Choose a theme", "chose a theme for", "moon"),
    "preview": Verb("Preview", "previewed", "eye"),
    "confirm": Verb("Confirm", "confirmed", "check", "primary"),
    "cancel": Verb("Cancel", "cancelled", "x-mark"),
    "undo": Verb("Undo", "undid", "arrow-uturn-left", "danger"),
}


def verb(name: str) -> Verb:
    """The words of an operation; plain ones where none are kept."""
    spoken = name.replace("_", " ")
    return VERBS.get(name) or Verb(spoken.capitalize(), f"{spoken}:")
