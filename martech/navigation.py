"""The menu, as data: section, label, address, icon, and the permission without which it is not shown."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from martech.permissions import engine

MENU: tuple[tuple[str, tuple[tuple[str, str, str, str], ...]], ...] = (
    (
        "",
        (
            ("Home", "/", "home", ""),
            ("Inbox", "/inbox/", "inbox", ""),
        ),
    ),
    (
        "Stack",
        (
            ("Systems", "/inventory/systems/", "squares-2x2", "inventory.view_system"),
            ("Vendors", "/inventory/vendors/", "building-storefront", "inventory.view_vendor"),
            ("Contracts", "/inventory/contracts/", "document-text", "inventory.view_contract"),
            ("Capabilities", "/inventory/capabilities/", "puzzle-piece", "inventory.view_capability"),
            ("Integrations", "/inventory/integrations/", "arrows-right-left", "inventory.view_integration"),
            ("Data", "/inventory/data-objects/", "circle-stack", "inventory.view_dataobject"),
            ("Data sources", "/inventory/data-sources/", "server-stack", "inventory.view_datasource"),
            ("Assurances", "/inventory/assurances/", "shield-check", "inventory.view_assurance"),
            ("Where functions meet", "/inventory/meetings/", "table-cells", "inventory.view_system"),
            ("Imports", "/imports/", "arrow-up-tray", "imports.add_importbatch"),
            ("Syncs", "/sync-runs/", "arrow-path", "sync.settle_syncrun"),
        ),
    ),
    (
        "Ownership",
        (
            ("RACI matrix", "/governance/matrix/", "table-cells", "governance.view_assignment"),
            ("Process model", "/governance/process/", "rectangle-group", "governance.view_activity"),
            ("Activities", "/governance/activities/", "queue-list", "governance.view_activity"),
            ("Assignments", "/governance/assignments/", "identification", "governance.view_assignment"),
            ("Gaps", "/governance/gaps/", "exclamation-triangle", "governance.view_gap"),
            ("Closing plans", "/governance/closing-plans/", "flag", "governance.view_closingplan"),
            (
                "Consultations",
                "/governance/consultations/",
                "chat-bubble-left-right",
                "governance.view_consultation",
            ),
            ("Attestation", "/governance/attestations/", "check-badge", "governance.view_attestation"),
            ("Campaigns", "/governance/attestation-campaigns/", "megaphone", "governance.view_campaign"),
            (
                "Operating models",
                "/governance/operating-models/",
                "adjustments-horizontal",
                "governance.view_operatingmodel",
            ),
            (
                "Business processes",
                "/governance/business-processes/",
                "arrow-path-rounded-square",
                "governance.view_businessprocess",
            ),
            ("Hand-overs", "/governance/handovers/", "arrows-right-left", "governance.view_handover"),
            ("Assessment", "/governance/assessments/", "chart-pie", "governance.view_resourceassessment"),
            ("Stand-ins", "/governance/stand-ins/", "user-plus", "governance.view_standin"),
            ("Competencies", "/governance/competencies/", "academic-cap", "governance.view_competency"),
            ("Sourcing", "/governance/sourcing/", "scale", "governance.view_sourcingoption"),
            ("Customer journey", "/governance/journey-stages/", "map", "governance.view_journeystage"),
        ),
    ),
    (
        "Organisation",
        (
            ("Functions", "/functions/", "building-office-2", "accounts.view_function"),
            ("People", "/people/", "users", "accounts.view_user"),
            ("Calendars", "/calendars/", "calendar-days", "calendars.view_calendar"),
            ("Trail", "/trail/", "clock", "inventory.view_vendor"),
            ("Webhooks", "/webhooks/", "arrow-up-right", "webhooks.add_webhook"),
            ("Health", "/health/", "heart", "notifications.view_delivery"),
        ),
    ),
)


@dataclass(frozen=True)
class Item:
    """One way of the menu; `active` on the page it leads to and below."""

    label: str
    url: str
    icon: str
    active: bool


@dataclass(frozen=True)
class Section:
    """Items under one label, which the first section has none of."""

    label: str
    items: tuple[Item, ...]


URLS = tuple(url for _, items in MENU for _, url, _, _ in items)


def menu(user: Any, path: str) -> tuple[Section, ...]:
    """The sections this person has, with the item of the current page marked."""
    here = tuple(url for url in URLS if path == url or (url != "/" and path.startswith(url)))
    return _menu(engine.shape(user), here)


@lru_cache(maxsize=512)
def _menu(shape: engine.Shape, here: tuple[str, ...]) -> tuple[Section, ...]:
    sections = []
    for label, items in MENU:
        shown = tuple(
            Item(name, url, icon, url in here)
            for name, url, icon, permission in items
            if shape.standing and (not permission or engine.possible(shape, permission))
        )
        if shown:
            sections.append(Section(label, shown))
    return tuple(sections)
