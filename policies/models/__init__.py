"""What the policies app keeps: policies, versions, their text, signatures, acknowledgements and reminders."""

from policies.models.advice import Advice
from policies.models.approval import ApprovalRound, Approver
from policies.models.catalogue import ExpectedPolicy, GuidanceEdition
from policies.models.consultation import Comment, Consultation, ConsultationLink, Consulted
from policies.models.content import Clause, Section
from policies.models.feeds import CalendarFeed, ReadingLink
from policies.models.outlines import OutlineIssue, TrustOutline
from policies.models.policy import Policy, PolicyVersion, SourceFile
from policies.models.publishing import Announcement
from policies.models.reading import Acknowledgement, Induction, ReadingReminder, ReviewReminder
from policies.models.review import ReviewTrigger
from policies.models.signing import PaperSignature, Signature, SignedDocument, SigningAuthority
from policies.models.visiting import Desk, Visit

__all__ = [
    "Acknowledgement",
    "Advice",
    "Announcement",
    "ApprovalRound",
    "Approver",
    "CalendarFeed",
    "Clause",
    "Comment",
    "Consultation",
    "ConsultationLink",
    "Consulted",
    "Desk",
    "ExpectedPolicy",
    "GuidanceEdition",
    "Induction",
    "OutlineIssue",
    "PaperSignature",
    "Policy",
    "PolicyVersion",
    "ReadingLink",
    "ReadingReminder",
    "ReviewReminder",
    "ReviewTrigger",
    "Section",
    "Signature",
    "SignedDocument",
    "SigningAuthority",
    "SourceFile",
    "TrustOutline",
    "Visit",
]
