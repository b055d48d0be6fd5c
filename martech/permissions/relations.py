"""HOW A PERSON CAN STAND TO A RECORD, and who answers for one. Pure strings; the words are granted in table.py."""

USER = "the person"
TODAY = "the day"
DEPUTY = "stand_ins__deputy"
"""How a person leads to who stands in for them."""
EVERYTHING = "everything"
"""What a deputy stands in for where it is no single sort of matter."""


def deputed(matter: str) -> dict[str, object]:
    """What holds of a person for whom somebody stands in on a day, for one sort of matter."""
    return {
        DEPUTY: USER,
        "stand_ins__retired_at": None,
        "stand_ins__from_on__lte": TODAY,
        "stand_ins__to_on__gte": TODAY,
        "stand_ins__covers__in": (EVERYTHING, matter),
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
    "inventory.contract": {
        "open": {"confidential": False},
        "owner": {"owner": USER},
        "system_owner": {"systems__business_owner": USER},
        "technical": {"systems__technical_owner": USER},
    },
    "governance.assignment": {
        "open": {"system__confidential": False},
        "owner": {"system__business_owner": USER},
        "technical": {"system__technical_owner": USER},
        "head": {"system__owning_function__head": USER},
        "deputy": {"system__owning_function__deputy": USER},
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
        "technical": {"system__technical_owner": USER},
        "holder": {f"system__{lookup}": value for lookup, value in {"assignments__person": USER, **_VALID}.items()},
        "head": {"system__owning_function__head": USER},
        "deputy": {"system__owning_function__deputy": USER},
    },
    "governance.gap": {
        "of_person": {"system__isnull": True},
        "open": {"system__confidential": False},
        "owner": {"system__business_owner": USER},
        "technical": {"system__technical_owner": USER},
        "head": {"system__owning_function__head": USER},
        "deputy": {"system__owning_function__deputy": USER},
        "holder": {f"system__{lookup}": value for lookup, value in _SYSTEM["holder"].items()},
        "mender": {"mender": USER},
    },
    "governance.standin": {
        "giver": {"person": USER},
        "stand_in": {"deputy": USER},
        "head": {"person__function__head": USER},
    },
    "governance.closingplan": {"owner": {"owner": USER}},
    "governance.businessprocess": {"owner": {"owner": USER}, "head": {"owning_function__head": USER}},
    "governance.processstep": {
        "owner": {"process__owner": USER},
        "head": {"process__owning_function__head": USER},
    },
    "governance.resourceassessment": {"head": {"function__head": USER}, "deputy": {"function__deputy": USER}},
    "governance.sourcingoption": {
        "general": {"system__isnull": True},
        "open": {"system__confidential": False},
        "owner": {"owner": USER},
        "system_owner": {"system__business_owner": USER},
        "head": {"function__head": USER},
        "deputy": {"function__deputy": USER},
    },
    "governance.competency": {
        "self": {"person": USER},
        "head": {"person__function__head": USER},
        "deputy": {"person__function__deputy": USER},
    },
    "governance.letterproposal": {
        "open": {"system__confidential": False},
        "owner": {"system__business_owner": USER},
        "technical": {"system__technical_owner": USER},
        "head": {"system__owning_function__head": USER},
        "deputy": {"system__owning_function__deputy": USER},
    },
    "governance.journeystage": {"accountable": {"accountable": USER}},
    "webhooks.webhook": {"owner": {"owner": USER}, "service": {"owner__kind": "service"}},
    "records.savedview": {"keeper": {"owner": USER}, "shared": {"shared": True}},
    "sync.syncrun": {"sender": {"sent_by": USER}},
    "imports.importbatch": {"uploader": {"uploaded_by": USER}},
    "notifications.notice": {"recipient": {"person": USER}},
}

# Whoever stands in for a person stands to these records as they do, for that sort of matter: kind -> (matter, words). A
# word is `for_` and that of the person. Whoever is barred bars who stands in for them (martech/permissions/engine.py).
# A confidential system is not opened by standing in.
FOR = "for_"
STANDING_IN: dict[str, tuple[str, str]] = {
    "governance.consultation": ("consultations", "asked accountable owner technical head deputy"),
    "governance.handover": ("handovers", "receiver giver"),
    "governance.attestation": ("attestations", "asked"),
}


def _instead(lookups: dict[str, object], matter: str) -> dict[str, object]:
    """The relation of whoever stands in for the person that these lookups name."""
    own = next(lookup for lookup, value in lookups.items() if value is USER)
    kept = {lookup: value for lookup, value in lookups.items() if lookup != own}
    return {**kept, **{f"{own}__{lookup}": value for lookup, value in deputed(matter).items()}}


for _kind, (_matter, _words) in STANDING_IN.items():
    RELATIONS[_kind] |= {f"{FOR}{word}": _instead(RELATIONS[_kind][word], _matter) for word in _words.split()}

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
