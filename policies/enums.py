"""The closed lists of policies, stored as plain values."""

from __future__ import annotations

from django.db.models import TextChoices


class PolicyKind(TextChoices):
    """What a policy is about; the review catalogue and the home page group by it."""

    CHILD_PROTECTION = "child_protection", "Child protection"
    ONLINE_SAFETY = "online_safety", "Online safety"
    MOBILE_DEVICES = "mobile_devices", "Mobile phones and devices"
    SOCIAL_MEDIA = "social_media", "Social media"
    ACCEPTABLE_USE = "acceptable_use", "Acceptable use"
    BEHAVIOUR = "behaviour", "Behaviour and anti-bullying"
    CONDUCT = "conduct", "Staff conduct"
    DATA_PROTECTION = "data_protection", "Data protection"
    OTHER = "other", "Other"


class VersionState(TextChoices):
    """Where a version stands in its life."""

    DRAFT = "draft", "Draft"
    RATIFIED = "ratified", "Ratified"
    IN_FORCE = "in_force", "In force"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class SectionStatus(TextChoices):
    """Whether a section applies; real policies keep headings of sections that do not."""

    IN_USE = "in use", "In use"
    NOT_USED = "not used", "Not used"
    REMOVED = "removed", "Removed"


class FileType(TextChoices):
    """The files that can be read."""

    DOCX = "docx", "Word document"
    PDF = "pdf", "PDF"
    TXT = "txt", "Plain text"


class ReminderState(TextChoices):
    """Whether a reminder was mailed, or a later one took its place before it could be."""

    QUEUED = "queued", "Sent to the outbox"
    SUPERSEDED = "superseded", "Overtaken by a later one"
