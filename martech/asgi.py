"""The ASGI engine, for servers that speak it; the product itself runs on WSGI."""

import os

from django.core.asgi import get_asgi_application

from martech import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "martech.settings")
application = get_asgi_application()
patience.bound()
