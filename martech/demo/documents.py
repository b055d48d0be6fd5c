"""Papers on the records, written by us: a name, what it is, and its lines. A name ending in .pdf becomes a PDF."""

from typing import NamedTuple


class Paper(NamedTuple):
    """`of` is (kind, record); `days` ago it was filed by `by`."""

    of: tuple[str, str]
    name: str
    what: str
    by: str
    days: int
    lines: tuple[str, ...]


# fmt: off
PAPERS = (
    Paper(
        ("system", "Quillmark Engage"), "DPA 4.2 signed.pdf", "Data-processing agreement, both signatures", "eoin",
        211,
        (
            "Data-processing agreement, version 4.2", "Between Fernhollow and Quillmark Engage",
            "Subject: e-mail, lead scoring, journeys of machine owners",
            "Places of processing: Ireland and Germany only",
            "Sub-processors: two, listed in annex B; changes 30 days ahead",
            "Erasure: within 10 working days of the request",
            "Signed for Fernhollow: E. Farrelly   Signed for Quillmark: by power of attorney",
        ),
    ),
    Paper(
        ("system", "Quillmark Engage"), "Impact assessment DPIA-12.txt", "Data-protection impact assessment", "eoin",
        660,
        (
            "DPIA-12: lead scoring and journeys", "Risk before measures: high. Risk after measures: acceptable.",
            "Measures: points never decide alone on a price;",
            "opt-outs within a minute; data of silent leads erased after 24 months.",
            "Next review: with any new data source, at the latest after two years.",
        ),
    ),
    Paper(
        ("system", "Mosskeep"), "Quote licence and workshops.pdf", "First quote, without integration", "priya", 263,
        (
            "Quote: customer data platform", "Licence, one year, up to 500,000 profiles        84,000 EUR",
            "Two workshops                                      6,000 EUR",
            "Connections to other systems                       not included",
            "Moving of existing consents                        not included",
            "Support                                            business hours, by mail",
        ),
    ),
    Paper(
        ("system", "Mosskeep"), "Estimate IT applications.txt", "Our own days", "ivo", 257,
        (
            "Feed from the CRM             21 days", "Feed from the shop            24 days",
            "Feed from the service desk    17 days", "Matching rules                15 days",
            "Sign-on and roles              4 days", "Not estimated: cleaning of double addresses (ask the CRM team)",
        ),
    ),
    Paper(
        ("system", "Mosskeep"), "Security review.pdf", "Result and two conditions", "ama", 169,
        (
            "Security review: Mosskeep", "Result: may go on, with conditions",
            "1. Sign-on before the first real record.", "2. A named person answers requests for erasure.",
            "Seen: certificate, penetration test of last spring, list of sub-processors.",
        ),
    ),
    Paper(
        ("system", "Ostrelle CRM"), "DPA 5.0 signed.pdf", "Data-processing agreement", "eoin", 329,
        (
            "Data-processing agreement, version 5.0", "Between Fernhollow and Ostrelle", "Subject: the customer file",
            "Places of processing: Sweden and Finland", "Audit right: once a year, 30 days ahead",
        ),
    ),
    Paper(
        ("system", "Ostrelle CRM"), "Rules for the customer file.txt", "Who may change what", "tomasz", 390,
        (
            "1. One company, one record. Merge, do not delete.",
            "2. The owner of an account is a person in sales, never a team.",
            "3. Nobody exports more than 500 people without the head of CRM.",
            "4. An opt-out is never changed by hand.",
        ),
    ),
    Paper(
        ("system", "Quillmark Pages"), "Whom to call.txt", "Contacts and contract number", "priya", 301,
        (
            "Contract number QP-2207", "Support, working hours: by the portal, answer within four hours",
            "Outside hours: night line, needs the contract number",
            "At our side: A. Brennan, then L. Ferrante, then IT operations on call",
        ),
    ),
    Paper(
        ("system", "Answerby Desk"), "DPA 2.1 expired.pdf", "The agreement that ran out", "eoin", 160,
        (
            "Data-processing agreement, version 2.1", "Between Fernhollow and Answerby",
            "Place of processing: United States", "Term: until replaced or ended; see clause 11",
        ),
    ),
    Paper(
        ("system", "Answerby Desk"), "Move to Ostrelle Service plan.txt", "Waves and dates", "tomasz", 120,
        (
            "Wave 1: warranty cases, 6 agents", "Wave 2: repairs and parts, 12 agents",
            "Wave 3: everything else, chat last", "Not moved: closed cases older than three years",
        ),
    ),
    Paper(
        ("system", "Tarnwater Shop"), "Fail-over test report.pdf", "Forty minutes instead of two", "tomasz", 198,
        (
            "Fail-over test of the shop", "Expected interruption: 2 minutes. Actual: 40 minutes.",
            "Cause 1: the name server's entry lived for an hour (ours, fixed)",
            "Cause 2: a firewall rule was missing at the second site (ours, fixed)",
            "Cause 3: the stock feed does not restart by itself (vendor, promised)",
        ),
    ),
    Paper(
        ("system", "Lettergrove"), "Exported lists.txt", "What was taken out, and when", "priya", 88,
        (
            "Customers            14,012 addresses", "Opt-outs                611 addresses, sent to Yesfold",
            "Bounced                 902 addresses, dropped", "The account is to be closed after the last letter.",
        ),
    ),
    Paper(
        ("system", "Owner forum"), "Erasure of accounts.txt", "Proof of erasure", "ama", 333,
        (
            "8,204 accounts erased, with their messages and addresses.",
            "Kept: 340 threads as help articles, without names.", "Back-ups run out after 90 days.",
        ),
    ),
    Paper(
        ("system", "Dealer microsites"), "Penetration test PT-0417.pdf", "Findings", "ama", 600,
        (
            "Penetration test PT-0417", "High: 3   Medium: 9   Low: 14", "High 1: server without updates",
            "High 2: forms accept any file", "High 3: one password for 210 sites",
            "Recommendation: do not repair, replace.",
        ),
    ),
    Paper(
        ("system", "Yesfold"), "Text of the banner.txt", "As agreed with Legal, English", "eoin", 470,
        (
            "We use cookies that the site needs, and with your permission some that tell us what works.",
            "[Only what is needed]   [All]   [Choose]", "Both first buttons are the same size and colour.",
        ),
    ),
    Paper(
        ("vendor", "Quillmark Group"), "Frame agreement summary.pdf", "Prices, annexes, who signs", "marco", 521,
        (
            "Frame agreement Quillmark Group", "Covers: Engage, Pages", "Uplift: at most 3 percent a year",
            "Notice: 90 days before the end of a term, in writing", "Annex 3: day rates for workshops",
            "Orders are signed by procurement only.",
        ),
    ),
    Paper(
        ("vendor", "Contactmire"), "Why blocked.txt", "Note of Legal and Security", "eoin", 204,
        (
            "Question 1: where do the addresses come from? Answer: public sources.",
            "Question 2: which lawful basis? No answer, twice asked.",
            "Conclusion: no purchase, no trial, no free lists. Reviewed if they answer.",
        ),
    ),
    Paper(
        ("vendor", "Weldgate Integration"), "Day rates.txt", "Agreed for two years", "marco", 639,
        (
            "Architect 1,180 EUR, developer 920 EUR, tester 780 EUR a day.",
            "Travel included within Ireland and Great Britain.",
        ),
    ),
    Paper(
        ("integration", "Yesfold to Postwren"), "Letter to 312 people.txt", "Draft of Legal", "eoin", 20,
        (
            "You asked us not to write to you any more, and we wrote to you again. We are sorry.",
            "The cause was a fault between two of our systems. Your address has been removed by hand.",
            "You need not do anything.",
        ),
    ),
    Paper(
        ("integration", "Tarnwater Shop to Hexlowe ERP"), "What to do when the queue grows.txt",
        "For whoever is on call", "tomasz", 250,
        (
            "Up to 200 orders: wait, it empties itself.", "Up to 1,000: restart the reader (page 2 of the run book).",
            "More: call the ERP owner and tell the shop to show “delivery later”.",
        ),
    ),
)
