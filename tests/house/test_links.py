"""No dead link: every address that a page of the demo company names is followed, as different people."""

from urllib.parse import urldefrag, urljoin

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.utils import timezone

from martech.accounts.models import User
from martech.demo import story

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MOST = 160
"""Pages looked at for each person: enough for every kind of page, each list and many records."""


@pytest.fixture
def company(db):
    story.tell(timezone.localdate())


def links(page, address):
    """Addresses on the page that a click would get, without those of other sites."""
    soup = BeautifulSoup(page, "html.parser")
    named = [tag["href"] for tag in soup.find_all("a", href=True)] + [
        tag[name] for name in ("hx-get", "data-suggest") for tag in soup.find_all(attrs={name: True})
    ]
    for link in named:
        whole = urldefrag(urljoin(address, link))[0]
        if whole.startswith("/"):
            yield whole


def kind_of(address):
    """Addresses of one kind look alike but for numbers and what is asked: a few of each are enough."""
    path, _, query = address.partition("?")
    parts = tuple("#" if part.rpartition("-")[2].isdigit() else part for part in path.split("/"))
    return parts, bool(query)


@pytest.mark.parametrize("role", ["marketing_ops", "member", "administrator", "auditor"])
def test_every_link_leads_somewhere(company, role):
    client = Client()
    client.force_login(
        User.objects.get(email=f"{role}@interlock.example"), backend="martech.permissions.backend.TableBackend"
    )
    waiting, seen, dead, looked = ["/"], {"/": "the start"}, {}, {}
    while waiting and len(looked) < MOST:
        address = waiting.pop(0)
        kind = kind_of(address)
        if sum(kind == other for other in looked.values()) >= 4:
            continue
        looked[address] = kind
        answer = client.get(address)
        if answer.streaming:
            b"".join(answer.streaming_content)  # an export keeps its place until its reader is done
        if answer.status_code not in {200, 301, 302}:
            dead[address] = f"{answer.status_code}, named on {seen[address]}"
        elif answer.status_code == 200 and not answer.streaming and "text/html" in answer["Content-Type"]:
            for link in links(answer.content, address):
                if link not in seen:
                    seen[link] = address
                    waiting.append(link)
    assert dead == {}
    assert len(looked) > 60
