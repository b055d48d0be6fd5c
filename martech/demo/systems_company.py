"""The systems of data, IT, finance, and everything that was found rather than bought."""

from martech.demo.shapes import Tool

MKO, DEM, BRA, WEB = "Marketing operations", "Demand generation", "Brand and content", "Web team"
CRM, SHOP, DEAL, SERV = "CRM and sales operations", "E-commerce", "Dealer distribution", "Customer service"
DATA, SALES, FIN, APPS, OPS, SEC = (
    "Data and analytics",
    "Sales",
    "Finance",
    "IT applications",
    "IT operations",
    "Information security",
)

# fmt: off
COMPANY_WIDE = (
    Tool(
        "Tidemast Analytics", "Counts visits, paths and conversions on sites, shop and app.", "Web and app analytics",
        "Tidemast", "saas", "saas", DATA, "noor", "luca", more=("Dashboards and reporting",),
        journey="aware consider buy", audience="company", users=34, criticality="operational", data="internal",
        personal="yes", sso="yes", scim="yes", mfa="yes", residency="FR", life=(("live", 530),), since=545,
        fit=(4, 4, 61), verified=59,
        uses=(
            (WEB, "uses", "Paths and releases", 5), (DEM, "uses", "Campaign results", 8),
            (SHOP, "uses", "Conversion", 6), (DATA, "uses", "Keeps the plan of events", 2),
        ),
    ),
    Tool(
        "Tidemast Tags", "Decides which tags fire, and only after consent.", "Web and app analytics", "Tidemast",
        "saas", "saas", WEB, "hana", "luca", more=("Consent and preferences",), journey="aware consider buy",
        audience="team", users=6, criticality="critical", data="internal", personal="no", sso="yes", scim="yes",
        mfa="yes", residency="FR", life=(("live", 405),), since=540, fit=(4, 4, 61), verified=59,
        uses=((WEB, "uses", "Tags and releases", 3), (DEM, "uses", "Asks for campaign tags", 2)),
    ),
    Tool(
        "Webcount", "The former page counter.", "Web and app analytics", "", "off_the_shelf", "on_premises", WEB,
        "aoife", "ben", audience="team", users=0, criticality="administrative", data="internal", personal="yes",
        sso="no", scim="no", mfa="no", residency="IE", since=3990,
        life=(
            ("live", 722), ("phasing_out", 610, {"note": "Tidemast counts the same with the data in the EU."}),
            ("retired", 470, {"note": "Switched off; yearly figures kept in the warehouse."}),
        ),
        uses=((WEB, "uses", "Yearly figures", 2),),
    ),
    Tool(
        "Brackenlight", "Dashboards for every function, on the warehouse.", "Dashboards and reporting",
        "Brackenlight", "saas", "cloud", DATA, "noor", "felix", audience="company", users=188, criticality="critical",
        data="confidential", personal="no", sso="yes", scim="yes", mfa="yes", residency="IE", life=(("live", 515),),
        since=1180, fit=(4, 4, 80), verified=77,
        plan=(380, "invest", "", None, "One set of figures. Workbooks are checked against it once a quarter."),
        uses=(
            (MKO, "uses", "Funnel and spend", 9), (SALES, "uses", "Pipeline", 44),
            (FIN, "uses", "Plan against actual", 12), (SERV, "uses", "Waiting times", 5),
            (SHOP, "uses", "Revenue by day", 8), (DATA, "uses", "Builds and checks", 4),
        ),
    ),
    Tool(
        "Data warehouse", "Everything that is counted, once, with a definition.", "Data integration", "Cloudsorrel",
        "home_grown", "cloud", DATA, "noor", "felix", more=("Customer data",), audience="team", users=17,
        criticality="critical", data="restricted", personal="yes", sso="yes", scim="yes", mfa="yes", residency="DE",
        also=("DWH",), life=(("live", 512),), since=1240, fit=(4, 3, 82), verified=77,
        uses=(
            (DATA, "uses", "Models and loads", 4), (FIN, "receives", "Monthly figures", 3),
            (MKO, "receives", "Funnel", 3),
        ),
    ),
    Tool(
        "Pipefell", "Moves data between systems on a plan, with a log and an alarm.", "Data integration", "Pipefell",
        "saas", "hybrid", APPS, "tomasz", "ivo", audience="team", users=7, criticality="mission", data="confidential",
        personal="yes", sso="yes", scim="no", mfa="yes", residency="UK and IE", also=("Middleware",), since=840,
        fit=(4, 3, 44), verified=41,
        plan=(340, "invest", "", None, "Every path through here is a path somebody watches."),
        uses=((APPS, "uses", "Builds and watches data paths", 5), (DATA, "uses", "Loads the warehouse", 2)),
    ),
    Tool(
        "Mosskeep", "Customer data platform: one profile from shop, CRM, service and web.", "Customer data",
        "Mosskeep", "saas", "saas", MKO, "priya", "ivo",
        more=("Testing and personalisation", "Attribution and planning"),
        journey="aware consider buy onboard use stay", audience="team", users=12, criticality="critical",
        data="restricted", personal="yes", sso="yes", scim="no", mfa="yes", residency="DE",
        life=(("proposed", 268), ("approved", 168), ("implementing", 130)), verified=38,
        uses=(
            (MKO, "uses", "Segments", 4), (DATA, "uses", "Matching rules", 2),
            (SHOP, "feeds", "Orders and baskets", None), (CRM, "feeds", "Accounts", None),
            (SERV, "feeds", "Cases", None), (WEB, "receives", "Segments for personal pages", None),
        ),
    ),
    Tool(
        "Yesfold", "Consent banner, preference page, and proof of who agreed to what and when.",
        "Consent and preferences", "Yesfold", "saas", "saas", "Legal", "eoin", "luca", more=("Brand and compliance",),
        journey="aware stay", audience="public", users=8, criticality="critical", data="confidential", personal="yes",
        sso="yes", scim="no", mfa="yes", residency="AT", life=(("live", 500),), since=502, fit=(4, 3, 105),
        verified=101,
        uses=(
            ("Legal", "uses", "Proof for requests and regulators", 2), (WEB, "uses", "Banner on every site", 3),
            (MKO, "receives", "Who may be written to", 4),
        ),
    ),
    Tool(
        "Attribution workbook", "Spends and sales by week, put together by hand on Mondays.",
        "Attribution and planning", "", "end_user", "on_premises", DEM, "kofi", "", audience="team", users=3,
        criticality="operational", data="internal", personal="no", since=1500, fit=(2, 1, 230),
        plan=(60, "retire", "Brackenlight", 75, "Half a day each week, and no two people get the same figure."),
        uses=((DEM, "uses", "Monday figures", 2), (FIN, "receives", "Spend by channel", 1)),
    ),
    Tool(
        "Contactmire Enrich", "Would have added telephone numbers of purchasing officers to the CRM.",
        "Lead management", "Contactmire", "saas", "saas", SALES, "yusuf", "", journey="aware", audience="team",
        personal="yes", residency="US",
        life=(
            ("proposed", 228),
            (
                "rejected", 205,
                {
                    "note": (
                        "No lawful basis for the contact data: see the vendor. Two sales regions asked; "
                        "both were told why."
                    ),
                },
            ),
        ),
    ),
    Tool(
        "Planthorne", "Boards, calendars and approvals of the marketing teams.", "Work and project management",
        "Planthorne", "saas", "saas", MKO, "callum", "", more=("Collaboration",), audience="company", users=71,
        criticality="operational", data="internal", personal="no", sso="yes", scim="no", mfa="yes", residency="UK",
        since=1010, fit=(3, 3, 140), verified=139,
        uses=(
            (MKO, "uses", "Requests and sprints", 6), (BRA, "uses", "Editorial calendar", 14),
            (DEM, "uses", "Campaign plan", 9), (WEB, "uses", "Backlog", 6),
        ),
    ),
    Tool(
        "Marketing budget workbook", "Plan and spend by line, kept by one person and mailed to nine.",
        "Budget and vendor management", "", "end_user", "on_premises", MKO, "callum", "", audience="team", users=10,
        criticality="operational", data="confidential", personal="no", since=2600, fit=(2, 1, 160),
        plan=(95, "migrate", "Ledgerhurst", 170, "The ledger and the workbook differ every month."),
        uses=((MKO, "uses", "Plan and spend", 2), (FIN, "receives", "Forecast", 2)),
    ),
    Tool(
        "Ledgerhurst", "Budgets of marketing next to the ledger, with commitments.", "Budget and vendor management",
        "Ledgerhurst", "saas", "saas", FIN, "birgit", "kasia", audience="team", users=14, criticality="operational",
        data="confidential", personal="no", sso="yes", scim="no", mfa="yes", residency="LU",
        life=(("proposed", 97), ("evaluating", 92, {"trial_ends_on": 42}), ("approved", 39)),
        uses=((FIN, "uses", "Plan against actual", 3), (MKO, "uses", "Plan and commitments", 4)),
    ),
    Tool(
        "Coursehythe", "Product courses and tests for dealers' staff, with certificates.", "Talent and knowledge",
        "Coursehythe", "saas", "saas", DEAL, "owen", "", more=("Partner and channel management",), journey="onboard",
        audience="partners", users=940, criticality="operational", data="confidential", personal="yes",
        sso="paid_tier", scim="no", mfa="no", residency="IE", life=(("live", 465),), since=468, fit=(3, 3, 145),
        verified=142, uses=((DEAL, "uses", "Dealer courses", 940), (SERV, "uses", "New colleagues", 12)),
    ),
    Tool(
        "Chatmarrow", "Writes drafts of texts. Eleven colleagues signed up with their company address.",
        "Web content", "Chatmarrow", "saas", "saas", "", "", "", personal="unknown", users=11,
        life=(("discovered", 45),),
    ),
    Tool(
        "Snapquay", "Sends large files by link; seen in the network log of three offices.", "Collaboration",
        "Snapquay", "saas", "third_party", BRA, "", "", personal="unknown", users=23, life=(("discovered", 73),),
    ),
    Tool(
        "Hexlowe ERP", "Orders, stock, purchasing, invoices and the ledger.", "Budget and vendor management",
        "Hexlowe", "off_the_shelf", "on_premises", APPS, "kasia", "ben", audience="company", users=318,
        criticality="mission", data="restricted", personal="yes", sso="yes", scim="no", mfa="yes", residency="DE",
        also=("ERP",), since=4250, fit=(3, 3, 200), verified=66,
        uses=(
            (FIN, "uses", "Ledger and invoices", 22), (DEAL, "uses", "Orders and stock", 19),
            (SHOP, "receives", "Stock and prices", None), ("Procurement", "uses", "Orders to vendors", 6),
            (APPS, "uses", "Keeps it", 3),
        ),
    ),
    Tool(
        "Passbarrow", "One sign-on for everybody, with a second factor.", "Talent and knowledge", "Passbarrow",
        "saas", "saas", OPS, "ben", "sinead", audience="company", users=1140, criticality="mission",
        data="restricted", personal="yes", sso="yes", scim="yes", mfa="yes", residency="IE", also=("SSO",),
        since=1700, fit=(4, 4, 110), verified=29,
        uses=((OPS, "uses", "Joiners, movers, leavers", 4), (SEC, "receives", "Sign-in log", 2)),
    ),
    Tool(
        "Cloudsorrel Hosting", "Servers and the content network of sites, configurator and warehouse.",
        "Data integration", "Cloudsorrel", "saas", "cloud", OPS, "ben", "sinead", audience="team", users=13,
        criticality="mission", data="confidential", personal="yes", sso="yes", scim="yes", mfa="yes", residency="DE",
        since=1600, fit=(4, 3, 112), verified=110,
        uses=((OPS, "uses", "Runs it", 5), (WEB, "uses", "Releases", 3), (DATA, "uses", "Warehouse", 3)),
    ),
    Tool(
        "Commission model", "Who earns how much on what; kept apart from the CRM on purpose.",
        "Budget and vendor management", "", "end_user", "on_premises", CRM, "chloe", "tomasz", audience="team",
        users=4, criticality="critical", data="restricted", personal="yes", sso="yes", scim="no", mfa="yes",
        residency="IE", since=2900, confidential=True, by="tomasz", verified=130,
        uses=((CRM, "uses", "Monthly run", 2), (FIN, "receives", "Payroll file", 2)),
    ),
    Tool(
        "Project Heron room", "Papers of a possible acquisition. Known to those who must.", "Collaboration",
        "Signcroft", "saas", "saas", FIN, "charles", "tomasz", audience="team", users=9, criticality="administrative",
        data="restricted", personal="yes", sso="yes", scim="no", mfa="yes", residency="CH", confidential=True,
        by="tomasz", life=(("live", 86),),
        uses=((FIN, "uses", "Due diligence", 4), ("Legal", "uses", "Contracts", 1)),
    ),
)
