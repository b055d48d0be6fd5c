"""Text as it is matched: ignoring case, accents of form, and space. Pure."""

import unicodedata
from urllib.parse import urlsplit


def fold(text: str) -> str:
    """The key by which names match: NFKC, case folded, one blank between words. Folding twice changes nothing."""
    if text.isascii():
        return " ".join(text.casefold().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(unicodedata.normalize("NFKC", folded.casefold()).split())


def domain(address: str) -> str:
    """The key by which names match: NFKC, case folded, one blank between words; folding twice changes nothing."""
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
