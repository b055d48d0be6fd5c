"""`manage.py pictures`: every kind of page of the running demo, to look at: wide, phone, light, dark, printed."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from martech.demo import PASSWORD
from martech.running import chromium, instance

try:
    from playwright.sync_api import Browser, sync_playwright
except ModuleNotFoundError:  # the packages of the tests are not in every environment
    sync_playwright = None  # type: ignore[assignment]

PAGES = (
    "/",
    "/inbox/",
    "/new/",
    "/search/?q=mail&all=1",
    "/trail/",
    "/imports/new/",
    "/inventory/systems/",
    "/inventory/systems/SYS-1/",
    "/inventory/systems/SYS-1/change/",
    "/inventory/vendors/VEN-1/",
    "/inventory/integrations/INT-1/",
    "/inventory/assurances/ASR-1/",
    "/inventory/meetings/",
    "/people/",
    "/functions/FUN-1/",
    "/styleguide/",
)
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1440, "height": 900}},
    "dark": {"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
}


class Command(BaseCommand):
    help = "Pictures of every kind of page of the running demo company, in light, dark, on a phone and printed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", nargs="?", default="", help="where to; the data folder's pictures/ if not said")
        parser.add_argument(
            "--at", default="", help="the address; the running Interlock of this data folder if not said"
        )
        parser.add_argument("--role", default="marketing_ops", help="the demo person who looks")

    def handle(self, *, folder: str, at: str, role: str, **_options: Any) -> None:
        program = chromium.program()
        if sync_playwright is None or program is None:
            raise CommandError(f"No browser to look with: {chromium.HOW_TO_GET}")
        running = instance.noted(settings.DATA_DIR)
        address = at or (running.address if running else "")
        if not address:
            raise CommandError("Nothing runs on this data folder. Start it with `manage.py up`, or name it with --at.")
        target = Path(folder or settings.DATA_DIR / "pictures")
        target.mkdir(parents=True, exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=program, args=chromium.arguments())
            for look, options in LOOKS.items():
                self.look(browser, look, options, address, role, target)
            browser.close()
        self.stdout.write(f"{len(list(target.glob('*')))} pictures are in {target}.")

    def look(
        self, browser: "Browser", look: str, options: dict[str, Any], address: str, role: str, target: Path
    ) -> None:
        context = browser.new_context(base_url=address, **options)
        page = context.new_page()
        page.goto("/sign-in/")
        page.get_by_label("E-mail").fill(f"{role}@interlock.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        for path in PAGES:
            page.goto(path)
            name = re.sub(r"\W+", "-", path).strip("-").lower() or "home"
            page.screenshot(path=target / f"{name}-{look}.png", full_page=True)
            if look == "light":
                page.pdf(path=target / f"{name}.pdf", format="A4")
        context.close()
