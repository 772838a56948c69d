"""The closed lists of registers, stored as plain values."""

from __future__ import annotations

from django.db.models import TextChoices


class Register(TextChoices):
    """A written record that policies require."""

    GOVERNOR_MEETING = "governor_meeting", "Meetings of the DSL with the named governor"
    FILTERING_CHECK = "filtering_check", "Checks of filtering and monitoring"


class Checked(TextChoices):
    """What a check of filtering and monitoring tried."""

    LEARNER = "learner", "Filtering with a learner's account"
    STAFF = "staff", "Filtering with a staff account"
    GUEST = "guest", "Filtering on the guest network"
    AWAY = "away", "Filtering on a school device away from school"
    ALERTS = "alerts", "Monitoring: a test alert arrives"


class Result(TextChoices):
    """What a check found."""

    WORKS = "works", "Works and is right"
    PARTLY = "partly", "Works in part"
    FAILS = "fails", "Does not work"
