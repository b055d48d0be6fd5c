"""The systems of sales, the web shop, the dealers and customer service."""

from martech.demo.shapes import Tool

MKO, DEM, BRA, WEB = "Marketing operations", "Demand generation", "Brand and content", "Web team"
CRM, SHOP, DEAL, SERV = "CRM and sales operations", "E-commerce", "Dealer distribution", "Customer service"
DATA, SALES, FIN, APPS = "Data and analytics", "Sales", "Finance", "IT applications"

# fmt: off
SALES_SIDE = (
    Tool(
        "Ostrelle CRM", "The customer file: companies, people, opportunities and what was said last.",
        "Customer relationship management", "Ostrelle", "saas", "saas", CRM, "chloe", "ivo",
        more=("Lead management", "Sales enablement"), journey="consider buy stay", audience="company", users=146,
        criticality="mission", data="restricted", personal="yes", sso="yes", scim="yes", mfa="yes", residency="EU",
        also=("CRM", "Ostrelle"), url="https://fernhollow.ostrelle.example", since=1760, fit=(4, 3, 47), verified=22,
        plan=(400, "invest", "", None, "One file for sales, service and dealers."),
        uses=(
            (SALES, "uses", "Accounts, visits, pipeline", 84), (CRM, "uses", "Keeps the file clean", 5),
            (MKO, "uses", "Segments and lead hand-over", 6), (DEAL, "uses", "Dealer accounts", 18),
            (SERV, "uses", "Who is calling", 24), (DATA, "receives", "Nightly copy", None),
            (FIN, "receives", "Forecast", 4),
        ),
    ),
    Tool(
        "Ostrelle Service", "Cases, repairs and warranty on the same data as the CRM.", "Customer service and chat",
        "Ostrelle", "saas", "saas", SERV, "leila", "ivo", journey="use stay", audience="customers", users=31,
        criticality="critical", data="confidential", personal="yes", sso="yes", scim="yes", mfa="yes", residency="EU",
        life=(("proposed", 330), ("approved", 244), ("implementing", 150)), verified=45,
        uses=(
            (SERV, "uses", "All cases from spring", 28), (DEAL, "uses", "Warranty cases of dealers", None),
            (CRM, "receives", "Open cases before a visit", None),
        ),
    ),
    Tool(
        "Answerby Desk", "Tickets and mail of customer service.", "Customer service and chat", "Answerby", "saas",
        "saas", SERV, "leila", "tess", journey="use", audience="customers", users=29, criticality="critical",
        data="confidential", personal="yes", sso="paid_tier", scim="paid_tier", mfa="yes", residency="US", since=2010,
        life=(("live", 290),), fit=(2, 2, 210), verified=160,
        plan=(
            240, "migrate", "Ostrelle Service", 130,
            "Agents look up every caller in a second system; the vendor hosts in the US.",
        ),
        uses=((SERV, "uses", "Tickets", 28), (SHOP, "uses", "Delivery questions", 3)),
    ),
    Tool(
        "Answerby Chat", "The chat window of shop and web site.", "Customer service and chat", "Answerby", "saas",
        "saas", SERV, "tess", "luca", journey="consider buy use", audience="public", users=14,
        criticality="operational", data="confidential", personal="yes", sso="paid_tier", scim="no", mfa="yes",
        residency="US", life=(("live", 288),), since=1205, fit=(3, 2, 210),
        plan=(240, "migrate", "Ostrelle Service", 130, "Goes with the desk."),
        uses=((SERV, "uses", "Chat 9 to 18", 12), (SHOP, "uses", "Advice before the purchase", 2)),
    ),
    Tool(
        "Tarnwater Shop", "The web shop: machines, batteries and 46,000 spare parts, with dealer prices for dealers.",
        "Web shop", "Tarnwater Commerce", "saas", "saas", SHOP, "annika", "ivo", journey="consider buy",
        audience="customers", users=27, criticality="mission", data="confidential", personal="yes", sso="yes",
        scim="no", mfa="yes", residency="NL", also=("Shop",), url="https://shop.fernhollow.example", since=1325,
        fit=(3, 3, 84), verified=35,
        plan=(
            200, "sustain", "", None,
            "Good enough for three years, if the fail-over test is repeated each winter.",
        ),
        uses=(
            (SHOP, "uses", "Assortment, prices, campaigns", 11), (SERV, "uses", "Looks up orders", 24),
            (BRA, "feeds", "Texts and pictures", 4), (FIN, "receives", "Settled payments", 3),
            (DATA, "receives", "Orders and baskets", None),
        ),
    ),
    Tool(
        "Tarnwater Pay", "Card and account payments of the shop.", "Web shop", "Tarnwater Pay", "saas", "saas", SHOP,
        "sean", "", journey="buy", audience="customers", users=6, criticality="mission", data="restricted",
        personal="yes", sso="yes", scim="no", mfa="yes", residency="NL", since=1325, fit=(4, 4, 260), verified=255,
        uses=((SHOP, "uses", "Refunds", 4), (FIN, "uses", "Settlement", 2)),
    ),
    Tool(
        "Sendhollow", "Order confirmations, delivery notices and password mails of the shop.", "E-mail and messaging",
        "Sendhollow", "saas", "saas", SHOP, "sean", "luca", journey="buy onboard", audience="customers", users=3,
        criticality="critical", data="confidential", personal="yes", sso="no", scim="no", mfa="yes", residency="FI",
        since=1300, fit=(3, 4, 190), verified=186, uses=((SHOP, "uses", "Templates of order mails", 3),),
    ),
    Tool(
        "Signcroft Quotes", "Quotes to councils and contractors, signed on screen.", "Quotes and contracts",
        "Signcroft", "saas", "saas", CRM, "chloe", "peter", journey="buy", audience="customers", users=52,
        criticality="critical", data="confidential", personal="yes", sso="yes", scim="no", mfa="yes", residency="CH",
        life=(("live", 515),), since=600, fit=(3, 3, 96), verified=94,
        uses=(
            (SALES, "uses", "Quotes", 47), (CRM, "uses", "Price rules and texts", 3),
            (FIN, "receives", "Signed orders", 2),
        ),
    ),
    Tool(
        "Signcroft Rooms", "Deal rooms to share drafts with councils' purchasing offices.", "Sales enablement",
        "Signcroft", "saas", "saas", SALES, "yusuf", "", journey="buy", audience="customers", personal="yes",
        life=(
            ("proposed", 262),
            (
                "rejected", 236,
                {"note": "Plattenholt shares files with a link that expires, and is paid for already."},
            ),
        ),
    ),
    Tool(
        "Channelwick Portal", "Dealer portal: orders, stock, co-funded promotion and claims.",
        "Partner and channel management", "Channelwick", "saas", "saas", DEAL, "owen", "ivo",
        more=("Quotes and contracts",), journey="buy use", audience="partners", users=1280, criticality="mission",
        data="confidential", personal="yes", sso="no", scim="no", mfa="paid_tier", residency="NL",
        also=("Dealer portal",), url="https://dealers.fernhollow.example", since=1550, fit=(3, 2, 58), verified=56,
        plan=(
            150, "sustain", "", None,
            "Second factor for dealers first; a new portal is a question for the plan after next.",
        ),
        uses=(
            (DEAL, "uses", "Runs the portal", 9), (SALES, "uses", "Promotion claims", 15),
            (FIN, "receives", "Claims to settle", 2), (MKO, "feeds", "Co-branded material", None),
        ),
    ),
    Tool(
        "Dealer price book",
        "A workbook with 46,000 prices and the discount of each dealer, mailed on the first of the month.",
        "Quotes and contracts", "", "end_user", "on_premises", DEAL, "margit", "", journey="buy", audience="partners",
        users=21, criticality="critical", data="restricted", personal="no", since=5110, fit=(2, 1, 215),
        plan=(
            150, "migrate", "Channelwick Portal", 180,
            "Two wrong discounts last season, 38,000 euros; the portal can do it.",
        ),
        uses=((DEAL, "uses", "Writes it", 3), (SALES, "uses", "Looks up discounts", 18)),
    ),
    Tool(
        "Machine configurator",
        "Puts together mowers, cutting decks and batteries that fit; built by our own developers.", "Web shop", "",
        "home_grown", "cloud", WEB, "aoife", "luca", more=("Sales enablement",), journey="consider buy",
        audience="public", users=3, criticality="operational", data="public", personal="no", sso="yes", scim="no",
        mfa="yes", residency="DE", since=905, fit=(4, 2, 125), verified=121,
        plan=(121, "sustain", "", None, "Loved by dealers. One developer knows it: a second one is to learn it."),
        uses=(
            (WEB, "uses", "Rules and releases", 1), (SHOP, "uses", "Put into the basket", 2),
            (SALES, "uses", "At the customer's table", 40),
        ),
    ),
    Tool(
        "Spare parts catalogue", "Exploded drawings and part numbers of every machine since 1987.",
        "Customer service and chat", "", "home_grown", "on_premises", SERV, "leila", "ben", journey="use",
        audience="partners", users=690, criticality="critical", data="internal", personal="no", sso="no", scim="no",
        mfa="no", residency="IE", since=4400, fit=(3, 1, 225), verified=223,
        plan=(223, "migrate", "Tarnwater Shop", 400, "The drawings draw on a component nobody maintains."),
        uses=(
            (SERV, "uses", "Finds parts while the customer waits", 26), (DEAL, "uses", "Workshop", 600),
            (SHOP, "receives", "Part numbers and fits", None),
        ),
    ),
    Tool(
        "Warranty registration",
        "Owners register machine and serial number; starts warranty and the welcome journey.",
        "Customer service and chat", "", "home_grown", "cloud", SERV, "leila", "luca",
        more=("Landing pages and forms",), journey="onboard", audience="customers", users=12, criticality="critical",
        data="confidential", personal="yes", sso="no", scim="no", mfa="no", residency="DE", since=2100,
        fit=(3, 2, 170), verified=165,
        uses=(
            (SERV, "uses", "Checks claims against it", 26),
            (MKO, "receives", "New owners for the welcome journey", 3),
        ),
    ),
    Tool(
        "Owner forum", "A forum where owners helped each other.", "Communities and reviews", "", "home_grown",
        "on_premises", SERV, "leila", "ben", journey="use stay", audience="public", users=0,
        criticality="administrative", data="public", personal="yes", sso="no", scim="no", mfa="no", residency="IE",
        since=4890,
        life=(
            ("live", 722),
            ("phasing_out", 420, {"note": "Forty posts a month, half of them spam.", "retired_on": 330}),
            (
                "retired", 332,
                {
                    "note": "Closed; useful threads became help articles. Accounts were erased, see the document.",
                },
            ),
        ),
        uses=((SERV, "uses", "Moderation", 1),),
    ),
)
