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


class GuidanceKind(TextChoices):
    """How binding a document is that policies name."""

    STATUTORY = "statutory", "Statutory guidance"
    FRAMEWORK = "framework", "Statutory framework"
    LAW = "law", "Law"
    NON_STATUTORY = "non_statutory", "Advice"
    STANDARD = "standard", "Standard, kept up to date on its page"


class Audience(TextChoices):
    """Who reads a policy besides those who belong to the school as members."""

    LEARNER = "learner", "Learners"
    PARENT = "parent", "Parents and carers"
    VISITOR = "visitor", "Visitors"


class VisitorKind(TextChoices):
    """As what somebody comes who has no account; each is asked what visitors are, and what their group is."""

    VISITOR = "visitor", "Visitor"
    VOLUNTEER = "volunteer", "Volunteer"
    CONTRACTOR = "contractor", "Contractor"


class Way(TextChoices):
    """How somebody's word came to be on record."""

    BROWSER = "browser", "In the browser"
    CLASS = "class", "With the class"
    PAPER = "paper", "On paper"
    LINK = "link", "By their own link"


OWN_WORD = (Way.BROWSER, Way.LINK)
"""Ways in which somebody speaks for themselves; in the others somebody collects it."""


class VersionState(TextChoices):
    """Where a version stands in its life."""

    DRAFT = "draft", "Draft"
    CONSULTATION = "consultation", "Out for consultation"
    APPROVAL = "approval", "With the approvers"
    APPROVED = "approved", "Approved"
    RATIFIED = "ratified", "Ratified"
    IN_FORCE = "in_force", "In force"
    UNDER_REVIEW = "under_review", "Under review"
    SUPERSEDED = "superseded", "Superseded"
    WITHDRAWN = "withdrawn", "Withdrawn"


class TriggerKind(TextChoices):
    """Why a policy is reviewed: because its time has come, or early."""

    CYCLE = "cycle", "The review is due"
    NATIONAL = "national", "National guidance or law changed"
    LOCAL = "local", "Local procedures or a policy of ours changed"
    CONCERN = "concern", "A safeguarding concern"
    TECHNICAL = "technical", "Technical change"
    INCIDENT = "incident", "Lessons of an incident"


class Stake(TextChoices):
    """As what somebody is asked about a draft."""

    STAFF = "staff", "Staff"
    GOVERNOR = "governor", "Governors and trustees"
    LEARNER = "learner", "Learners"
    PARENT = "parent", "Parents and carers"
    OTHER = "other", "Others with a stake in it"


class Answer(TextChoices):
    """What was done about a comment."""

    ACCEPTED = "accepted", "Accepted"
    PARTLY = "partly", "Accepted in part"
    DECLINED = "declined", "Not accepted"


class Decision(TextChoices):
    """What an approver says of a version."""

    APPROVED = "approved", "Approved"
    SENT_BACK = "sent_back", "Sent back"


class Capacity(TextChoices):
    """As what somebody advised on a policy."""

    SAFEGUARDING = "safeguarding", "Safeguarding adviser of the council"
    DPO = "dpo", "Data protection officer"
    IT = "it", "IT or filtering provider"
    LEGAL = "legal", "Legal adviser"
    SENCO = "senco", "Special educational needs co-ordinator"
    HR = "hr", "Human resources adviser or union"
    HEALTH = "health", "Health professional"
    POLICE = "police", "Police"
    OTHER = "other", "Other specialist"


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


class Place(TextChoices):
    """Where a policy was published, or people's attention was drawn to it."""

    PAGE = "page", "Public page here"
    PAGE_LEFT = "page_left", "Taken off the public page here"
    WEBSITE = "website", "School website"
    NEWSLETTER = "newsletter", "Newsletter"
    LETTER = "letter", "Letter or e-mail to parents"
    PROSPECTUS = "prospectus", "Prospectus"
    MEETING = "meeting", "Assembly, lesson or meeting"
    OTHER = "other", "Somewhere else"


TOLD_BY_PEOPLE = tuple(one for one in Place if one not in (Place.PAGE, Place.PAGE_LEFT))
"""Places that a person records; the public page here is recorded when a version is put on it or taken off."""


class Outcome(TextChoices):
    """What is said of a PDF that somebody brings, each with its sentence."""

    UNCHANGED = "unchanged", "This file is unchanged since it was signed."
    ADDED = (
        "added",
        "Something was added to this file after it was signed, which nobody has signed. Do not rely on it.",
    )
    CHANGED = (
        "changed",
        "This file is not as it was signed: at least one byte is different. Do not rely on it.",
    )
    UNKNOWN = (
        "unknown",
        "This file is signed, but not with the key of a school here. Who signed it cannot be confirmed.",
    )
    NO_RECORD = (
        "no_record",
        "A school's key signed this file, but the school has no record of it. Ask the school before you rely on it.",
    )
    UNSIGNED = "unsigned", "Nobody has signed this PDF."
