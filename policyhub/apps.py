"""The project: wiring, commands and the demonstration."""

from importlib import import_module

from django.apps import AppConfig


class PolicyHubConfig(AppConfig):
    name = "policyhub"

    def ready(self) -> None:
        """Loads the Celery application, so that tasks called from web requests reach its broker."""
        import_module("policyhub.celery")
