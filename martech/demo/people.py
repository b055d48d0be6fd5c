"""Fernhollow's functions and people. One person per standing role signs in; the others are only spoken of."""

from martech.demo.shapes import Person, Team

COMPANY = "Fernhollow"
MAIL = "fernhollow.example"

# fmt: off
TEAMS = (
    Team(
        "Marketing", "marketing", "helen", "rosa", "",
        "Makes Fernhollow known and wanted, from the first look to the next machine.",
    ),
    Team(
        "Marketing operations", "marketing", "priya", "callum", "Marketing",
        "Keeps the marketing systems, the lead process and the numbers behind both.",
    ),
    Team("Demand generation", "marketing", "fiona", "kofi", "Marketing", "Campaigns, paid media, fairs and webinars."),
    Team(
        "Brand and content", "marketing", "rosa", "mette", "Marketing",
        "Words, pictures, films and what the name stands for.",
    ),
    Team(
        "Web team", "marketing", "aoife", "luca", "Marketing",
        "The web sites in eleven languages, search and testing.",
    ),
    Team("Sales", "sales", "graham", "yusuf", "", "Sells to dealers, councils and contractors in nine countries."),
    Team(
        "CRM and sales operations", "sales", "chloe", "peter", "Sales",
        "The customer file, the pipeline and the commission rules.",
    ),
    Team("E-commerce", "sales", "annika", "sean", "Sales", "The web shop for machines, spare parts and batteries."),
    Team(
        "Dealer distribution", "operations", "margit", "owen", "Sales",
        "Some 640 dealers: stock, training, portal, joint promotion.",
    ),
    Team("Customer service", "service", "leila", "", "", "Warranty, repairs and advice by telephone, mail and chat."),
    Team("Information technology", "it", "rajiv", "tomasz", "", "Runs what the company runs on."),
    Team(
        "IT applications", "it", "tomasz", "ivo", "Information technology",
        "Business applications and the paths between them.",
    ),
    Team(
        "IT operations", "it", "ben", "sinead", "Information technology",
        "Networks, hosting, devices, sign-on and the service desk.",
    ),
    Team(
        "Information security", "security", "ama", "sinead", "Information technology",
        "Reviews what comes in, watches what runs, keeps the certificates.",
    ),
    Team(
        "Data and analytics", "it", "noor", "felix", "Information technology",
        "The warehouse, the dashboards and the definitions.",
    ),
    Team("Finance", "finance", "charles", "birgit", "", "Plans, books and pays."),
    Team("Procurement", "procurement", "marco", "", "Finance", "Buys, negotiates, and keeps the frame agreements."),
    Team("Legal", "legal", "eoin", "", "", "Contracts, privacy, and the answers to regulators."),
)

PEOPLE = (
    # The ten who sign in
    Person("sadia", "Sadia Rahman", "Platform administrator", "IT operations", "administrator", "administrator"),
    Person("nora", "Nora Whitcombe", "Content editor", "Brand and content", "member", "member"),
    Person(
        "priya", "Priya Raman", "Head of marketing operations", "Marketing operations", "marketing_ops",
        "marketing_ops", "callum",
    ),
    Person("tomasz", "Tomasz Wilk", "Head of IT applications", "IT applications", "it", "it", "ivo"),
    Person(
        "ama", "Ama Boateng", "Information security lead", "Information security", "security", "security", "sinead",
    ),
    Person("eoin", "Eoin Farrelly", "General counsel and data-protection officer", "Legal", "legal", "legal"),
    Person(
        "birgit", "Birgit Lauer", "Finance business partner, marketing and IT", "Finance", "finance", "finance",
        "charles",
    ),
    Person("marco", "Marco Vianello", "Procurement lead", "Procurement", "procurement", "procurement"),
    Person("helen", "Helen Ashdown", "Chief marketing officer", "Marketing", "steering", "steering", "rosa"),
    Person("jonas", "Jonas Ekdahl", "Internal auditor", "Finance", "auditor", "auditor"),
    # Marketing
    Person(
        "callum", "Callum Reid", "Marketing technology manager", "Marketing operations", "marketing_ops",
        deputy="ines",
    ),
    Person("ines", "Inês Duarte", "Campaign operations specialist", "Marketing operations", "marketing_ops"),
    Person("wen", "Wen Li", "Lead management specialist", "Marketing operations"),
    Person("fiona", "Fiona Garrity", "Head of demand generation", "Demand generation", deputy="kofi"),
    Person("kofi", "Kofi Mensah", "Paid media manager", "Demand generation"),
    Person("gareth", "Gareth Lomax", "Events and webinars manager", "Demand generation", left=96),
    Person("laura", "Laura Stahl", "Events and webinars manager", "Demand generation", since=61),
    Person("rosa", "Rosa Iglesias", "Head of brand and content", "Brand and content", deputy="mette"),
    Person("dev", "Dev Malhotra", "Digital asset manager", "Brand and content"),
    Person("mette", "Mette Kjær", "Social media manager", "Brand and content"),
    Person("aoife", "Aoife Brennan", "Head of web", "Web team", deputy="luca"),
    Person("luca", "Luca Ferrante", "Senior web developer", "Web team"),
    Person("hana", "Hana Suzuki", "Testing and personalisation lead", "Web team", since=410),
    # Sales
    Person("graham", "Graham Pell", "Sales director", "Sales", "steering", deputy="yusuf"),
    Person("yusuf", "Yusuf Demir", "Regional sales manager, central Europe", "Sales"),
    Person("chloe", "Chloé Marchetti", "Head of CRM and sales operations", "CRM and sales operations", deputy="peter"),
    Person("peter", "Peter Novák", "CRM administrator", "CRM and sales operations"),
    Person("annika", "Annika Voss", "Head of e-commerce", "E-commerce", deputy="sean"),
    Person("sean", "Seán Tierney", "Web shop manager", "E-commerce"),
    Person("margit", "Margit Halvorsen", "Head of dealer distribution", "Dealer distribution", deputy="owen"),
    Person("owen", "Owen Pritchard", "Dealer portal manager", "Dealer distribution"),
    Person("leila", "Leila Haddad", "Head of customer service", "Customer service"),
    # IT, finance
    Person(
        "rajiv", "Rajiv Menon", "Chief information officer", "Information technology", "it steering", deputy="tomasz",
    ),
    Person("ivo", "Ivo Brandt", "Integration architect", "IT applications", "it"),
    Person("kasia", "Katarzyna Lis", "ERP application owner", "IT applications", "it"),
    Person("ben", "Ben Okafor", "Head of IT operations", "IT operations", "it", deputy="sinead"),
    Person("sinead", "Sinéad Walsh", "Identity and access engineer", "IT operations", "it"),
    Person("noor", "Noor van Dijk", "Head of data and analytics", "Data and analytics", deputy="felix"),
    Person("felix", "Felix Baumann", "Data engineer", "Data and analytics", "it"),
    Person("charles", "Charles Ogden", "Finance director", "Finance", "finance steering", deputy="birgit"),
    Person("tess", "Tess Moreau", "Customer service team lead", "Customer service", since=300),
)

SERVICE_ACCOUNT = ("ERP vendor sync", "erp-sync@service.interlock.example", "Reads and keeps vendors for Hexlowe ERP")

FIRST = 731
"""How many days ago the administrator set Interlock up."""
