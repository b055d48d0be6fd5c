"""R16: https is spoken with whom the name belongs to, and with nobody else."""

import shutil
import ssl
import subprocess

import pytest

from martech import outbound
from tests.martech.receiver import receiver

PLAIN = {"Content-Type": "application/json"}
HOST = "hooks.example"
NOT_SECURE = "No secure connection: the certificate or the protocol is not right."


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A certificate for HOST that nobody but itself has signed, and its key."""
    if not shutil.which("openssl"):
        pytest.skip("needs the openssl program, to make a certificate")
    made = tmp_path_factory.mktemp("tls")
    key, signed = made / "key.pem", made / "certificate.pem"
    about = ["-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST}", "-days", "2"]
    new = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", signed, *about]
    subprocess.run(new, check=True, capture_output=True)
    return signed, key


@pytest.fixture
def served(certificate, settings):
    """`served(host)`: post to a receiver under https that is called by this name; what it was asked for and got."""
    asked = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    context.sni_callback = lambda _socket, name, _context: asked.append(name)
    with receiver(context=context) as one:
        port = int(one.place.rpartition(":")[2])

        def post(host, **trusted):
            settings.WEBHOOK_ALLOW = [f"{host}:{port}"]
            url = f"https://{host}:{port}/hook"
            return outbound.post(url, b"{}", PLAIN, lookup=lambda *_asked: ["127.0.0.1"], **trusted)

        yield post, asked, one


def test_a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_told(served):
    post, asked, one = served
    with pytest.raises(outbound.Unanswered) as refusal:
        post(HOST)
    assert (str(refusal.value), asked, one.got) == (NOT_SECURE, [HOST], [])


def test_the_name_is_told_and_checked_though_the_address_is_called(served, certificate):
    post, asked, one = served
    trusting = ssl.create_default_context(cafile=str(certificate[0]))
    assert post(HOST, context=trusting).status == 204
    with pytest.raises(outbound.Unanswered) as refusal:
        post("other.example", context=trusting)
    assert (str(refusal.value), asked, len(one.got)) == (NOT_SECURE, [HOST, "other.example"], 1)
    assert one.got[0][0]["host"].partition(":")[0] == HOST


def test_whoever_speaks_no_tls_is_no_secure_connection(settings):
    with receiver() as one:
        settings.WEBHOOK_ALLOW = [one.place]
        with pytest.raises(outbound.Unanswered) as refusal:
            outbound.post(f"https://{one.place}/hook", b"{}", PLAIN)
        assert (str(refusal.value), one.got) == (NOT_SECURE, [])
