"""Every variable of the environment that Interlock reads. tests/house/test_docs.py compares it with the code."""

from typing import NamedTuple


class Variable(NamedTuple):
    """A name, what it means, what holds where it is not set, and an example."""

    name: str
    means: str
    default: str
    example: str = ""


PRODUCT = (
    Variable(
        "INTERLOCK_DATA",
        "The data folder: database, files, logs, mail, secret key.",
        "`var` beside manage.py",
        "/srv/interlock",
    ),
    Variable("PORT", "The port of the web server.", "8000", "8010"),
    Variable(
        "BASE_URL",
        "Where people find Interlock; with https, cookies and headers become strict.",
        "http://127.0.0.1:PORT",
        "https://interlock.example",
    ),
    Variable(
        "ALLOWED_HOSTS", "Host names it answers to, with commas.", "localhost,127.0.0.1,[::1]", "interlock.example"
    ),
    Variable("TRUSTED_PROXIES", "How many proxies in front add X-Forwarded-For, 0 to 5.", "0", "1"),
    Variable(
        "SECRET_KEY", "At least 32 characters; signs sessions and links.", "made once and kept in the data folder"
    ),
    Variable(
        "DATABASE_URL",
        "PostgreSQL, or a SQLite file of your own.",
        "SQLite in the data folder",
        "postgresql://interlock:secret@db:5432/interlock",
    ),
    Variable(
        "STATEMENT_TIMEOUT",
        "Seconds PostgreSQL may work on one statement of a web request; 0 sets no limit (PgBouncer may want that).",
        "5",
        "10",
    ),
    Variable(
        "REDIS_URL",
        "Redis or Valkey: broker in database 0, cache in database 1.",
        "the Valkey that `up` starts; without one a folder",
        "redis://redis:6379",
    ),
    Variable(
        "EMAIL_URL",
        "Where mail goes: smtp, smtps or smtp+tls.",
        "each mail a file in the data folder",
        "smtp+tls://user:password@mail.example:587",
    ),
    Variable("EMAIL_FROM", "The sender of every mail.", "Interlock <interlock@interlock.example>"),
    Variable(
        "WEBHOOK_ALLOW",
        "Where webhooks may go besides public https addresses: names or networks, with a port or without, with commas.",
        "nowhere",
        "10.20.0.0/16,hooks.internal:8443",
    ),
    Variable("ORG_TIME_ZONE", "The organisation's time zone: what a day is.", "UTC", "Europe/Berlin"),
    Variable("ORG_CURRENCY", "The organisation's currency, ISO 4217.", "EUR", "GBP"),
    Variable("FISCAL_YEAR_START_MONTH", "The month the fiscal year begins, 1 to 12.", "1", "4"),
    Variable(
        "STATIC_ROOT", "Where collected style sheets and scripts lie.", "`static` in the data folder", "/app/static"
    ),
    Variable(
        "API_RATE", "How often one token, or one person signed in, may call the REST interface.", "1200/min", "20/s"
    ),
    Variable(
        "API_RATE_ADDRESS", "How often one address may call it without credentials or with wrong ones.", "60/min", "off"
    ),
    Variable("LOG_LEVEL", "DEBUG, INFO, WARNING or ERROR.", "INFO", "WARNING"),
)

TESTS = (
    Variable(
        "TEST_DATABASE_URL",
        "A PostgreSQL server to test on.",
        "a server of the test packages",
        "postgresql://postgres@localhost:5432/postgres",
    ),
    Variable(
        "TEST_REDIS_URL",
        "A Redis or Valkey to test the worker on.",
        "a Valkey of the packages",
        "redis://localhost:6379",
    ),
    Variable(
        "SAMPLE_DATA", "A folder of public sample files for the tests that read them.", "those tests are left out"
    ),
    Variable("CHROMIUM", "The browser of the journeys.", "the first one found", "/usr/bin/chromium"),
    Variable("REQUIRE", "`all`: a missing back end fails the tests.", "missing ones are listed"),
    Variable("CI", "Set by build servers: missing parts may be installed.", "not set"),
)
