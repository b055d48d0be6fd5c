"""The words of the business for its data, where each lives, and what proves that it is safe there."""

from typing import NamedTuple


class Thing(NamedTuple):
    """A data object: its agreed definition, what tells two apart, the source that is right, agreed when."""

    name: str
    definition: str
    match: str
    right: str
    owner: str
    classification: str
    personal: bool
    agreed: int


# fmt: off
THINGS = (
    Thing(
        "Customer", "A person or company that has bought at least once, from us or from a dealer who told us.",
        "e-mail, else company number", "Ostrelle CRM", "chloe", "confidential", True, 380,
    ),
    Thing(
        "Lead",
        (
            "Somebody who asked for something and has not bought yet. Ends as an opportunity or after 24 months "
            "of silence."
        ),
        "e-mail", "Quillmark Engage", "priya", "confidential", True, 380,
    ),
    Thing(
        "Opportunity", "A possible sale with an amount, a month and a seller.", "CRM number", "Ostrelle CRM",
        "graham", "confidential", False, 372,
    ),
    Thing(
        "Consent and opt-out",
        (
            "What a person allowed or forbade, for which purpose, when and by what proof. An opt-out wins over "
            "everything."
        ),
        "e-mail and purpose", "Yesfold", "eoin", "confidential", True, 365,
    ),
    Thing(
        "Product", "A machine, accessory, battery or part that can be ordered.", "article number", "Hexlowe ERP",
        "annika", "public", False, 360,
    ),
    Thing(
        "Price", "List price and dealer discount of an article from a day on.", "article number, dealer group, day",
        "Hexlowe ERP", "margit", "restricted", False, 0,
    ),
    Thing(
        "Order", "What a customer or dealer has bindingly ordered.", "order number", "Hexlowe ERP", "annika",
        "confidential", True, 360,
    ),
    Thing(
        "Invoice", "What was billed, and whether it is paid.", "invoice number", "Hexlowe ERP", "charles",
        "restricted", True, 355,
    ),
    Thing(
        "Dealer", "A company with a dealer agreement in force, with its branches.", "dealer number",
        "Channelwick Portal", "margit", "internal", False, 350,
    ),
    Thing(
        "Service case", "A question, repair or claim, from its first word to its last.", "case number",
        "Answerby Desk", "leila", "confidential", True, 180,
    ),
    Thing(
        "Registered machine", "A machine with serial number and owner.", "serial number", "Warranty registration",
        "leila", "confidential", True, 170,
    ),
    Thing("Campaign", "A planned effort with a goal, a budget and a period.", "", "", "", "internal", False, 0),
)

# Data object, system, steward, classification, what is kept here
PLACES = (
    ("Customer", "Ostrelle CRM", "peter", "confidential", "All companies and people, 412,000 records."),
    ("Customer", "Hexlowe ERP", "kasia", "restricted", "Those who were invoiced, with bank details."),
    ("Customer", "Tarnwater Shop", "sean", "confidential", "Accounts of the shop."),
    ("Customer", "Quillmark Engage", "ines", "confidential", "Copy of the CRM with e-mail behaviour."),
    ("Customer", "Postwren", "", "confidential", "Addresses of dealers' staff and councils; matched with nothing."),
    ("Customer", "Data warehouse", "felix", "restricted", "Nightly copy; names in a schema of their own."),
    ("Lead", "Quillmark Engage", "wen", "confidential", "Every lead with its points and where it came from."),
    ("Lead", "Ostrelle CRM", "peter", "confidential", "Handed-over leads."),
    ("Lead", "Fair lead app", "", "confidential", "On the agency's tablets until the file is sent."),
    ("Opportunity", "Ostrelle CRM", "peter", "confidential", "The pipeline."),
    ("Opportunity", "Commission model", "chloe", "restricted", "Won deals by seller."),
    ("Consent and opt-out", "Yesfold", "eoin", "confidential", "Every statement with time, text and proof."),
    ("Consent and opt-out", "Quillmark Engage", "ines", "confidential", "Copy, used before each send."),
    ("Consent and opt-out", "Postwren", "", "confidential", "A list of its own, copied by hand."),
    ("Product", "Hexlowe ERP", "kasia", "internal", "Articles, bills of material, stock."),
    ("Product", "Spare parts catalogue", "", "internal", "Drawings and part numbers since 1987."),
    ("Price", "Hexlowe ERP", "kasia", "restricted", "List prices."),
    ("Price", "Dealer price book", "margit", "restricted", "Discounts; nowhere else."),
    ("Order", "Hexlowe ERP", "kasia", "confidential", "All orders."),
    ("Order", "Tarnwater Shop", "sean", "confidential", "Orders of the shop."),
    ("Invoice", "Hexlowe ERP", "birgit", "restricted", "Invoices and payments."),
    ("Dealer", "Channelwick Portal", "owen", "internal", "Dealers, branches, staff with a sign-in."),
    ("Service case", "Answerby Desk", "tess", "confidential", "Mail, telephone notes and chats since 2019."),
    ("Registered machine", "Warranty registration", "", "confidential", "318,000 serial numbers with owners."),
    ("Campaign", "Planthorne", "callum", "internal", "Plan and briefing."),
)


class Proof(NamedTuple):
    """An assurance of a system or (`of` begins with `@`) a vendor; days ago of issue, days ahead of its end."""

    kind: str
    of: str
    reference: str
    issued: int
    ends: int | None
    by: str = "ama"
    renewed: tuple[int, int, int] | None = None
    """(days ago of the renewal, the end before it in days ago, issued before in days ago)"""
    taken: tuple[str, int, str] | None = None
    """Acknowledged: (who, days ago, note)"""
    name: str = ""


PROOFS = (
    # Run out
    Proof("dpa", "Answerby Desk", "DPA 2.1", 900, -118, "eoin"),
    Proof("penetration_test", "Dealer microsites", "PT-0417", 770, -41),
    Proof("tls", "Spare parts catalogue", "parts.fernhollow.example", 400, -6),
    # Running out
    Proof("tls", "Dealer microsites", "*.dealers-local.fernhollow.example", 365, 0),
    Proof("dpa", "Postwren", "DPA 1.4", 1094, 1, "eoin"),
    Proof("tls", "Warranty registration", "register.fernhollow.example", 361, 4),
    Proof("iso27001", "@Yesfold", "YF-27001-19", 1089, 6),
    Proof("soc2", "Ostrelle CRM", "Type II, north region", 354, 11),
    Proof(
        "dpa", "Formwold", "DPA 3.0", 716, 13, "eoin",
        taken=("fiona", 5, "New text is with Legal; signature promised for Friday."),
    ),
    Proof("tls", "Channelwick Portal", "dealers.fernhollow.example", 340, 21),
    Proof("penetration_test", "Machine configurator", "PT-0655", 337, 28),
    Proof("iso27001", "@Quillmark Engage", "QM-27001-07", 1061, 34),
    Proof("dpa", "Chirrupline", "DPA 2.0", 685, 45, "eoin"),
    Proof("soc2", "Pipefell", "Type II", 313, 52),
    Proof("dpia", "Quillmark Engage", "DPIA-12", 672, 58, "eoin"),
    # In order
    Proof("dpa", "Quillmark Engage", "DPA 4.2", 210, 520, "eoin", renewed=(212, 205, 935)),
    Proof("dpa", "Ostrelle CRM", "DPA 5.0", 330, 765, "eoin"),
    Proof("dpa", "Tarnwater Shop", "DPA 2.2", 290, 440, "eoin", renewed=(292, 280, 1010)),
    Proof("dpa", "Yesfold", "DPA 1.1", 480, 615, "eoin"),
    Proof("dpa", "Vantrell Webinars", "DPA 1.0", 498, 232, "eoin"),
    Proof("dpa", "Plattenholt", "DPA 2.0", 550, 545, "eoin"),
    Proof("dpa", "Mosskeep", "DPA draft 0.9 accepted", 150, 945, "eoin"),
    Proof("iso27001", "@Cloudsorrel", "CS-27001-33", 420, 675),
    Proof("iso27001", "@Passbarrow", "PB-27001-08", 250, 845, renewed=(251, 244, 1340)),
    Proof("iso27001", "@Plattenholt", "PH-27001-02", 610, 485),
    Proof("soc2", "@Passbarrow", "Type II", 120, 245),
    Proof("penetration_test", "Tarnwater Shop", "PT-0702", 88, 277, taken=None),
    Proof("tls", "Tarnwater Shop", "shop.fernhollow.example", 75, 290, renewed=(76, 71, 440)),
    Proof("dpia", "Mosskeep", "DPIA-19", 128, 602, "eoin"),
    Proof(
        "other", "@Brindle & Oake", "Clause 9 of the frame agreement", 640, None, "eoin",
        name="Undertaking on visitor data at fairs",
    ),
)
