"""How Fernhollow works across functions: three processes, the steps of each, and who answers for the journey."""

from governance.models import BusinessProcess, ProcessStep, ProcessVersion
from martech.demo.diary import Diary, Of

# fmt: off
PROCESSES = (
    (
        "Lead management", 340, "priya", "Marketing operations", ["consider", "buy"],
        "From the first form to the seller's call. Ends when Sales has taken the lead or sent it back with a reason.",
        "Leads called within one working day", "61 %", "85 %",
        ("One list of reasons to send a lead back", "Dealers see leads in the portal instead of by mail"),
        (
            ("Collect the enquiry", "Demand generation", "Formwold", ""),
            ("Score and enrich the lead", "Marketing operations", "Quillmark Engage", "priya"),
            ("Assign it to a seller or dealer", "CRM and sales operations", "Ostrelle CRM", "chloe"),
            ("Call within one working day", "Sales", "Ostrelle CRM", ""),
            ("Report back what became of it", "CRM and sales operations", "Ostrelle CRM", "peter"),
            ("Learn which campaigns pay", "Data and analytics", "Data warehouse", ""),
        ),
        ("The steps as both sides described them.", "Marketing operations scores; the seller no longer does."),
    ),
    (
        "Campaign execution", 280, "fiona", "Demand generation", ["aware", "consider"],
        "From the brief to the numbers afterwards, for every campaign that goes out in more than one language.",
        "Days from brief to first send", "19", "10",
        ("Translations begin before the pictures are final",),
        (
            ("Write the brief", "Demand generation", "Planthorne", ""),
            ("Make words and pictures", "Brand and content", "Plattenholt", "rosa"),
            ("Build pages and forms", "Web team", "Formwold", "aoife"),
            ("Check consent and address lists", "Marketing operations", "Yesfold", "callum"),
            ("Send and watch", "Marketing operations", "Quillmark Engage", ""),
        ),
        ("As agreed between demand generation, brand and web.",),
    ),
    (
        "Consent and opt-out", 210, "eoin", "Legal", ["aware", "stay"],
        "Whoever no longer wants to hear from us is out of every list the same day, whichever list they were on.",
        "Opt-outs that reached every system within a day", "92 %", "100 %",
        ("The brand team's own letter is off the list of exceptions",),
        (
            ("Take the opt-out", "Customer service", "Answerby Desk", ""),
            ("Record it with its proof", "Marketing operations", "Yesfold", "callum"),
            ("Carry it into every system", "IT applications", "", "ivo"),
            ("Prove it to the regulator", "Legal", "", ""),
        ),
        ("The way of an opt-out, with who answers in between.",),
    ),
)
JOURNEY = (
    ("aware", "fiona", "Hears of us for the first time, at a fair, from a neighbour, in a search."),
    ("consider", "priya", "Compares machines, asks for a price, tries one at a dealer."),
    ("buy", "graham", "Orders from a dealer or in the shop."),
    ("onboard", "leila", "Unpacks, registers, learns to handle the machine."),
    ("use", "leila", "Needs parts, service and advice."),
    ("stay", "", "Buys the next one, and tells others."),
)
# fmt: on


def processes(diary: Diary) -> None:
    """The process model in two versions, three business processes with their steps, and the journey."""
    diary.adds(350, Of("version", "first"), ProcessVersion, "priya", name="As marketing and IT agreed it first")
    for name, ago, owner, function, stages, about, metric, now, target, wishes, steps, notes in PROCESSES:
        this = Of("process", name)
        diary.adds(
            ago,
            this,
            BusinessProcess,
            "callum",
            name=name,
            description=about,
            owner=Of("person", owner),
            owning_function=Of("function", function),
            journey_stages=stages,
            metric=metric,
            metric_now=now,
            metric_target=target,
            metric_on=diary.day(12),
            improvements=list(wishes),
        )
        for place, (step, team, system, answers) in enumerate(steps, start=1):
            diary.adds(
                ago,
                Of("step", f"{name} {place}"),
                ProcessStep,
                "callum",
                process=this,
                name=step,
                position=place * 10,
                function=Of("function", team),
                system=Of("system", system),
                handover_accountable=Of("person", answers),
            )
        diary.does(ago - 7, this, "publish", owner if owner == "priya" else "callum", note=notes[0])
        if len(notes) > 1:
            scored = Of("step", f"{name} 2")
            diary.does(90, scored, "change", "priya", name="Score, enrich and route the lead")
            diary.does(89, this, "publish", "priya", note=notes[1])
    for code, who, about in JOURNEY:
        diary.does(200, Of("stage", code), "change", "tomasz", accountable=Of("person", who), description=about)
