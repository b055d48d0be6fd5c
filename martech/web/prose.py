"""What people typed, as safe HTML: lines stay lines, addresses and numbers become links, nothing else is markup."""

import re
from functools import cache

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from martech import timeline
from martech.web import links


@cache
def _links() -> re.Pattern[str]:
    prefixes = "|".join(sorted(model.PREFIX for kind, model in timeline.kinds().items() if links.list_url(kind)))
    return re.compile(rf"(https?://[^\s<>\"]+[^\s<>\".,;:!?')\]])|\b((?:{prefixes})-[1-9][0-9]{{0,17}})\b")


def linked(text: str) -> SafeString:
    """Plain words with links. A number leads through the search, which shows each reader only what is theirs to see."""
    made, end = [], 0
    for found in _links().finditer(text):
        made.append(escape(text[end : found.start()]))
        address, number = found.groups()
        if address:
            made.append(
                format_html('<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', address, address)
            )
        else:
            made.append(format_html('<a href="/search/?q={}">{}</a>', number, number))
        end = found.end()
    made.append(escape(text[end:]))
    return mark_safe("".join(made))


def paragraphs(text: str) -> SafeString:
    """The same in paragraphs: an empty line parts them, a single one breaks."""
    parts = [part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n").strip()) if part.strip()]
    return mark_safe("".join(f"<p>{linked(part.strip()).replace(chr(10), '<br>')}</p>" for part in parts))
