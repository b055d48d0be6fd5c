"""The vendors: companies that do not exist, at addresses that cannot."""

from martech.demo.shapes import Maker

LEGAL_BASIS = (
    "Sells contact data of people who never agreed to it. Could not name a lawful basis when Legal asked twice."
)
OUR_TEXTS = (
    "Uses what is typed in to train its model unless the enterprise tier is bought. No product texts before launch."
)

# fmt: off
MAKERS = (
    Maker(
        "Quillmark Group", "maker", "IE",
        "Holding of the Quillmark companies; signs the frame agreement for all of them.", "marco", "medium",
        "Several contracts hang on one counterparty.",
        verdicts=((690, "prefer", "marco", "Frame agreement signed."),),
    ),
    Maker(
        "Quillmark Engage", "maker", "IE", "Marketing automation for manufacturers who sell through dealers.",
        "priya", "medium", "Holds every consent and most leads.", ("Quillmark Campaigns",),
        ("quillmark-mail.example",), "Quillmark Group", "Marketing automation",
        verdicts=((688, "prefer", "tomasz", "Part of the Quillmark frame agreement."),),
    ),
    Maker(
        "Quillmark Pages", "maker", "IE", "Content management for web sites in many languages.", "aoife", "medium",
        "", (), (), "Quillmark Group", "Web content",
        verdicts=((688, "prefer", "tomasz", "Part of the Quillmark frame agreement."),),
    ),
    Maker(
        "Tarnwater Holdings", "maker", "NL", "Group for shop and payment software.", "marco", "low",
        verdicts=((676, "approve", "marco", ""),),
    ),
    Maker(
        "Tarnwater Commerce", "maker", "NL", "Web shop platform with a dealer-price engine.", "annika", "high",
        "The shop stands still when they do; one data centre only.", ("Tarnwater Shop",), (), "Tarnwater Holdings",
        "Web shop",
        verdicts=(
            (
                675, "approve", "tomasz",
                "On condition of a tested fail-over; see the report of last winter.",
            ),
        ),
    ),
    Maker(
        "Tarnwater Pay", "maker", "NL", "Card and account payments for web shops.", "birgit", "medium",
        "Card data stays with them.", (), ("pay.tarnwater.example",), "Tarnwater Holdings", "Payments",
        verdicts=((675, "approve", "marco", ""),),
    ),
    Maker(
        "Ostrelle", "maker", "SE", "Customer relationship management and service desk on one data model.", "chloe",
        "high", "Customer file of the whole company.", ("Ostrelle CRM AB",), (), "", "CRM\nCustomer service",
        verdicts=((680, "prefer", "tomasz", "Corporate standard for the customer file."),),
    ),
    Maker(
        "Hexlowe", "maker", "DE", "ERP for makers with a field of dealers.", "kasia", "high",
        "Orders, stock and invoices.", ("Hexlowe Systemhaus",), (), "", "ERP",
        verdicts=((700, "prefer", "tomasz", "Corporate standard."),),
    ),
    Maker(
        "Postwren", "maker", "GB", "Newsletters and simple mail sequences.", "fiona", "low", "", (), (), "", "E-mail",
        verdicts=(
            (640, "approve", "marco", ""),
            (88, "restrict", "tomasz", "No new lists: we are moving to one e-mail tool."),
        ),
    ),
    Maker(
        "Postwren (Ireland)", "reseller", "IE", "Second vendor record that came with an invoice list.", "",
        logged=402,
    ),
    Maker(
        "Lettergrove", "maker", "US", "Newsletters for small teams, paid by card.", "", "high",
        "No data-processing agreement; addresses of customers are there all the same.", sells="E-mail",
        verdicts=(
            (
                350, "restrict", "ama",
                "Customer addresses without a data-processing agreement. No further lists.",
            ),
        ),
    ),
    Maker(
        "Sendhollow", "maker", "FI", "Transactional mail by API.", "sean", "low", sells="E-mail",
        verdicts=((610, "approve", "tomasz", ""),),
    ),
    Maker(
        "Formwold", "maker", "GB", "Forms and landing pages without a developer.", "fiona", "medium", "",
        sells="Landing pages", verdicts=((590, "approve", "marco", ""),),
    ),
    Maker(
        "Bidwharf", "maker", "IE", "Bids and budgets of paid search in one console.", "kofi", "low",
        sells="Paid search", verdicts=((640, "approve", "marco", ""),),
    ),
    Maker(
        "Reachholm", "maker", "SE", "Display and video buying.", "kofi", "medium",
        "Sets third-party cookies; asked us to turn the consent check off.", sells="Display",
        verdicts=(
            (600, "approve", "marco", ""),
            (130, "restrict", "ama", "Fired tags before consent on the German site."),
        ),
    ),
    Maker("Partnerbeck", "maker", "DK", "Affiliate links and their settlement.", "", sells="Affiliate"),
    Maker(
        "Vantrell", "maker", "PL", "Webinars with registration and recordings.", "", "low", sells="Webinars",
        verdicts=((500, "approve", "marco", ""),),
    ),
    Maker(
        "Roundhedge", "maker", "GB", "Event registration and badges.", "fiona", "low", sells="Events",
        verdicts=((640, "approve", "marco", ""),),
    ),
    Maker(
        "Plattenholt", "maker", "DE", "Digital asset management.", "dev", "low", sells="Digital assets",
        verdicts=((560, "prefer", "tomasz", "Chosen over two others with Brand and the dealers at the table."),),
    ),
    Maker(
        "Tonguewell", "maker", "PT", "Translation memory and translators on call.", "rosa", "low",
        sells="Translation", verdicts=((480, "approve", "marco", ""),),
    ),
    Maker(
        "Videlbrook", "maker", "CA", "Video hosting without advertisements.", "rosa", "low", sells="Video",
        verdicts=((570, "approve", "marco", ""),),
    ),
    Maker(
        "Splitfield", "maker", "NO", "A/B tests and personal content on web pages.", "hana", "medium", "",
        sells="Testing",
        verdicts=((395, "approve", "tomasz", "Fast enough with the tag in the head; measured by the web team."),),
    ),
    Maker(
        "Seekmoor", "maker", "EE", "Search visibility and broken links.", "aoife", "low", sells="SEO",
        verdicts=((450, "approve", "marco", ""),),
    ),
    Maker(
        "Findlemere", "maker", "FR", "Search inside web sites and shops.", "aoife", "medium", "", sells="Site search",
        logged=190, verdicts=((120, "approve", "tomasz", ""),),
    ),
    Maker(
        "Chirrupline", "maker", "IE", "Publishes to social networks, with approval before it goes out.", "mette",
        "low", sells="Social media", verdicts=((530, "approve", "marco", ""),),
    ),
    Maker(
        "Murmurwell", "maker", "GB", "Listens to what is said in public; collects reviews.", "mette", "medium", "",
        sells="Social media\nReviews",
        verdicts=((150, "approve", "tomasz", "For reviews. Listening needs its own look."),),
    ),
    Maker(
        "Answerby", "maker", "US", "Help desk and chat.", "leila", "medium", "Hosted outside the EU until next year.",
        sells="Customer service",
        verdicts=((650, "approve", "marco", ""), (60, "restrict", "tomasz", "We are leaving for Ostrelle Service.")),
    ),
    Maker("Loyalbourne", "maker", "BE", "Points, vouchers and member clubs.", "", sells="Loyalty", logged=58),
    Maker(
        "Signcroft", "maker", "CH", "Quotes, contracts and signatures.", "chloe", "medium", "", sells="Quotes",
        verdicts=((520, "approve", "marco", ""),),
    ),
    Maker(
        "Channelwick", "maker", "NL", "Portals for dealers and partners.", "margit", "medium",
        "Dealer margins are in there.", sells="Partner portal", verdicts=((660, "approve", "tomasz", ""),),
    ),
    Maker(
        "Tidemast", "maker", "FR", "Web and app analytics with the data in the EU.", "noor", "low", sells="Analytics",
        verdicts=((540, "prefer", "tomasz", "Data in the EU, raw data ours."),),
    ),
    Maker(
        "Brackenlight", "maker", "IE", "Dashboards.", "noor", "low", sells="Business intelligence",
        verdicts=((630, "prefer", "tomasz", "Corporate standard."),),
    ),
    Maker(
        "Mosskeep", "maker", "DE", "Customer data platform.", "priya", "high", "Will hold one profile per customer.",
        sells="Customer data", logged=270,
        verdicts=((170, "approve", "tomasz", "After the review; conditions are on the system."),),
    ),
    Maker(
        "Yesfold", "maker", "AT", "Consent banners, preference pages and their proof.", "eoin", "medium", "",
        sells="Consent", verdicts=((505, "prefer", "tomasz", "One consent tool for every site."),),
    ),
    Maker(
        "Pipefell", "maker", "GB", "Moves data between systems, with a log.", "ivo", "medium", "",
        sells="Integration",
        verdicts=(
            (
                600, "prefer", "tomasz",
                "Every new data path goes through here unless the architect says otherwise.",
            ),
        ),
    ),
    Maker(
        "Contactmire", "maker", "US", "Sells contact data of business people.", "", "critical", LEGAL_BASIS,
        sells="Contact data", logged=230, verdicts=((204, "block", "ama", LEGAL_BASIS),),
    ),
    Maker(
        "Planthorne", "maker", "GB", "Boards, calendars and approvals for teams.", "callum", "low",
        sells="Work management", verdicts=((560, "approve", "marco", ""),),
    ),
    Maker(
        "Ledgerhurst", "maker", "LU", "Marketing budgets next to the ledger.", "birgit", "unrated", sells="Budgets",
        logged=98, verdicts=((40, "approve", "marco", ""),),
    ),
    Maker(
        "Coursehythe", "maker", "IE", "Courses with tests and certificates.", "owen", "low", sells="Training",
        verdicts=((470, "approve", "marco", ""),),
    ),
    Maker(
        "Chatmarrow", "maker", "US", "Writes drafts of texts and pictures on request.", "", "high", OUR_TEXTS,
        sells="Text assistant", logged=46, verdicts=((38, "restrict", "ama", OUR_TEXTS),),
    ),
    Maker(
        "Snapquay", "maker", "HK", "Sends large files by link, free of charge.", "", "critical",
        "Links are guessable and never expire.", sells="File transfer", logged=75,
        verdicts=(
            (
                70, "block", "ama",
                "Price lists were found by guessing links. Use the picture library to share files.",
            ),
        ),
    ),
    Maker(
        "Passbarrow", "maker", "IE", "Sign-on, second factor and provisioning.", "sinead", "critical",
        "The door to everything else.", sells="Identity",
        verdicts=((705, "prefer", "tomasz", "Corporate standard."),),
    ),
    Maker(
        "Cloudsorrel", "maker", "DE", "Servers, storage and a content network.", "ben", "high", "",
        ("Cloudsorrel Rechenzentren",), (), "", "Hosting",
        verdicts=((705, "prefer", "tomasz", "Corporate standard."),),
    ),
    Maker(
        "Weldgate Integration", "implementer", "GB", "Implements ERP and CRM, and lends us developers.", "ivo",
        "medium", "Has write access to test systems.",
        verdicts=((640, "approve", "marco", "Day rates agreed for two years."),),
    ),
    Maker(
        "Brindle & Oake", "agency", "GB", "Creative agency; runs the fair stands and the lead app there.", "rosa",
        "medium", "Keeps visitor data on its own devices.", verdicts=((650, "approve", "marco", ""),),
    ),
)

NOTHING_BOUGHT = (
    # Known to us, without a system of theirs in the stack.
    Maker(
        "Studio Varnlet", "agency", "PT", "Web agency; built the dealer microsites.", "aoife", "low", logged=715,
        verdicts=((640, "approve", "marco", ""),),
    ),
)

MERGES = (("Postwren (Ireland)", "Postwren", 330, "tomasz", "Same company: the invoices come from its Irish branch."),)
