"""The starter set of capabilities: our own, two levels, to be edited freely."""

CAPABILITIES: dict[str, tuple[str, ...]] = {
    "Advertising and promotion": (
        "Paid search and social",
        "Display and video advertising",
        "Affiliate and partner promotion",
        "Print, events and sponsorship",
    ),
    "Content and experience": (
        "Web content",
        "Digital assets",
        "E-mail and messaging",
        "Marketing automation",
        "Testing and personalisation",
        "Search visibility",
        "Landing pages and forms",
    ),
    "Social and relationships": (
        "Social publishing and listening",
        "Communities and reviews",
        "Customer relationship management",
        "Customer service and chat",
        "Webinars and events",
        "Loyalty and referral",
    ),
    "Commerce and sales": (
        "Web shop",
        "Sales enablement",
        "Lead management",
        "Quotes and contracts",
        "Partner and channel management",
    ),
    "Data and analytics": (
        "Web and app analytics",
        "Customer data",
        "Consent and preferences",
        "Dashboards and reporting",
        "Attribution and planning",
        "Data integration",
    ),
    "Management and operations": (
        "Work and project management",
        "Budget and vendor management",
        "Brand and compliance",
        "Talent and knowledge",
        "Collaboration",
    ),
}
