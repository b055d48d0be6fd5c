"""R16 and abuse cases 6 and 31: Interlock calls nobody whom a user should not reach, and waits for nobody for ever."""

import time

import pytest

from martech import environment, outbound
from tests.martech.receiver import counting, endless, huge, receiver, slow, status

PLAIN = {"Content-Type": "application/json"}
PUBLIC = "93.184.216.34"

SPELLINGS = (
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.0.0.1.",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7f.0x0.0x0.0x1",
    "0177.0.0.1",
    "017700000001",
    "00000127.0.0.1",
    "①②⑦.⓪.⓪.①",
    "１２７.0.0.1",
    "127。0。0。1",
    "0.0.0.0",
    "0",
    "10.0.0.1",
    "10.255.255.255",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.0.1",
    "169.254.169.254",
    "100.64.0.1",
    "100.127.255.254",
    "192.0.0.8",
    "192.0.0.170",
    "192.0.2.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.7",
    "192.88.99.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2002:c0a8:1::]",
    "[2001:0:7f00:1::]",
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",
    "[fe80::1]",
    "[fe80::1%25lo]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd12:3456::1]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[100::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "user@127.0.0.1",
    "public.example@127.0.0.1",
    "127.0.0.1\\@public.example",
    "127.0.0.1#.public.example",
    "",
)


def names(**known):
    """A resolver of ours: each call takes the next answer, the last one again and again."""
    asked = []

    def lookup(host, port):
        asked.append(host)
        if host not in known:
            raise OSError
        answers = known[host]
        return answers.pop(0) if len(answers) > 1 else answers[0]

    lookup.asked = asked
    return lookup


def test_no_spelling_of_an_address_within_is_called(settings):
    assert len(SPELLINGS) >= 60
    with counting() as (port, came):
        for host in SPELLINGS:
            for url in (f"https://{host}/", f"https://{host}:{port}/", f"http://{host}:{port}/"):
                with pytest.raises(outbound.Blocked) as refusal:
                    outbound.post(url, b"{}", PLAIN)
                assert str(refusal.value) == outbound.NOT_PUBLIC, url
                with pytest.raises(outbound.Blocked):
                    outbound.judge(url)
        time.sleep(0.1)
        assert came == []


@pytest.mark.parametrize(
    "url",
    [
        "ftp://public.example/",
        "file:///etc/passwd",
        "gopher://public.example/",
        "//public.example/",
        "public.example",
        "http://public.example/",
        "https://public.example:22/",
        "https://public.example:0/",
        "https://public.example:99999/",
        "https://a b.example/",
        "https://public.example/\r\nX-Evil: 1",
        "https://public.example/\0",
        "https://[::1/",
        "https://-public.example/",
        f"https://{'a' * 64}.example/",
        f"https://public.example/{'a' * 2000}",
    ],
)
def test_what_is_no_public_https_address_is_refused(url):
    with pytest.raises(outbound.Blocked, match="Give a public https address"):
        outbound.post(url, b"{}", PLAIN, lookup=names(**{"public.example": [[PUBLIC]]}))


def test_every_address_of_a_name_must_be_public(settings):
    with counting() as (_port, came):
        for inside in (["127.0.0.1"], [PUBLIC, "127.0.0.1"], ["::1", PUBLIC], ["64:ff9b::7f00:1"], ["10.1.2.3"]):
            for look in (outbound.judge, lambda url, lookup: outbound.post(url, b"", PLAIN, lookup=lookup)):
                with pytest.raises(outbound.Blocked):
                    look("https://public.example/", lookup=names(**{"public.example": [inside]}))
        assert came == []


def test_a_name_that_changes_between_saving_and_sending_is_blocked_when_sent():
    lookup = names(**{"public.example": [[PUBLIC], ["127.0.0.1"]]})
    outbound.judge("https://public.example/", lookup)
    with pytest.raises(outbound.Blocked):
        outbound.post("https://public.example/", b"{}", PLAIN, lookup=lookup)


def test_a_name_is_asked_once_and_its_address_called(settings):
    """A name that changes between check and call changes nothing: what was checked is what is called."""
    with receiver() as open_one, counting() as (_port, came):
        place = int(open_one.place.rpartition(":")[2])
        settings.WEBHOOK_ALLOW = [f"127.0.0.1:{place}"]
        settings.ALLOWED_HOSTS = []
        lookup = names(**{"hooks.example": [["127.0.0.1"], ["169.254.169.254"]]})
        settings.WEBHOOK_ALLOW += [f"hooks.example:{place}"]
        answer = outbound.post(f"http://hooks.example:{place}/x?y=1", b"{}", PLAIN, lookup=lookup)
        assert (answer.status, lookup.asked.count("hooks.example")) == (204, 1)
        assert open_one.got[0][0]["host"] == f"hooks.example:{place}"
        assert came == []


def test_the_installation_itself_and_its_database_are_not_called(settings, monkeypatch):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://interlock.company.example", ["desk.company.example"]
    monkeypatch.setitem(settings.DATABASES["default"], "HOST", "db.company.example")
    known = {
        "interlock.company.example": [["93.184.216.40"]],
        "db.company.example": [["93.184.216.41"]],
        "twin.example": [["93.184.216.40"]],
        "other.example": [["93.184.216.41"]],
        "desk.company.example": [["93.184.216.42"]],
    }
    for host in known:
        with pytest.raises(outbound.Blocked):
            outbound.judge(f"https://{host}/", names(**known))
    outbound.judge("https://public.example/", names(**known, **{"public.example": [[PUBLIC]]}))


def test_a_name_that_nobody_knows_yet_may_be_kept():
    outbound.judge("https://later.example/", names())
    with pytest.raises(outbound.Unanswered, match="No connection"):
        outbound.post("https://later.example/", b"{}", PLAIN, lookup=names())


def test_a_redirect_is_an_answer_and_is_not_followed(settings):
    with counting() as (port, came), receiver(status(302, Location=f"http://127.0.0.1:{port}/")) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        assert outbound.post(one.url, b"{}", PLAIN).status == 302
        time.sleep(0.1)
        assert (len(one.got), came) == (1, [])


def test_an_answer_that_never_ends_is_given_up_in_time(settings):
    with receiver(endless) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        began = time.monotonic()
        with pytest.raises(outbound.Unanswered, match="No answer within 1 seconds"):
            outbound.post(one.url, b"{}", PLAIN, within=1.0)
        assert time.monotonic() - began < 2


def test_a_slow_answer_is_given_up_in_time(settings):
    with receiver(slow(3)) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        with pytest.raises(outbound.Unanswered, match="No answer"):
            outbound.post(one.url, b"{}", PLAIN, within=0.5)


def test_of_a_huge_answer_the_status_is_enough(settings):
    with receiver(huge) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        began = time.monotonic()
        assert outbound.post(one.url, b"{}", PLAIN).status == 200
        assert time.monotonic() - began < 2


def test_a_head_without_end_is_no_answer(settings):
    def answer(handler):
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000)

    with receiver(answer) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        with pytest.raises(outbound.Unanswered):
            outbound.post(one.url, b"{}", PLAIN, within=3.0)


def test_nothing_of_the_other_side_is_told(settings):
    def answer(handler):
        handler.wfile.write(b"220 secret-host ESMTP\r\n")

    with receiver(answer) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        with pytest.raises(outbound.Unanswered, match=r"^What came back is no answer\.$"):
            outbound.post(one.url, b"{}", PLAIN, within=3.0)


def test_an_answer_may_say_when_to_come_back(settings):
    with receiver(status(503, Retry_After="120")) as one:
        settings.WEBHOOK_ALLOW = [one.place]
        assert outbound.post(one.url, b"{}", PLAIN) == outbound.Answer(503, 120.0)


def test_a_proxy_of_the_environment_is_not_used(settings, monkeypatch):
    with counting() as (port, came), receiver() as one:
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
        settings.WEBHOOK_ALLOW = [one.place]
        assert outbound.post(one.url, b"{}", PLAIN).status == 204
        assert came == []


def test_the_list_of_further_targets_is_read_strictly(monkeypatch):
    monkeypatch.setenv("WEBHOOK_ALLOW", "10.0.0.0/8, [fd00::1]:8443, hooks.internal:8080")
    assert environment.targets("WEBHOOK_ALLOW") == ["10.0.0.0/8", "[fd00::1]:8443", "hooks.internal:8080"]
    for bad in ("10.0.0.1/8", "https://hooks.internal", "hooks.internal:0", "0x7f.1", "a b"):
        monkeypatch.setenv("WEBHOOK_ALLOW", bad)
        with pytest.raises(environment.ImproperlyConfigured, match="WEBHOOK_ALLOW must name hosts or networks"):
            environment.targets("WEBHOOK_ALLOW")
