"""The closed lists of custody, stored as plain values."""

from __future__ import annotations

from django.db.models import TextChoices


class Status(TextChoices):
    """Where a device in custody stands."""

    HELD = "held", "In the safe"
    ON_HOLD = "on_hold", "On hold: may not leave"
    RELEASED = "released", "Given back"


class Step(TextChoices):
    """One link of the custody chain."""

    RECEIVED = "received", "Taken in"
    HELD_BACK = "held_back", "Put on hold"
    HOLD_LIFTED = "hold_lifted", "Hold lifted"
    RELEASED = "released", "Given back"


class HoldKind(TextChoices):
    """Why a device may not leave."""

    SAFEGUARDING = "safeguarding", "Safeguarding: the DSL decides"
    POLICE = "police", "Waiting for the police"


class Collector(TextChoices):
    """Who takes a device back."""

    PARENT = "parent", "Parent or carer"
    LEARNER = "learner", "The learner"
    OTHER = "other", "Another adult named by the parent"


class Identified(TextChoices):
    """How the office knew who was in front of it."""

    KNOWN = "known", "Known to the office"
    DOCUMENT = "document", "Document with a photograph"
    SCHOOL_LIST = "school_list", "In school, known to staff"


HANDED_IN = ("handed in for the day", "taken into care at the owner's wish")
"""Reasons that are no confiscation: the device goes back to its owner."""
