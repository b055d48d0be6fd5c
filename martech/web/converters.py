"""The key of a record in a URL: its id, or its number such as SYS-12."""

import re

PATTERN = r"(?:[A-Z]{2,3}-)?[0-9]{1,18}"
_NUMBER = re.compile(r"(?:([A-Z]{2,3})-)?([0-9]{1,18})")


class RecordKey:
    """`<record:key>`: a pair (prefix or "", id)."""

    regex = PATTERN

    def to_python(self, value: str) -> tuple[str, int]:
        match = _NUMBER.fullmatch(value)
        if match is None or int(match[2]) >= 1 << 63:
            raise ValueError(value)
        return match[1] or "", int(match[2])

    def to_url(self, value: object) -> str:
        return str(value)
