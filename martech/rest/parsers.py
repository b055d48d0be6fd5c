"""JSON bodies, strictly: one object, no duplicate keys, no NaN or infinite numbers, not too deep, not too large."""

import json
import re
from typing import Any

from rest_framework.exceptions import APIException, ParseError
from rest_framework.parsers import BaseParser

DEEPEST = 20
LARGEST = 1 << 20
LONGEST_NUMBER = 40
"""Digits of a whole number, its sign with them."""
HALF = re.compile("[\ud800-\udfff]")
LARGEST_BULK = 8 << 20


class TooLarge(APIException):
    status_code = 413
    default_detail = "The body is too large."


class StrictJSON(BaseParser):
    """Refuses what other readers would let through in silence."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        view = (parser_context or {}).get("view")
        most = getattr(view, "body_limit", LARGEST)
        body = stream.read(most + 1)
        if len(body) > most:
            raise TooLarge(f"A body here has at most {most >> 20} MB.")
        try:
            data = json.loads(
                body.decode("utf-8"),
                object_pairs_hook=_once,
                parse_constant=_no_constant,
                parse_float=_finite,
                parse_int=_whole,
            )
        except UnicodeDecodeError:
            raise ParseError("The body is not UTF-8.") from None
        except RecursionError:
            raise ParseError(f"The body is nested deeper than {DEEPEST} levels.") from None
        except ValueError as error:
            raise ParseError(f"The body is not the JSON this reads: {str(error)[:160]}") from None
        _check(data)
        return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError("an object names a key twice")
    return made


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON number")


def _finite(text: str) -> float:
    value = float(text)
    if value in (float("inf"), float("-inf")):
        raise ValueError("a number is too large")
    return value


def _whole(text: str) -> int:
    if len(text) > LONGEST_NUMBER:
        raise ValueError("a number is too large")
    return int(text)


def _check(data: Any) -> None:
    """Depth, NUL and halves of characters, walked without recursion."""
    level, depth = [data], 0
    while level:
        depth += 1
        if depth > DEEPEST:
            raise ParseError(f"The body is nested deeper than {DEEPEST} levels.")
        deeper: list[Any] = []
        for value in level:
            if isinstance(value, str) and "\0" in value:
                raise ParseError("The body holds a NUL character.")
            if isinstance(value, str) and HALF.search(value):
                raise ParseError("The body holds half of a character: an unpaired surrogate.")
            if isinstance(value, dict):
                deeper += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                deeper += value
        level = [value for value in deeper if isinstance(value, str | dict | list)]
