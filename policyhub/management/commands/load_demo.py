"""Loads the demonstration schools, once."""

from __future__ import annotations

import logging
import time
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from core.errors import DomainError
from policyhub.demo import load


class Command(BaseCommand):
    help = "Loads the demonstration schools with a year of records. Only under DEMO; a second run changes nothing."

    def handle(self, *args: Any, **options: Any) -> None:
        if load.is_loaded():
            self.stdout.write("The demonstration schools are loaded.")
            return
        self.stdout.write("Loading the demonstration schools. This takes about a minute, once.")
        self.stdout.flush()
        logging.getLogger("weasyprint").setLevel(logging.WARNING)
        started = time.monotonic()
        try:
            scenes = load.load()
        except DomainError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"Loaded: {scenes} events of a year, in {time.monotonic() - started:.0f} seconds.")
