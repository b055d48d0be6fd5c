"""Every setting, from the environment; see docs/reference/settings.md."""

from pathlib import Path

from martech import __version__, environment

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = environment.folder("INTERLOCK_DATA", BASE_DIR / "var")
VERSION = __version__

# The organisation
TIME_ZONE = environment.time_zone("ORG_TIME_ZONE", "UTC")
ORG_CURRENCY = environment.currency("ORG_CURRENCY", "EUR")
FISCAL_YEAR_START_MONTH = environment.number("FISCAL_YEAR_START_MONTH", 1, 1, 12)
PORT = environment.number("PORT", 8000, 1, 65535)
BASE_URL = environment.address("BASE_URL", f"http://127.0.0.1:{PORT}")
SECURE = BASE_URL.startswith("https://")
USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en-gb"

# Secrets and hosts
SECRET_KEY = environment.secret("SECRET_KEY", DATA_DIR / "secret_key")
DEBUG = False
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = [BASE_URL]
TRUSTED_PROXIES = environment.number("TRUSTED_PROXIES", 0, 0, 5)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
    "martech",
    "martech.audit",
    "martech.web",
    "martech.rest",
    "martech.repeats",
    "martech.records",
    "martech.calendars",
    "martech.accounts",
    "martech.files",
    "martech.notifications",
    "martech.webhooks",
    "martech.imports",
    "martech.sync",
    "martech.home",
    "inventory",
    "sla",
    "governance",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "martech.web.middleware.RequestContext",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "martech.accounts.middleware.SignInFirst",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "martech.accounts.middleware.LastUse",
    "django_htmx.middleware.HtmxMiddleware",
    "martech.web.middleware.Errors",
]

ROOT_URLCONF = "martech.urls"
WSGI_APPLICATION = "martech.wsgi.application"
ASGI_APPLICATION = "martech.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "martech.web.context.shell",
            ],
            "builtins": ["martech.web.templatetags.interlock"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# Data
DATABASES = {"default": environment.database("DATABASE_URL", DATA_DIR)}
STATEMENT_TIMEOUT = environment.number("STATEMENT_TIMEOUT", 5, 0, 600)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
BROKER_URL, CACHE_URL = environment.redis("REDIS_URL", DATA_DIR)
if CACHE_URL:
    CACHES = {"default": {"BACKEND": "martech.web.cache.SoftRedisCache", "LOCATION": CACHE_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": str(DATA_DIR / "cache"),
        }
    }
FILES_DIR = DATA_DIR / "files"

# People
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["martech.permissions.backend.TableBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/sign-in/"
ACCOUNT_ADAPTER = "martech.accounts.adapter.Adapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"
ACCOUNT_FORMS = {
    "login": "martech.accounts.forms.SignIn",
    "reset_password": "martech.accounts.forms.AskReset",
    "user_token": "martech.accounts.forms.ResetKey",
    "reset_password_from_key": "martech.accounts.forms.SetPassword",
    "change_password": "martech.accounts.forms.ChangePassword",
}
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
}
SESSION_ENGINE = "martech.accounts.sessions"
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True

# The browser's rules
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_HANDLERS = ["martech.web.uploads.Limit", "django.core.files.uploadhandler.TemporaryFileUploadHandler"]
UPLOAD_LIMIT = 25 * 1024 * 1024

# Static files: hashed names, collected by `up` and the image into the data folder
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = Path(environment.text("STATIC_ROOT", str(DATA_DIR / "static")))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"},
}

# Mail
globals().update(environment.email("EMAIL_URL", DATA_DIR))
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.text("EMAIL_FROM", "Interlock <interlock@interlock.example>")

# The REST interface: how often one may ask
API_RATE = environment.rate("API_RATE", "1200/min")
API_RATE_ADDRESS = environment.rate("API_RATE_ADDRESS", "60/min")

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "martech.accounts.authentication.Bearer",
        "martech.accounts.authentication.Session",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["martech.rest.renderers.JSON"],
    "DEFAULT_PARSER_CLASSES": ["martech.rest.parsers.StrictJSON"],
    "EXCEPTION_HANDLER": "martech.rest.errors.problem",
    "DEFAULT_SCHEMA_CLASS": "martech.rest.schema.operations.Schema",
    "UNAUTHENTICATED_USER": None,
    "URL_FORMAT_OVERRIDE": None,  # `format` is the list's own: json, csv or xlsx
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Interlock",
    "DESCRIPTION": "The shared book of record and desk for marketing technology.\n\nA change is one act: POST to a "
    "collection adds, PATCH changes the named fields, POST to `<id>/<verb>/` does everything else. Records are "
    "retired, never deleted. Errors are problem documents (RFC 9457). Bodies are strict: an unknown field is refused.",
    "VERSION": "1",
    "LICENSE": {"name": "MIT", "identifier": "MIT"},
    "SERVERS": [{"url": "/", "description": "This Interlock."}],
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {"deepLinking": True, "docExpansion": "none", "filter": True},
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": ["martech.webhooks.document.describe", "martech.rest.schema.finish.finish"],
}

# Requests of our own
WEBHOOK_ALLOW = environment.targets("WEBHOOK_ALLOW")

LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.one_of("LOG_LEVEL", "INFO", LEVELS)},
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
SILENCED_SYSTEM_CHECKS = ["security.W004", "security.W008", "auth.W004"]  # W004: e-mail is unique ignoring case
JOB_ACCOUNT = "scheduler@service.interlock.example"
