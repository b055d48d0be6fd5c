"""The systems of marketing operations, demand generation, brand and the web team."""

from martech.demo.shapes import Tool

MKO, DEM, BRA, WEB = "Marketing operations", "Demand generation", "Brand and content", "Web team"
CRM, SHOP, DEAL, SERV = "CRM and sales operations", "E-commerce", "Dealer distribution", "Customer service"
DATA, SALES = "Data and analytics", "Sales"

# fmt: off
MARKETING = (
    Tool(
        "Quillmark Engage", "Marketing automation: campaigns, lead scoring and the journeys of new machine owners.",
        "Marketing automation", "Quillmark Engage", "saas", "saas", MKO, "priya", "ivo",
        more=("E-mail and messaging", "Lead management"), journey="aware consider onboard stay", audience="customers",
        users=23, criticality="critical", data="confidential", personal="yes", sso="yes", scim="no", mfa="yes",
        residency="EU", also=("Quillmark", "QME"), url="https://app.quillmark-mail.example", since=1490,
        fit=(3, 3, 64), verified=31,
        plan=(300, "invest", "", None, "The one e-mail tool we keep. The other three move here."),
        uses=(
            (MKO, "uses", "Builds and sends campaigns, scores leads", 5),
            (DEM, "uses", "Nurture programmes", 6), (BRA, "uses", "Monthly owner magazine", 4),
            (CRM, "feeds", "Accounts and opportunities every hour", None),
            (SHOP, "feeds", "Orders and abandoned baskets", None),
            (SALES, "receives", "Qualified leads with their history", 31),
        ),
    ),
    Tool(
        "Postwren", "Newsletters to dealers and to the councils' purchasing offices.", "E-mail and messaging",
        "Postwren", "saas", "saas", DEM, "fiona", "", journey="aware stay", audience="partners", users=7,
        criticality="operational", data="confidential", personal="yes", sso="paid_tier", scim="no", mfa="yes",
        residency="UK", since=2240, fit=(2, 2, 120), verified=118,
        plan=(
            118, "migrate", "Quillmark Engage", 95,
            "Four e-mail tools, four opt-out lists. Dealers' lists move first.",
        ),
        uses=(
            (DEM, "uses", "Dealer newsletter, eleven languages", 4),
            (DEAL, "uses", "Stock and training notices", 3), (DEAL, "feeds", "Dealer addresses by file", None),
        ),
    ),
    Tool(
        "Lettergrove", "The brand team's own newsletter tool, begun with a free account and a company card.",
        "E-mail and messaging", "Lettergrove", "saas", "saas", BRA, "", "", journey="aware", audience="customers",
        users=2, criticality="administrative", data="confidential", personal="yes", sso="no", scim="no", mfa="no",
        residency="US", life=(("live", 372),), since=700, fit=(2, 1, 90),
        plan=(
            90, "retire", "Quillmark Engage", 30,
            "No data-processing agreement, no single sign-on, 14,000 addresses.",
        ),
        uses=((BRA, "uses", "Garden letter", 2),),
    ),
    Tool(
        "Formwold", "Landing pages and forms for campaigns that cannot wait for a developer.",
        "Landing pages and forms", "Formwold", "saas", "saas", DEM, "fiona", "luca", more=("Lead management",),
        journey="consider", audience="public", users=9, criticality="operational", data="confidential",
        personal="yes", sso="yes", scim="no", mfa="yes", residency="EU", since=980, fit=(3, 2, 150), verified=148,
        plan=(140, "sustain", "", None, "Stays until Quillmark Pages has forms of its own."),
        uses=(
            (DEM, "uses", "Fair and webinar registrations", 6),
            (MKO, "uses", "Keeps the field list and hidden fields", 2), (CRM, "receives", "New leads", None),
        ),
    ),
    Tool(
        "Bidwharf Console", "Bids, budgets and search terms of paid search in nine countries.",
        "Paid search and social", "Bidwharf", "saas", "saas", DEM, "kofi", "", journey="aware consider",
        audience="team", users=4, criticality="operational", data="internal", personal="no", sso="no", scim="no",
        mfa="yes", residency="IE", since=1630, fit=(4, 3, 75), verified=74,
        uses=((DEM, "uses", "Daily bids", 3), (SHOP, "uses", "Spare-part campaigns", 1)),
    ),
    Tool(
        "Reachholm", "Display and video buying for the spring season.", "Display and video advertising", "Reachholm",
        "saas", "saas", DEM, "kofi", "", journey="aware", audience="public", users=3, criticality="administrative",
        data="internal", personal="yes", sso="no", scim="no", mfa="no", residency="EU and US", since=1210,
        life=(
            ("live", 722),
            (
                "phasing_out", 110,
                {
                    "note": "Tags fired before consent. The last flight ends with the season.",
                    "retired_on": -35,
                },
            ),
        ),
        fit=(2, 2, 132), uses=((DEM, "uses", "Spring flights", 2),),
    ),
    Tool(
        "Partnerbeck", "Affiliate links with garden bloggers, on trial for the shop.",
        "Affiliate and partner promotion", "Partnerbeck", "saas", "saas", DEM, "kofi", "", journey="consider buy",
        audience="partners", users=2, criticality="administrative", data="internal", personal="no", residency="DK",
        life=(
            ("proposed", 140), ("evaluating", 118, {"trial_ends_on": 58}),
            (
                "extended", 60,
                {
                    "trial_ends_on": 17,
                    "note": "Three bloggers joined only last week; one more month to see sales.",
                },
            ),
        ),
        uses=((DEM, "uses", "Trial with five bloggers", 2),),
    ),
    Tool(
        "Vantrell Webinars", "Webinars for dealers and owners, with recordings.", "Webinars and events", "Vantrell",
        "saas", "saas", DEM, "gareth", "", journey="consider onboard use", audience="customers", users=6,
        criticality="operational", data="confidential", personal="yes", sso="no", scim="no", mfa="no", residency="EU",
        life=(("live", 505),), since=520, fit=(3, None, 260),
        uses=(
            (DEM, "uses", "Two webinars a month", 3), (SERV, "uses", "First-use lessons for new owners", 2),
            (DEAL, "uses", "Product training before the season", 5),
        ),
    ),
    Tool(
        "Roundhedge Events", "Registration and badges for fairs and open days.", "Print, events and sponsorship",
        "Roundhedge", "saas", "saas", DEM, "fiona", "", more=("Webinars and events",), journey="aware consider",
        audience="customers", users=3, criticality="administrative", data="confidential", personal="yes", sso="no",
        scim="no", mfa="yes", residency="UK", since=1905,
        life=(
            ("live", 722),
            (
                "phasing_out", 66,
                {
                    "note": "Vantrell registers guests as well; one tool less for three fairs a year.",
                    "retired_on": -120,
                },
            ),
        ),
        plan=(66, "migrate", "Vantrell Webinars", 120, "After the autumn fairs."), fit=(2, 3, 70),
        uses=((DEM, "uses", "Autumn fairs", 2),),
    ),
    Tool(
        "Fair lead app",
        (
            "Collects visitors' cards and wishes on tablets at fairs; the agency brings the tablets and sends a "
            "file after the fair."
        ),
        "Lead management", "Brindle & Oake", "agency_run", "third_party", DEM, "fiona", "",
        more=("Print, events and sponsorship",), journey="consider", audience="team", users=14,
        criticality="operational", data="confidential", personal="yes", mfa="no", residency="UK", since=1330,
        fit=(3, 1, 180),
        plan=(
            175, "migrate", "Formwold", 210,
            "Files reach the CRM up to nine days late; by then the dealer next door has called.",
        ),
        uses=((DEM, "uses", "Autumn and spring fairs", 14), (SALES, "receives", "Visitor lists after the fair", 12)),
    ),
    Tool(
        "Quillmark Pages", "Content management of all corporate web sites, eleven languages.", "Web content",
        "Quillmark Pages", "saas", "saas", WEB, "aoife", "luca",
        more=("Landing pages and forms", "Search visibility"), journey="aware consider use", audience="public",
        users=38, criticality="critical", data="public", personal="yes", sso="yes", scim="yes", mfa="yes",
        residency="EU", also=("CMS", "The web site"), url="https://www.fernhollow.example", since=1120,
        fit=(4, 3, 42), verified=40, plan=(290, "invest", "", None, "Dealer microsites and campaign pages move in."),
        uses=(
            (WEB, "uses", "Templates, releases, redirects", 5), (BRA, "uses", "Texts and pictures", 12),
            (DEAL, "uses", "Dealer pages", 2), (SHOP, "receives", "Advice articles shown in the shop", None),
        ),
    ),
    Tool(
        "Dealer microsites", "Some 210 small sites for dealers, built by an agency nine years ago.", "Web content",
        "", "home_grown", "on_premises", WEB, "aoife", "ben", journey="aware consider", audience="public", users=5,
        criticality="operational", data="public", personal="yes", sso="no", scim="no", mfa="no", residency="IE",
        since=3310,
        life=(
            ("live", 722),
            (
                "phasing_out", 205,
                {
                    "note": "Runs on an operating system without updates. Dealers move in groups of thirty.",
                    "retired_on": -60,
                },
            ),
        ),
        plan=(290, "migrate", "Quillmark Pages", 60, "One content system, one consent banner, one place to patch."),
        fit=(1, 1, 220), verified=200,
        uses=((DEAL, "uses", "Opening hours and offers", 4), (WEB, "uses", "Repairs what breaks", 1)),
    ),
    Tool(
        "Plattenholt", "Pictures, films and drawings with rights and expiry, for us and the dealers.",
        "Digital assets", "Plattenholt", "saas", "saas", BRA, "dev", "ivo", more=("Brand and compliance",),
        journey="aware consider", audience="partners", users=212, criticality="operational", data="internal",
        personal="no", sso="yes", scim="yes", mfa="yes", residency="DE", also=("DAM", "Picture library"),
        life=(("live", 555),), since=556, fit=(4, 4, 52), verified=50,
        plan=(250, "invest", "", None, "Dealers fetch pictures themselves instead of writing to us."),
        uses=(
            (BRA, "uses", "Keeps the library and its rights", 8), (WEB, "receives", "Pictures for pages", 5),
            (SHOP, "receives", "Product pictures", 4), (DEAL, "uses", "Fetch pictures for local print", 160),
        ),
    ),
    Tool(
        "Shared picture drive", "Folders with pictures from before the library: 1.9 terabytes, rights unknown.",
        "Digital assets", "", "end_user", "on_premises", BRA, "dev", "ben", audience="company", users=44,
        criticality="administrative", data="internal", personal="unknown", since=4020, fit=(1, 2, 240),
        plan=(
            240, "retire", "Plattenholt", 45,
            "Only pictures with known rights move; the rest is kept for a year, then removed.",
        ),
        uses=((BRA, "uses", "Looks for old pictures", 6),),
    ),
    Tool(
        "Tonguewell", "Translation memory and translators for eleven languages.", "Web content", "Tonguewell", "saas",
        "saas", BRA, "rosa", "", more=("Brand and compliance",), journey="aware use", audience="team", users=11,
        criticality="operational", data="internal", personal="no", sso="yes", scim="no", mfa="yes", residency="EU",
        life=(("live", 470),), since=474, fit=(3, 3, 200), verified=199,
        uses=((BRA, "uses", "Manuals and web texts", 7), (WEB, "receives", "Translated pages", None)),
    ),
    Tool(
        "Videlbrook", "Hosts product films and repair lessons without advertisements.", "Digital assets",
        "Videlbrook", "saas", "saas", BRA, "rosa", "", journey="consider use", audience="public", users=6,
        criticality="administrative", data="public", personal="no", sso="no", scim="no", mfa="yes", residency="CA",
        since=1400, fit=(3, 3, 310), uses=((BRA, "uses", "Films", 4), (SERV, "uses", "Repair lessons", 3)),
    ),
    Tool(
        "Splitfield", "Tests two versions of a page and shows content by visitor group.",
        "Testing and personalisation", "Splitfield", "saas", "saas", WEB, "hana", "luca", journey="consider buy",
        audience="public", users=5, criticality="operational", data="internal", personal="no", sso="yes", scim="no",
        mfa="yes", residency="NO",
        life=(
            ("proposed", 404), ("evaluating", 402, {"trial_ends_on": 372}), ("approved", 394),
            ("implementing", 390), ("live", 361),
        ),
        fit=(4, 2, 33), verified=30,
        uses=((WEB, "uses", "Two tests a month", 3), (SHOP, "uses", "Basket and delivery pages", 2)),
    ),
    Tool(
        "Seekmoor", "Shows how we are found, and what is broken on the way.", "Search visibility", "Seekmoor", "saas",
        "saas", WEB, "aoife", "", journey="aware", audience="team", users=8, criticality="administrative",
        data="public", personal="no", sso="no", scim="no", mfa="no", residency="EE", life=(("live", 452),), since=455,
        fit=(3, 3, 300),
        uses=((WEB, "uses", "Weekly look at broken links", 3), (BRA, "uses", "Key words before writing", 4)),
    ),
    Tool(
        "Findlemere Search", "Search within the web sites and the shop, spare-part numbers included.", "Web content",
        "Findlemere", "saas", "saas", WEB, "aoife", "ivo", journey="consider buy use", audience="public", users=6,
        criticality="operational", data="public", personal="no", sso="yes", scim="no", mfa="yes", residency="FR",
        life=(("proposed", 186), ("approved", 119), ("implementing", 72)), verified=70,
        uses=((WEB, "uses", "Synonyms and boosts", 2), (SHOP, "uses", "Spare parts by number", 3)),
    ),
    Tool(
        "Season microsite builder", "Short-lived campaign sites that Brand would like to build without the web team.",
        "Landing pages and forms", "", "saas", "", BRA, "rosa", "", journey="aware", audience="public",
        personal="unknown", life=(("proposed", 19),), uses=(),
    ),
    Tool(
        "Chirrupline", "Plans, approves and publishes social posts on six networks.",
        "Social publishing and listening", "Chirrupline", "saas", "saas", BRA, "mette", "", journey="aware stay",
        audience="public", users=9, criticality="operational", data="internal", personal="yes", sso="yes", scim="no",
        mfa="yes", residency="IE", since=860, fit=(3, 4, 101), verified=100,
        uses=((BRA, "uses", "Daily posts", 5), (SERV, "uses", "Answers questions under posts", 3)),
    ),
    Tool(
        "Murmurwell Listen", "Alerts when Fernhollow is spoken of in forums. Found on a card statement.",
        "Social publishing and listening", "Murmurwell", "saas", "saas", "", "", "", personal="unknown",
        life=(("discovered", 27),),
    ),
    Tool(
        "Murmurwell Reviews", "Invites buyers to review machines and shows the reviews in the shop.",
        "Communities and reviews", "Murmurwell", "saas", "saas", SHOP, "annika", "", journey="buy stay",
        audience="public", users=4, criticality="operational", data="confidential", personal="yes", sso="yes",
        scim="no", mfa="yes", residency="UK", life=(("proposed", 172), ("approved", 148)),
        uses=((SHOP, "uses", "Invitations after delivery", 2), (BRA, "receives", "Quotable reviews", 2)),
    ),
    Tool(
        "Loyalbourne Club",
        "Points for owners who service their machine on time; on trial with one hundred colleagues.",
        "Loyalty and referral", "Loyalbourne", "saas", "saas", MKO, "priya", "", journey="stay", audience="customers",
        users=100, criticality="administrative", data="internal", personal="no", sso="unknown", residency="BE",
        life=(("proposed", 54), ("evaluating", 33, {"trial_ends_on": -9})),
        uses=((MKO, "uses", "Trial rules and vouchers", 3), (SERV, "uses", "Answers to testers", 1)),
    ),
)
