"""Letters about somebody's own account, sent after the answer.

The answer then takes as long for an unknown address as for a known one, and does not depend on the mail server.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)

LETTERS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="post")


def send(letter: EmailMessage) -> None:
    """Hand a letter over; what goes wrong with it stands in the log."""
    LETTERS.submit(_deliver, letter)


def _deliver(letter: EmailMessage) -> None:
    try:
        letter.send()
    except Exception:  # whatever a mail server may do must not end the thread
        logger.exception("A letter about an account was not sent.")
