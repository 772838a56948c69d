"""The ground app: audit, keys, mail, PDF and checks."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "core"

    def ready(self) -> None:
        """Registers the start checks."""
        from core import checks  # noqa: F401, PLC0415 - registering is the point of the import
