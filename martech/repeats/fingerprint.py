"""What makes one request the same as another."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.crypto import salted_hmac


def fingerprint(parts: Iterable[str | bytes]) -> str:
    """A keyed hash of these parts, each told apart from the next: bodies may hold what a plain hash lets one guess."""
    made = salted_hmac("martech.repeats", b"", algorithm="sha256")
    for part in parts:
        told = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        made.update(b"%d:" % len(told))
        made.update(told)
    return made.hexdigest()


def sent(fields: Iterable[tuple[str, Iterable[Any]]]) -> Iterator[str | bytes]:
    """The fields and files of a form, whatever their order.

    Files are read once more, in pieces, from where the parser put them.
    """
    for name, values in sorted(fields, key=lambda pair: pair[0]):
        for value in values:
            yield name
            if hasattr(value, "chunks"):
                yield from ("file", value.name or "", *value.chunks())
                value.seek(0)
            else:
                yield from ("text", value)
