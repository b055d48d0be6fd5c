"""The demo company behind a live server, and somebody signed in to it."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page

from martech.demo import PASSWORD, story

GRAVE = {"serious", "critical"}


@pytest.fixture
def company(transactional_db: Any) -> None:
    """Fernhollow, as `seed` loads it."""
    story.tell(timezone.localdate())


@pytest.fixture
def signed_in(company: None, page: Page) -> Callable[[str], Page]:
    """`signed_in("marketing_ops")`: the window with that person's session."""

    def enter(role: str) -> Page:
        page.goto("/sign-in/")
        page.get_by_label("E-mail").fill(f"{role}@interlock.example")
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        page.wait_for_url("**/")
        return page

    return enter


def grave(page: Page) -> list[str]:
    """What axe finds serious on the page as it stands."""
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['target']}" for one in found if one["impact"] in GRAVE]
