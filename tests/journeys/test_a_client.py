"""The client of docs/how-to/write-a-client.md, taken out of the page and run against a server."""

import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from inventory.models import Vendor
from martech.accounts.models import Token

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page():
    return (settings.BASE_DIR / "docs" / "how-to" / "write-a-client.md").read_text(encoding="utf-8")


@pytest.fixture
def sync(page, cast, live_server, tmp_path):
    """Run the page's script on a file; gives its exit code and what it printed."""
    script, file = tmp_path / "sync_vendors.py", tmp_path / "vendors.csv"
    script.write_text(block(page, "python"), encoding="utf-8")
    secret = Token.add(by=cast.it, name="ERP", write=True).secret

    def run(text, token=secret):
        file.write_text(text, encoding="utf-8")
        command = [sys.executable, str(script), str(file), live_server.url]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "TOKEN": token}, timeout=60)
        return done.returncode, done.stdout + done.stderr

    return run


def block(page, language):
    return re.search(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)[1]


def test_the_page_s_client_syncs_the_page_s_file_and_finds_nothing_to_do_the_second_time(page, sync):
    file = block(page, "csv")
    assert sync(file) == (0, re.sub(r"VEN-1[23]", number, block(page, "text")))
    assert sorted(Vendor.objects.values_list("name", "country")) == [("Acme", "IE"), ("Beta", "DE")]
    code, told = sync(file)
    assert (code, told.splitlines()[-1]) == (0, "2 unchanged")


def number(found):
    """The number the vendor got here, for the one on the page."""
    return Vendor.objects.get(name={"VEN-12": "Acme", "VEN-13": "Beta"}[found[0]]).number


def test_a_line_with_an_error_is_told_and_the_exit_code_says_so(sync):
    code, told = sync("external_id,name,website\nV-1,Acme,https://acme.example\nV-2,Beta,nowhere\n")
    assert code == 1
    assert "V-2\terror\t{'website'" in told
    assert told.splitlines()[-1] == "1 created, 1 error"


def test_a_token_that_does_not_work_is_told_in_a_sentence(sync):
    assert sync("external_id,name\nV-1,Acme\n", token="ilk_none") == (
        1,
        "Sign in or send a token. This token does not work: it is unknown, expired or withdrawn. \n",
    )
