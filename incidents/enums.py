"""The closed lists of concerns, stored as plain values."""

from __future__ import annotations

from django.db.models import TextChoices


class Route(TextChoices):
    """The two confidential worlds a concern can belong to."""

    CHILD = "child", "About a child"
    ADULT = "adult", "About an adult"


class Audience(TextChoices):
    """Who reads a concern: decided when it is logged, and again when an adult is named in it."""

    SAFEGUARDING = "safeguarding", "The safeguarding leads"
    HEAD = "head", "The head"
    CHAIR = "chair", "The chair of the governing body"


class Status(TextChoices):
    """Where a concern stands."""

    NEW = "new", "Not yet triaged"
    OPEN = "open", "In work"
    CLOSED = "closed", "Closed"
    REOPENED = "reopened", "Reopened"


class Place(TextChoices):
    """Where it happened. It is a fact, never a filter: the school responds wherever it was."""

    ON_SITE = "on_site", "On site"
    OFF_SITE = "off_site", "Off site"
    ONLINE = "online", "Online"
    UNKNOWN = "unknown", "Not known"


class Risk(TextChoices):
    """How great the risk is judged to be at triage."""

    LOW = "low", "Low"
    MEDIUM = "medium", "Medium"
    HIGH = "high", "High"


class PersonRole(TextChoices):
    """What somebody is in this one concern; it says nothing about any other."""

    SUBJECT = "subject", "The concern is about them"
    HARMED = "harmed", "May have been harmed"
    ALLEGED = "alleged", "Said to have caused harm"
    WITNESS = "witness", "Saw or heard it"
    PARENT = "parent", "Parent or carer"
    OTHER = "other", "Otherwise involved"


ABOUT = frozenset({PersonRole.SUBJECT, PersonRole.HARMED, PersonRole.ALLEGED})
"""The roles of those whom a concern is about; an adult in one of them never reads it."""


class Decision(TextChoices):
    """What is decided at triage; the reason is asked for every one of them."""

    NO_FURTHER_ACTION = "no_further_action", "No further action"
    WATCH = "watch", "Keep an eye on it"
    SUPPORT_IN_SCHOOL = "support_in_school", "Support in school"
    BEHAVIOUR_POLICY = "behaviour_policy", "Deal with it under the behaviour policy"
    EARLY_HELP = "early_help", "Early help"
    SOCIAL_CARE = "social_care", "Refer to children's social care"
    POLICE = "police", "Tell the police"
    ADVICE = "advice", "Ask for advice outside"
    FILTERING = "filtering", "Change filtering or monitoring"
    CONDUCT = "conduct", "Deal with it under the code of conduct"
    LADO = "lado", "Tell the officer for allegations (LADO)"


class Outcome(TextChoices):
    """What came of a concern."""

    NO_FURTHER_ACTION = "no_further_action", "No further action"
    SUPPORT_IN_SCHOOL = "support_in_school", "Support in school"
    BEHAVIOUR_POLICY = "behaviour_policy", "Dealt with under the behaviour policy"
    EARLY_HELP = "early_help", "Early help"
    SOCIAL_CARE = "social_care", "Children's social care leads"
    POLICE = "police", "The police lead"
    FILTERING_CHANGED = "filtering_changed", "Filtering or monitoring changed"
    CONDUCT = "conduct", "Dealt with under the code of conduct"
    SUBSTANTIATED = "substantiated", "Allegation substantiated"
    UNSUBSTANTIATED = "unsubstantiated", "Allegation unsubstantiated"
    UNFOUNDED = "unfounded", "Allegation unfounded"
    FALSE = "false", "Allegation false"
    MALICIOUS = "malicious", "Allegation malicious"

    @classmethod
    def of(cls, route: str) -> list[Outcome]:
        """The outcomes a concern of this route can have; those of allegations for adults alone."""
        return [outcome for outcome in cls if outcome not in ALLEGATION_OUTCOMES or route == Route.ADULT]


ALLEGATION_OUTCOMES = frozenset({
    Outcome.SUBSTANTIATED, Outcome.UNSUBSTANTIATED, Outcome.UNFOUNDED, Outcome.FALSE, Outcome.MALICIOUS,
})  # fmt: skip
"""The words of the guidance, for concerns about adults alone."""


class ParentsTold(TextChoices):
    """Whether the child's parents or carers know."""

    TOLD = "told", "Yes, they were told"
    NOT_TOLD = "not_told", "No"
    NOT_CONCERNED = "not_concerned", "No parent is concerned"


class StepState(TextChoices):
    """What became of a step of a procedure."""

    DONE = "done", "Done"
    NOT_NEEDED = "not_needed", "Not needed"


class EntryKind(TextChoices):
    """What an entry of the chronology is."""

    NOTE = "note", "Note"
    TALK = "talk", "Conversation with the child"
    WISHES = "wishes", "The child's wishes"
    CONTACT = "contact", "Contact with parents, carers or others"
    AGENCY = "agency", "Agency: advice or referral"
    MEETING = "meeting", "Meeting"
    REPLY = "reply", "Reply to the person who reported"
    ACTION = "action", "Action"
    ACTION_DONE = "action_done", "Action done"
    DECISION = "decision", "Decision"
    PEOPLE = "people", "People involved"
    STEP = "step", "Step of the procedure"
    CLOSING = "closing", "Closed"
    REOPENING = "reopening", "Reopened"
    CORRECTION = "correction", "Correction"
    ERROR = "error", "Entered in error"


WRITTEN_BY_HAND = (
    EntryKind.NOTE, EntryKind.TALK, EntryKind.WISHES, EntryKind.CONTACT, EntryKind.AGENCY, EntryKind.MEETING,
)  # fmt: skip
"""The kinds a person chooses from; the others come from what they do."""
