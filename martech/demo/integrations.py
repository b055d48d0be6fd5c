"""The data paths between systems: what flows, how, how often, who answers for it, and how it fares."""

from martech.demo.shapes import Path

LOST = "Opt-outs given on the preference page do not arrive. Found when a dealer complained; 312 addresses affected."
SLOW = "The vendor answers with an error every second night; the load runs again at seven, dashboards are late."

# fmt: off
PATHS = (
    # Customer file and campaigns
    Path(
        "Ostrelle CRM", "Quillmark Engage", "Customer;Opportunity;Dealer", "native", "hourly", "ivo", True, both=True,
        how="Companies and people both ways, matched by e-mail; opportunities one way.",
    ),
    Path(
        "Quillmark Engage", "Ostrelle CRM", "Lead;Campaign", "native", "real_time", "wen", True,
        how="A lead above 60 points is handed to its region.",
    ),
    Path(
        "Formwold", "Quillmark Engage", "Lead", "api", "real_time", "ines", True,
        how="Form fields mapped once per campaign template.",
    ),
    Path(
        "Formwold", "Ostrelle CRM", "Lead", "native", "real_time", "", True,
        how="Switched on by whoever built the first form. Makes double leads.",
        story=(
            (
                "plan_disconnect", 84, "callum",
                {"disconnect_on": -20, "note": "Leads come through Engage; this one only doubles them."},
            ),
        ),
    ),
    Path(
        "Fair lead app", "Ostrelle CRM", "Lead", "file", "on_demand", "", True,
        how="The agency mails a workbook after the fair; the CRM team cleans and imports it.",
    ),
    Path(
        "Postwren", "Quillmark Engage", "Consent and opt-out", "manual", "monthly", "ines", True,
        how="List of opt-outs copied by hand on the first Monday.",
        story=(("degrade", 109, "ines", {"note": "Two months were forgotten while the colleague was on leave."}),),
    ),
    Path(
        "Channelwick Portal", "Postwren", "Dealer", "file", "weekly", "owen", True,
        how="Dealer addresses as a file on Mondays.",
    ),
    Path(
        "Lettergrove", "Shared picture drive", "Campaign", "manual", "on_demand", "",
        how="Finished letters saved as pictures.",
    ),
    Path(
        "Yesfold", "Quillmark Engage", "Consent and opt-out", "api", "real_time", "ivo", True,
        how="Every change of consent within a minute.", logged=430,
    ),
    Path(
        "Yesfold", "Ostrelle CRM", "Consent and opt-out", "middleware", "hourly", "ivo", True,
        how="Through Pipefell, with the proof's number.", logged=425,
    ),
    Path(
        "Yesfold", "Postwren", "Consent and opt-out", "api", "daily", "fiona", True,
        how="Meant to keep the dealer lists clean.", logged=415, story=(("degrade", 24, "tomasz", {"note": LOST}),),
    ),
    Path(
        "Yesfold", "Tidemast Tags", "Consent and opt-out", "tag", "real_time", "luca",
        how="The banner tells the tag manager what may fire.", logged=402,
    ),
    Path("Yesfold", "Data warehouse", "Consent and opt-out", "middleware", "daily", "felix", True, logged=400),
    Path(
        "Vantrell Webinars", "Quillmark Engage", "Lead;Campaign", "api", "hourly", "gareth", True,
        how="Who registered, who came, how long they stayed.",
    ),
    Path(
        "Roundhedge Events", "Quillmark Engage", "Lead", "file", "on_demand", "fiona", True,
        story=(("plan_disconnect", 65, "fiona", {"disconnect_on": -115, "note": "Goes with Roundhedge."}),),
    ),
    Path(
        "Chirrupline", "Ostrelle CRM", "Service case", "api", "real_time", "", True,
        how="Questions under posts become tasks.",
        story=(("retire", 216, "callum", {"note": "Nobody read the tasks; agents answer in Chirrupline."}),),
    ),
    # Web
    Path(
        "Plattenholt", "Quillmark Pages", "Product", "native", "real_time", "luca",
        how="Editors choose pictures without leaving the page.",
    ),
    Path(
        "Plattenholt", "Tarnwater Shop", "Product", "api", "hourly", "sean",
        how="Product pictures by article number.",
    ),
    Path(
        "Plattenholt", "Channelwick Portal", "Product;Campaign", "api", "daily", "owen",
        how="Material for dealers' own promotion.",
    ),
    Path(
        "Tonguewell", "Quillmark Pages", "Product", "native", "on_demand", "luca",
        how="Pages go out for translation and come back as drafts.",
    ),
    Path("Quillmark Pages", "Formwold", "Campaign", "tag", "real_time", "luca", how="Forms shown inside pages."),
    Path(
        "Quillmark Pages", "Tarnwater Shop", "Product", "api", "hourly", "luca",
        how="Advice articles next to products.",
    ),
    Path("Videlbrook", "Quillmark Pages", "Product", "tag", "real_time", "", how="Embedded player."),
    Path("Splitfield", "Quillmark Pages", "Campaign", "tag", "real_time", "hana"),
    Path(
        "Splitfield", "Tidemast Analytics", "Campaign", "api", "daily", "hana", how="Test and version as dimensions.",
    ),
    Path(
        "Seekmoor", "Quillmark Pages", "Product", "manual", "weekly", "aoife",
        how="List of broken links worked off by hand.",
    ),
    Path("Tidemast Tags", "Quillmark Pages", "Consent and opt-out", "tag", "real_time", "luca"),
    Path("Tidemast Tags", "Tarnwater Shop", "Order;Consent and opt-out", "tag", "real_time", "sean"),
    Path("Tidemast Tags", "Tidemast Analytics", "Campaign;Order", "tag", "real_time", "hana"),
    Path(
        "Tidemast Tags", "Reachholm", "Campaign", "tag", "real_time", "kofi",
        story=(
            (
                "plan_disconnect", 108, "kofi",
                {"disconnect_on": -35, "note": "Goes with Reachholm, after the last flight."},
            ),
        ),
    ),
    Path(
        "Tidemast Analytics", "Data warehouse", "Campaign;Order", "middleware", "daily", "felix",
        how="Raw events, night by night.",
    ),
    Path(
        "Tidemast Analytics", "Bidwharf Console", "Campaign", "native", "daily", "kofi",
        how="Conversions by key word.",
    ),
    Path(
        "Bidwharf Console", "Data warehouse", "Campaign", "middleware", "daily", "felix",
        how="Spend by campaign and day.", story=(("degrade", 16, "felix", {"note": SLOW}),),
    ),
    Path("Bidwharf Console", "Attribution workbook", "Campaign", "manual", "weekly", "kofi", how="Copied on Mondays."),
    Path("Reachholm", "Attribution workbook", "Campaign", "manual", "weekly", "kofi"),
    Path(
        "Webcount", "Dealer microsites", "Campaign", "tag", "real_time", "",
        story=(("retire", 480, "tomasz", {"note": "Tags removed before the counter was switched off."}),),
    ),
    Path(
        "Dealer microsites", "Ostrelle CRM", "Lead;Dealer", "file", "daily", "", True,
        how="A job on a server under a desk mails a file; the CRM imports it.",
        story=(
            ("degrade", 310, "ivo", {"note": "Stopped for eleven days before anybody noticed."}),
            ("activate", 301, "ivo", {"note": "Runs again; alarm added."}),
            ("plan_disconnect", 190, "ivo", {"disconnect_on": -55, "note": "Goes with the microsites."}),
        ),
    ),
    # Shop
    Path(
        "Hexlowe ERP", "Tarnwater Shop", "Product;Price", "middleware", "hourly", "ivo",
        how="Articles, stock and list prices.",
    ),
    Path(
        "Tarnwater Shop", "Hexlowe ERP", "Order;Customer", "middleware", "real_time", "ivo", True,
        how="Orders within a minute; a queue holds them when the ERP is down.",
    ),
    Path("Tarnwater Shop", "Tarnwater Pay", "Order", "native", "real_time", "sean", True),
    Path(
        "Tarnwater Pay", "Hexlowe ERP", "Invoice", "file", "daily", "kasia", True,
        how="Settlement file at six in the morning.",
    ),
    Path("Tarnwater Shop", "Sendhollow", "Order;Customer", "api", "real_time", "sean", True),
    Path(
        "Sendhollow", "Data warehouse", "Order", "middleware", "daily", "felix", True,
        how="Delivery and bounce figures.",
    ),
    Path(
        "Tarnwater Shop", "Quillmark Engage", "Order;Customer", "api", "hourly", "ines", True,
        how="Orders and baskets left behind.",
    ),
    Path("Tarnwater Shop", "Data warehouse", "Order;Customer", "middleware", "daily", "felix", True),
    Path(
        "Machine configurator", "Tarnwater Shop", "Product;Price", "api", "real_time", "luca",
        how="Puts the finished set into the basket.",
    ),
    Path(
        "Hexlowe ERP", "Machine configurator", "Product", "file", "daily", "",
        how="Which deck fits which mower; kept by hand in the ERP.",
    ),
    Path(
        "Spare parts catalogue", "Tarnwater Shop", "Product", "file", "weekly", "",
        how="46,000 part numbers; rows that fail are dropped without a word.",
    ),
    Path(
        "Findlemere Search", "Tarnwater Shop", "Product", "api", "hourly", "ivo", planned=True,
        how="Index of articles and parts.",
    ),
    Path("Findlemere Search", "Quillmark Pages", "Product", "api", "hourly", "luca", planned=True),
    Path(
        "Murmurwell Reviews", "Tarnwater Shop", "Customer;Product", "tag", "real_time", "sean", True, planned=True,
        how="Stars next to products, invitations after delivery.",
    ),
    # Dealers and sales
    Path(
        "Channelwick Portal", "Hexlowe ERP", "Order;Dealer", "middleware", "real_time", "ivo",
        how="Dealer orders and stock questions.",
    ),
    Path(
        "Hexlowe ERP", "Channelwick Portal", "Price;Invoice", "middleware", "daily", "kasia",
        how="Invoices and list prices; discounts still come from the price book.",
    ),
    Path(
        "Dealer price book", "Channelwick Portal", "Price", "manual", "monthly", "margit",
        how="Typed in on the first of the month.",
    ),
    Path("Dealer price book", "Ostrelle CRM", "Price", "manual", "monthly", "peter"),
    Path("Channelwick Portal", "Ostrelle CRM", "Dealer;Opportunity", "api", "daily", "peter", True),
    Path(
        "Coursehythe", "Channelwick Portal", "Dealer", "api", "daily", "owen", True,
        how="Who passed which course; opens the repair manuals.",
    ),
    Path("Signcroft Quotes", "Ostrelle CRM", "Opportunity", "native", "real_time", "peter", True, both=True),
    Path(
        "Signcroft Quotes", "Hexlowe ERP", "Order;Customer", "manual", "on_demand", "", True,
        how="Signed quotes are typed into the ERP again.",
    ),
    Path("Ostrelle CRM", "Data warehouse", "Customer;Opportunity;Dealer", "middleware", "daily", "felix", True),
    Path(
        "Hexlowe ERP", "Ostrelle CRM", "Customer;Invoice", "middleware", "hourly", "kasia", True,
        how="Credit limit and open invoices on the account.",
    ),
    Path(
        "Ostrelle CRM", "Commission model", "Opportunity", "manual", "monthly", "tomasz", True,
        how="Won deals, exported on the second working day.",
    ),
    # Service
    Path("Answerby Chat", "Answerby Desk", "Service case", "native", "real_time", "", True),
    Path(
        "Answerby Desk", "Ostrelle CRM", "Service case;Customer", "api", "hourly", "peter", True,
        how="Open cases on the account.",
        story=(("plan_disconnect", 40, "tomasz", {"disconnect_on": -130, "note": "Goes with Answerby."}),),
    ),
    Path(
        "Ostrelle CRM", "Ostrelle Service", "Customer;Service case", "native", "real_time", "ivo", True, both=True,
        planned=True, how="One data model: no copy, a switch.",
    ),
    Path(
        "Warranty registration", "Quillmark Engage", "Registered machine;Customer", "api", "daily", "luca", True,
        how="Starts the welcome journey.",
    ),
    Path("Warranty registration", "Hexlowe ERP", "Registered machine", "file", "daily", "kasia", True),
    Path(
        "Owner forum", "Ostrelle CRM", "Customer", "manual", "on_demand", "", True,
        how="Names of helpful owners, copied now and then.",
        story=(("retire", 340, "callum", {"note": "Last copy made; the forum closes."}),),
    ),
    # Data
    Path("Hexlowe ERP", "Data warehouse", "Order;Invoice;Product", "middleware", "daily", "felix", True),
    Path(
        "Data warehouse", "Brackenlight", "Customer;Opportunity;Order;Invoice", "native", "daily", "felix",
        how="Tables without names of people.",
    ),
    Path("Pipefell", "Data warehouse", "Campaign", "native", "hourly", "ivo", how="Its own log, to see what ran."),
    Path("Ostrelle CRM", "Mosskeep", "Customer;Dealer", "api", "hourly", "ivo", True, planned=True),
    Path("Tarnwater Shop", "Mosskeep", "Customer;Order", "api", "real_time", "ivo", True, planned=True),
    Path(
        "Mosskeep", "Quillmark Engage", "Customer;Campaign", "api", "real_time", "callum", True, planned=True,
        how="Segments; nobody has said yet which of the two decides on opt-outs.",
    ),
    Path(
        "Marketing budget workbook", "Brackenlight", "Campaign", "file", "monthly", "callum",
        how="Saved into a folder, read at night.",
    ),
    Path(
        "Ledgerhurst", "Hexlowe ERP", "Invoice", "api", "daily", "kasia", both=True, planned=True,
        how="Left out of the vendor's quote; IT's estimate is 19 days.",
    ),
    Path("Passbarrow", "Ostrelle CRM", "", "native", "real_time", "sinead", True, how="Joiners and leavers by SCIM."),
    Path("Passbarrow", "Brackenlight", "", "native", "real_time", "sinead", True, how="Joiners and leavers by SCIM."),
)
