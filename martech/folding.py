"""Text as it is matched: ignoring case, accents of form, and space. Pure."""

import re
import unicodedata
from urllib.parse import urlsplit

_SPACE = re.compile(r"\s+")


def fold(text: str) -> str:
    """The key under which two spellings are the same name: NFKC, case folded, one blank between words."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def domain(address: str) -> str:
    """The normalised host of a web address or mail domain: lower case, no `www.`, no port; empty where there is none."""
    text = address.strip().lower()
    if not text:
        return ""
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        return ""
    host = host.removeprefix("www.").rstrip(".")
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host
