"""The WSGI engine: `gunicorn -c python:martech.running.web martech.wsgi`."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

from martech import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "martech.settings")
try:
    application = get_wsgi_application()
except ImproperlyConfigured as error:
    sys.exit(f"Interlock cannot start: {error}")
patience.bound()
