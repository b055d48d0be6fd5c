"""WHO MAY DO WHAT. Pure strings, for an auditor to read.

A permission is granted by words. A word is a standing role (a group a person belongs to, `member` being anybody with
at least one), or a relation of the person to the record. `a+b` needs both; `!a` forbids and outranks every grant.
"""

USER = "the person"
TODAY = "the day"

ROLES = {
    "member": "Sees the stack, follows records, raises requests",
    "marketing_ops": "Logs and keeps systems, contracts, costs and integrations",
    "it": "Keeps the vendor list and the corporate inventory, reviews, owns technical facts",
    "security": "Reviews security, keeps certificates",
    "legal": "Reviews contracts and data-processing agreements",
    "finance": "Sees and keeps the money",
    "procurement": "Sees the money, keeps vendors",
    "steering": "Sits on a committee: votes, approves roadmaps, decides waivers",
    "auditor": "Sees everything, the money and the trail included; changes nothing",
    "administrator": "Keeps people, roles, calendars, policies and tokens",
}

# How a person can stand to a record: word -> the lookups that must hold.
# A letter counts on the days from `from_on` to `last_on`; lookups through the same relation hold of the same letter.
ACTIVITY, SILENT = "assignments__activity__code", "assignments__silent"
_VALID: dict[str, object] = {
    "assignments__retired_at": None,
    SILENT: False,
    "assignments__from_on__lte": TODAY,
    "assignments__last_on__gte": TODAY,
}


def _letter(letter: str) -> dict[str, object]:
    """A person's own letter for the activity that stands for the whole system."""
    return {"assignments__person": USER, "assignments__letter": letter, ACTIVITY: "operate", **_VALID}


_SYSTEM: dict[str, dict[str, object]] = {
    "open": {"confidential": False},
    "owner": {"business_owner": USER},
    "technical": {"technical_owner": USER},
    "head": {"owning_function__head": USER},
    "deputy": {"owning_function__deputy": USER},
    "accountable": _letter("A"),
    "responsible": _letter("R"),
    "consulted": _letter("C"),
    "informed": _letter("I"),
    "holder": {"assignments__person": USER, **_VALID},
    "team": {"assignments__function__people": USER, **_VALID},
    "team_head": {"assignments__function__head": USER, **_VALID},
}
RELATIONS: dict[str, dict[str, dict[str, object]]] = {
    "accounts.user": {"self": {"pk": USER}},
    "accounts.function": {"head": {"head": USER}},
    "accounts.token": {"holder": {"user": USER}},
    "inventory.vendor": {"owner": {"relationship_owner": USER}},
    "inventory.system": _SYSTEM,
    "inventory.integration": {
        "open": {"source__confidential": False, "target__confidential": False},
        "owner": {"owner": USER},
        "source_owner": {"source__business_owner": USER},
        "target_owner": {"target__business_owner": USER},
    },
    "inventory.datasource": {
        "open": {"system__confidential": False},
        "steward": {"steward": USER},
        "owner": {"system__business_owner": USER},
    },
    "inventory.dataobject": {"owner": {"owner": USER}},
    "inventory.assurance": {
        "of_vendor": {"system__isnull": True},
        "open": {"system__confidential": False},
        "owner": {"system__business_owner": USER},
        "technical": {"system__technical_owner": USER},
        "vendor_owner": {"vendor__relationship_owner": USER},
    },
    "governance.assignment": {
        "open": {"system__confidential": False},
        "owner": {"system__business_owner": USER},
        "technical": {"system__technical_owner": USER},
        "head": {"system__owning_function__head": USER},
        "holder": {"person": USER},
        "team": {"function__people": USER},
        "team_head": {"function__head": USER},
    },
    "governance.consultation": {
        "open": {"system__confidential": False},
        "owner": {"system__business_owner": USER},
        "technical": {"system__technical_owner": USER},
        "head": {"system__owning_function__head": USER},
        "deputy": {"system__owning_function__deputy": USER},
        "accountable": {f"system__{lookup}": value for lookup, value in _SYSTEM["accountable"].items()},
        "asker": {"asked_by": USER},
        "asked": {"opinions__person": USER},
    },
    "governance.handover": {
        "giver": {"person": USER},
        "receiver": {"receiver": USER},
        "head": {"person__function__head": USER},
        "successor": {"items__successor": USER},
    },
    "governance.attestation": {
        "open": {"system__confidential": False},
        "asked": {"person": USER},
        "owner": {"system__business_owner": USER},
        "head": {"system__owning_function__head": USER},
        "deputy": {"system__owning_function__deputy": USER},
    },
    "governance.businessprocess": {"owner": {"owner": USER}, "head": {"owning_function__head": USER}},
    "governance.processstep": {
        "owner": {"process__owner": USER},
        "head": {"process__owning_function__head": USER},
    },
    "governance.journeystage": {"accountable": {"accountable": USER}},
    "webhooks.webhook": {"owner": {"owner": USER}, "service": {"owner__kind": "service"}},
    "records.savedview": {"keeper": {"owner": USER}, "shared": {"shared": True}},
    "sync.syncrun": {"sender": {"sent_by": USER}},
    "imports.importbatch": {"uploader": {"uploaded_by": USER}},
    "notifications.notice": {"recipient": {"person": USER}},
}

# Who answers for a record (martech/permissions/answering.py). A letter of a function is answered by the first of these
# who is there: word -> the function, then who stands for it; a letter of that word is a person's where nothing follows.
HOLDERS: dict[str, tuple[str, ...]] = {
    "accountable": ("assignments__function",),
    "responsible": ("assignments__function", "head", "deputy", "people"),
    "consulted": ("assignments__function", "head", "deputy"),
    "informed": ("assignments__function", "head", "deputy"),
}
# Where nobody present holds the letter: further words in this order, told with the reason. Nobody is consulted or
# informed in another's place.
FALLBACKS = {
    "accountable": "owner technical head deputy",
    "responsible": "accountable technical owner head deputy",
    "consulted": "",
    "informed": "",
}
CALLED = {
    "accountable": "whoever is accountable",
    "owner": "the owner",
    "technical": "the technical owner",
    "head": "the head of the function",
    "deputy": "the deputy head of the function",
}
# Kind of record -> how it leads to the systems whose letters count, and the activity it is about.
ANSWERS_BY: dict[str, tuple[tuple[str, ...], str]] = {
    "inventory.system": (("",), "operate"),
    "inventory.integration": (("source", "target"), "integrate"),
    "inventory.datasource": (("system",), "own_data_quality"),
    "inventory.assurance": (("system",), "review_security"),
    "governance.assignment": (("system",), "operate"),
    "governance.consultation": (("system",), "operate"),
}

_KEEPERS = "marketing_ops it"
_HOOKS = "marketing_ops+owner it+owner administrator+owner administrator+service"
"""Whoever may change where a webhook goes gets what its owner sees: nobody but the owner, or who keeps its account."""
_ASSIGNS = f"{_KEEPERS} owner technical head"
"""Whoever keeps a system says who does what for it; nobody by a letter alone, or a letter could give itself more."""
_SEES_SYSTEM = "member+open owner technical head deputy holder team team_head steering auditor"

PERMISSIONS: dict[str, str] = {
    # People
    "accounts.view_user": "member self",
    "accounts.add_user": "administrator",
    "accounts.change_user": "administrator",
    "accounts.remark_user": "administrator",
    "accounts.retire_user": "administrator",
    "accounts.restore_user": "administrator",
    "accounts.grant_user": "administrator !self",
    "accounts.revoke_user": "administrator !self",
    "accounts.sign_out_everywhere_user": "administrator self",
    "accounts.choose_theme_user": "self",
    "accounts.view_function": "member",
    "accounts.add_function": "administrator",
    "accounts.change_function": "administrator head",
    "accounts.remark_function": "member",
    "accounts.retire_function": "administrator",
    "accounts.restore_function": "administrator",
    "accounts.view_token": "holder administrator",
    "accounts.add_token": "member",
    "accounts.change_token": "holder",
    "accounts.remark_token": "holder administrator",
    "accounts.retire_token": "holder administrator",
    "accounts.restore_token": "",
    # Calendars
    "calendars.view_calendar": "member",
    "calendars.add_calendar": "administrator",
    "calendars.change_calendar": "administrator",
    "calendars.remark_calendar": "administrator",
    "calendars.retire_calendar": "administrator",
    "calendars.restore_calendar": "administrator",
    # Vendors
    "inventory.view_vendor": "member",
    "inventory.view_risk": "it security legal finance procurement marketing_ops steering auditor owner",
    "inventory.add_vendor": f"{_KEEPERS} procurement",
    "inventory.change_vendor": f"{_KEEPERS} procurement owner",
    "inventory.remark_vendor": "member",
    "inventory.retire_vendor": "it procurement",
    "inventory.restore_vendor": "it procurement",
    "inventory.prefer_vendor": "it procurement",
    "inventory.approve_vendor": "it procurement",
    "inventory.restrict_vendor": "it security procurement",
    "inventory.block_vendor": "it security procurement",
    "inventory.merge_vendor": "it procurement",
    "inventory.unmerge_vendor": "it procurement",
    # Capabilities
    "inventory.view_capability": "member",
    "inventory.add_capability": _KEEPERS,
    "inventory.change_capability": _KEEPERS,
    "inventory.remark_capability": "member",
    "inventory.retire_capability": _KEEPERS,
    "inventory.restore_capability": _KEEPERS,
    # Systems
    "inventory.view_system": _SEES_SYSTEM,
    "inventory.add_system": _KEEPERS,
    "inventory.change_system": f"{_KEEPERS} owner technical head",
    "inventory.remark_system": "member",
    "inventory.retire_system": f"{_KEEPERS} owner",
    "inventory.restore_system": _KEEPERS,
    "inventory.propose_system": f"{_KEEPERS} owner",
    "inventory.evaluate_system": f"{_KEEPERS} owner",
    "inventory.doubt_system": "",
    "inventory.extend_trial_system": f"{_KEEPERS} owner",
    "inventory.approve_system": "it",
    "inventory.reject_system": "it",
    "inventory.implement_system": f"{_KEEPERS} owner technical",
    "inventory.go_live_system": f"{_KEEPERS} owner technical",
    "inventory.phase_out_system": f"{_KEEPERS} owner",
    "inventory.verify_system": f"{_KEEPERS} owner technical head deputy accountable responsible",
    "inventory.assess_system": f"{_KEEPERS} owner technical head",
    "inventory.share_system": f"{_KEEPERS} owner head",
    "inventory.unshare_system": f"{_KEEPERS} owner head",
    # Integrations
    "inventory.view_integration": "member+open owner source_owner target_owner steering auditor",
    "inventory.add_integration": _KEEPERS,
    "inventory.change_integration": f"{_KEEPERS} owner source_owner target_owner",
    "inventory.remark_integration": "member",
    "inventory.retire_integration": f"{_KEEPERS} owner",
    "inventory.restore_integration": _KEEPERS,
    "inventory.activate_integration": f"{_KEEPERS} owner",
    "inventory.degrade_integration": f"{_KEEPERS} owner source_owner target_owner",
    "inventory.plan_disconnect_integration": f"{_KEEPERS} owner",
    # Data
    "inventory.view_dataobject": "member",
    "inventory.add_dataobject": _KEEPERS,
    "inventory.change_dataobject": f"{_KEEPERS} owner",
    "inventory.remark_dataobject": "member",
    "inventory.retire_dataobject": _KEEPERS,
    "inventory.restore_dataobject": _KEEPERS,
    "inventory.view_datasource": "member+open steward owner steering auditor",
    "inventory.add_datasource": _KEEPERS,
    "inventory.change_datasource": f"{_KEEPERS} steward",
    "inventory.remark_datasource": "member",
    "inventory.retire_datasource": _KEEPERS,
    "inventory.restore_datasource": _KEEPERS,
    # Assurances
    "inventory.view_assurance": "member+of_vendor member+open owner technical steering auditor",
    "inventory.add_assurance": f"{_KEEPERS} security legal",
    "inventory.change_assurance": f"{_KEEPERS} security legal owner technical vendor_owner",
    "inventory.remark_assurance": "member",
    "inventory.retire_assurance": f"{_KEEPERS} security legal",
    "inventory.restore_assurance": f"{_KEEPERS} security legal",
    "inventory.acknowledge_assurance": "owner technical vendor_owner it security legal marketing_ops",
    "inventory.renew_assurance": f"{_KEEPERS} security legal owner technical vendor_owner",
    # Activities and who does them
    "governance.view_activity": "member",
    "governance.add_activity": _KEEPERS,
    "governance.change_activity": _KEEPERS,
    "governance.remark_activity": "member",
    "governance.retire_activity": _KEEPERS,
    "governance.restore_activity": _KEEPERS,
    "governance.view_processversion": "member",
    "governance.add_processversion": _KEEPERS,
    "governance.change_processversion": _KEEPERS,
    "governance.remark_processversion": "member",
    "governance.retire_processversion": "it",
    "governance.restore_processversion": "it",
    "governance.view_assignment": "member+open owner technical head holder team team_head steering auditor",
    "governance.add_assignment": _ASSIGNS,
    "governance.change_assignment": _ASSIGNS,
    "governance.remark_assignment": "member",
    "governance.retire_assignment": _ASSIGNS,
    "governance.restore_assignment": _ASSIGNS,
    "governance.end_assignment": _ASSIGNS,
    "governance.silence_assignment": _ASSIGNS,
    "governance.heed_assignment": _ASSIGNS,
    # Consultations: answered by those asked, decided by whoever is accountable, else who is asked in their place
    "governance.view_consultation": "member+open owner technical head deputy accountable asker asked steering auditor",
    "governance.add_consultation": f"{_KEEPERS} owner technical head",
    "governance.change_consultation": "",
    "governance.remark_consultation": "member",
    "governance.retire_consultation": "",
    "governance.restore_consultation": "",
    "governance.agree_consultation": "asked",
    "governance.object_consultation": "asked",
    "governance.overrule_consultation": "accountable owner technical head deputy",
    "governance.withdraw_consultation": "asker accountable",
    "governance.close_consultation": "",
    # Hand-overs: decided by the receiver, of a leaver by whoever keeps the stack or leads the function
    "governance.view_handover": f"{_KEEPERS} giver receiver head successor steering auditor administrator",
    "governance.add_handover": f"{_KEEPERS} giver head",
    "governance.change_handover": f"{_KEEPERS} giver head",
    "governance.remark_handover": f"{_KEEPERS} giver receiver head successor",
    "governance.retire_handover": "",
    "governance.restore_handover": "",
    "governance.assign_handover": f"{_KEEPERS} head",
    "governance.leave_out_handover": f"{_KEEPERS} giver head",
    "governance.take_over_handover": "receiver",
    "governance.carry_out_handover": f"{_KEEPERS} head",
    "governance.decline_handover": "receiver",
    "governance.withdraw_handover": f"{_KEEPERS} giver head",
    "governance.expire_handover": "",
    # Attestation: only who is asked answers, or who heads the function
    "governance.view_campaign": "member",
    "governance.add_campaign": _KEEPERS,
    "governance.change_campaign": _KEEPERS,
    "governance.remark_campaign": "member",
    "governance.retire_campaign": _KEEPERS,
    "governance.restore_campaign": _KEEPERS,
    "governance.start_campaign": _KEEPERS,
    "governance.close_campaign": _KEEPERS,
    "governance.view_attestation": "member+open asked owner head deputy steering auditor",
    "governance.add_attestation": _KEEPERS,
    "governance.change_attestation": _KEEPERS,
    "governance.remark_attestation": "member",
    "governance.retire_attestation": _KEEPERS,
    "governance.restore_attestation": _KEEPERS,
    "governance.confirm_attestation": "asked head deputy",
    "governance.correct_attestation": "asked head deputy",
    "governance.hand_over_attestation": "asked head deputy",
    "governance.end_use_attestation": "asked head deputy",
    "governance.lapse_attestation": "",
    # Business processes
    "governance.view_businessprocess": "member",
    "governance.add_businessprocess": _KEEPERS,
    "governance.change_businessprocess": f"{_KEEPERS} owner head",
    "governance.remark_businessprocess": "member",
    "governance.retire_businessprocess": f"{_KEEPERS} owner",
    "governance.restore_businessprocess": f"{_KEEPERS} owner",
    "governance.publish_businessprocess": f"{_KEEPERS} owner",
    "governance.view_processstep": "member",
    "governance.add_processstep": f"{_KEEPERS} owner head",
    "governance.change_processstep": f"{_KEEPERS} owner head",
    "governance.remark_processstep": "member",
    "governance.retire_processstep": f"{_KEEPERS} owner head",
    "governance.restore_processstep": f"{_KEEPERS} owner head",
    "governance.view_journeystage": "member",
    "governance.add_journeystage": _KEEPERS,
    "governance.change_journeystage": f"{_KEEPERS} steering",
    "governance.remark_journeystage": "member",
    "governance.retire_journeystage": _KEEPERS,
    "governance.restore_journeystage": _KEEPERS,
    # Things that hang on a record: seen by whoever sees the record
    "audit.view_entry": "subject auditor",
    "files.view_document": "subject",
    "files.add_document": (
        "marketing_ops+subject it+subject security+subject legal+subject finance+subject procurement+subject"
    ),
    "files.change_document": "it marketing_ops",
    "files.remark_document": "subject",
    "files.retire_document": "it marketing_ops security legal",
    "files.restore_document": "it marketing_ops security legal",
    "records.view_savedview": "keeper member+shared",
    "records.add_savedview": "member",
    "records.change_savedview": "keeper",
    "records.remark_savedview": "keeper",
    "records.retire_savedview": "keeper administrator",
    "records.restore_savedview": "keeper",
    # Imports
    "imports.view_importbatch": "uploader auditor",
    "imports.add_importbatch": f"{_KEEPERS} procurement",
    "imports.change_importbatch": "uploader",
    "imports.remark_importbatch": "uploader",
    "imports.retire_importbatch": "uploader",
    "imports.restore_importbatch": "uploader",
    "imports.preview_importbatch": "uploader",
    "imports.confirm_importbatch": "uploader",
    "imports.cancel_importbatch": "uploader",
    "imports.undo_importbatch": "uploader",
    # Syncs: what a source sends is asked for by the rights on the records themselves
    "sync.view_syncrun": f"sender {_KEEPERS} procurement administrator auditor",
    "sync.add_syncrun": "",
    "sync.change_syncrun": "",
    "sync.remark_syncrun": f"sender {_KEEPERS} procurement",
    "sync.retire_syncrun": "it administrator",
    "sync.restore_syncrun": "it administrator",
    "sync.settle_syncrun": f"{_KEEPERS} procurement",
    "sync.accept_syncrun": f"{_KEEPERS} procurement",
    # Webhooks
    "webhooks.view_webhook": "owner administrator auditor",
    "webhooks.add_webhook": f"{_KEEPERS} administrator",
    "webhooks.change_webhook": _HOOKS,
    "webhooks.remark_webhook": "owner administrator",
    "webhooks.retire_webhook": "owner administrator",
    "webhooks.restore_webhook": _HOOKS,
    "webhooks.pause_webhook": "owner administrator",
    "webhooks.resume_webhook": _HOOKS,
    "webhooks.disable_webhook": "",
    "webhooks.test_webhook": _HOOKS,
    "webhooks.rotate_webhook": _HOOKS,
    "webhooks.replay_webhook": _HOOKS,
    # Notices
    "notifications.view_notice": "recipient",
    "notifications.view_delivery": "administrator auditor",
    "notifications.retry_delivery": "administrator",
}

# Groups of fields that not everybody who sees the record sees: permission -> model -> fields.
FIELD_GROUPS: dict[str, dict[str, tuple[str, ...]]] = {
    "inventory.view_risk": {"inventory.vendor": ("risk_tier", "risk_note")},
}
