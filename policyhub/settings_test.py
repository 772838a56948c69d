"""Settings for tests: the same application, with quick passwords, mail in memory and work done at once."""

from policyhub.settings import *  # noqa: F403
from policyhub.settings import DATA_DIR, DATABASES, INSTALLED_APPS, POSTGRES

INSTALLED_APPS = [*INSTALLED_APPS, "core.tests.walls"]  # models on which walls and seals are proved
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
CELERY_TASK_ALWAYS_EAGER = CELERY_TASK_EAGER_PROPAGATES = True
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
KEY_FILE = DATA_DIR / "keys" / "key-encryption-keys"
if not POSTGRES:
    # A file, so that threads share it and the write gate is the real one.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
