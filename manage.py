#!/usr/bin/env python3
"""Interlock's one command: `python3 manage.py up` needs nothing but Python 3.11."""

import os
import sys


def main():
    if sys.version_info < (3, 11):
        sys.exit(
            "Interlock needs Python 3.11 or newer; %s is Python %d.%d." % ((sys.executable,) + sys.version_info[:2])
        )

    from martech import bootstrap

    bootstrap.enter(sys.argv)

    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "martech.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit("Interlock cannot start: %s" % error)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
