"""All settings, in Django's own order; what differs between installations comes from the environment (env.py)."""

from __future__ import annotations

from pathlib import Path

from celery.schedules import crontab
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from core.logs import LOGGING as LOGGING
from policyhub.env import env_bool, env_database, env_email, env_int, env_list, env_secret, env_str, env_url
from policyhub.installed import INSTALLED_APPS as INSTALLED_APPS
from policyhub.installed import MIDDLEWARE as MIDDLEWARE
from policyhub.version import VERSION as VERSION  # shown on pages

BASE_DIR = Path(__file__).resolve().parent.parent

# --- Where this runs ------------------------------------------------------------------------------------------------

DATA_DIR = Path(
    env_str(
        "DATA_DIR", str(BASE_DIR / "var"), about="Folder for the embedded database, queue, keys and files."
    )
)
DATA_DIR.mkdir(parents=True, exist_ok=True)
DEMO = env_bool(
    "DEMO",
    about="Demonstration: ready sign-ins with one-step second factors. Refuses to start beside production settings.",
)
DEBUG = env_bool("DEBUG", about="Django's debug pages. Never with real data.")
HOST = env_str("HOST", "127.0.0.1", about="Address that `manage.py up` listens on.")
PORT = env_int("PORT", 8000, about="Port that `manage.py up` listens on.")
PUBLIC_URL = env_url(
    "PUBLIC_URL",
    f"http://127.0.0.1:{PORT}",
    about="Address that people use; absolute links are made from it.",
)
SECRET_KEY = env_secret("SECRET_KEY", about="Signs sessions and tokens. At least 50 random characters.")
ALLOWED_HOSTS = env_list(
    "ALLOWED_HOSTS", "127.0.0.1,localhost", about="Host names this installation answers to."
)
EMBEDDED_KEY_FILE = DATA_DIR / "keys" / "secret-key"
if not SECRET_KEY:
    from policyhub.embedded import read_or_make_secret

    SECRET_KEY = read_or_make_secret(EMBEDDED_KEY_FILE, production=PUBLIC_URL.startswith("https://"))
SECURE = PUBLIC_URL.startswith("https://")

LOG_FORMAT = env_str(
    "LOG_FORMAT",
    "json",
    about="Log lines: json, or plain for reading them. `manage.py up` shows plain ones at a terminal.",
)
if LOG_FORMAT not in LOGGING["formatters"]:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}. Set it to json or plain.")
LOGGING["handlers"]["console"]["formatter"] = LOG_FORMAT

# --- Pages ----------------------------------------------------------------------------------------------------------

ROOT_URLCONF = "policyhub.urls"
WSGI_APPLICATION = "policyhub.wsgi.application"

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
                "policyhub.context_processors.page",
            ],
        },
    },
]

FORM_RENDERER = "django.forms.renderers.TemplatesSetting"  # templates/django/forms stands before Django's own

# --- Databases ------------------------------------------------------------------------------------------------------

_ENGINES = {
    "django.db.backends.postgresql": "core.db.postgresql",
    "django.db.backends.sqlite3": "core.db.sqlite",
}


def _database(name: str, default: str, about: str) -> dict:
    config = env_database(name, default, about=about)
    config["ENGINE"] = _ENGINES[config["ENGINE"]]
    if config["ENGINE"] == "core.db.postgresql":
        config.update(CONN_MAX_AGE=60, CONN_HEALTH_CHECKS=True, ATOMIC_REQUESTS=True)
    else:
        # One write lock and many readers: a GET that opened a transaction would take the lock (decision in docs/adr).
        config.update(CONN_MAX_AGE=None, ATOMIC_REQUESTS=False)
    return config


DATABASES = {
    "default": _database(
        "DATABASE_URL",
        f"sqlite:///{DATA_DIR / 'policyhub.sqlite3'}",
        "Database of the running application (PostgreSQL: as role hub_app).",
    )
}
POSTGRES = DATABASES["default"]["ENGINE"] == "core.db.postgresql"
if POSTGRES:
    _owner = env_secret(
        "DATABASE_OWNER_URL",
        about="The same database as role hub_owner; used by `migrate --database owner` alone.",
    )
    if _owner:
        DATABASES["owner"] = {
            **_database(
                "DATABASE_OWNER_URL", "", "The same database as role hub_owner, for migrations only."
            ),
            "ATOMIC_REQUESTS": False,
        }
        DATABASES["default"]["TEST"] = {"MIRROR": "owner"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env_secret(
    "REDIS_URL",
    about="Broker and cache in production, e.g. redis://127.0.0.1:6379/0. Without it the embedded file queue is used.",
)
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "django_cache"}
}

# --- People, sessions, second factor --------------------------------------------------------------------------------

AUTH_USER_MODEL = "schools.User"
AUTHENTICATION_BACKENDS = ["schools.access.SignInBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "account_login"
SESSION_ENGINE = "core.sessions"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_AGE = 8 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_FAILURE_VIEW = "schools.views.entry.csrf_failure"
IDLE_MINUTES = 15
IDLE_MINUTES_NARRATIVE = 10
SESSION_HOURS = 8
STEP_UP_MINUTES = 10
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_ADAPTER = "schools.access.AccountAdapter"
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = STEP_UP_MINUTES * 60
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_NOTIFICATIONS = True
PASSWORD_RESET_TIMEOUT = 3600
ACCOUNT_RATE_LIMITS = {
    "login_failed": "10/m/ip,5/5m/key", "reset_password": "20/m/ip,5/h/key",
    "check_pdf": "10/m/ip", "secret_link": "600/m/ip,30/m/key",
}  # fmt: skip
MFA_ADAPTER = "schools.access.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_FORMS = {
    "activate_totp": "schools.forms.ActivateTOTPForm",
    "authenticate": "schools.forms.AuthenticateForm",
    "reauthenticate": "schools.forms.ReauthenticateForm",
}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is proved by the link that was mailed to it
MFA_TOTP_ISSUER = "PolicyHub"
MFA_TOTP_TOLERANCE = 1  # one step either way, for clocks and slow typing (RFC 6238, 5.2)

# --- Language, time, files ------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "core.static.NamedOnce"},
}
# In production files are collected first; the collecting itself must already write the list of their names.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not SECURE
if WHITENOISE_USE_FINDERS:
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
MEDIA_ROOT = DATA_DIR / "files"
DATA_UPLOAD_MAX_MEMORY_SIZE = FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
UPLOAD_MAX_BYTES = 20 * 1024 * 1024

# --- Mail and background work ---------------------------------------------------------------------------------------

_email = env_email(
    "EMAIL_URL",
    f"filemail:///{DATA_DIR / 'mail'}",
    about="Mail server, e.g. smtp+tls://user:password@host:587. Default: files in DATA_DIR.",
)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _email.get("EMAIL_FILE_PATH") and str(DATA_DIR / "mail")
EMAIL_HOST, EMAIL_PORT = _email.get("EMAIL_HOST") or "", _email.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (_email.get(f"EMAIL_HOST_{one}") or "" for one in ("USER", "PASSWORD"))
EMAIL_USE_TLS, EMAIL_USE_SSL = _email.get("EMAIL_USE_TLS", False), _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env_str("MAIL_FROM", "policyhub@localhost", about="Sender of every e-mail.")

CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
if not REDIS_URL:
    _queue, _control = DATA_DIR / "queue", DATA_DIR / "queue-control"
    _queue.mkdir(exist_ok=True)
    _control.mkdir(exist_ok=True)
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(_queue),
        "data_folder_out": str(_queue),
        "control_folder": str(_control),
        "polling_interval": 0.25,
    }
CELERY_TASK_ACKS_LATE = CELERY_TASK_REJECT_ON_WORKER_LOST = CELERY_TASK_IGNORE_RESULT = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "beat-schedule")
CELERY_BEAT_SCHEDULE = {
    "deliver-mail": {"task": "core.tasks.deliver_mail", "schedule": 60.0},
    "remind-of-reviews": {"task": "policies.tasks.remind_of_reviews", "schedule": crontab(minute=10)},
    "remind-of-comments": {"task": "policies.tasks.remind_of_comments", "schedule": crontab(minute=50)},
    "remind-of-reading": {"task": "policies.tasks.remind_of_reading", "schedule": crontab(minute=40)},
    "erase-visits": {"task": "policies.tasks.erase_old_visits", "schedule": crontab(hour=3, minute=20)},
    "send-audit-heads": {"task": "schools.tasks.send_audit_heads", "schedule": crontab(hour=2, minute=30)},
}

# --- Keys -----------------------------------------------------------------------------------------------------------

KEY_FILE = Path(
    env_str(
        "KEY_FILE",
        str(DATA_DIR / "keys" / "key-encryption-keys"),
        about="File of key-encryption keys, outside database and backups, mode 0400.",
    )
)

TSA_URL = env_url(
    "TSA_URL",
    about="Time-stamp server (RFC 3161) whose stamp the seals of signed policies carry. None: no stamp.",
)
TSA_CERTIFICATES = env_str("TSA_CERTIFICATES", about="Root certificates (PEM file) of the time-stamp server.")

# --- Security headers -----------------------------------------------------------------------------------------------

SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_REFERRER_POLICY = "same-origin"
PROXY_COUNT = env_int(
    "PROXY_COUNT", 0, about="How many proxies stand in front and set X-Forwarded-For and X-Forwarded-Proto."
)
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = PROXY_COUNT
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    },
}

CRISPY_ALLOWED_TEMPLATE_PACKS = ["bootstrap5", "house"]
CRISPY_TEMPLATE_PACK = "bootstrap5"

if DEMO and (SECURE or POSTGRES):
    raise ImproperlyConfigured(
        "DEMO is set beside production settings (PUBLIC_URL with https, or PostgreSQL). Unset DEMO, or unset those."
    )
