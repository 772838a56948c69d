"""Production's own settings, with the addresses of the floor; static files are collected beside the data."""

from policyhub.settings import *  # noqa: F403, TID251 - these are settings
from policyhub.settings import STORAGES, TEMPLATES  # noqa: TID251 - likewise

STORAGES["staticfiles"] = {"BACKEND": "core.static.NamedOnce"}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = False
ROOT_URLCONF = "bench_parts.urls"
TEMPLATES[0]["DIRS"] = [*TEMPLATES[0]["DIRS"], str(Path(__file__).parent / "templates")]  # type: ignore[misc,list-item] # noqa: F405
