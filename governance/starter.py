"""The starter process model: verb-led steps by phase, with the tier from which each is required. Edited freely."""

from typing import NamedTuple


class Step(NamedTuple):
    """One activity: its code, what is done, in which phase, required from which tier, and what belongs to it."""

    code: str
    name: str
    phase: str
    required_from: str
    description: str


# fmt: off
ACTIVITIES = (
    Step("gather_requirements", "Gather requirements", "plan", "critical",
         "Ask those who will use it and those whose data it touches; put one list in order."),
    Step("identify_sourcing", "Identify outsourcing options", "plan", "critical",
         "Compare doing it in-house, sharing it, and buying it as a service."),
    Step("select_vendor", "Select the vendor", "select", "critical",
         "Compare what is on offer with the requirements and decide."),
    Step("review_security", "Review security and privacy", "select", "critical",
         "Check how data is kept, where it goes and who may see it."),
    Step("negotiate_contract", "Negotiate the contract", "procure", "critical",
         "Price, term, notice, data processing, support."),
    Step("configure", "Configure the system", "implement", "critical",
         "Set it up for the way we work."),
    Step("migrate_data", "Migrate data", "implement", "critical",
         "Bring over what is needed, and prove that it is complete."),
    Step("customize", "Customize", "implement", "critical",
         "Change what configuration cannot."),
    Step("manage_change", "Manage the change", "implement", "critical",
         "Say what changes for whom, and when."),
    Step("train", "Train people", "implement", "standard",
         "See to it that people can do their work with it."),
    Step("integrate", "Integrate with other systems", "integrate", "standard",
         "Let data flow where it is needed, and keep it flowing."),
    Step("operate", "Operate the system", "operate", "light",
         "Answer for it as a whole: it runs, it is paid for, it serves its purpose."),
    Step("administer_users", "Administer users and access", "operate", "light",
         "Give and take access; know who has it."),
    Step("support", "Support the people who use it", "operate", "standard",
         "Answer questions and mend faults within what was promised."),
    Step("own_data_quality", "Own data quality", "operate", "standard",
         "Keep the data right, complete and lawful."),
    Step("own_business_process", "Own the business process", "operate", "critical",
         "Answer for the process that the system serves."),
    Step("drive_adoption", "Drive adoption", "improve", "standard",
         "See to it that what was bought is used."),
    Step("measure", "Measure the outcome", "improve", "standard",
         "Say whether it brings what it was bought for."),
    Step("decide_renewal", "Decide the renewal", "improve", "light",
         "Renew, renegotiate, replace or end the contract in time."),
    Step("retire", "Retire the system", "retire", "critical",
         "Move people and data off, end access and contracts."),
)
# fmt: on


class Way(NamedTuple):
    """An operating model: how marketing and IT share the work of a system."""

    code: str
    name: str
    description: str
    lines: tuple[str, ...]


BUSINESS = (
    "gather_requirements", "select_vendor", "negotiate_contract", "manage_change", "train", "own_business_process",
    "drive_adoption", "measure",
)  # fmt: skip
TECHNICAL = ("configure", "migrate_data", "customize", "integrate", "administer_users", "support")
SHARED = ("identify_sourcing", "operate", "own_data_quality", "decide_renewal", "retire")
SECURITY = ("review_security",)


def _lines(business: str, technical: str, shared: str, security: str) -> tuple[str, ...]:
    said = dict.fromkeys(BUSINESS, business) | dict.fromkeys(TECHNICAL, technical)
    said |= dict.fromkeys(SHARED, shared) | dict.fromkeys(SECURITY, security)
    return tuple(f"{step.code}: {said[step.code]}" for step in ACTIVITIES)


OPERATING_MODELS = (
    Way(
        "marketing_led",
        "Led by marketing",
        "The owning function runs the system from end to end; IT is asked about what is technical.",
        _lines(
            business="A business_owner, R owning_function",
            technical="A business_owner, R owning_function, C it_function",
            shared="A business_owner, R owning_function, I it_function",
            security="A it_head, R it_function, C business_owner",
        ),
    ),
    Way(
        "it_led",
        "Led by IT",
        "IT runs the system and answers for it; the owning function says what it is for.",
        _lines(
            business="A business_owner, R owning_function, C it_function",
            technical="A technical_owner, R it_function, I owning_function",
            shared="A it_head, R it_function, C business_owner",
            security="A it_head, R it_function, I business_owner",
        ),
    ),
    Way(
        "hybrid",
        "Shared between marketing and IT",
        "Each side answers for what it knows; what concerns both is done together, and one person answers for it.",
        _lines(
            business="A business_owner, R owning_function, C technical_owner",
            technical="A technical_owner, R it_function, C owning_function",
            shared="A business_owner, R owning_function, R it_function, C technical_owner",
            security="A it_head, R it_function, C business_owner",
        ),
    ),
    Way(
        "joint_unit",
        "A unit of its own",
        "One unit has people of both sides and does everything; IT outside it hears of what is built.",
        _lines(
            business="A owning_head, R owning_function",
            technical="A owning_head, R owning_function, I it_function",
            shared="A owning_head, R owning_function",
            security="A owning_head, R owning_function, C it_head",
        ),
    ),
)
