"""The WSGI engine: `gunicorn -c python:martech.running.web martech.wsgi`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from martech import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "martech.settings")
try:
    application = get_wsgi_application()
    get_resolver().url_patterns  # noqa: B018 - every view with what it imports: loaded before there are workers
except ImproperlyConfigured as error:
    sys.exit(f"Interlock cannot start: {error}")
patience.bound()
