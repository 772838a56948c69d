"""The app of test-only models."""

from django.apps import AppConfig


class WallsConfig(AppConfig):
    """Named by its own label, beside `core`."""

    name = "core.tests.walls"
    label = "walls"
    default_auto_field = "django.db.models.BigAutoField"
