"""The product's settings, on a data folder of their own, with what only tests want.

TEST_DATABASE_URL names the PostgreSQL server to test on; without it SQLite is used, in a file, as in the product.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

folder = tempfile.mkdtemp(prefix="interlock-test-")
atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ["INTERLOCK_DATA"] = folder
os.environ["DATABASE_URL"] = os.environ.get("TEST_DATABASE_URL", "")
for name in (
    "REDIS_URL",
    "EMAIL_URL",
    "BASE_URL",
    "PORT",
    "ALLOWED_HOSTS",
    "STATIC_ROOT",
    "ORG_TIME_ZONE",
    "ORG_CURRENCY",
):
    os.environ.pop(name, None)
os.environ.setdefault("LOG_LEVEL", "WARNING")

from martech.settings import *

STATIC_ROOT.mkdir(exist_ok=True)
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(folder) / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0
