"""The policies app."""

import logging
from importlib import import_module

from django.apps import AppConfig

# They tell the log of every step, which would stand beside what commands have to say.
for _name in ("pikepdf", "weasyprint", "fontTools"):
    logging.getLogger(_name).setLevel(logging.WARNING)


class PoliciesConfig(AppConfig):
    name = "policies"

    def ready(self) -> None:
        """Makes the app's tasks known in every process, so that a service can wake them by name."""
        import_module("policies.tasks")
