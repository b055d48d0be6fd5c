"""JSON as bytes, quickly: dates as ISO 8601, instants in UTC."""

from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS


class JSON(BaseRenderer):
    """The one representation; problem documents name their own media type."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> bytes:
        if data is None:
            return b""
        try:
            return orjson.dumps(data, default=str, option=orjson.OPT_UTC_Z)
        except TypeError:  # a key that is no text; to look at every key for it takes half as long again
            return orjson.dumps(data, default=str, option=OPTIONS)


class Problem(JSON):
    """RFC 9457."""

    media_type = "application/problem+json"
